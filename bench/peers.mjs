// Compares lancet with sharp and with other image modules. Each runs in a process of its own, in turns, because Bun's image API
// needs Bun. Modules that are not installed are left out:
//
//   npm install --prefix bench/peers --no-package-lock     imgkit and @napi-rs/image
//   Bun is taken from the PATH
import { spawn, spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { inRoot } from '../scripts/lib/shell.mjs';
import { table } from '../scripts/lib/table.mjs';
import { inputPath } from './inputs.mjs';

const child = inRoot('bench', 'peers', 'child.mjs');
const require = createRequire(child);
const sharp = require('sharp');

const jobs = [
  { name: 'JPEG 2725×2225 → 720×588 JPEG', input: 'photo.jpg', width: 720, height: 588, format: 'jpeg', options: { quality: 80 } },
  { name: 'JPEG 320×240 → 100×75 JPEG', input: 'small.jpg', width: 100, height: 75, format: 'jpeg', options: { quality: 80 } },
  { name: 'JPEG 2725×2225 → 720×588 WebP', input: 'photo.jpg', width: 720, height: 588, format: 'webp', options: { quality: 80 } },
  { name: 'WebP 2048×1536 → 720×540 JPEG', input: 'photo.webp', width: 720, height: 540, format: 'jpeg', options: { quality: 80 } },
  { name: 'PNG 2048×1536 → 720×540 JPEG', input: 'photo.png', width: 720, height: 540, format: 'jpeg', options: { quality: 80 } },
  { name: 'PNG RGBA 2048×1536 → 720×540 PNG', input: 'alpha.png', width: 720, height: 540, format: 'png', options: {} },
  { name: 'metadata() of JPEG', input: 'photo.jpg' }
];

/** Time that one measurement takes at least, in ms. */
const SPAN = 60;

/** Mean difference from sharp's pixels, of 255, above which an output does not count. */
const LIMIT = 8;

const isInstalled = name => {
  try {
    return Boolean(require.resolve(name));
  } catch {
    return false;
  }
};
const hasBunImage = () => spawnSync('bun', ['-e', 'process.exit(typeof Bun.Image === "function" ? 0 : 1)']).status === 0;

/** The modules: what runs them, and whether they are installed. */
const modules = [
  { name: 'lancet', command: process.execPath, isThere: () => true },
  { name: 'sharp', command: process.execPath, isThere: () => true },
  { name: 'imgkit', command: process.execPath, isThere: () => isInstalled('imgkit') },
  { name: '@napi-rs/image', command: process.execPath, isThere: () => isInstalled('@napi-rs/image') },
  { name: 'Bun.Image', command: 'bun', isThere: hasBunImage }
];

/** Starts the process of a module; `run` does a job in it, `stop` ends it. */
function start({ name, command }) {
  const running = spawn(command, [child, name], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: running.stdout })[Symbol.asyncIterator]();
  const run = async job => {
    running.stdin.write(`${JSON.stringify(job)}\n`);
    const { value, done } = await lines.next();
    const answer = done ? { error: 'the process ended' } : JSON.parse(value);
    if (answer.error) throw new Error(`${name}: ${answer.error}`);
    return answer;
  };
  return { name, run, stop: () => running.stdin.end() };
}

/** Mean absolute difference of two images, of 255; fails unless they have the same size. */
async function distance(a, b) {
  const [one, other] = await Promise.all([a, b].map(data => sharp(data).flatten().toColourspace('srgb').raw().toBuffer({ resolveWithObject: true })));
  if (one.info.width !== other.info.width || one.info.height !== other.info.height) throw new Error(`${one.info.width}×${one.info.height} pixels`);
  return one.data.reduce((sum, value, at) => sum + Math.abs(value - other.data[at]), 0) / one.data.length;
}

/** Smallest CPU and wall time of a job for each module, and the output. */
async function measureJob(job, processes, rounds) {
  const input = await inputPath(job.input);
  const results = new Map();
  for (const { name, run } of processes) {
    try {
      const { wall } = await run({ ...job, input, times: 3 });
      const times = Math.max(1, Math.ceil(SPAN / wall));
      results.set(name, { times, cpu: Infinity, output: undefined });
    } catch (error) {
      results.set(name, { error: error.message });
    }
  }
  for (let round = 0; round < rounds; round++) {
    for (const { name, run } of processes) {
      const result = results.get(name);
      if (result.error) continue;
      const { cpu, output } = await run({ ...job, input, times: result.times });
      Object.assign(result, { cpu: Math.min(result.cpu, cpu), output: output && Buffer.from(output, 'base64') });
    }
  }
  return results;
}

/** Cells of a job: CPU time, and size of the output. An output that does not look like sharp's has none. */
async function cells(results) {
  const { output: expected } = results.get('sharp');
  return Promise.all([...results].map(async ([name, { error, cpu, output }]) => {
    if (error) return 'failed';
    if (!output) return `${cpu.toFixed(3)} ms`;
    const difference = await distance(output, expected).catch(problem => problem.message);
    if (!(difference <= LIMIT)) {
      console.error(`${name}: differs from sharp's output by ${difference}`);
      return 'differs';
    }
    return `${cpu.toFixed(2)} ms, ${(output.length / 1000).toFixed(1)} kB`;
  }));
}

/** The table of CPU times, as Markdown. */
export async function peersBench(only, rounds) {
  const [there, absent] = [true, false].map(wanted => modules.filter(({ isThere }) => isThere() === wanted));
  for (const { name } of absent) console.error(`not installed: ${name}`);
  const processes = there.map(start);
  const lines = [];
  for (const job of jobs.filter(({ name }) => name.toLowerCase().includes(only.toLowerCase()))) {
    const results = await measureJob(job, processes, rounds);
    for (const { error } of results.values()) if (error) console.error(error);
    lines.push([job.name, ...(await cells(results))]);
    console.error(lines.at(-1).join('  '));
  }
  for (const { stop } of processes) stop();
  return table(['CPU time, output', ...there.map(({ name }) => name)], lines, ['left', ...there.map(() => 'right')]);
}
