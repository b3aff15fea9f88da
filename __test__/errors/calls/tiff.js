'use strict';

// Places in calls of tiff(). `_` in the arguments is where the wrong value goes.

const _ = require('../place.js');

module.exports = {
  tiff: [
    [_],
    ...['quality', 'compression', 'bigtiff', 'predictor', 'pyramid', 'tile', 'tileWidth', 'tileHeight', 'xres', 'yres', 'bitdepth',
      'miniswhite', 'resolutionUnit', 'force'].map((name) => [{ [name]: _ }])
  ]
};
