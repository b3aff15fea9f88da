// Every operation on every layout: name, input, calls, extra
const { fixture } = require('../run');

const png = ['png'];
const layouts = [
  ['grey', 'grey-8.png'],
  ['RGB', 'rgb-8.png'],
  ['RGBA', 'rgba-8.png'],
  ['16-bit RGB', 'rgb-16.png'],
  ['grey and alpha', 'grey-alpha-8.png'],
  ['CMYK', 'cmyk.jpg'],
  ['animation', 'animated.webp', { open: { animated: true } }]
];

/** Point operations and blends, and those that move pixels only. */
const POINT = 1;
/** Operations that look at the neighbours of a pixel, and resampling. */
const NEIGHBOURS = 2;

const glass = { create: { width: 9, height: 7, channels: 4, background: { r: 200, g: 40, b: 90, alpha: 0.6 } } };
const sepia = [[0.36, 0.7, 0.14], [0.3, 0.59, 0.11], [0.24, 0.47, 0.09]];
const edge = { width: 3, height: 3, kernel: [-1, 0, 1, -2, 0, 2, -1, 0, 1], offset: 100 };
const blends = ['over', 'in', 'dest-in', 'xor', 'multiply', 'screen', 'overlay', 'hard-light', 'difference', 'saturate'];

const operations = [
  ['nothing', []],
  ['flip and flop', [['flip'], ['flop']]],
  ['a quarter turn', [['rotate', 90]]],
  ['a half turn', [['rotate', 180]]],
  ['a turn by 20', [['rotate', 20, { background: '#336699' }]], NEIGHBOURS],
  ['extract', [['extract', { left: 3, top: 2, width: 11, height: 9 }]]],
  ['extend', [['extend', { top: 2, bottom: 3, left: 4, right: 5, background: { r: 9, g: 99, b: 199, alpha: 0.5 } }]]],
  ['extend by copies', [['extend', { top: 2, bottom: 3, left: 4, right: 5, extendWith: 'copy' }]]],
  ['trim', [['trim', { threshold: 40 }]]],
  ['shrink', [['resize', 20]], NEIGHBOURS],
  ['shrink into a box', [['resize', 20, 20, { fit: 'contain', background: '#123456' }]], NEIGHBOURS],
  ['enlarge', [['resize', 90, 70, { fit: 'fill' }]], NEIGHBOURS],
  ['affine', [['affine', [1.1, 0.2, -0.1, 0.9], { background: 'white', interpolator: 'bilinear' }]], NEIGHBOURS],
  ['flatten', [['flatten', { background: '#7a3' }]]],
  ['unflatten', [['unflatten']]],
  ['gamma', [['gamma', 2]]],
  ['greyscale', [['greyscale']]],
  ['greyscale, one channel', [['greyscale'], ['toColourspace', 'b-w']]],
  ['negate', [['negate']]],
  ['negate without alpha', [['negate', { alpha: false }]]],
  ['median', [['median', 3]], NEIGHBOURS],
  ['threshold', [['threshold', 100]]],
  ['threshold of each channel', [['threshold', 100, { greyscale: false }]]],
  ['dilate', [['threshold', 100], ['dilate', 2]], NEIGHBOURS],
  ['erode', [['threshold', 100], ['erode', 2]], NEIGHBOURS],
  ['mild blur', [['blur']], NEIGHBOURS],
  ['blur', [['blur', 2]], NEIGHBOURS],
  ['convolve', [['convolve', edge]], NEIGHBOURS],
  ['recomb', [['recomb', sepia]]],
  ['modulate', [['modulate', { brightness: 1.1, saturation: 0.6, hue: 40, lightness: 3 }]]],
  ['mild sharpen', [['sharpen']], NEIGHBOURS],
  ['sharpen', [['sharpen', { sigma: 1.5 }]], NEIGHBOURS],
  ['linear', [['linear', 0.8, 12]]],
  ['normalise', [['normalise', { lower: 5, upper: 95 }]]],
  ['CLAHE', [['clahe', { width: 12, height: 12, maxSlope: 3 }]], NEIGHBOURS],
  ['boolean', [['boolean', fixture('flat.png'), 'eor']]],
  ['bandbool', [['bandbool', 'or']]],
  ['tint', [['tint', '#c84']]],
  ['removeAlpha', [['removeAlpha']]],
  ['ensureAlpha', [['ensureAlpha', 0.4]]],
  ['extractChannel', [['extractChannel', 0]]],
  ['extractChannel alpha', [['extractChannel', 'alpha']]],
  ['joinChannel', [['joinChannel', fixture('grey-8.png')], ['raw']]],
  ['to 16 bits', [['toColourspace', 'rgb16']]],
  ['to grey of 16 bits', [['toColourspace', 'grey16']]],
  ...blends.map(blend => [`composite ${blend}`, [['composite', [{ input: glass, blend, left: 5, top: 4 }]]]])
];

/** What differs on purpose, by operation and layout. */
const scaled = '`boolean` and `joinChannel` convert the other image to the depth of the first.';
const sixteen = '`threshold` of each channel of a 16-bit image compares the high byte';
const unflattened = '`unflatten` of a 16-bit image makes only white transparent';
const reader = '`info.channels` and `info.hasAlpha` are those that a reader of the output finds';
const frames = 'Every operation works on each frame of an animation';
const soft = 'Blend modes follow the formulas of the W3C where the overlay or the image is translucent';
const differences = {
  ...Object.fromEntries([
    'composite multiply: animation',
    'composite screen: grey',
    'composite screen: RGBA',
    'composite screen: grey and alpha',
    'composite screen: animation',
    'composite overlay: grey',
    'composite overlay: RGBA',
    'composite overlay: animation',
    'composite hard-light: grey',
    'composite hard-light: RGB',
    'composite hard-light: RGBA',
    'composite hard-light: 16-bit RGB',
    'composite hard-light: grey and alpha',
    'composite hard-light: animation',
    'composite difference: grey',
    'composite difference: RGB',
    'composite difference: 16-bit RGB',
    'composite difference: animation',
    'composite saturate: RGBA',
    'composite saturate: grey and alpha',
    'composite hard-light: 16 bits kept',
    'composite difference: 16 bits kept'
  ].map(name => [name, soft])),
  ...Object.fromEntries(['to grey of 16 bits', 'greyscale, one channel', 'extractChannel'].map(name => [`${name}: animation`, reader])),
  'flatten: grey and alpha': '`flatten` puts a grey image on the grey of a background colour',
  'unflatten: 16-bit RGB': unflattened,
  'unflatten: 16 bits kept': unflattened,
  'threshold of each channel: 16-bit RGB': sixteen,
  'threshold of each channel: 16 bits kept': sixteen,
  'boolean: 16-bit RGB': scaled,
  'boolean: 16 bits kept': scaled,
  'joinChannel: 16-bit RGB': scaled,
  ...Object.fromEntries(
    ['flip and flop', 'a quarter turn', 'a half turn', 'a turn by 20', 'trim', 'affine', 'dilate', 'erode', 'mild blur', 'blur', 'sharpen', 'CLAHE']
      .map(name => [`${name}: animation`, frames])
  )
};

/** Where a difference of one code makes one of full scale: the fitted table of inks is not exact. */
const STEEP = /threshold|dilate|erode|boolean|bandbool|CLAHE/;

const extras = ([name, , tolerance = POINT], layout, extra) => ({
  sizeRatio: 2,
  tolerance: layout !== 'CMYK' ? tolerance : STEEP.test(name) ? 16 : tolerance + 1,
  ...extra,
  ...(differences[`${name}: ${layout}`] && { differs: differences[`${name}: ${layout}`] })
});

/** 16-bit images stay so where the output is asked to be. */
const deep = operations
  .filter(([name]) => !/to 16|to grey|one channel|joinChannel/.test(name))
  .map(operation => [
    `${operation[0]}: 16 bits kept`,
    'rgb-16.png',
    [...operation[1], ['toColourspace', 'rgb16'], png],
    extras(operation, '16 bits kept')
  ]);

module.exports = [
  ...operations.flatMap(operation =>
    layouts.map(([layout, input, extra]) => {
      const output = operation[1].some(([method]) => method === 'raw') ? [] : layout === 'animation' ? [['webp', { lossless: true }]] : [png];
      return [`${operation[0]}: ${layout}`, input, [...operation[1], ...output], extras(operation, layout, extra)];
    })
  ),
  ...deep,
  ...[['negate', 'negate'], ['gamma', 'gamma', 2.2]].map(([name, ...call]) => [
    `recomb and ${name}`, 'rgb-8.png', [['recomb', [[0.4, 0.3, 0.2], [0.3, 0.5, 0.1], [0.1, 0.3, 0.5]]], call, png],
    { differs: 'After `recomb`, `negate` and `gamma` work on the scale of 8 bits' }])
];
