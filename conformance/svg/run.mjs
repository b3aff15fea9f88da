// Compares small drawings with Chromium:
//
//   npm run conformance -- svg [--picture transforms] [--module .] [--save folder]
//
// The drawings are those of `drawings.mjs` and icons of npm packages. What differs by more than the edges of shapes must stand in
// `expected.mjs` with its reason, and what stands there must differ. `--save` writes each drawing that differs: the browser's on the
// left, lancet's on the right.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';
import { parseArgs } from 'node:util';
import { inRoot } from '../../scripts/lib/shell.mjs';
import { table } from '../../scripts/lib/table.mjs';
import { inBrowser } from './browser.mjs';
import { drawings } from './drawings.mjs';
import { expected } from './expected.mjs';
import { icons } from './icons.mjs';

const require = createRequire(import.meta.url);
const { values } = parseArgs({
  allowPositionals: true,
  options: {
    picture: { type: 'string', default: '' },
    module: { type: 'string', default: process.env.LANCET_UNDER_TEST ?? inRoot() },
    save: { type: 'string' }
  }
});
const lancet = require(path.resolve(values.module));
const sharp = require('sharp');

const SIZE = 96;
const BLOCK = 16;
/** Means of 255 by which edges differ: over a drawing, and in the worst block. Fine lines are all edges, and text is hinted otherwise. */
const MOST = { mean: 4, block: 10 };
const MOST_OF_TEXT = { mean: 4, block: 30 };

/** The mean difference of two images, and that of their worst block. */
function difference(a, b) {
  const sums = new Float64Array((SIZE / BLOCK) ** 2);
  for (let at = 0; at < a.length; at++) {
    const pixel = Math.floor(at / 3);
    const [x, y] = [pixel % SIZE, Math.floor(pixel / SIZE)];
    sums[Math.floor(y / BLOCK) * (SIZE / BLOCK) + Math.floor(x / BLOCK)] += Math.abs(a[at] - b[at]);
  }
  return { mean: sums.reduce((sum, each) => sum + each) / a.length, block: Math.max(...sums) / (BLOCK * BLOCK * 3) };
}

const draw = text => lancet(Buffer.from(text)).resize(SIZE, SIZE).flatten({ background: '#fff' }).removeAlpha().raw().toBuffer();

async function save(name, pair) {
  mkdirSync(values.save, { recursive: true });
  const raw = { width: SIZE, height: SIZE, channels: 3 };
  const composite = pair.map((input, at) => ({ input, raw, left: at * (SIZE + 4), top: 0 }));
  const canvas = sharp({ create: { width: SIZE * 2 + 4, height: SIZE, channels: 3, background: '#f0f' } });
  await canvas.composite(composite).png().toFile(path.join(values.save, `${name.replaceAll(/[^\w .-]/g, '_')}.png`));
}

const listed = new Map(expected.flatMap(({ reason, pictures }) => pictures.map(name => [name, reason])));
const all = [...drawings, ...icons()].filter(({ name }) => name.includes(values.picture));
if (all.length === 0) throw new Error('No drawing has such a name');
const shown = await inBrowser(all, SIZE);

const counts = new Map();
let failed = false;
for (const [at, { name, text }] of all.entries()) {
  const group = name.split(':')[0];
  const count = counts.get(group) ?? { drawings: 0, same: 0, expected: 0, unexpected: 0, mean: 0 };
  counts.set(group, count);
  count.drawings++;
  const ours = await draw(text).catch(error => error);
  const { mean, block } = ours instanceof Error ? { mean: 255, block: 255 } : difference(ours, shown[at]);
  const most = group === 'texts' ? MOST_OF_TEXT : MOST;
  const differs = mean > most.mean || block > most.block;
  const isListed = listed.has(name);
  count[differs === isListed ? (differs ? 'expected' : 'same') : 'unexpected']++;
  count.mean += mean;
  if (differs !== isListed) {
    failed = true;
    const what = ours instanceof Error ? ours.message : `mean ${mean.toFixed(2)}, worst block ${block.toFixed(1)}`;
    console.log(differs ? `${name}: ${what}` : `${name}: listed as expected, and does not differ`);
  }
  if (differs && values.save && !(ours instanceof Error)) await save(name, [shown[at], ours]);
}
for (const name of listed.keys()) {
  if (!values.picture && !all.some(drawing => drawing.name === name)) {
    failed = true;
    console.log(`${name}: listed as expected, and is no drawing`);
  }
}
const heads = ['group', 'drawings', 'same', 'expected differences', 'unexpected', 'mean difference'];
const rows = [...counts].map(([group, { drawings: files, same, expected: known, unexpected, mean }]) =>
  [group, files, same, known, unexpected, (mean / files).toFixed(2)]);
console.log(`\n${table(heads, rows, ['left', ...heads.slice(1).map(() => 'right')])}`);
process.exitCode = failed ? 1 : 0;
