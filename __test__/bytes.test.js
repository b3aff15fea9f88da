'use strict';

// Sizes and errors of lossless and palette files, compared with sharp's, on drawings made by code and on a fixture.
const { readFileSync } = require('node:fs');
const path = require('node:path');
const sharp = require('sharp');
const lancet = require('..');

// sharp searches palettes for seconds on a busy machine.
jest.setTimeout(60_000);

/** An image of `width` × `height` RGBA pixels, made by a function of x and y. */
function draw(width, height, at) {
  const data = Buffer.alloc(width * height * 4);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) data.set(at(x, y), (y * width + x) * 4);
  return { data, raw: { width, height, channels: 4 } };
}

const isInk = (x, y) => x % 9 < 7 && y % 14 < 10 && (((((x / 9) | 0) * 31 + ((y / 14) | 0) * 17) % 97) >> (((x % 9) * (y % 14)) % 6)) & 1;
const flags = [[200, 30, 30, 255], [30, 200, 30, 255], [30, 30, 200, 128], [0, 0, 0, 0]];

const drawings = {
  text: draw(400, 300, (x, y) => (isInk(x, y) ? [20, 20, 30, 255] : [255, 255, 255, 255])),
  'soft shadow': draw(300, 300, (x, y) => [0, 0, 0, Math.max(0, 255 - Math.round(Math.hypot(x - 150, y - 150) * 2))]),
  gradient: draw(320, 200, (x, y) => [x * 0.8, y, 255 - x * 0.8, 255]),
  'few colours': draw(300, 200, (x, y) => flags[((x * x + y * y) >> 9) & 3]),
  'hardly more than 256 colours': draw(320, 200, (x, y) => (y === 0 ? [x % 256, 7, 9, 255] : [(x >> 2) << 1, (y >> 6) << 5, 99, 255]))
};

async function inputs() {
  const photo = sharp(readFileSync(path.join(__dirname, 'fixtures', 'photo.png')));
  const { data, info } = await photo.ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  return Object.entries({ ...drawings, photo: { data, raw: { width, height, channels } } });
}

const pixels = file => sharp(file).toColourspace('srgb').ensureAlpha().raw().toBuffer();

/** Mean absolute difference of samples from those of the input, colours multiplied by alpha. */
async function error(file, { data }) {
  const premultiply = data => Float64Array.from(data, (value, at) => (at % 4 === 3 ? value : (value * data[at | 3]) / 255));
  const [a, b] = [premultiply(await pixels(file)), premultiply(data)];
  return a.reduce((sum, value, at) => sum + Math.abs(value - b[at]), 0) / a.length;
}

const both = ({ data, raw }, format, options) => Promise.all([lancet, sharp].map(module => module(data, { raw })[format](options).toBuffer()));

test.each([
  ['png', {}],
  ['png', { adaptiveFiltering: true }],
  ['png', { compressionLevel: 9 }],
  ['png', { progressive: true }],
  ['tiff', { compression: 'deflate' }],
  ['tiff', { compression: 'lzw' }]
])('%s of %j is no larger than 1.03 of the file of sharp', async (format, options) => {
  for (const [name, input] of await inputs()) {
    const [ours, theirs] = await both(input, format, options);
    // Headers differ by a few bytes.
    if (ours.length > theirs.length * 1.03 + 64) throw new Error(`${name}: ${ours.length} of ${theirs.length} bytes`);
    // Not toEqual, which takes seconds for large buffers.
    expect((await pixels(ours)).equals(await pixels(theirs))).toBe(true);
  }
});

test.each([[{}], [{ colours: 16 }], [{ dither: 0 }]])('a palette of %j has no larger error than that of sharp', async options => {
  for (const [name, input] of await inputs()) {
    const [ours, theirs] = await Promise.all((await both(input, 'png', { palette: true, ...options })).map(file => error(file, input)));
    // Clusters of an even plane of colours are squares here, and nearer to hexagons there.
    const most = name === 'gradient' && options.dither === 0 ? 1.15 : 1.02;
    if (ours > Math.max(0.1, theirs * most)) throw new Error(`${name}: ${ours} of ${theirs}`);
  }
});
