// name, input, calls, extra
const fs = require('node:fs');
const path = require('node:path');

const png = ['png'];
// The tables of TIFF and AVIF have those of their formats.
const readable = fs.readdirSync(path.join(__dirname, '..', '..', 'fixtures')).filter(name => !/\.(tif|avif)$/.test(name)).sort();
const damaged = readable.filter(name => /^(truncated|corrupt|bad|no-end|huge|text\.jpg|empty)/.test(name));
const whole = readable.filter(name => !damaged.includes(name));
// sharp's first line is then of its PNG writer, whatever was wrong with the input.
const writer = { differs: 'An error says what is wrong with the input, where sharp reports that its writer stopped' };
const afterWriter = (name, failOn) => (name === 'bad-header-crc.png' && ['error', 'warning'].includes(failOn) ? writer : {});
/** Files in which sharp finds a gain map. */
const gainMap = { differs: 'Everything else in a file with a gain map is reported and kept' };
const hasGainMap = name => /^gain-map/.test(name) && !/cut/.test(name);
const rescued = { differs: 'every row of a damaged PNG that can be decoded is shown' };
const isRescued = (name, failOn) => (['truncated.png', 'corrupt.png'].includes(name) && failOn === 'none' ? rescued : {});
const raw = (Type, channels, extra = {}) => [
  { value: Type.from({ length: 12 * 10 * channels }, (_, at) => (at * 37) % 251) }, { raw: { width: 12, height: 10, channels, ...extra } }
];
// Colours are at most alpha, as they are when they were multiplied by it.
const premultiplied = raw(Uint8Array, 4)[0].value.map((value, at, all) => (at % 4 === 3 ? value : Math.floor((value * all[at | 3]) / 255)));
const types = { Uint8Array, Uint8ClampedArray, Int8Array, Uint16Array, Int16Array, Uint32Array, Int32Array, Float32Array, Float64Array };

/** How near the pixels must be: profiles and inks are converted by arithmetic and tables of our own. */
const pixels = name => {
  if (/cmyk/.test(name)) return { tolerance: 2 };
  // The PNG encoder's guess at filters costs bytes in small images of few colours.
  if (/gif$/.test(name)) return { tolerance: 0, sizeRatio: 1.5 };
  return /png$|lossless/.test(name) && !/icc/.test(name) ? { tolerance: 0 } : {};
};

module.exports = [
  ...readable.map(name => [`metadata of ${name}`, name, [], { to: 'metadata', ...(hasGainMap(name) ? gainMap : {}) }]),
  ...whole.map(name => [`pixels of ${name}`, name, [png], pixels(name)]),
  ...whole.filter(name => /jpg$|webp$/.test(name)).map(name => [`path of ${name}`, { path: name }, [['resize', 40], png]]),
  ...damaged.flatMap(name => ['none', 'truncated', 'error', 'warning'].map(failOn => [`${name}, failOn ${failOn}`, name, [png], { open: { failOn }, ...afterWriter(name, failOn), ...isRescued(name, failOn) }])),
  ...damaged.filter(name => /jpg|webp/.test(name)).map(name => [`${name}, failOn none, resized`, name, [['resize', 50], png], { open: { failOn: 'none' } }]),
  ...damaged.map(name => [`path of ${name}`, { path: name }, [png], afterWriter(name, 'warning')]),
  ['metadata from a path', { path: 'orientation-6.jpg' }, [], { to: 'metadata' }],
  ['metadata after calls', 'orientation-6.jpg', [['resize', 10], ['rotate', 90]], { to: 'metadata' }],
  ['animated WebP, all pages', 'animated.webp', [], { to: 'metadata', open: { animated: true } }],
  // sharp divides by multiplying, and falls short of integers by one.
  ['animated WebP, translucent frames blended', 'blended.webp', [png], { open: { animated: true }, tolerance: 0.2, most: 1 }],
  ['animated WebP, second page', 'animated.webp', [png], { open: { page: 1 } }],
  ['ArrayBuffer', { value: Uint8Array.from(fs.readFileSync(path.join(__dirname, '..', '..', 'fixtures', 'rgb-8.png'))).buffer }, [png], { tolerance: 0 }],
  ['Uint8Array', { value: Uint8Array.from(fs.readFileSync(path.join(__dirname, '..', '..', 'fixtures', 'rgb-8.png'))) }, [png], { tolerance: 0 }],
  ...[1, 2, 3, 4].map(channels => {
    const [input, open] = raw(Uint8Array, channels);
    return [`raw, ${channels} channels`, input, [png], { open, tolerance: 0 }];
  }),
  ...Object.entries(types).map(([name, Type]) => {
    const [input, open] = raw(Type, 3);
    return [`raw from ${name}`, input, [png], { open }];
  }),
  ...Object.entries(types).filter(([name]) => /Uint|Float/.test(name)).map(([name, Type]) => {
    const [input, open] = raw(Type, 4);
    return [`raw from ${name}, resized`, input, [['resize', 7], png], { open }];
  }),
  ['raw, premultiplied', { value: premultiplied }, [['resize', 7], png], { open: { raw: { width: 12, height: 10, channels: 4, premultiplied: true } } }],
  ['raw, too few bytes', raw(Uint8Array, 3)[0], [png], { open: { raw: { width: 120, height: 10, channels: 3 } } }],
  ['raw, more bytes than needed', raw(Uint8Array, 3)[0], [png], { open: { raw: { width: 5, height: 10, channels: 3 } } }],
  ['raw, no channels', raw(Uint8Array, 3)[0], [png], { open: { raw: { width: 12, height: 10 } } }],
  ['raw, metadata', raw(Uint8Array, 3)[0], [], { to: 'metadata', open: { raw: { width: 12, height: 10, channels: 3 } } }],
  ['create, opaque', undefined, [png], { open: { create: { width: 9, height: 7, channels: 3, background: 'rebeccapurple' } } }],
  ['create, alpha', undefined, [png], { open: { create: { width: 9, height: 7, channels: 4, background: { r: 9, g: 8, b: 7, alpha: 0.4 } } } }],
  ['create, no format', undefined, [], { open: { create: { width: 9, height: 7, channels: 3, background: '#fff' } } }],
  ['create, metadata', undefined, [], { to: 'metadata', open: { create: { width: 9, height: 7, channels: 4, background: '#fff' } } }],
  ['create, bad channels', undefined, [png], { open: { create: { width: 9, height: 7, channels: 5, background: '#fff' } } }],
  ['create, no background', undefined, [png], { open: { create: { width: 9, height: 7, channels: 3 } } }],
  ['create, bad width', undefined, [png], { open: { create: { width: 0, height: 7, channels: 3, background: '#fff' } } }],
  ['limitInputPixels just large enough', 'rgb-8.png', [png], { open: { limitInputPixels: 53 * 37 } }],
  ['limitInputPixels too small', 'rgb-8.png', [png], { open: { limitInputPixels: 53 * 37 - 1 } }],
  ['limitInputPixels too small for a JPEG that shrinks', 'large.jpg', [['resize', 10], png], { open: { limitInputPixels: 1000 } }],
  ['limitInputPixels, metadata', 'rgb-8.png', [], { to: 'metadata', open: { limitInputPixels: 10 } }],
  ['limitInputPixels off', 'rgb-8.png', [png], { open: { limitInputPixels: false } }],
  ['limitInputPixels negative', 'rgb-8.png', [png], { open: { limitInputPixels: -1 } }],
  ['limitInputChannels too small', 'rgba-8.png', [png], { open: { limitInputChannels: 3 } }],
  ['limitInputChannels large enough', 'rgba-8.png', [png], { open: { limitInputChannels: 4 } }],
  ['unlimited', 'rgb-8.png', [png], { open: { unlimited: true } }],
  ['sequentialRead false', 'photo.png', [['resize', 60], png], { open: { sequentialRead: false } }],
  ['missing file', { path: 'no-such-file.jpg' }, [png]],
  ['missing file, metadata', { path: 'no-such-file.jpg' }, [], { to: 'metadata' }],
  ['a folder', { path: '.' }, [png]],
  ['SVG text as a path', { value: '<svg xmlns="http://www.w3.org/2000/svg"/>' }, [png]],
  ['empty Buffer', { value: Buffer.alloc(0) }, [png]],
  ['empty ArrayBuffer', { value: new ArrayBuffer(0) }, [png]],
  ['empty Uint8Array', { value: new Uint8Array(0) }, [png]],
  ['one byte', { value: Buffer.from([0xff]) }, [png]],
  ['a JPEG signature alone', { value: Buffer.from([0xff, 0xd8, 0xff]) }, [png]],
  ['a PNG signature alone', { value: Buffer.from('\x89PNG\r\n\x1a\n', 'latin1') }, [png]],
  ['a WebP signature alone', { value: Buffer.from('RIFF\x10\0\0\0WEBPVP8 ', 'latin1') }, [png]],
  ['null', { value: null }, [png]],
  ['undefined', { value: undefined }, [png]],
  ['a number', { value: 7 }, [png]],
  ['an empty list', { value: [] }, [png]],
  ['options that are no object', 'rgb-8.png', [png], { open: 'zoinks' }],
  ['no picture in a stream', { value: {} }, [png], { open: {} }]
];
