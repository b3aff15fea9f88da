// How many bytes AVIF and WebP take for the same similarity to the original, and what that costs: lancet against sharp.
// Similarity is SSIMULACRA2, computed by the tool in similarity/, which this builds.
//
//   node bench/similarity.mjs            the sample photos, 720 pixels wide
//   LANCET_UNDER_TEST=<path>             another module in lancet's place
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inRoot, run } from '../scripts/lib/shell.mjs';
import { table } from '../scripts/lib/table.mjs';
import { measure, modules } from './modules.mjs';

const WIDTH = 720;
const ROUNDS = 5;

const manifest = inRoot('bench', 'similarity', 'Cargo.toml');
const target = inRoot('target', 'similarity');
run('cargo', ['build', '--release', '--locked', '--quiet', '--manifest-path', manifest, '--target-dir', target]);
const folder = mkdtempSync(path.join(tmpdir(), 'lancet-similarity-'));

/** SSIMULACRA2 of a file to raw pixels. */
async function score({ data, info }, file) {
  const [original, changed] = ['original', 'changed'].map(name => path.join(folder, name));
  writeFileSync(original, data);
  writeFileSync(changed, await modules.peer(file).raw().toBuffer());
  const { stdout, stderr } = spawnSync(path.join(target, 'release', 'similarity'), { input: `${info.width} ${info.height} ${original} ${changed}\n`, encoding: 'utf8' });
  if (!stdout) throw new Error(stderr);
  return Number(stdout);
}

/** Bytes and similarity of one way to encode. */
async function encode(module, pixels, format, options) {
  const file = await module(pixels.data, { raw: pixels.info })[format](options).toBuffer();
  return { bytes: file.length, score: await score(pixels, file) };
}

/** The least CPU time that it takes at default settings, in ms. */
async function cost(module, pixels, format) {
  const times = [];
  for (let round = 0; round < ROUNDS; round++) {
    times.push((await measure(() => module(pixels.data, { raw: pixels.info })[format]().toBuffer(), 1)).cpu);
  }
  return Math.min(...times);
}

/** What our file, which is `low` at a quality, would have in bytes at a similarity, between the two qualities around that. */
async function bytesAt(wanted, low, quality, pixels, format) {
  let high;
  const step = low.score < wanted ? 1 : -1;
  while (high === undefined || (high.score < wanted) === (step > 0)) {
    if (high) low = high;
    quality += step;
    high = await encode(modules.ours, pixels, format, { quality });
  }
  const share = (wanted - low.score) / (high.score - low.score);
  return Math.exp(Math.log(low.bytes) * (1 - share) + Math.log(high.bytes) * share);
}

/** Formats and their default quality. */
const formats = [['avif', 50], ['webp', 80]];
const photos = readdirSync(inRoot('examples', 'photos')).filter(name => /\.(jpg|png|webp)$/.test(name));
for (const [format, quality] of formats) {
  const rows = [];
  const ratios = { same: [], bytes: [], cpu: [] };
  for (const name of photos) {
    const { data, info: { width, height, channels } } = await modules.peer(inRoot('examples', 'photos', name))
      .resize(WIDTH).removeAlpha().toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
    const pixels = { data, info: { width, height, channels } };
    const [ours, peer] = [await encode(modules.ours, pixels, format), await encode(modules.peer, pixels, format)];
    const cpu = { ours: await cost(modules.ours, pixels, format), peer: await cost(modules.peer, pixels, format) };
    const same = (await bytesAt(peer.score, ours, quality, pixels, format)) / peer.bytes;
    ratios.same.push(same);
    ratios.bytes.push(ours.bytes / peer.bytes);
    ratios.cpu.push(cpu.peer / cpu.ours);
    rows.push([name, ours.score.toFixed(2), peer.score.toFixed(2), ours.bytes, peer.bytes, same.toFixed(3), cpu.ours.toFixed(1), cpu.peer.toFixed(1), `${ratios.cpu.at(-1).toFixed(2)}×`]);
    console.error(rows.at(-1).join('  '));
  }
  const mean = list => list.reduce((sum, value) => sum + value, 0) / list.length;
  rows.push(['mean', '', '', '', mean(ratios.bytes).toFixed(3), mean(ratios.same).toFixed(3), '', '', `${mean(ratios.cpu).toFixed(2)}×`]);
  console.log(`\n${format}\n${table(
    ['photo', 'score', 'peer', 'bytes', 'peer', 'bytes ÷ peer at its score', 'CPU ms', 'peer', 'ratio'], rows, ['left', ...Array(8).fill('right')])}`);
}
rmSync(folder, { recursive: true });
