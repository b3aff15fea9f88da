// Calls that sharp refuses: name is the call, input is a small image. A case that both accept is compared as usual.
const png = ['png'];
const bad = {
  resize: [
    ['zoinks'], [0], [-1], [1.5], [NaN], [1e9], [10, 'zoinks'], [10, -3], [null, 0], [{ width: 'ten' }], [{ height: -5 }], [10, 10, 'options'],
    [10, 10, { fit: 'zoinks' }], [10, 10, { position: 'zoinks' }], [10, 10, { position: 9 }], [10, 10, { position: -1 }], [10, 10, { kernel: 'zoinks' }],
    [10, 10, { background: 'zoinks' }], [10, 10, { background: 1 }], [10, 10, { withoutEnlargement: 'yes' }], [10, 10, { withoutReduction: 1 }],
    [10, 10, { fastShrinkOnLoad: 'no' }], [null], [undefined, undefined], [], [true]
  ],
  extract: [[], [{}], [{ left: 0 }], [{ left: 0, top: 0, width: 0, height: 1 }], [{ left: -1, top: 0, width: 1, height: 1 }], [{ left: 1.5, top: 0, width: 1, height: 1 }], ['zoinks']],
  extend: [[], [null], [-1], [1.5], ['zoinks'], [{}], [{ top: -1 }], [{ left: 'one' }], [{ top: 1, extendWith: 'zoinks' }], [{ top: 1, background: 'zoinks' }]],
  trim: [[{ threshold: -1 }], [{ threshold: 'ten' }], [{ background: 'zoinks' }], [{ lineArt: 'yes' }], [{ margin: -1 }], [{ margin: 1.5 }], [null]],
  rotate: [['zoinks'], [NaN], [90, 'zoinks'], [45, { background: 'zoinks' }], [null], [{}]],
  autoOrient: [[true], [null]],
  flip: [['zoinks'], [null], [0]],
  flop: [['zoinks'], [null], [0]],
  flatten: [['zoinks'], [{ background: 'zoinks' }], [{ background: [1, 2] }], [null], [0]],
  ensureAlpha: [['zoinks'], [2], [-0.1], [null]],
  removeAlpha: [['zoinks']],
  greyscale: [['zoinks'], [null], [0]],
  jpeg: [
    [{ quality: 0 }], [{ quality: 101 }], [{ quality: 80.5 }], [{ quality: '80' }], [{ quality: null }], [{ progressive: 'yes' }], [{ chromaSubsampling: '4:2:2' }],
    [{ chromaSubsampling: 420 }], [{ trellisQuantisation: 1 }], [{ optimiseScans: 'no' }], [{ overshootDeringing: 1 }], [{ optimiseCoding: 1 }],
    [{ quantisationTable: 9 }], [{ quantisationTable: -1 }], [{ quantizationTable: 'x' }], ['zoinks'], [null]
  ],
  png: [
    [{ compressionLevel: 10 }], [{ compressionLevel: -1 }], [{ compressionLevel: '6' }], [{ progressive: 1 }], [{ adaptiveFiltering: 'yes' }], [{ palette: 'yes' }],
    [{ quality: 101 }], [{ quality: -1 }], [{ effort: 0 }], [{ effort: 11 }], [{ colours: 1 }], [{ colors: 257 }], [{ dither: 2 }], [{ dither: -0.1 }], [{ bitdepth: 3 }], [null]
  ],
  webp: [
    [{ quality: 0 }], [{ quality: 101 }], [{ alphaQuality: -1 }], [{ alphaQuality: 101 }], [{ lossless: 1 }], [{ nearLossless: 'yes' }], [{ smartSubsample: 1 }],
    [{ smartDeblock: 1 }], [{ preset: 'zoinks' }], [{ effort: 7 }], [{ effort: -1 }], [{ minSize: 1 }], [{ mixed: 'yes' }], [{ exact: 1 }], [{ loop: -1 }], [{ delay: 'x' }], [null]
  ],
  raw: [[{ depth: 'zoinks' }], [{ depth: 8 }], [null]],
  toFormat: [['zoinks'], ['']],
  withMetadata: [[{ orientation: 0 }], [{ orientation: 9 }], [{ orientation: 'x' }], [{ density: 0 }], [{ density: 'x' }], [{ icc: 1 }], [{ exif: 1 }]],
  withDensity: [[0], ['x']],
  toColourspace: [[7], [null]],
  timeout: [[{ seconds: -1 }], [{ seconds: 3601 }], ['zoinks']]
};

// Taken on purpose: sharp 0.32 took them.
const older = { trim: [[10], ['zoinks'], ['#c81e28']] };
const differs = 'Older call forms of sharp 0.32 are accepted';

const show = value => (value === undefined ? 'undefined' : Number.isNaN(value) ? 'NaN' : JSON.stringify(value));

module.exports = [
  ...Object.entries(older).flatMap(([method, lists]) =>
    lists.map(args => [`${method}(${args.map(show).join(', ')})`, 'rgb-8.png', [[method, ...args], png], { differs }])),
  ...Object.entries(bad).flatMap(([method, lists]) =>
    lists.map(args => [`${method}(${args.map(show).join(', ')})`, 'rgb-8.png', [[method, ...args], ...(['raw', 'jpeg', 'webp'].includes(method) ? [] : [png])]])),
  ['failOn zoinks', 'rgb-8.png', [png], { open: { failOn: 'zoinks' } }],
  ['failOn number', 'rgb-8.png', [png], { open: { failOn: 1 } }],
  ['density 0', 'rgb-8.png', [png], { open: { density: 0 } }],
  ['page -1', 'rgb-8.png', [png], { open: { page: -1 } }],
  ['pages -2', 'rgb-8.png', [png], { open: { pages: -2 } }],
  ['pages 2 of one', 'rgb-8.png', [png], { open: { pages: 2 }, differs: '`info` of a single-page PNG, JPEG or WebP has no `pages`' }],
  ['page 1 of one', 'rgb-8.png', [png], { open: { page: 1 } }],
  ['page 9 of three', 'animated.webp', [png], { open: { page: 9 } }],
  ['animated number', 'rgb-8.png', [png], { open: { animated: 1 } }],
  ['autoOrient string', 'rgb-8.png', [png], { open: { autoOrient: 'yes' } }],
  ['unlimited string', 'rgb-8.png', [png], { open: { unlimited: 'zoinks' } }],
  ['sequentialRead string', 'rgb-8.png', [png], { open: { sequentialRead: 'yes' } }],
  ['ignoreIcc string', 'rgb-8.png', [png], { open: { ignoreIcc: 'yes' } }]
];
