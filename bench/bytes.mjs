// Compares the size of lossless and palette files with sharp's, over the images of conformance's corpora, the fixtures and
// the sample photos:
//
//   npm run bench -- --bytes [--only 'PNG palette'] [--verbose]
//
// Each image is decoded once, by sharp, and the pixels are written by both modules with the same options. A palette is
// judged by its error as well: the mean absolute difference of premultiplied samples, of 255.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { corpora } from '../conformance/corpora.mjs';
import { inRoot } from '../scripts/lib/shell.mjs';
import { table } from '../scripts/lib/table.mjs';
import { modules } from './modules.mjs';

/** Larger images take too long for what they show. */
const MAX_PIXELS = 1_000_000;
/** Below this many bytes a header decides. */
const MIN_BYTES = 600;

/** Name, format, options, limits of the ratio of bytes and, for palettes, of the ratio of errors. */
const sets = [
  ['PNG', 'png', {}, 1.03],
  ['PNG, adaptive', 'png', { adaptiveFiltering: true }, 1.03],
  ['PNG, level 9', 'png', { compressionLevel: 9 }, 1.03],
  ['PNG, interlaced', 'png', { progressive: true }, 1.03],
  ['TIFF deflate', 'tiff', { compression: 'deflate' }, 1.03],
  ['TIFF deflate, predictor', 'tiff', { compression: 'deflate', predictor: 'horizontal' }, 1.03],
  ['TIFF LZW', 'tiff', { compression: 'lzw' }, 1.03],
  ['PNG palette', 'png', { palette: true }, 1.05, 1],
  ['PNG palette, 16 colours', 'png', { palette: true, colours: 16 }, 1.05, 1],
  ['PNG palette, no dither', 'png', { palette: true, dither: 0 }, 1.05, 1],
  ['GIF', 'gif', {}, 1.05, 1]
];

const extension = /\.(png|gif|webp|avif|jpe?g|tiff?|bmp|svg|ico|tga|ppm|qoi)$/i;

function candidates() {
  const inFolder = folder => readdirSync(inRoot(folder)).map(name => ({ name, file: inRoot(folder, name) }));
  const public_ = corpora('').flatMap(({ name: corpus, pictures }) => pictures.map(({ name, file }) => ({ name: `${corpus}/${path.basename(name)}`, file })));
  return [...inFolder('examples/photos'), ...inFolder('__test__/fixtures'), ...public_].filter(({ file }) => extension.test(file));
}

/** The pixels of a file as sharp reads them, in 8 bits; undefined when it does not. */
async function pixels(file) {
  try {
    const { data, info } = await modules.peer(readFileSync(file), { limitInputPixels: MAX_PIXELS }).toColourspace('srgb').raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
    return { data, raw: { width: info.width, height: info.height, channels: info.channels } };
  } catch {
    return undefined;
  }
}

/** Samples as RGBA with colours multiplied by alpha. */
async function premultiplied(module, input, options) {
  const data = await module(input, options).toColourspace('srgb').ensureAlpha().raw().toBuffer();
  const out = Float32Array.from(data);
  for (let at = 0; at < out.length; at += 4) for (let channel = 0; channel < 3; channel++) out[at + channel] *= out[at + 3] / 255;
  return out;
}

function meanDifference(a, b) {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += Math.abs(a[at] - b[at]);
  return sum / a.length;
}

async function compare({ data, raw }, [, format, options, , errorLimit]) {
  const [ours, peer] = await Promise.all([modules.ours, modules.peer].map(module => module(data, { raw })[format](options).toBuffer()));
  const bytes = ours.length / peer.length;
  if (errorLimit === undefined) return { bytes, size: peer.length };
  const want = await premultiplied(modules.peer, data, { raw });
  const [error, peerError] = await Promise.all([ours, peer].map(async file => meanDifference(await premultiplied(modules.peer, file), want)));
  // Below a tenth of a level nobody sees an error.
  return { bytes, size: peer.length, error: error <= 0.1 ? Math.min(1, error / peerError || 1) : error / Math.max(peerError, 0.1) };
}

const mean = list => list.reduce((sum, value) => sum + value, 0) / list.length;

/** Compares sets whose name has a text and returns the table. */
export async function bytesBench(only, verbose) {
  const found = new Map(sets.filter(([name]) => name.toLowerCase().includes(only.toLowerCase())).map(set => [set, []]));
  let count = 0;
  for (const { name, file } of candidates()) {
    const image = await pixels(file);
    if (!image) continue;
    for (const [set, results] of found) {
      const result = await compare(image, set).catch(error => ({ fault: error.message }));
      if (result.fault) console.log(`${name}: ${set[0]}: ${result.fault}`);
      else if (result.size >= MIN_BYTES) results.push({ name: `${name} ${image.raw.width}×${image.raw.height}×${image.raw.channels}`, ...result });
    }
    if (++count % 100 === 0) console.log(`${count} images`);
  }
  const rows = [...found].map(([[name, , , limit, errorLimit], results]) => {
    const worst = key => results.reduce((worst, result) => (result[key] > (worst[key] ?? 0) ? result : worst), {});
    const above = (key, limit) => results.filter(result => result[key] > limit + 1e-9).toSorted((a, b) => b[key] - a[key]);
    const [large, poor] = [above('bytes', limit), errorLimit ? above('error', errorLimit) : []];
    if (verbose) for (const { name: file, bytes, error, size } of new Set([...large.slice(0, 25), ...poor.slice(0, 25)])) console.log(`${name}: ${file}: ${bytes.toFixed(3)} of ${size} bytes${error ? `, ${error.toFixed(2)} of the error` : ''}`);
    const [bytes, error] = [worst('bytes'), worst('error')];
    const errors = errorLimit ? [mean(results.map(result => result.error)).toFixed(3), error.error?.toFixed(2), poor.length] : ['', '', ''];
    return [name, results.length, mean(results.map(result => result.bytes)).toFixed(3), `${bytes.bytes?.toFixed(3)} (${bytes.name})`, large.length, ...errors];
  });
  return table(['options', 'images', 'bytes ÷ sharp', 'largest', 'above the limit', 'error ÷ sharp', 'largest', 'above 1'], rows);
}
