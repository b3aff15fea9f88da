// name, input, calls, extra. sharp writes EXIF, and a profile, whether they are asked for or not: here they are asked for.
const { bytes } = require('../run');

const files = ['gain-map.jpg', 'gain-map-xmp.jpg', 'gain-map-common.jpg', 'gain-map-cycle.jpg', 'gain-map-nowhere.jpg', 'gain-map-cut.jpg'];
const keep = [['keepGainMap'], ['withMetadata']];
/** Made of planes, which two quantizations have been through. */
const planes = { sizeRatio: 1.1, tolerance: 3.5 };
const overlay = { input: { create: { width: 5, height: 5, channels: 3, background: 'red' } } };

/** Not turned, nor mirrored: sharp reads the gain map from memory that it gave back, and may say that it is no JPEG. */
const together = {
  nothing: [],
  resized: [['resize', 100]],
  'resized to less than a pixel of the map': [['resize', 3]],
  enlarged: [['resize', 300]],
  cut: [['extract', { left: 51, top: 33, width: 101, height: 77 }]],
  'cut and resized': [['extract', { left: 50, top: 30, width: 100, height: 80 }], ['resize', 50]],
  'resized and cut': [['resize', 200], ['extract', { left: 20, top: 10, width: 100, height: 80 }]],
  covered: [['resize', 80, 80]],
  contained: [['resize', 80, 80, { fit: 'contain', background: 'lime' }]],
  filled: [['resize', 60, 120, { fit: 'fill', kernel: 'cubic' }]],
  extended: [['extend', 12]],
  'blurred a little': [['blur']],
  negated: [['negate']],
  'made grey': [['greyscale']],
  sharpened: [['sharpen']],
  'of the best quality': [['jpeg', { quality: 100 }]]
};

/** Refused with a gain map, and, first of all, some of them without one. */
const refused = {
  'turned by an angle': [['rotate', 10]],
  'turned by an angle and resized': [['rotate', 10], ['resize', 50]],
  trimmed: [['trim']],
  sheared: [['affine', [1, 0.2, 0, 1]]],
  'cut by its entropy': [['resize', 50, 50, { position: 'entropy' }]],
  convolved: [['convolve', { width: 3, height: 3, kernel: [0, 0, 0, 0, 1, 0, 0, 0, 0] }]],
  recombined: [['recomb', [[1, 0, 0], [0, 1, 0], [0, 0, 1]]]],
  modulated: [['modulate', { brightness: 1.2 }]],
  composited: [['composite', [overlay]]],
  normalised: [['normalise']],
  equalised: [['clahe', { width: 20, height: 20 }]],
  'with another picture': [['boolean', bytes('baseline.jpg'), 'and']],
  'one channel of it': [['extractChannel', 0]]
};

/** sharp writes chroma of all pixels, whatever it is told, and fills the blocks at the edge otherwise. */
const full = ['jpeg', { quality: 95, chromaSubsampling: '4:4:4' }];
/** A code is a fortieth of a stop of light, and the two take the mean of four pixels by other weights. */
const made = { sizeRatio: 1.05, gains: 5 };
const applied = {
  nothing: [],
  resized: [['resize', 100]],
  enlarged: [['resize', 300]],
  'resized and cut': [['resize', 200], ['extract', { left: 20, top: 10, width: 100, height: 80 }]],
  'turned after': [['resize', 100], ['rotate', 90]],
  mirrored: [['flip'], ['flop']],
  contained: [['resize', 80, 80, { fit: 'contain' }]],
  'turned by an angle': [['rotate', 10]],
  blurred: [['blur', 2]],
  'made grey': [['greyscale']]
};

module.exports = [
  ...files.flatMap(name => [
    [`${name} kept`, name, keep, planes],
    [`${name} applied`, name, [['withGainMap'], ['keepExif'], full], made],
    [`light of ${name}`, name, [['withGainMap'], ['png']]]
  ]),
  ['colours of a map of three channels', 'gain-map-rgb.jpg', [...keep, ['resize', 100]], { sizeRatio: 1.05 }],
  ['from a path', { path: 'gain-map.jpg' }, [...keep, ['resize', 60]], planes],
  ['to a path', 'gain-map.jpg', [...keep, ['resize', 60]], { to: '.jpg', ...planes }],
  ['kept in no other format', 'gain-map.jpg', [...keep, ['resize', 60], ['webp']], { sizeRatio: 1.2 }],
  ['not kept by itself', 'gain-map.jpg', [['resize', 60], ['jpeg']], {}],
  ['not kept with other metadata', 'gain-map.jpg', [['withMetadata'], ['resize', 60], ['jpeg']], {}],
  ['with the base profile for another', 'gain-map-rgb.jpg', [['withGainMap'], ['png']], { differs: '`withGainMap` uses the ICC profile of the image' }],
  ...Object.entries(together).map(([name, calls]) => [`kept, ${name}`, 'gain-map.jpg', [...keep, ...calls], planes]),
  ...['gain-map.jpg', 'baseline.jpg'].flatMap(input => Object.entries(refused).map(([name, calls]) => [`${input} ${name}`, input, [['keepGainMap'], ...calls, ['jpeg']]])),
  ...Object.entries(applied).map(([name, calls]) => [`applied, ${name}`, 'gain-map.jpg', [['withGainMap'], ['keepExif'], ...calls, full], made]),
  ...['baseline.jpg', 'rgb-8.png', 'grey-8.png'].map(input => [`a gain map for ${input}`, input, [['withGainMap'], ['keepExif'], full], made])
];
