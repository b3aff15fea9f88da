// name, input, calls, extra
const { bytes } = require('../run');

const png = ['png'];
/** Flat areas, two values, three equal channels: what PNG makes of them is compared elsewhere. */
const sizeRatio = 1.3;
const sepia = [
  [0.3588, 0.7044, 0.1368],
  [0.299, 0.587, 0.114],
  [0.2392, 0.4696, 0.0912]
];
const swap = [
  [0, 0, 1, 0],
  [1, 0, 0, 0],
  [0, 1, 0, 0],
  [0, 0, 0.1, 0.9]
];

const inputs = ['grey-8.png', 'rgb-8.png', 'rgba-8.png', 'rgb-16.png', 'baseline.jpg', 'cutout.png', 'photo.png'];

const sixteen = '`threshold` of each channel of a 16-bit image compares the high byte';
const unflattened = '`unflatten` of a 16-bit image makes only white transparent';

const operations = [
  ['negate', [['negate']]],
  ['negate without alpha', [['negate', { alpha: false }]]],
  ['negate and resize', [['negate'], ['resize', 40]]],
  ['gamma', [['gamma']]],
  ['gamma of 1.5', [['gamma', 1.5]]],
  ['gamma, only in', [['gamma', 3, 1]]],
  ['gamma, only out', [['gamma', 1, 2]]],
  ['gamma around a resize', [['gamma', 2.2], ['resize', 33]]],
  ['gamma and greyscale', [['gamma', 2.2], ['greyscale']]],
  ['linear', [['linear', 1.3, -20]]],
  ['linear, darker', [['linear', 0.5]]],
  ['linear, only an addend', [['linear', null, 30]]],
  ['linear for three channels', [['linear', [1.2, 0.7, 1], [0, 20, -9.5]]]],
  ['linear for four channels', [['linear', [1.2, 0.7, 1, 0.5], [0, 20, -9.5, 1]]]],
  ['linear for two channels', [['linear', [1.2, 0.7], [0, 20]]]],
  ['linear and resize', [['linear', 1.1, 5], ['resize', 40]]],
  ['threshold', [['threshold']]],
  ['threshold of 40', [['threshold', 40]]],
  ['threshold of each channel', [['threshold', 100, { greyscale: false }]], { 'rgb-16.png': sixteen }],
  ['threshold of nothing', [['threshold', 0]]],
  ['recomb', [['recomb', sepia]]],
  ['recomb, 4 × 4', [['recomb', swap]]],
  ['recomb and linear', [['recomb', sepia], ['linear', 0.7, -10]]],
  ['recomb and resize', [['recomb', sepia], ['resize', 40]]],
  ['modulate brightness', [['modulate', { brightness: 1.4 }]]],
  ['modulate saturation', [['modulate', { saturation: 0.4 }]]],
  ['modulate more saturation', [['modulate', { saturation: 2 }]]],
  ['modulate hue', [['modulate', { hue: 90 }]]],
  ['modulate lightness', [['modulate', { lightness: 25 }]]],
  ['modulate everything', [['modulate', { brightness: 0.7, saturation: 1.5, hue: 200, lightness: -5 }]]],
  ['modulate and resize', [['modulate', { brightness: 1.2, hue: 30 }], ['resize', 40]]],
  ['tint', [['tint', '#ff8800']]],
  ['tint blue', [['tint', { r: 10, g: 20, b: 250 }]]],
  ['tint and resize', [['tint', '#0a4'], ['resize', 40]]],
  ['normalise', [['normalise']]],
  ['normalise of the whole range', [['normalise', { lower: 0, upper: 100 }]]],
  ['normalise by far percentiles', [['normalise', { lower: 20, upper: 70 }]]],
  ['normalise and resize', [['normalise'], ['resize', 40]]],
  ['unflatten', [['unflatten']], { 'rgb-16.png': unflattened }],
  ['unflatten after a threshold', [['threshold', 100], ['unflatten']]],
  ['bandbool and', [['bandbool', 'and']]],
  ['bandbool or', [['bandbool', 'or']]],
  ['bandbool eor', [['bandbool', 'eor']]],
  ['extractChannel green', [['extractChannel', 'green']]],
  ['extractChannel alpha', [['extractChannel', 'alpha']]],
  ['extractChannel 4', [['extractChannel', 4]]],
  ['extractChannel and negate', [['extractChannel', 0], ['negate']]],
  ['boolean and a picture', [['boolean', bytes('rgb-8.png'), 'and']]],
  ['boolean or with grey', [['boolean', bytes('grey-8.png'), 'or']]],
  ['boolean eor with alpha', [['boolean', bytes('rgba-8.png'), 'eor']]],
  ['boolean with a picture that is made', [
    ['boolean', { create: { width: 20, height: 30, channels: 3, background: '#f0f0f0' } }, 'and']]],
  ['joinChannel', [['joinChannel', bytes('grey-8.png')]]],
  ['joinChannel after a resize', [['resize', 53, 37], ['joinChannel', bytes('grey-8.png')]]],
  ['many at once', [
    ['negate'], ['modulate', { saturation: 1.3 }], ['linear', 0.9, 8], ['gamma'], ['tint', '#8af'], ['resize', 45, 30]]]
];

/** Where ours differs, by operation and input. */
const scaled = '`boolean` and `joinChannel` convert the other image to the depth of the first.';
const known = {
  'joinChannel, rgb-16.png': scaled,
  'joinChannel after a resize, rgb-16.png': scaled,
  'joinChannel after a resize, cutout.png': '`joinChannel` after a resize joins to colours that are not premultiplied.',
  'boolean or with grey, rgb-16.png': scaled,
  'boolean and a picture, rgb-16.png': scaled,
  'boolean with a picture that is made, rgb-16.png': scaled
};

module.exports = [
  ...operations.flatMap(([name, calls, differs = {}]) =>
    inputs.map(input => [
      `${name}, ${input}`, input, [...calls, png], { sizeRatio, differs: differs[input] ?? known[`${name}, ${input}`] }])),
  ['joinChannel of two greys', 'grey-8.png', [['joinChannel', [bytes('grey-8.png'), bytes('grey-8.png')]], png]],
  ['joinChannel of three greys', 'grey-8.png', [['joinChannel', Array(3).fill(bytes('grey-8.png'))], png]],
  ['joinChannel of a larger picture', 'grey-8.png', [['joinChannel', [bytes('grey-16.png'), bytes('photo.png')]], ['extractChannel', 0], png]],
  ['boolean with a larger picture', 'rgb-8.png', [['boolean', bytes('photo.png'), 'or'], png]],
  ['boolean with itself', 'photo.png', [['boolean', bytes('photo.png'), 'eor'], png], { tolerance: 0 }],
  ['boolean with what is no picture', 'photo.png', [['boolean', Buffer.from('nothing'), 'eor'], png]],
  ['negate, grey with alpha', 'grey-alpha-8.png', [['negate', { alpha: false }], png]],
  ['negate, 16 bit with alpha', 'rgba-16.png', [['negate'], ['toColourspace', 'rgb16'], png]],
  ['linear, grey with alpha', 'grey-alpha-8.png', [['linear', 1.4, -7], png]],
  ['linear, 16 bit kept', 'rgb-16.png', [['linear', 0.7, 700], ['toColourspace', 'rgb16'], png]],
  ['modulate, 16 bit kept', 'rgb-16.png', [['modulate', { brightness: 0.7 }], ['toColourspace', 'rgb16'], png]],
  ['unflatten, grey with alpha', 'grey-alpha-8.png', [['unflatten'], png]],
  ['threshold, 16-bit grey', 'grey-16.png', [['threshold', 100], png]],
  ['threshold, 16 bit with alpha', 'rgba-16.png', [['threshold', 100], png]],
  ['normalise, frames', 'animated.webp', [['normalise'], ['webp', { lossless: true }]], { open: { animated: true } }],
  ['negate, frames', 'animated.webp', [['negate'], ['webp', { lossless: true }]], { open: { animated: true } }],
  ['modulate to JPEG', 'large.jpg', [['resize', 300], ['modulate', { brightness: 1.1, saturation: 1.2 }], ['jpeg']]],
  ['extractChannel as raw', 'rgb-8.png', [['extractChannel', 2], ['raw']]],
  ['bandbool as raw', 'rgb-8.png', [['bandbool', 'eor'], ['raw']]],
  ['bandbool of 16 bits as raw', 'rgb-16.png', [['bandbool', 'and'], ['raw']], { differs: 'Raw pixels of a 16-bit image after `bandbool`' }],
  ['bandbool of 16 bits', 'rgb-16.png', [['bandbool', 'and'], ['png']]]
];
