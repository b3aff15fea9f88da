// Operations that look at the neighbours of a pixel. name, input, calls, extra
const png = ['png'];
const inputs = ['grey-8.png', 'rgb-8.png', 'rgba-8.png', 'rgb-16.png', 'baseline.jpg', 'cutout.png', 'photo.png'];
/** Mean absolute difference of 255 for sums in other arithmetic. */
const near = { tolerance: 2 };

const exact = { tolerance: 0 };
/** Large flat areas, where a few bytes weigh much. */
const flat = { tolerance: 0, sizeRatio: 1.5 };
/** Images of 16 bits are another matter. */
const black = ([name, input, calls, extra]) => [name, input, calls, { ...extra, ...(/16/.test(input) && { differs }) }];
const differs = '16-bit images can be dilated and eroded.';

const kernel = (width, height, weights, extra) => ({ width, height, kernel: weights, ...extra });
const relief = [-1, -1, 0, -1, 1, 1, 0, 1, 1];
const ramp = Array.from({ length: 35 }, (_, index) => index / 4);

/** A line of the table for each input. Where there is alpha, colours count as much as they are seen. */
const each = (what, calls, extra = near) =>
  inputs.map(input => [`${what}, ${input}`, input, [...calls, png], { ...(/rgba|cutout/.test(input) && { afar: 1 }), ...extra }]);

module.exports = [
  ...each('blur', [['blur']]),
  ...each('blur true', [['blur', true]]),
  ...each('blur 0.3', [['blur', 0.3]]),
  ...each('blur 1', [['blur', 1]]),
  ...each('blur 3.7', [['blur', 3.7]]),
  ...each('blur 12', [['blur', 12]]),
  ...each('blur 60', [['blur', 60]]),
  ...each('blur 1000', [['blur', 1000]]),
  ...each('blur, float', [['blur', { sigma: 2.5, precision: 'float' }]]),
  ...each('blur, approximate', [['blur', { sigma: 5, precision: 'approximate' }]]),
  ...each('blur, small least amplitude', [['blur', { sigma: 4, minAmplitude: 0.01 }]]),
  ...each('blur, large least amplitude', [['blur', { sigma: 4, minAmplitude: 0.7 }]]),
  ...each('blur after resize', [['resize', 40], ['blur', 2]]),
  ...each('convolve', [['convolve', kernel(3, 3, [1, 2, 1, 2, 4, 2, 1, 2, 1])]]),
  ...each('convolve with offset', [['convolve', kernel(3, 3, relief, { offset: 90 })]]),
  ...each('convolve with scale', [['convolve', kernel(3, 3, relief, { scale: 3, offset: 10 })]]),
  ...each('convolve, not square', [['convolve', kernel(7, 5, ramp)]]),
  ...each('convolve, even', [['convolve', kernel(4, 4, ramp.slice(0, 16))]]),
  ...each('sharpen', [['sharpen']]),
  ...each('sharpen true', [['sharpen', true]]),
  ...each('sharpen 0.5', [['sharpen', { sigma: 0.5 }]]),
  ...each('sharpen 2', [['sharpen', { sigma: 2 }]]),
  ...each('sharpen with all', [['sharpen', { sigma: 3, m1: 0.5, m2: 4, x1: 5, y2: 15, y3: 8 }]]),
  ...each('sharpen of a thumbnail', [['resize', 50], ['sharpen', { sigma: 1, m1: 0, m2: 3 }]]),
  ...each('blur and sharpen', [['blur'], ['sharpen', { sigma: 1.5 }]]),
  ...each('blur, convolve and sharpen', [['sharpen'], ['convolve', kernel(3, 3, relief, { offset: 30 })], ['blur', 1.5]]),
  ...[1, 2, 3, 4, 5, 9, 15, 16, 37].flatMap(size => each(`median ${size}`, [['median', size]], exact)),
  ...each('median, too large', [['median', 300]]),
  ...[1, 2, 7].flatMap(width => each(`dilate ${width}`, [['dilate', width]], flat).map(black)),
  ...each('dilate 100', [['dilate', 100]], flat),
  ...[1, 2, 7, 100].flatMap(width => each(`erode ${width}`, [['erode', width]], flat).map(black)),
  ...each('clahe', [['clahe', { width: 5, height: 5 }]], exact),
  ...each('clahe, no limit', [['clahe', { width: 20, height: 10, maxSlope: 0 }]], exact),
  ...each('clahe, large', [['clahe', { width: 53, height: 37, maxSlope: 90 }]], exact),
  ...each('clahe, too large', [['clahe', { width: 300, height: 3 }]]),
  ...each('median, dilate, blur and clahe', [['median', 3], ['dilate', 1], ['blur', 1], ['clahe', { width: 9, height: 9 }]], { tolerance: 4 }).map(black),
  ['blur of two pixels', 'two-pixels.png', [['blur', 5], png], near],
  ['blur false', 'photo.png', [['blur', false], png], near]
];
