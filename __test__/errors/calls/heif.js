'use strict';

// Places in calls of avif() and heif(). `_` in the arguments is where the wrong value goes.

const _ = require('../place.js');

const keys = (rest) => [
  [_],
  ...['quality', 'lossless', 'compression', 'effort', 'chromaSubsampling', 'bitdepth', 'tune', 'force'].map((name) => [{ ...rest, [name]: _ }])
];

module.exports = { avif: keys({}), heif: keys({ compression: 'av1' }) };
