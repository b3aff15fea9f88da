// The cost of each operation: pixels in, pixels out, so that no codec hides it. What the same pipeline takes without the
// operation is measured too and taken off.
import sharp from 'sharp';
import { inputPath } from './inputs.mjs';

/** Width and height of the images: a thumbnail's and a camera's. */
const SIZES = { '720 px': [720, 588], '12 MP': [4000, 3000] };

/** Rounds of each size, and the least time that one measurement takes, in ms. */
const ROUNDS = { '720 px': 7, '12 MP': 3 };
const SPAN = { '720 px': 12, '12 MP': 0 };

/** The ratio that is aimed at where half of sharp's time is asked for. */
const HALF = 2;

const sepia = [[0.3588, 0.7044, 0.1368], [0.299, 0.587, 0.114], [0.2392, 0.4696, 0.0912]];
const relief = { width: 3, height: 3, kernel: [-1, -1, 0, -1, 1, 1, 0, 1, 1], offset: 90 };
const wide = { width: 7, height: 7, kernel: Array.from({ length: 49 }, (_, index) => (index % 7) / 4) };
const interpolators = ['nearest', 'bilinear', 'bicubic', 'lbb', 'nohalo', 'vsqbs'];
const blends = [
  'clear', 'source', 'over', 'in', 'out', 'atop', 'dest', 'dest-over', 'dest-in', 'dest-out', 'dest-atop', 'xor', 'add', 'saturate',
  'multiply', 'screen', 'overlay', 'darken', 'lighten', 'colour-dodge', 'colour-burn', 'hard-light', 'soft-light', 'difference', 'exclusion'
];
const all = ['rgb', 'rgba'];
const deep = ['rgb', 'rgba', 'rgb16'];

/** Name, call, layouts, ratio that is aimed at. The call gets the image and another of its size with alpha. */
const operations = [
  ['flip', image => image.flip()],
  ['flop', image => image.flop(), all],
  ['rotate 90', image => image.rotate(90), all],
  ['rotate 180', image => image.rotate(180)],
  ['rotate 30', image => image.rotate(30), deep],
  ['extract', image => image.extract({ left: 50, top: 50, width: 600, height: 500 })],
  ['trim', image => image.trim()],
  ['extend background', image => image.extend({ top: 9, bottom: 20, left: 30, right: 40, background: '#234' }), all],
  ['extend mirror', image => image.extend({ top: 9, bottom: 20, left: 30, right: 40, extendWith: 'mirror' }), all],
  ['resize to 300', image => image.resize(300), deep],
  ['resize to 300 × 200, attention', image => image.resize(300, 200, { position: 'attention' }), all],
  ['resize to 300 × 200, entropy', image => image.resize(300, 200, { position: 'entropy' })],
  ...interpolators.map(interpolator =>
    [`affine ${interpolator}`, image => image.affine([[0.9, 0.2], [-0.1, 0.8]], { interpolator }), interpolator === 'bicubic' ? deep : all]),
  ['median 3', image => image.median(3), all, HALF],
  ['median 5', image => image.median(5), ['rgb'], HALF],
  ['median 15', image => image.median(15), ['rgb'], HALF],
  ['dilate 2', image => image.dilate(2)],
  ['erode 2', image => image.erode(2)],
  ['blur', image => image.blur(), all, HALF],
  ['blur 0.5', image => image.blur(0.5), ['rgb'], HALF],
  ['blur 1.5', image => image.blur(1.5), deep, HALF],
  ['blur 5', image => image.blur(5), all, HALF],
  ['blur 30', image => image.blur(30), ['rgb'], HALF],
  ['blur 5, float', image => image.blur({ sigma: 5, precision: 'float' }), ['rgb'], HALF],
  ['blur 5, approximate', image => image.blur({ sigma: 5, precision: 'approximate' }), ['rgb'], HALF],
  ['convolve 3 × 3', image => image.convolve(relief), deep],
  ['convolve 7 × 7', image => image.convolve(wide)],
  ['sharpen', image => image.sharpen(), all, HALF],
  ['sharpen 0.5', image => image.sharpen({ sigma: 0.5 }), ['rgb'], HALF],
  ['sharpen 2', image => image.sharpen({ sigma: 2 }), deep, HALF],
  ['CLAHE 9 × 9', image => image.clahe({ width: 9, height: 9 }), all, HALF],
  ['CLAHE 50 × 50', image => image.clahe({ width: 50, height: 50 }), ['rgb'], HALF],
  ['flatten', image => image.flatten({ background: '#f80' }), ['rgba']],
  ['unflatten', image => image.unflatten(), all],
  ['gamma', image => image.gamma(), deep],
  ['negate', image => image.negate(), deep],
  ['normalise', image => image.normalise(), deep],
  ['threshold', image => image.threshold(), all],
  ['threshold each channel', image => image.threshold(128, { greyscale: false })],
  ['linear', image => image.linear(1.2, -10), deep],
  ['linear by channel', image => image.linear([1.2, 0.9, 1.1], [3, 4, 5])],
  ['recomb', image => image.recomb(sepia), deep],
  ['modulate', image => image.modulate({ brightness: 1.1, saturation: 1.3, hue: 30 }), deep, HALF],
  ['tint', image => image.tint('#f80'), deep],
  ['greyscale', image => image.greyscale(), deep],
  ['boolean', (image, other) => image.boolean(other.rgb.data, 'eor', other.rgb.options)],
  ['joinChannel', (image, other) => image.joinChannel(other.grey.data, other.grey.options)],
  ['bandbool', image => image.bandbool('eor')],
  ['extractChannel', image => image.extractChannel(1), all],
  ['removeAlpha', image => image.removeAlpha(), ['rgba']],
  ['ensureAlpha', image => image.ensureAlpha()],
  ...blends.map(blend => [`composite ${blend}`, (image, other) => image.composite([{ input: other.rgba.data, ...other.rgba.options, blend }]), all, HALF]),
  ['composite 100 × 100', (image, other) => image.composite([{ input: other.small.data, ...other.small.options }]), all, HALF],
  ['composite tile', (image, other) => image.composite([{ input: other.small.data, ...other.small.options, tile: true }]), ['rgb'], HALF]
];

export const operationRows = operations.flatMap(([name, call, layouts = ['rgb'], target = 1]) =>
  layouts.flatMap(layout => Object.keys(SIZES).map(size => ({ name: `operation: ${name}, ${layout}, ${size}`, call, layout, size, target }))));

/** Pixels and how they are to be read. */
const raw = ({ data, info: { width, height, channels } }) => ({ data, options: { raw: { width, height, channels } } });
const pixels = image => image.raw().toBuffer({ resolveWithObject: true }).then(raw);

/** All images of a size. */
async function makePictures(size) {
  const [width, height] = SIZES[size];
  const photo = await pixels(sharp(await inputPath(`${width}.png`)).removeAlpha());
  const alpha = await pixels(sharp(await inputPath(`${width}-alpha.png`)));
  const words = Uint16Array.from(photo.data, (value, index) => value * 257 - ((index * 31) % 257) * (value > 0));
  return {
    rgb: photo,
    rgba: alpha,
    rgb16: { data: words, options: photo.options },
    grey: await pixels(sharp(photo.data, photo.options).toColourspace('b-w')),
    small: await pixels(sharp(alpha.data, alpha.options).resize(100, 100)),
    // Another image with all values of alpha, for composites.
    other: await pixels(sharp(alpha.data, alpha.options).flop())
  };
}

/**
 * Gives a function that measures a row: times of the operation and of all, in ms, for both modules. `measure` runs a
 * function so many times and gives the CPU time of one.
 */
export function operationBench(modules, measure) {
  const pictures = new Map();
  const out = (image, layout) => (layout === 'rgb16' ? image.toColourspace('rgb16').raw({ depth: 'ushort' }) : image.raw()).toBuffer();

  /** The least CPU time of each of some functions, run in turns. */
  async function least(works, size) {
    const best = {};
    const times = {};
    for (const [who, work] of Object.entries(works)) {
      const { wall } = await measure(work, 1);
      times[who] = Math.min(200, Math.max(1, Math.ceil(SPAN[size] / wall)));
      best[who] = Infinity;
    }
    const names = Object.keys(works);
    for (let round = 0; round < ROUNDS[size]; round++) {
      for (const who of round % 2 === 0 ? names : [...names].reverse()) {
        best[who] = Math.min(best[who], (await measure(works[who], times[who])).cpu);
      }
    }
    return best;
  }

  return async ({ call, layout, size }) => {
    if (!pictures.has(size)) {
      pictures.clear();
      pictures.set(size, await makePictures(size));
    }
    const { other, ...picture } = pictures.get(size);
    const { data, options } = picture[layout];
    const operands = { ...picture, rgba: other };
    const works = Object.fromEntries(Object.entries(modules).flatMap(([who, module]) => [
      [who, () => out(call(module(data, options), operands), layout)],
      [`${who} without`, () => out(module(data, options), layout)]
    ]));
    const best = await least(works, size);
    const without = who => best[`${who} without`];
    return { total: best, base: { ours: without('ours'), peer: without('peer') } };
  };
}
