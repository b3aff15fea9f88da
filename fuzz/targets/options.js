'use strict';

// Any value for any option, also one that is written into `options` behind the methods' back, is taken or refused with an Error.

const { inspect } = require('node:util');

const NUMBERS = [
  0, -0, 1, -1, 2, 3, 0.5, 1.5, 90, 255, 256, 1000, 65535, 65536, 1e5, 1e8, 1e9, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 53, 2 ** 63, 1e300, -1e300,
  1e-300, NaN, Infinity, -Infinity
];
const WORDS = ['red', '#fff', 'cover', 'contain', 'entropy', 'attention', 'nearest', 'mirror', 'jpeg', 'tiff', 'b-w', 'cmyk', 'lab', 'and', 'over', '', '\0', '\ud800', 'x'.repeat(1e5)];
const KEYS = [
  'width', 'height', 'left', 'top', 'right', 'bottom', 'fit', 'position', 'kernel', 'background', 'sigma', 'm1', 'm2', 'x1', 'y2', 'y3', 'alpha', 'lower',
  'upper', 'maxSlope', 'scale', 'offset', 'threshold', 'margin', 'brightness', 'hue', 'quality', 'palette', 'colours', 'effort', 'loop', 'delay',
  'compression', 'tile', 'tileWidth', 'bitdepth', 'xres', 'extendWith', 'idx', 'idy', 'odx', 'interpolator', 'input', 'raw', 'create', 'channels', 'text', 'dpi',
  'size', 'overlap', 'length', '__proto__', 'constructor', 'seconds', 'density', 'page', 'pages'
];

/** Values that JSON does not have. */
const STRANGE = [
  () => undefined,
  () => 10n ** 30n,
  () => Symbol('s'),
  () => () => 1,
  () => new Date(NaN),
  () => /x/,
  () => new Map([[1, 2]]),
  () => new Float64Array([1, NaN, Infinity]),
  () => Buffer.from('GIF89a'),
  () => new ArrayBuffer(8),
  () => new SharedArrayBuffer(8),
  () => new DataView(new ArrayBuffer(8)),
  () => structuredClone(new Uint8Array(8), {}),
  detached,
  () => new Uint8Array(new SharedArrayBuffer(8)),
  () => new Array(5),
  () => Object.create(null),
  () => Object.create({ width: 5 }),
  () => new Number(5),
  () => new String('red'),
  () => new Proxy({}, { get: () => 5, has: () => true }),
  () => new Proxy({}, { get: () => { throw new Error('from a trap'); } }),
  () => new Proxy([], { get: (_, key) => (key === 'length' ? 2 ** 32 - 1 : 1) }),
  () => ({ get width() { throw new Error('from a getter'); } }),
  () => ({ valueOf: () => 5, toString: () => 'red' }),
  () => { const loop = {}; loop.width = loop; return loop; },
  () => nested(2000),
  () => Object.assign([1, 2], { length: 1e6 })
];

const shown = given => inspect(given, { breakLength: Infinity, compact: true, depth: 4, maxStringLength: 20, maxArrayLength: 6 });

function detached() {
  const bytes = new Uint8Array(64);
  structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
  return bytes;
}

function nested(depth) {
  let value = 1;
  for (let level = 0; level < depth; level++) value = [value];
  return value;
}

function value(random, depth) {
  const kind = random.below(depth > 0 ? 10 : 6);
  if (kind <= 2) return random.pick(NUMBERS);
  if (kind === 3) return random.pick([true, false, null, random.below(40)]);
  if (kind === 4) return random.pick(WORDS);
  if (kind === 5) return random.pick(STRANGE)();
  if (kind === 6) return Array.from({ length: random.once(50) ? 1e5 : random.below(17) }, () => random.pick(NUMBERS));
  if (kind === 7) return Array.from({ length: random.below(6) }, () => value(random, depth - 1));
  return Object.fromEntries(Array.from({ length: random.below(6) }, () => [random.pick(KEYS), value(random, depth - 1)]));
}

/** Methods that make nothing by themselves and write no files. */
function edits(lancet) {
  const other = ['constructor', 'toFile', 'toBuffer', 'toUint8Array', 'metadata', 'stats', 'clone'];
  return Object.keys(lancet.prototype).filter(name => !name.startsWith('_') && !other.includes(name) && typeof lancet.prototype[name] === 'function');
}

/** Keys that would read or write files that a random value names. */
const PATHS = /file|input|icc|debuglog|queueListener|tileBasename/i;

async function options(lancet, random) {
  const pixels = Buffer.from(Array.from({ length: 48 }, (_, index) => index * 5));
  const steps = Array.from({ length: 1 + random.below(3) }, () => [
    random.pick(edits(lancet)),
    Array.from({ length: 1 + random.below(random.once(3) ? 3 : 1) }, () => value(random, 2))
  ]);
  const keys = Object.keys(lancet(pixels, { raw: { width: 4, height: 4, channels: 3 } }).options).filter(key => !PATHS.test(key));
  const written = random.once(3) ? Array.from({ length: 1 + random.below(3) }, () => [random.pick(keys), value(random, 2)]) : [];
  const kind = random.below(12);
  return {
    about: `${shown(steps)} ${shown(written)}`,
    bytes: Buffer.alloc(0),
    async run() {
      const picture = kind === 0
        ? lancet(value(random, 2), value(random, 3))
        : lancet(pixels, { limitInputPixels: 1e6, raw: { width: 4, height: 4, channels: 3 } });
      for (const [name, values] of steps) {
        try {
          picture[name](...values);
        } catch (error) {
          if (/internal error|panic/i.test(error?.message)) throw error;
        }
      }
      for (const [key, given] of written) picture.options[key] = given;
      picture.options.timeoutSeconds ||= 2;
      return picture.toBuffer();
    }
  };
}

module.exports = options;
