// What is measured, a line each.
import { round } from './drawings.mjs';

/** Mean difference, of 255, of images that two lossy encoders have written, grain in them. */
const LOSSY = 5;

/**
 * Runs in one process, both modules in turns on the same bytes.
 * `target` is the ratio of sharp's CPU time to ours that is aimed at; `difference` the mean absolute difference of
 * pixels, of 255, above which the row counts as wrong. `open` are options of the constructor.
 */
export const rows = [
  { name: 'JPEG 2725×2225 → 720×588 JPEG', input: 'photo.jpg', call: image => image.resize(720, 588).jpeg({ quality: 80 }), target: 1.5, difference: LOSSY },
  { name: 'PNG RGBA 2048×1536 → 720×540 PNG', input: 'alpha.png', call: image => image.resize(720, 540).png(), target: 1.5, difference: 1 },
  { name: 'JPEG 320×240 → 100 wide JPEG', input: 'small.jpg', call: image => image.resize(100).jpeg(), target: 5, difference: LOSSY },
  { name: 'JPEG 2725×2225 → 720 wide WebP', input: 'photo.jpg', call: image => image.resize(720).webp({ quality: 80 }), target: 1, difference: LOSSY },
  { name: 'WebP 2048×1536 → 720 wide WebP', input: 'photo.webp', call: image => image.resize(720).webp(), difference: LOSSY },
  { name: 'WebP 2048×1536 → 720 wide JPEG', input: 'photo.webp', call: image => image.resize(720).jpeg(), difference: LOSSY },
  { name: 'JPEG 2725×2225 → 720 wide AVIF', input: 'photo.jpg', call: image => image.resize(720).avif(), target: 4, difference: 4 },
  { name: 'AVIF 2048×1536 → 720 wide JPEG', input: 'photo.avif', call: image => image.resize(720).jpeg(), target: 3, difference: LOSSY },
  { name: 'PNG 2048×1536 → 720 wide JPEG', input: 'photo.png', call: image => image.resize(720).jpeg(), difference: LOSSY },
  { name: 'PNG 2048×1536 → 720 wide WebP', input: 'photo.png', call: image => image.resize(720).webp(), difference: LOSSY },
  { name: 'JPEG 2725×2225 → 200×200 JPEG, cover', input: 'photo.jpg', call: image => image.resize(200, 200).jpeg(), difference: LOSSY },
  { name: 'JPEG 2725×2225 → 720 wide JPEG, mozjpeg', input: 'photo.jpg', call: image => image.resize(720).jpeg({ mozjpeg: true }), difference: LOSSY },
  { name: 'JPEG 2725×2225 → JPEG, same size', input: 'photo.jpg', call: image => image.jpeg(), difference: LOSSY },
  { name: 'JPEG 2725×2225 → 200×600, attention', input: 'photo.jpg', call: image => image.resize(200, 600, { position: 'attention' }).jpeg(), difference: LOSSY },
  { name: 'JPEG 2725×2225 → 720 wide GIF', input: 'photo.jpg', call: image => image.resize(720).gif(), difference: 4 },
  // Decoding: the same work follows each.
  ...[
    ['progressive JPEG', 'progressive.jpg'], ['PNG with palette', 'palette.png'], ['interlaced PNG', 'interlaced.png'], ['16-bit PNG', 'deep.png'],
    ['APNG', 'moving.png'], ['lossless WebP', 'lossless.webp'], ['AVIF 4:2:0', 'half.avif', 3], ['AVIF 10-bit', 'deep.avif', 3],
    ['GIF', 'still.gif'], ['TIFF', 'photo-none.tiff'], ['TIFF LZW', 'photo-lzw.tiff'], ['TIFF LZW, tiles, predictor', 'photo-predictor.tiff'],
    ['TIFF deflate', 'photo-deflate.tiff'], ['TIFF JPEG', 'photo-jpeg.tiff'], ['raw', 'photo.raw', 1, { raw: { width: 2048, height: 1536, channels: 3 } }]
  ].map(([name, input, target = 1, open]) =>
    ({ name: `${name} → 360 wide JPEG`, input, open, call: image => image.resize(360).jpeg(), target, difference: LOSSY })),
  { name: 'AVIF with alpha → 360 wide WebP', input: 'alpha.avif', call: image => image.resize(360).webp(), target: 3, difference: LOSSY },
  // Encoding: of pixels that need no decoder.
  ...[
    ['JPEG', image => image.jpeg()], ['progressive JPEG', image => image.jpeg({ progressive: true })], ['PNG', image => image.png(), 0],
    ['PNG with palette', image => image.png({ palette: true }), 5], ['WebP', image => image.webp()],
    ['lossless WebP', image => image.webp({ lossless: true }), 0], ['WebP, nearly lossless', image => image.webp({ nearLossless: true })],
    ['AVIF', image => image.avif(), 12, 4], ['AVIF 4:2:0', image => image.avif({ chromaSubsampling: '4:2:0' }), 12, 4],
    ['AVIF 10-bit', image => image.avif({ bitdepth: 10 }), 12, 4], ['GIF', image => image.gif(), 5], ['TIFF', image => image.tiff({ compression: 'none' }), 0],
    ['TIFF LZW', image => image.tiff({ compression: 'lzw' }), 0], ['TIFF deflate', image => image.tiff({ compression: 'deflate' }), 0],
    ['TIFF JPEG', image => image.tiff()], ['raw', image => image.raw(), 0]
  ].map(([name, call, difference = LOSSY, target = 1]) => ({ name: `pixels 720×588 → ${name}`, input: '720.raw', open: { raw: { width: 720, height: 588, channels: 3 } }, call, target, difference })),
  { name: 'pixels 720×588 RGBA → WebP', input: '720-alpha.raw', open: { raw: { width: 720, height: 588, channels: 4 } }, call: image => image.webp(), target: 1, difference: LOSSY },
  { name: 'pixels 720×588 RGBA → AVIF', input: '720-alpha.raw', open: { raw: { width: 720, height: 588, channels: 4 } }, call: image => image.avif(), target: 4, difference: 12 },
  { name: 'pixels 64×48 → AVIF', input: '64.raw', open: { raw: { width: 64, height: 48, channels: 3 } }, call: image => image.avif(), target: 4, difference: 12 },
  // Animations of 12 frames.
  ...[['GIF', 'moving.gif'], ['WebP', 'moving.webp']].flatMap(([from, input]) => [
    ['GIF', image => image.gif(), 4], ['WebP', image => image.webp(), 3], ['240 wide GIF', image => image.resize(240).gif(), 5],
    ['240 wide WebP', image => image.resize(240).webp(), 3]
  ].map(([to, call, difference]) => ({ name: `animated ${from} 480×360 → ${to}`, input, open: { animated: true }, call, target: 1, difference }))),
  // Drawings.
  ...['icon', 'chart', 'gradients', 'clips', 'text'].map(name =>
    ({ name: `SVG ${name} → raw`, input: `${name}.svg`, call: image => image.raw(), target: 1, difference: LOSSY })),
  { name: 'JPEG 600×600, cut round with an SVG → PNG', input: '600.jpg', call: image => image.composite([{ input: Buffer.from(round(600, 600)), blend: 'dest-in' }]).png(), target: 1, difference: 1 },
  // Headers.
  ...[
    ['JPEG', 'photo.jpg'], ['PNG', 'photo.png'], ['WebP', 'photo.webp'], ['GIF', 'still.gif'], ['TIFF', 'photo-lzw.tiff'], ['AVIF', 'photo.avif'],
    ['SVG', 'chart.svg'], ['WebP animation', 'moving.webp']
  ].map(([name, input]) => ({ name: `metadata() of ${name}`, input, metadata: true, target: 3 }))
];

/** Run in a process of their own, so that what the process needs counts: largest resident memory. */
export const memoryRows = [
  { name: 'memory: JPEG 12500×9375 → 800 wide JPEG', input: 'large.jpg', width: 800, format: 'jpeg' },
  { name: 'memory: PNG 12500×9375 → 800 wide JPEG', input: 'large.png', width: 800, format: 'jpeg' },
  { name: 'memory: JPEG 2725×2225 → 720 wide WebP', input: 'photo.jpg', width: 720, format: 'webp' }
];

/** The thumbnail that is the first work of a new process. */
export const startRow = { name: 'start: process to first thumbnail, less bare node', input: 'small.jpg', width: 100, format: 'jpeg' };
