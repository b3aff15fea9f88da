'use strict';

// Places in calls of the formats' own methods. `_` in the arguments is where the wrong value goes.

const _ = require('../place.js');

const keys = (names, rest = {}) => [[_], ...[...names, 'force'].map((name) => [{ ...rest, [name]: _ }])];

module.exports = {
  jpeg: keys([
    'quality', 'progressive', 'chromaSubsampling', 'optimiseCoding', 'optimizeCoding', 'mozjpeg', 'trellisQuantisation',
    'trellisQuantization', 'overshootDeringing', 'optimiseScans', 'optimizeScans', 'quantisationTable', 'quantizationTable'
  ]),
  png: keys([
    'progressive', 'compressionLevel', 'adaptiveFiltering', 'palette', 'quality', 'effort', 'colours', 'colors', 'dither', 'bitdepth'
  ]),
  webp: [
    ...keys([
      'quality', 'alphaQuality', 'lossless', 'nearLossless', 'smartSubsample', 'smartDeblock', 'preset', 'effort', 'minSize', 'mixed',
      'exact', 'loop', 'delay'
    ]),
    [{ delay: [1, _] }]
  ],
  raw: keys(['depth']),
  jp2: keys(['quality', 'lossless', 'tileWidth', 'tileHeight', 'chromaSubsampling']),
  jxl: keys(['quality', 'distance', 'decodingTier', 'lossless', 'effort', 'loop', 'delay']),
  tile: [
    [_],
    ...['size', 'overlap', 'container', 'layout', 'angle', 'background', 'depth', 'skipBlanks', 'centre', 'center', 'id', 'basename']
      .map((name) => [{ [name]: _ }]),
    [{ size: 8, overlap: _ }], [{ layout: 'google', skipBlanks: _ }]
  ]
};
