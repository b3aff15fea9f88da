'use strict';

// Places in calls of the constructor. `_` in the arguments is where the wrong value goes.

const _ = require('../place.js');

const bytes = Buffer.alloc(12);
const raw = { width: 2, height: 2, channels: 3 };
const create = { ...raw, background: 'red' };
const noise = { ...raw, noise: { type: 'gaussian' } };
const text = { text: 'x' };
const files = ['a.png', 'b.png'];

const keys = (names, rest, wrap) => names.map((name) => wrap({ ...rest, [name]: _ }));

module.exports = {
  constructor: [
    [_], ['a.png', _], [_, {}], [_, { failOn: 'none' }],
    ...keys([
      'failOn', 'limitInputPixels', 'limitInputChannels', 'unlimited', 'autoOrient', 'density', 'ignoreIcc', 'pages', 'page', 'animated',
      'sequentialRead', 'raw', 'create', 'text', 'join', 'tiff', 'svg', 'pdf', 'openSlide', 'jp2', 'subifd', 'level', 'pdfBackground'
    ], {}, (options) => ['a.png', options]),
    ...keys(['failOn', 'animated', 'density', 'raw', 'create', 'text', 'join', 'zoinks'], {}, (options) => [options]),
    [_, { raw }],
    ...keys(['width', 'height', 'channels', 'premultiplied', 'pageHeight'], raw, (raw) => [bytes, { raw }]),
    ...keys(['width', 'height', 'channels', 'background', 'noise', 'pageHeight'], create, (create) => [{ create }]),
    ...keys(['channels', 'background', 'noise'], noise, (create) => [{ create }]),
    ...keys(['type', 'mean', 'sigma'], { type: 'gaussian' }, (noise) => [{ create: { ...raw, noise } }]),
    ...keys(
      ['text', 'font', 'fontfile', 'width', 'height', 'align', 'justify', 'dpi', 'rgba', 'spacing', 'wrap'], text, (text) => [{ text }]),
    [{ text: { ...text, height: 9, dpi: _ } }],
    [['a.png', _]], [[_, _]], [['a.png', { create: _ }]], [['a.png', { text: _ }]], [files, _],
    ...keys(['across', 'animated', 'shim', 'background', 'halign', 'valign'], {}, (join) => [files, { join }]),
    ['a.png', { tiff: { subifd: _ } }],
    ['a.png', { svg: { stylesheet: _ } }], ['a.png', { svg: { highBitdepth: _ } }],
    ['a.png', { pdf: { background: _ } }],
    ['a.png', { openSlide: { level: _ } }],
    ['a.png', { jp2: { oneshot: _ } }]
  ]
};
