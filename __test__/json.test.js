'use strict';

// Random JSON values, the same ones each time, for every edit that a URL may ask for, and then an output: an image or an Error.

const lancet = require('../');

/** Values in all; `JSON_ROUNDS` asks for more. */
const ROUNDS = Number(process.env.JSON_ROUNDS || 10_000);

/** What the Serverless Image Handler lets strangers call. */
const methods = [
  'removeAlpha', 'ensureAlpha', 'extractChannel', 'joinChannel', 'bandbool', 'tint', 'greyscale', 'grayscale', 'pipelineColourspace',
  'pipelineColorspace', 'toColourspace', 'toColorspace', 'rotate', 'flip', 'flop', 'affine', 'sharpen', 'median', 'blur', 'flatten', 'unflatten',
  'gamma', 'negate', 'normalise', 'normalize', 'clahe', 'convolve', 'threshold', 'boolean', 'linear', 'recomb', 'modulate', 'jpeg', 'png', 'webp',
  'gif', 'avif', 'tiff', 'heif', 'toFormat', 'resize', 'extend', 'extract', 'trim'
].filter((name) => name in lancet.prototype);

/** Names and words that options have, so that random objects hit them. */
const keys = [
  'width', 'height', 'left', 'top', 'right', 'bottom', 'fit', 'position', 'kernel', 'background', 'withoutEnlargement', 'sigma', 'm1', 'm2', 'x1',
  'y2', 'y3', 'precision', 'minAmplitude', 'alpha', 'lower', 'upper', 'maxSlope', 'scale', 'offset', 'threshold', 'lineArt', 'margin', 'brightness',
  'saturation', 'hue', 'lightness', 'quality', 'progressive', 'palette', 'colours', 'effort', 'lossless', 'loop', 'delay', 'compression', 'tile',
  'extendWith', 'r', 'g', 'b', 'h', 's', 'l', 'id', 'input', 'raw', 'create', 'channels', '__proto__', 'constructor', 'toString', 'length', '', '\u0000', 'é'
];
const words = [
  'red', '#fff', '#12345678', 'rgb(1,2,3)', 'hsl(1,2%,3%)', 'cover', 'contain', 'fill', 'inside', 'outside', 'entropy', 'attention', 'centre',
  'right top', 'nearest', 'cubic', 'lanczos3', 'mirror', 'repeat', 'copy', 'and', 'or', 'eor', 'alpha', 'b-w', 'srgb', 'lab', 'cmyk', 'scrgb',
  'multiband', 'rgb16', 'grey16', 'jpeg', 'png', 'webp', 'raw', 'gif', 'tiff', 'avif', 'jxl', 'jp2', 'dz', 'integer', '4:4:4', '', '\u0000', 'é😀',
  '/etc/passwd', 'x'.repeat(300)
];
const numbers = [0, 1, 2, 3, 4, 5, 8, 16, 90, 180, 270, 45, -1, -90, 0.5, 1.5, 0.3, 2.2, 100, 255, 256, 1000, 65535, 1e5, 1e8, 1e9, 2 ** 31, 2 ** 53, 1e21,
  1e300, -1e300, 1e-9];

/** A generator of numbers below a bound that gives the same ones each time. Source: Steele and Vigna, splitmix. */
function generator (seed) {
  let state = seed;
  return (bound) => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return ((mixed ^ (mixed >>> 16)) >>> 0) % bound;
  };
}

/** A random JSON value, at most some levels deep. */
function value (random, depth) {
  const pick = (list) => list[random(list.length)];
  const kind = random(depth > 0 ? 9 : 5);
  if (kind === 0) return pick([null, true, false]);
  if (kind <= 2) return pick(numbers);
  if (kind === 3) return random(200) - 20;
  if (kind === 4) return pick(words);
  if (kind === 5) return Array.from({ length: random(12) }, () => value(random, depth - 1));
  if (kind === 6) return pick([[1, 0.2, 0.3, 1], [[1, 0, 0], [0, 1, 0], [0, 0, 1]], [1, 2, 3], { left: 0, top: 0, width: 2, height: 2 }]);
  const entries = Array.from({ length: 1 + random(5) }, () => `${JSON.stringify(pick(keys))}:${JSON.stringify(value(random, depth - 1))}`);
  return JSON.parse(`{${entries.join()}}`);
}

const pixels = Buffer.from(Array.from({ length: 4 * 3 * 4 }, (_item, index) => (index * 37) & 255));
const raw = { width: 4, height: 3, channels: 4 };

/** What becomes of a call; options that make images of gigabytes are no news to anybody and are left at that. */
async function outcome (name, argument) {
  try {
    const image = lancet(pixels, { raw, limitInputPixels: 1e4 });
    image[name](argument);
    const { width, height, extendTop, extendBottom, extendLeft, extendRight, widthPost, heightPost } = image.options;
    const across = Math.max(width, 4) + extendLeft + extendRight;
    const down = Math.max(height, 3) + extendTop + extendBottom;
    if (across > 3000 || down > 3000 || widthPost > 3000 || heightPost > 3000) return 'large';
    const { data, info } = await image.timeout({ seconds: 5 }).toBuffer({ resolveWithObject: true });
    expect(data.length).toBe(info.size);
    return 'picture';
  } catch (error) {
    expect(error).toBeInstanceOf(Error);
    expect(error.message).not.toMatch(/^$|^internal error|panic/i);
    return 'error';
  }
}

test('each of many random values gives a picture or an Error', async () => {
  const random = generator(20);
  const counts = { picture: 0, error: 0, large: 0 };
  for (let round = 0; round < ROUNDS; round++) {
    const name = methods[round % methods.length];
    const argument = value(random, 3);
    const start = process.hrtime.bigint();
    counts[await outcome(name, argument)]++;
    const seconds = Number(process.hrtime.bigint() - start) / 1e9;
    if (seconds > 8) throw new Error(`${name}(${JSON.stringify(argument)}) took ${seconds} s`);
  }
  expect(counts.picture).toBeGreaterThan(ROUNDS / 20);
  expect(counts.error).toBeGreaterThan(ROUNDS / 20);
  const pixel = await lancet({ create: { width: 1, height: 1, channels: 3, background: 'red' } }).raw().toBuffer();
  expect([...pixel]).toEqual([255, 0, 0]);
}, 120_000);
