'use strict';

// Places in calls of edit methods. `_` in the arguments is where the wrong value goes.

const _ = require('../place.js');

const image = { input: 'a.png' };
const matrix = [1, 0, 0, 1];
const kernel = { width: 3, height: 3, kernel: [1, 1, 1, 1, 1, 1, 1, 1, 1] };

/** The places in an options object, each beside `rest`. */
const keys = (names, rest = {}) => names.map((name) => [{ ...rest, [name]: _ }]);

module.exports = {
  resize: [
    [_], [_, 9], [9, _], [9, 9, _],
    ...keys(['width', 'height', 'fit', 'position', 'background', 'kernel', 'withoutEnlargement', 'withoutReduction', 'fastShrinkOnLoad']),
    [9, 9, { fit: 'contain', background: { r: _, g: 2, b: 3, alpha: 1 } }], [9, 9, { background: [1, _, 3] }]
  ],
  extend: [[_], ...keys(['top', 'left', 'bottom', 'right', 'background', 'extendWith'])],
  extract: [[_], ...keys(['left', 'top', 'width', 'height'], { left: 1, top: 1, width: 1, height: 1 })],
  trim: [[_], ...keys(['background', 'threshold', 'lineArt', 'margin'])],
  autoOrient: [[_]],
  rotate: [[_], [90, _], [45, _], [45, { background: _ }], [90, { background: _ }]],
  flip: [[_]],
  flop: [[_]],
  affine: [
    [_], [[_, 0, 0, 1]], [[[1, _], [0, 1]]], [[_, [0, 1]]], [matrix, _],
    ...['background', 'idx', 'idy', 'odx', 'ody', 'interpolator'].map((name) => [matrix, { [name]: _ }])
  ],
  sharpen: [[_], ...keys(['sigma']), ...keys(['m1', 'm2', 'x1', 'y2', 'y3'], { sigma: 1 })],
  erode: [[_]],
  dilate: [[_]],
  median: [[_]],
  blur: [[_], ...keys(['sigma']), ...keys(['precision', 'minAmplitude'], { sigma: 1 })],
  flatten: [[_], ...keys(['background'])],
  unflatten: [[_]],
  gamma: [[_], [2, _], [_, 2]],
  negate: [[_], ...keys(['alpha'])],
  normalise: [[_], ...keys(['lower', 'upper'])],
  normalize: [[_], ...keys(['lower', 'upper'])],
  clahe: [[_], ...keys(['width', 'height', 'maxSlope'], { width: 3, height: 3 })],
  convolve: [
    [_], ...keys(['width', 'height', 'kernel', 'scale', 'offset'], kernel), [{ ...kernel, kernel: [1, 1, 1, 1, _, 1, 1, 1, 1] }]
  ],
  threshold: [[_], [9, _], [9, { greyscale: _ }], [9, { grayscale: _ }]],
  boolean: [[_, 'and'], ['a.png', _], ['a.png', 'and', _], [Buffer.from('x'), 'and', { raw: _ }]],
  linear: [[_], [1, _], [_, 1], [[1, _], [1, 2]], [[1, 2], [_, 2]]],
  recomb: [
    [_], [[_, [0, 1, 0], [0, 0, 1]]], [[[_, 0, 0], [0, 1, 0], [0, 0, 1]]], [[_, [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]], [[_, _, _]]
  ],
  modulate: [[_], ...keys(['brightness', 'saturation', 'hue', 'lightness'])],
  tint: [[_], [{ r: _, g: 0, b: 0 }], [{ h: 1, s: _, l: 3 }], [[_, 1, 2]], [{ r: 1, g: 1, b: 1, alpha: _ }]],
  greyscale: [[_]],
  grayscale: [[_]],
  pipelineColourspace: [[_]],
  pipelineColorspace: [[_]],
  toColourspace: [[_]],
  toColorspace: [[_]],
  removeAlpha: [[_]],
  ensureAlpha: [[_]],
  extractChannel: [[_]],
  joinChannel: [[_], [['a.png', _]], ['a.png', _], [Buffer.from('x'), { raw: _ }]],
  bandbool: [[_]],
  composite: [
    [_], [[_]],
    ...['input', 'blend', 'gravity', 'top', 'left', 'tile', 'premultiplied', 'density', 'animated', 'failOn', 'limitInputPixels', 'raw',
      'autoOrient', 'page', 'pages', 'ignoreIcc', 'unlimited', 'sequentialRead', 'limitInputChannels', 'svg', 'tiff', 'pdf']
      .map((name) => [[{ ...image, [name]: _ }]]),
    [[{ ...image, top: 1, left: _ }]], [[{ ...image, top: _, left: 1 }]], [[image, _]],
    [[{ input: { create: _ } }]], [[{ input: { text: _ } }]], [[{ input: { raw: _ } }]], [[{ input: { text: { text: 'x', rgba: _ } } }]]
  ]
};
