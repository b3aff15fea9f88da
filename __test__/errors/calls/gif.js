'use strict';

// Places in calls of gif(). `_` in the arguments is where the wrong value goes.

const _ = require('../place.js');

module.exports = {
  gif: [
    [_],
    ...['reuse', 'progressive', 'colours', 'colors', 'effort', 'dither', 'interFrameMaxError', 'interPaletteMaxError', 'keepDuplicateFrames',
      'loop', 'delay', 'force'].map((name) => [{ [name]: _ }]),
    [{ delay: [1, _] }]
  ]
};
