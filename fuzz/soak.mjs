// Makes tens of thousands of images in one process, a fifth of them from damaged files, eight at a time, and draws the
// resident memory over the calls:
//
//   npm run soak -- [--calls 50000] [--seed 1] [--module .] [--out demo-output/soak.png]
//
// Fails when the process holds more than 1.25 times at the end of what it held after the first 2,000 calls, each the
// median of some samples.
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import readline from 'node:readline';
import { parseArgs } from 'node:util';
import { inRoot } from '../scripts/lib/shell.mjs';

const { values } = parseArgs({
  options: {
    calls: { type: 'string', default: '50000' },
    seed: { type: 'string', default: '1' },
    module: { type: 'string', default: inRoot() },
    out: { type: 'string', default: inRoot('demo-output', 'soak.png') }
  }
});

const SAMPLES = 200;
/** Calls after which everything that is loaded once has been loaded. */
const WARM = 2000;
const MAX_GROWTH = 1.25;
const MEBIBYTE = 1 << 20;

/** Runs the worker and resolves with its samples, `{ calls, bytes }`. */
function measure() {
  const args = ['--expose-gc', inRoot('fuzz', 'soak-worker.mjs'), values.module, values.calls, String(SAMPLES), values.seed];
  const running = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const samples = [];
  readline.createInterface({ input: running.stdout }).on('line', line => {
    samples.push(JSON.parse(line));
    const { calls, bytes } = samples.at(-1);
    if (samples.length % 10 === 0) console.log(`${String(calls).padStart(6)} calls: ${Math.round(bytes / MEBIBYTE)} MiB`);
  });
  return new Promise((resolve, reject) => {
    running.on('close', (code, signal) => (code === 0 ? resolve(samples) : reject(new Error(`The worker ended with ${signal ?? code}`))));
  });
}

const median = list => list.toSorted((a, b) => a - b)[list.length >> 1];

/** The curve as an SVG, with the two levels that are compared. */
function chart(samples, before, after) {
  const [width, height, margin] = [800, 400, 50];
  const most = Math.max(...samples.map(({ bytes }) => bytes)) * 1.1;
  const last = samples.at(-1).calls;
  const x = calls => margin + (calls / last) * (width - 2 * margin);
  const y = bytes => height - margin - (bytes / most) * (height - 2 * margin);
  const level = (bytes, name) =>
    `<path d="M${margin} ${y(bytes)}H${width - margin}" stroke="#888" stroke-dasharray="4"/><text x="${width - margin}" y="${y(bytes) - 4}" text-anchor="end">${name}: ${Math.round(bytes / MEBIBYTE)} MiB</text>`;
  const points = samples.map(({ calls, bytes }) => `${x(calls).toFixed(1)},${y(bytes).toFixed(1)}`).join(' ');
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="sans-serif" font-size="13">
  <rect width="100%" height="100%" fill="#fff"/>
  <path d="M${margin} ${margin}V${height - margin}H${width - margin}" fill="none" stroke="#000"/>
  <text x="${margin}" y="${margin - 12}">resident memory over ${last} calls</text>
  ${level(before, 'warm')}${level(after, 'end')}
  <polyline points="${points}" fill="none" stroke="#06c" stroke-width="1.5"/>
</svg>`;
}

const samples = await measure();
const bytesOf = list => median(list.map(({ bytes }) => bytes));
const before = bytesOf(samples.filter(({ calls }) => calls <= WARM + Number(values.calls) / SAMPLES * 4).slice(-8));
const after = bytesOf(samples.slice(-8));
mkdirSync(path.dirname(values.out), { recursive: true });
await createRequire(import.meta.url)(inRoot())(Buffer.from(chart(samples, before, after))).png().toFile(values.out);
const growth = after / before;
console.log(`${Math.round(before / MEBIBYTE)} MiB warm, ${Math.round(after / MEBIBYTE)} MiB at the end: ${growth.toFixed(2)} times (at most ${MAX_GROWTH}); ${values.out}`);
process.exitCode = growth > MAX_GROWTH ? 1 : 0;
