// TIFF samples of every depth: integers of 1 to 32 bits, floating point of 16, 24, 32 and 64, in strips, tiles and planes.
const lancet = require('..');

const WIDTH = 21;
const HEIGHT = 4;

/** The bits of a number as floating point of so many bits. */
function floatBits(value, bits) {
  if (value === 0) return 0n;
  const [exponentBits, fractionBits] = { 16: [5, 10], 24: [7, 16] }[bits];
  const exponent = Math.floor(Math.log2(value));
  const fraction = Math.round((value / 2 ** exponent - 1) * 2 ** fractionBits);
  return BigInt(((exponent + 2 ** (exponentBits - 1) - 1) << fractionBits) + fraction);
}

/** Samples of a row, the highest bit first; those of whole bytes in the order of the file. */
function pack(values, bits, kind, little) {
  if (kind === 3 && bits >= 32) {
    const out = Buffer.alloc((values.length * bits) / 8);
    const view = new DataView(out.buffer, out.byteOffset, out.length);
    values.forEach((value, at) => (bits === 32 ? view.setFloat32(at * 4, value, little) : view.setFloat64(at * 8, value, little)));
    return out;
  }
  const text = values.map(value => (kind === 3 ? floatBits(value, bits) : BigInt.asUintN(bits, BigInt(value))).toString(2).padStart(bits, '0'));
  const swapped = little && bits % 8 === 0 ? text.map(one => one.match(/.{8}/g).reverse().join('')) : text;
  return Buffer.from((swapped.join('').match(/.{1,8}/g) ?? []).map(byte => parseInt(byte.padEnd(8, '0'), 2)));
}

/** A file of one page. `sample(x, y, channel)` gives the numbers that are stored. */
function tiff({ bits, kind = 1, samples = 3, photometric = samples < 3 ? 1 : 2, planar = false, tile, little = true, map, sample }) {
  const [across, down] = tile ?? [WIDTH, 3];
  const chunks = [];
  for (const plane of planar ? [...Array(samples).keys()] : [undefined]) {
    for (let top = 0; top < HEIGHT; top += down) {
      for (let left = 0; left < WIDTH; left += across) {
        const rows = [];
        for (let y = top; y < (tile ? top + down : Math.min(top + down, HEIGHT)); y++) {
          const row = [];
          for (let x = left; x < left + across; x++) {
            const channels = plane === undefined ? [...Array(samples).keys()] : [plane];
            row.push(...channels.map(channel => sample(Math.min(x, WIDTH - 1), Math.min(y, HEIGHT - 1), channel)));
          }
          rows.push(pack(row, bits, kind, little));
        }
        chunks.push(Buffer.concat(rows));
      }
    }
  }
  const tags = new Map([
    [256, [4, WIDTH]], [257, [4, HEIGHT]], [258, [3, ...Array(samples).fill(bits)]], [259, [3, 1]], [262, [3, photometric]], [277, [3, samples]],
    [284, [3, planar ? 2 : 1]], [339, [3, ...Array(samples).fill(kind)]], ...(samples % 2 ? [] : [[338, [3, 2]]]), ...(map ? [[320, [3, ...map]]] : [])
  ]);
  const [offsets, counts] = tile ? [324, 325] : [273, 279];
  if (tile) tags.set(322, [4, across]).set(323, [4, down]);
  else tags.set(278, [4, down]);
  tags.set(offsets, [4, ...chunks.map(() => 0)]).set(counts, [4, ...chunks.map(chunk => chunk.length)]);
  const entries = [...tags].sort(([a], [b]) => a - b);
  const size = type => (type === 3 ? 2 : 4);
  let place = 8 + 2 + 12 * entries.length + 4;
  const places = entries.map(([, [type, ...values]]) => {
    const length = size(type) * values.length;
    const at = length > 4 ? place : 0;
    place += length > 4 ? length : 0;
    return at;
  });
  let at = place;
  tags.get(offsets).splice(1, chunks.length, ...chunks.map(chunk => (at += chunk.length) - chunk.length));
  const out = Buffer.alloc(place);
  const put = (value, bytes, where) => (little ? out.writeUIntLE(value, where, bytes) : out.writeUIntBE(value, where, bytes));
  out.write(little ? 'II' : 'MM');
  put(42, 2, 2);
  put(8, 4, 4);
  put(entries.length, 2, 8);
  entries.forEach(([tag, [type, ...values]], index) => {
    const entry = 10 + 12 * index;
    put(tag, 2, entry);
    put(type, 2, entry + 2);
    put(values.length, 4, entry + 4);
    const start = places[index] || entry + 8;
    if (places[index]) put(places[index], 4, entry + 8);
    values.forEach((value, number) => put(value, size(type), start + number * size(type)));
  });
  return Buffer.concat([out, ...chunks]);
}

const unit = (x, y, channel) => (channel === 3 ? 1 : ((x * 5 + y * 31 + channel * 17) % 105) / 104);
const each = visit => {
  for (let y = 0; y < HEIGHT; y++) for (let x = 0; x < WIDTH; x++) visit(x, y, y * WIDTH + x);
};
const stored = bits => (x, y, channel) => Math.round(unit(x, y, channel) * (2 ** bits - 1));

const forms = [
  ['RGB', {}],
  ['RGB, big-endian', { little: false }],
  ['RGB in planes', { planar: true }],
  ['RGB in tiles', { tile: [16, 16] }],
  ['RGBA', { samples: 4 }],
  ['grey', { samples: 1 }],
  ['grey with alpha', { samples: 2, sampleOf: bits => (x, y, channel) => (channel === 1 ? 2 ** bits - 1 : stored(bits)(x, y, 0)) }]
];

describe.each(forms)('%s', (name, form) => {
  test.each([...Array(31)].map((_, index) => index + 1))('of %i bits', async bits => {
    const { sampleOf = stored, ...layout } = form;
    const file = tiff({ bits, sample: sampleOf(bits), ...layout });
    const { channels, bitsPerSample } = await lancet(file).metadata();
    expect([channels, bitsPerSample]).toEqual([layout.samples ?? 3, bits]);
    const deep = bits > 8;
    const image = deep ? lancet(file).toColourspace('rgb16').raw({ depth: 'ushort' }) : lancet(file).raw();
    const { data, info } = await image.toBuffer({ resolveWithObject: true });
    const values = deep ? new Uint16Array(new Uint8Array(data).buffer) : data;
    const most = deep ? 65535 : 255;
    each((x, y, at) => {
      for (let channel = 0; channel < 3; channel++) {
        const wanted = (sampleOf(bits)(x, y, (layout.samples ?? 3) < 3 ? 0 : channel) / (2 ** bits - 1)) * most;
        const found = values[at * info.channels + (info.channels < 3 ? 0 : channel)];
        if (Math.abs(found - wanted) > 0.5) throw new Error(`${found} in place of ${wanted} at ${x}, ${y}`);
      }
    });
  });
});

test.each([3, 5, 6, 7])('a palette of %i bits', async bits => {
  const entries = 2 ** bits;
  const map = [0, 1, 2].flatMap(channel => [...Array(entries)].map((_, entry) => ((entry * (channel * 2 + 1)) % 256) * 257));
  const index = (x, y) => (x * 3 + y * 7) % entries;
  const { data, info } = await lancet(tiff({ bits, samples: 1, photometric: 3, map, sample: index })).raw().toBuffer({ resolveWithObject: true });
  expect(info.channels).toBe(3);
  each((x, y, at) => expect([...data.subarray(at * 3, at * 3 + 3)]).toEqual([0, 1, 2].map(channel => (index(x, y) * (channel * 2 + 1)) % 256)));
});

describe('floating point', () => {
  const light = value => (value <= 0.0031308 ? value * 12.92 : 1.055 * value ** (1 / 2.4) - 0.055) * 255;

  test.each([16, 24, 32, 64])('RGB of %i bits is linear light', async bits => {
    for (const form of [{}, { little: false }, { planar: true }, { tile: [16, 16] }]) {
      const data = await lancet(tiff({ bits, kind: 3, sample: unit, ...form })).raw().toBuffer();
      each((x, y, at) => [0, 1, 2].forEach(channel => expect(Math.abs(data[at * 3 + channel] - light(unit(x, y, channel)))).toBeLessThan(1.6)));
    }
  });

  test.each([16, 24, 32, 64])('grey of %i bits is what it is', async bits => {
    const sample = (x, y) => (x * 11 + y * 3) % 256;
    const data = await lancet(tiff({ bits, kind: 3, samples: 1, sample })).toColourspace('b-w').raw().toBuffer();
    each((x, y, at) => expect(data[at]).toBe(sample(x, y)));
  });
});

test('signed samples below zero are 0', async () => {
  for (const bits of [5, 8, 12, 16, 20, 32]) {
    const deep = bits > 8 && bits <= 16;
    const image = lancet(tiff({ bits, kind: 2, samples: 1, sample: x => x - 10 }));
    const read = deep ? image.toColourspace('grey16').raw({ depth: 'ushort' }) : image.toColourspace('b-w').raw();
    const data = await read.toBuffer();
    const values = deep ? new Uint16Array(new Uint8Array(data).buffer) : data;
    expect([...values.subarray(0, WIDTH)]).toEqual([...Array(WIDTH)].map((_, x) => Math.max(0, x - 10)));
  }
});
