'use strict';

// Every edit method with good and bad arguments, here and in sharp: the same error, or the same options afterwards.

const lancet = require('../');
const peer = require('sharp');

const circle = {};
circle.self = circle;

// Arguments that every method is tried with.
const anything = [
  [], [undefined], [null], [true], [false], [0], [1], [2], [1.5], [-1], [NaN], [Infinity], [90], [45], [300], [1e9],
  [''], ['x'], ['and'], ['red'], ['#abc'], ['srgb'], [{}], [circle], [[]], [[1, 2, 3, 4]], [() => 1], [{ width: 'x' }],
  ['x'.repeat(150)], [null, null], [undefined, {}], [1, null, {}]
];

const raw = { width: 2, height: 2, channels: 3 };
const create = { width: 2, height: 2, channels: 3, background: 'red' };

const particular = {
  resize: [
    [100], [100, 50], [null, 50], [undefined, 50], [100, null], [100, undefined, { position: undefined, fit: undefined }],
    [{ width: 10 }], [{ width: null, height: 5 }], [{ width: 10.5 }], [{ height: -1 }], [100, 50, { width: 20 }],
    ...['contain', 'cover', 'fill', 'inside', 'outside', 'max', 'constructor', 3].map((fit) => [{ width: 9, fit }]),
    ...[0, 8, 9, 16, 17, 18, 'centre', 'center', 'north', 'right top', 'entropy', 'attention', 'nowhere', 1.5, true]
      .map((position) => [{ width: 9, position }]),
    ...['nearest', 'linear', 'cubic', 'mitchell', 'lanczos2', 'lanczos3', 'mks2013', 'mks2021', 'box', 1]
      .map((kernel) => [{ width: 9, kernel }]),
    ...['withoutEnlargement', 'withoutReduction', 'fastShrinkOnLoad']
      .flatMap((key) => [true, false, null, 1, 'true'].map((value) => [9, 9, { [key]: value }]))
  ],
  extend: [
    [10], [1e8], [100000001], [{ top: 1, bottom: 2, left: 3, right: 4 }], [{ top: 'x' }], [{ left: -1 }], [{ bottom: 1.5 }],
    ...['background', 'copy', 'repeat', 'mirror', 'none', 2].map((extendWith) => [{ top: 1, extendWith }])
  ],
  extract: [
    [{ left: 0, top: 1, width: 2, height: 3 }], [{ left: 0, top: 1, width: 2 }], [{ left: -1, top: 1, width: 2, height: 3 }],
    [{ left: 0, top: 1, width: 2, height: '3' }]
  ],
  trim: [
    [{ threshold: 5 }], [{ threshold: -1 }], [{ threshold: 'x' }], [{ background: 'red', lineArt: true, margin: 3 }],
    [{ lineArt: 1 }], [{ margin: -1 }], [{ margin: 1.5 }]
  ],
  rotate: [[30, { background: 'red' }], [30, { background: 'nocolour' }], [90, { background: 'nocolour' }], [-90], [720.5]],
  affine: [
    [[[1, 2], [3, 4]]], [[1, 2, 3]], [[1, 2, 3, 'x']], [[[1, 2], [3, 'x']]], [[1, 1, 1, 1], 1], [[1, 1, 1, 1], { idx: 'x' }],
    [[1, 1, 1, 1], { idx: 1, idy: 2, odx: 3, ody: 4, interpolator: 'nohalo', background: '#fff8' }],
    [[1, 1, 1, 1], { interpolator: 'cubic' }]
  ],
  sharpen: [
    [{ sigma: 2 }], [{ sigma: 11 }], [{ sigma: 2, m1: 1, m2: 2, x1: 3, y2: 4, y3: 5 }], [{ sigma: 2, m1: -1 }],
    [{ sigma: 2, y3: 'x' }]
  ],
  blur: [
    [0.3], [0.2], [1001], [{ sigma: 1 }], [{ sigma: 'x' }], [{ sigma: 0.1 }], [{ sigma: 1, precision: 'float' }],
    [{ sigma: 1, precision: 'x' }], [{ sigma: 1, minAmplitude: 0.5 }], [{ sigma: 1, minAmplitude: 2 }],
    [{ sigma: 1, minAmplitude: undefined }]
  ],
  flatten: [[{ background: 'red' }], [{ background: { r: 1, g: 2, b: 3, alpha: 0.5 } }], [{ background: 1 }]],
  gamma: [[2, 3], [2, 4], [4], [1, undefined], [1.5, 'x']],
  negate: [[{ alpha: false }], [{ alpha: 'x' }], [{ alpha: undefined }]],
  normalise: [[{ lower: 5, upper: 10 }], [{ lower: 10, upper: 5 }], [{ lower: -1 }], [{ upper: 101 }], [{ lower: 99 }]],
  clahe: [
    [{ width: 1, height: 2 }], [{ width: 1.5, height: 2 }], [{ width: 1, height: -2 }], [{ width: 1, height: 2, maxSlope: 101 }],
    [{ width: 1, height: 2, maxSlope: 0 }]
  ],
  convolve: [
    [{ width: 3, height: 3, kernel: [1, 1, 1, 1, 1, 1, 1, 1, 1] }], [{ width: 3, height: 3, kernel: [1] }],
    [{ width: 3, height: 3, kernel: [1, 1, 1, 1, 1, 1, 1, 1, 'x'] }],
    [{ width: 3, height: 3, kernel: [-1, -1, -1, -1, 0, 1, 1, 1, 1], scale: 3, offset: 2 }]
  ],
  threshold: [[100, { greyscale: false }], [100, { grayscale: true }], [256], [100, {}]],
  boolean: [
    ['a', 'and'], ['a', 'nand'], [Buffer.from('x'), 'or'], [Buffer.from('x'), 'eor', { raw }], [1, 'and'],
    [{ create }, 'and'], ['a', 'and', 3]
  ],
  linear: [[1, 2], [[1, 2], [3, 4]], [[1, 2], [3]], [undefined, 3], [2, undefined], ['x'], [1, 'x'], [[], []], [[1, 'x'], [1, 2]]],
  recomb: [
    [[[1, 2, 3], [4, 5, 6], [7, 8, 9]]], [[[1, 2, 3], [4, 5, 6]]], [[[1, 2, 3], [4, 5], [7, 8, 9]]],
    [[[1, 2, 3], [4, 5, 6], [7, 8, 'x']]], [[[1, 2, 3, 4], [1, 2, 3, 4], [1, 2, 3, 4], [1, 2, 3, 4]]]
  ],
  modulate: [
    [{ brightness: 2 }], [{ brightness: -1 }], [{ saturation: 0.5, hue: 400, lightness: -3 }], [{ hue: 1.5 }],
    [{ hue: undefined }], [{ lightness: 'x' }]
  ],
  tint: [
    'rgb(1,2,3)', 'rgba(1, 2, 3, 0.5)', 'rgb(10%, 20%, 30%)', 'hsl(120, 50%, 50%)', 'hsla(120, 50%, 50%, .3)',
    'hwb(200, 10%, 20%)', '#12', '#123', '#1234', '#123456', '#12345678', '#xyz', 'RED', 'transparent', 'rgb(1,2)',
    'rgb(1 2 3 / 50%)', 'hsl(-30deg 10% 20%)', { r: 1 }, { r: 1, g: 2, b: 3 }, { r: 1, g: 2, b: 3, alpha: 0.25 },
    { r: 300, g: -5, b: 1.5 }, { r: 'x', g: 1, b: 2 }, { h: 10, s: 20, l: 30 }, { h: 10, s: 20, v: 30 },
    { c: 10, m: 20, y: 30, k: 40 }, { r: 1, g: 2, b: 3, a: 1 }, [1, 2, 3, 0.5], [1], { r: 1, g: 2, b: 3, alpha: 'x' }
  ].map((colour) => [colour]),
  extractChannel: [['red'], ['alpha'], [4], [5], ['purple']],
  ensureAlpha: [[0.5], [1.1], ['x']],
  joinChannel: [['a'], [['a', 'b']], [Buffer.from('x'), { raw }], [['a', 1]]],
  composite: [
    [[{ input: 'a' }]], [[{ input: 'a', blend: 'color-dodge', tile: true, gravity: 'southeast' }]], [[{ input: 'a', left: 1 }]],
    [[{ input: 'a', left: 1, top: -2, premultiplied: true }]], [[{ input: 'a', left: 1.5, top: 2 }]],
    [[{ input: 'a', gravity: 9 }]], [[{ input: 'a', gravity: 8 }]], [[{ input: 'a', blend: 'x' }]], [[{ input: 'a', tile: 1 }]],
    [[{ input: 'a', premultiplied: 'x' }]], [[{ input: Buffer.from('x'), raw, failOn: 'none', density: 100 }]],
    [[{ input: { create } }]], [[{ input: { text: { text: 'hi', rgba: true } } }]], [[{ input: 1 }]], [[{}]], [[1]],
    [[{ input: 'a', failOn: 'x' }]], [[{ input: 'a', animated: true, limitInputPixels: false }, { input: 'b' }]]
  ],
  withExif: [[{ IFD0: { Copyright: 'me' } }], [{ IFD0: { Copyright: 1 } }], [{ IFD0: 1 }]],
  withExifMerge: [[{ IFD3: { Copyright: 'me' } }]],
  withIccProfile: [['p3'], ['p3', { attach: false }], ['p3', { attach: 1 }], [1]],
  withMetadata: [
    [{ orientation: 3 }], [{ orientation: 9 }], [{ density: 96 }], [{ density: 0 }], [{ icc: 'p3' }], [{ icc: 1 }],
    [{ exif: { IFD0: { a: 'b' } } }], [{ exif: 1 }]
  ],
  timeout: [[{ seconds: 0 }], [{ seconds: 3601 }], [{ seconds: 1.5 }], [{ seconds: '1' }]],
  jpeg: [
    ...Object.entries({
      quality: [1, 100, 0, 101, 1.5, 'x'],
      progressive: [true, 1],
      chromaSubsampling: ['4:2:0', '4:4:4', '4:2:2', 1],
      optimiseCoding: [false, 1],
      optimizeCoding: [false, 1],
      mozjpeg: [true, false, 1],
      trellisQuantisation: [true, 1],
      trellisQuantization: [true, 1],
      overshootDeringing: [true, 1],
      optimiseScans: [true, false, 1],
      optimizeScans: [true, 1],
      quantisationTable: [0, 8, 9, 1.5],
      quantizationTable: [3, 9],
      force: [true, false, 1]
    }).flatMap(([key, values]) => values.map((value) => [{ [key]: value }]))
  ],
  png: [
    ...Object.entries({
      progressive: [true, 1],
      compressionLevel: [0, 9, 10, 1.5],
      adaptiveFiltering: [true, 1],
      colours: [2, 3, 4, 5, 16, 17, 256, 1, 257, 0],
      colors: [2, 256, 1],
      palette: [true, false, 1],
      quality: [0, 100, 101],
      effort: [1, 10, 11],
      dither: [0, 1, 2],
      force: [false]
    }).flatMap(([key, values]) => values.map((value) => [{ [key]: value }])),
    [{ palette: false, quality: 500 }], [{ palette: true, quality: 50, effort: 2, dither: 0.5, colours: 8 }]
  ],
  webp: [
    ...Object.entries({
      quality: [1, 100, 0, 101],
      alphaQuality: [0, 100, 101],
      lossless: [true, 1],
      nearLossless: [true, 1],
      smartSubsample: [true, 1],
      smartDeblock: [true, 1],
      preset: ['default', 'photo', 'picture', 'drawing', 'icon', 'text', 'x', 1],
      effort: [0, 6, 7],
      minSize: [true, 1],
      mixed: [true, 1],
      exact: [true, 1],
      loop: [0, 65535, 65536, 'x'],
      delay: [0, 100, [100, 200], 65536, [], [1.5], ['x']],
      force: [false]
    }).flatMap(([key, values]) => values.map((value) => [{ [key]: value }]))
  ],
  raw: [[{ depth: 'ushort' }], [{ depth: 'x' }], [{ depth: 1 }], [{ force: false }]],
  toFormat: [
    ['zoinks'], [{ id: 'zoinks' }],
    ...(lancet.prototype.jpeg
      ? [['jpg'], ['JPEG'], ['jpe', { quality: 3 }], ['png', undefined], ['webp', null], [{ id: 'raw' }], ['png', { quality: 500 }]]
      : [])
  ]
};

// Calls where lancet takes an older form, or does not fail with a TypeError on null.
const differs = (name, args) =>
  (name === 'sharpen' && (typeof args[0] === 'number' || args[0] === false)) ||
  (name === 'trim' && ['number', 'string'].includes(typeof args[0]));

// Errors that JavaScript itself throws in sharp are no sentences to keep.
const isSentence = (error) => error?.name === 'Error';

const methods = Object.keys(lancet.prototype).filter((name) =>
  !name.startsWith('_') && !/^(clone|metadata|stats|to(File|Buffer|Uint8Array))$/.test(name));

function outcome (sharp, name, args, before) {
  const instance = sharp('input.jpg');
  const warnings = [];
  instance.on('warning', (text) => warnings.push(text));
  before(instance);
  try {
    const returned = instance[name](...args);
    expect(returned).toBe(instance);
  } catch (error) {
    return { error };
  }
  return { options: instance.options, warnings };
}

// What both bags have, in plain form.
function plain (options, other) {
  const shared = Object.entries(options).filter(([key, value]) => key in other && typeof value !== 'function');
  return JSON.parse(JSON.stringify(Object.fromEntries(shared), (_key, value) =>
    typeof value === 'number' ? Number(value.toPrecision(12)) : value));
}

function compare (name, args, before = () => {}) {
  const [ours, theirs] = [lancet, peer].map((sharp) => outcome(sharp, name, structuredCopy(args), before));
  if (theirs.error) {
    if (isSentence(theirs.error)) {
      expect(ours.error?.message).toBe(theirs.error.message);
    }
    return;
  }
  expect(ours.error).toBeUndefined();
  expect(plain(ours.options, theirs.options)).toEqual(plain(theirs.options, ours.options));
  expect(ours.warnings).toEqual(theirs.warnings);
}

// sharp's convolve writes into its argument.
function structuredCopy (args) {
  return args.map((arg) =>
    typeof arg === 'object' && arg !== null && !Buffer.isBuffer(arg) && arg !== circle && 'kernel' in arg ? structuredClone(arg) : arg);
}

test('lancet has every method of sharp', () => {
  const names = Object.keys(peer.prototype).filter((name) => !name.startsWith('_'));
  for (const name of names) {
    expect([name, typeof lancet.prototype[name], lancet.prototype[name]?.length])
      .toEqual([name, 'function', peer.prototype[name].length]);
  }
});

describe.each(methods)('%s', (name) => {
  test('anything', () => {
    for (const args of anything.filter((args) => !differs(name, args))) {
      compare(name, args);
    }
  });

  if (particular[name]) {
    test('its own arguments', () => {
      for (const args of particular[name]) {
        compare(name, args);
      }
    });
  }
});

test('order of resize, extract and rotate', () => {
  const area = { left: 1, top: 2, width: 3, height: 4 };
  const befores = [
    (s) => s.resize(10), (s) => s.resize(10).extract(area), (s) => s.extract(area), (s) => s.rotate(90), (s) => s.rotate(45),
    (s) => s.rotate(), (s) => s.autoOrient().resize(9), (s) => s.extract(area).extract(area), (s) => s.rotate(90).resize(10),
    (s) => s.rotate(360).resize(10), (s) => s.trim().rotate(30)
  ];
  for (const before of befores) {
    compare('resize', [20], before);
    compare('extract', [area], before);
    compare('rotate', [180], before);
    compare('rotate', [], before);
    compare('trim', [], before);
  }
});

describe('constructor', () => {
  const inputs = [
    [], [undefined], [null], ['a.jpg'], [''], [Buffer.from('x')], [Buffer.alloc(0)], [new Uint8Array(0)], [new ArrayBuffer(0)],
    [new Uint8Array([1, 2])], [1], [true], [Symbol.iterator === 1], [{}], [[]], [['a']], [['a', 'b']],
    [['a', ['b', 'c']]], ['a', null].slice(0, 1), ['a', 1], ['a', {}], [undefined, {}], [{ create }], [{ failOn: 'none' }],
    [{ animated: true }], [{ raw }], [['a', 'b'], { join: { across: 2, shim: 1, background: 'red', halign: 'right', valign: 'x' } }],
    [['a', 'b'], { join: { across: 2, shim: 1, background: 'red', halign: 'right', valign: 'bottom', animated: true } }],
    ['a', { join: {} }], [{ text: { text: 'x' } }], [{ text: {} }], [{ text: { text: 'x', dpi: 1, height: 1 } }],
    [{ text: { text: 'x', align: 'right', wrap: 'char', rgba: true, justify: false, spacing: -3, font: 'a', fontfile: 'b', width: 9 } }],
    [{ text: { text: 'x', align: 'x' } }], [{ text: { text: 'x', wrap: 'x' } }], [{ text: { text: 'x', rgba: 1 } }],
    [{ text: { text: 'x', width: 0 } }], [{ text: { text: 'x', spacing: 1e7 } }], [{ text: { text: 'x', font: 1 } }],
    ...[{ width: 0 }, { channels: 2 }, { channels: 5 }, { background: undefined }, { background: 'nope' }, { pageHeight: 2 },
      { pageHeight: 3 }, { width: 4, height: 4, pageHeight: 3 }, { noise: 1 }, { noise: { type: 'x' } }, { noise: { type: 'gaussian' } },
      { noise: { type: 'gaussian', mean: -1 } }, { noise: { type: 'gaussian', mean: 9, sigma: 3 } },
      { noise: { type: 'gaussian' }, channels: 9 }].map((change) => [{ create: { ...create, ...change } }]),
    ...[Uint8Array, Uint8ClampedArray, Int8Array, Uint16Array, Int16Array, Uint32Array, Int32Array, Float32Array, Float64Array]
      .map((Kind) => [new Kind(12), { raw }]),
    ...[{ ...raw, premultiplied: true }, { ...raw, premultiplied: 1 }, { ...raw, pageHeight: 1 }, { ...raw, pageHeight: 3 },
      { ...raw, height: 3, pageHeight: 2 }, { width: 1 }, { ...raw, channels: 5 }, 'x'].map((value) => [Buffer.alloc(12), { raw: value }]),
    ...Object.entries({
      failOn: ['none', 'truncated', 'error', 'warning', 'x', 1],
      autoOrient: [true, 'x'],
      density: [72, 0, 100001, 'x'],
      ignoreIcc: [true, 1],
      limitInputPixels: [true, false, 0, 9, -1, 1.5, 'x', 2 ** 53],
      limitInputChannels: [true, false, 3, -1],
      unlimited: [true, 1],
      sequentialRead: [false, 1],
      animated: [true, false, 1],
      pages: [-1, 3, -2, 1e6],
      page: [0, 5, -1, 1.5],
      openSlide: [{ level: 3 }, { level: 257 }, {}],
      level: [2, -1],
      tiff: [{ subifd: 3 }, { subifd: -2 }],
      subifd: [2, 1e6],
      svg: [{ stylesheet: 'a', highBitdepth: true }, { stylesheet: 1 }, { highBitdepth: 1 }],
      pdf: [{ background: 'red' }, { background: 'nope' }],
      pdfBackground: ['red', 1],
      jp2: [{ oneshot: true }, { oneshot: 1 }]
    }).flatMap(([key, values]) => values.map((value) => ['a', { [key]: value }]))
  ];

  test.each(inputs.map((args, index) => [index, args]))('%i', (_index, args) => {
    const [ours, theirs] = [lancet, peer].map((sharp) => {
      try {
        const { options } = sharp(...args);
        return { input: options.input, join: options.join };
      } catch (error) {
        return { error };
      }
    });
    if (theirs.error && !isSentence(theirs.error)) {
      return;
    }
    expect(ours.error?.message).toBe(theirs.error?.message);
    expect(ours).toEqual(theirs.error ? { error: expect.anything() } : theirs);
  });
});

test('statics are those of sharp', () => {
  expect(Object.keys(lancet)).toEqual(Object.keys(peer));
  for (const name of Object.keys(peer).filter((name) => !['format', 'versions', 'queue'].includes(name))) {
    if (typeof peer[name] !== 'function') {
      expect(Object.entries(lancet[name])).toEqual(Object.entries(peer[name]));
    }
  }
  expect(Object.keys(lancet.format)).toEqual(Object.keys(peer.format));
  for (const options of [undefined, 1, {}, { operation: 'x' }, { operation: [1] }, { operation: [''] }]) {
    for (const name of ['block', 'unblock']) {
      const message = (sharp) => {
        try {
          return sharp[name](options);
        } catch (error) {
          return error.message;
        }
      };
      expect(message(lancet)).toBe(message(peer));
    }
  }
});

test('the bag of a new instance has the defaults of sharp', () => {
  const [ours, theirs] = [lancet().options, peer().options];
  expect(plain(ours, theirs)).toEqual(plain(theirs, ours));
  const formats = /^(jpeg|png|webp|gif|tiff|heif|jp2|jxl|raw|tile)|^(booleanBufferIn|booleanFileIn|pdfBackground)$/;
  expect(Object.keys(theirs).filter((key) => !(key in ours) && !formats.test(key))).toEqual([]);
});
