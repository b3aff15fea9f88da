// Icons: PNG and bitmaps of all depths with their masks, and headers of all sizes; PNG as Apple's tools write it.
const zlib = require('node:zlib');
const lancet = require('..');

const WIDTH = 13;
const HEIGHT = 9;
const each = visit => {
  for (let y = 0; y < HEIGHT; y++) for (let x = 0; x < WIDTH; x++) visit(x, y);
};
const palette = entries => [...Array(entries)].map((_, at) => [(at * 37 + 200) % 256, (at * 91 + 20) % 256, (at * 53 + 99) % 256]);
const colour = (x, y) => [(x * 19 + y) % 256, (y * 27 + 5) % 256, (x * y * 3 + 50) % 256];
const clear = (x, y) => (x + y) % 3 === 0;

/** A file of some images: entries of size, bits and data. */
function ico(pictures, { reserved = 0 } = {}) {
  const list = Buffer.alloc(6 + 16 * pictures.length);
  list.writeUInt16LE(1, 2);
  list.writeUInt16LE(pictures.length, 4);
  let offset = list.length;
  pictures.forEach(({ width = WIDTH, height = HEIGHT, bits = 32, data, length = data.length }, index) => {
    const at = 6 + 16 * index;
    list.set([width & 255, height & 255, 0, reserved], at);
    list.writeUInt16LE(1, at + 4);
    list.writeUInt16LE(bits, at + 6);
    list.writeUInt32LE(length, at + 8);
    list.writeUInt32LE(offset, at + 12);
    offset += data.length;
  });
  return Buffer.concat([list, ...pictures.map(({ data }) => data)]);
}

/** A bitmap with its mask. `pixel(x, y)` gives an index below 16 bits, else the bits of a pixel. */
function dib({ bits, pixel, header = 40, colours = [], compression = 0, masks = [], topDown = false, mask = true, used = 0, width = WIDTH, height = HEIGHT }) {
  const head = Buffer.alloc(header);
  head.writeUInt32LE(header);
  if (header === 12) {
    head.writeUInt16LE(width, 4);
    head.writeUInt16LE(height * 2, 6);
    head.writeUInt16LE(1, 8);
    head.writeUInt16LE(bits, 10);
  } else {
    head.writeUInt32LE(width, 4);
    head.writeInt32LE(height * (topDown ? -2 : 2), 8);
    head.writeUInt16LE(1, 12);
    head.writeUInt16LE(bits, 14);
    if (header >= 20) head.writeUInt32LE(compression, 16);
    if (header >= 36) head.writeUInt32LE(used, 32);
  }
  const words = Buffer.alloc(header === 40 ? masks.length * 4 : 0);
  masks.forEach((one, at) => (header === 40 ? words.writeUInt32LE(one, at * 4) : head.writeUInt32LE(one, 40 + at * 4)));
  const table = Buffer.from(colours.flatMap(([r, g, b]) => (header === 12 ? [b, g, r] : [b, g, r, 0])));
  const rows = (depth, value) => {
    const bytes = Math.ceil((width * depth) / 32) * 4;
    const out = Buffer.alloc(bytes * height);
    for (let y = 0; y < height; y++) {
      const start = (topDown ? y : height - 1 - y) * bytes;
      for (let x = 0; x < width; x++) {
        if (depth >= 8) out.writeUIntLE(value(x, y), start + (x * depth) / 8, depth / 8);
        else out[start + ((x * depth) >> 3)] |= value(x, y) << (8 - depth - ((x * depth) & 7));
      }
    }
    return out;
  };
  return Buffer.concat([head, words, table, rows(bits, pixel), ...(mask ? [rows(1, (x, y) => (clear(x, y) ? 1 : 0))] : [])]);
}

async function expectPixels(file, wanted) {
  const { format, width, height } = await lancet(file).metadata();
  expect([format, width, height]).toEqual(['ico', WIDTH, HEIGHT]);
  const { data, info } = await lancet(file).raw().toBuffer({ resolveWithObject: true });
  each((x, y) => {
    const at = (y * WIDTH + x) * info.channels;
    const found = [...data.subarray(at, at + info.channels), ...(info.channels === 3 ? [255] : [])];
    const pixel = wanted(x, y);
    if (pixel[3] === 0 ? found[3] !== 0 : String(found) !== String(pixel)) throw new Error(`${found} in place of ${pixel} at ${x}, ${y}`);
  });
}

const masked = (x, y, of) => [...of, clear(x, y) ? 0 : 255];
const word = ([r, g, b], alpha = 0) => ((alpha << 24) | (r << 16) | (g << 8) | b) >>> 0;

describe.each([12, 16, 40, 52, 56, 64, 108, 124])('a header of %i bytes', header => {
  test.each([1, 2, 4, 8])('%i bits', async bits => {
    const colours = palette(2 ** bits);
    const index = (x, y) => (x * 5 + y * 3) % colours.length;
    await expectPixels(ico([{ bits, data: dib({ bits, header, colours, pixel: index }) }]), (x, y) => masked(x, y, colours[index(x, y)]));
  });

  test('24 bits', async () => {
    await expectPixels(ico([{ data: dib({ bits: 24, header, pixel: (x, y) => word(colour(x, y)) }) }]), (x, y) => masked(x, y, colour(x, y)));
  });

  test('32 bits with alpha, and without', async () => {
    const alpha = (x, y) => (x * 20 + y) % 256;
    await expectPixels(ico([{ data: dib({ bits: 32, header, pixel: (x, y) => word(colour(x, y), alpha(x, y)) }) }]), (x, y) => [...colour(x, y), alpha(x, y)]);
    await expectPixels(ico([{ data: dib({ bits: 32, header, pixel: (x, y) => word(colour(x, y)) }) }]), (x, y) => masked(x, y, colour(x, y)));
  });
});

test('fewer colours than indices, rows from the top, no mask, masks of bits', async () => {
  const colours = palette(5);
  const index = (x, y) => (x + y) % 5;
  await expectPixels(ico([{ data: dib({ bits: 8, colours, used: 5, pixel: index }) }]), (x, y) => masked(x, y, colours[index(x, y)]));
  await expectPixels(ico([{ data: dib({ bits: 24, topDown: true, pixel: (x, y) => word(colour(x, y)) }) }]), (x, y) => masked(x, y, colour(x, y)));
  await expectPixels(ico([{ data: dib({ bits: 24, mask: false, pixel: (x, y) => word(colour(x, y)) }) }]), (x, y) => [...colour(x, y), 255]);
  const five = value => Math.round((value * 255) / 31);
  const high = (x, y) => [(x * 3) % 32, (y * 5) % 32, (x + y) % 32];
  const packed = (x, y) => high(x, y).reduce((sum, value) => (sum << 5) | value, 0);
  for (const form of [{}, { compression: 3, masks: [0x7c00, 0x3e0, 0x1f] }]) {
    await expectPixels(ico([{ data: dib({ bits: 16, pixel: packed, ...form }) }]), (x, y) => masked(x, y, high(x, y).map(five)));
  }
  for (const header of [40, 124]) {
    const swapped = (x, y) => word([...colour(x, y)].reverse(), 128);
    const masks = [0xff, 0xff00, 0xff0000, 0xff000000];
    await expectPixels(ico([{ data: dib({ bits: 32, header, compression: header === 40 ? 6 : 3, masks, pixel: swapped }) }]), (x, y) => [...colour(x, y), 128]);
  }
});

describe('PNG within', () => {
  const rgb = () => {
    const samples = Buffer.alloc(WIDTH * HEIGHT * 3);
    each((x, y) => samples.set(colour(x, y), (y * WIDTH + x) * 3));
    return lancet(samples, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } });
  };

  test.each([
    ['RGB', image => image.png()],
    ['RGBA', image => image.ensureAlpha().png()],
    ['interlaced', image => image.png({ progressive: true })],
    ['deep', image => image.toColourspace('rgb16').png()],
    ['a palette', image => image.png({ palette: true, dither: 0 })]
  ])('%s', async (name, encode) => {
    const png = await encode(rgb()).toBuffer();
    const own = await lancet(png).ensureAlpha().raw().toBuffer();
    await expectPixels(ico([{ data: png }]), (x, y) => [...own.subarray((y * WIDTH + x) * 4, (y * WIDTH + x) * 4 + 4)]);
  });

  test('grey', async () => {
    const grey = await rgb().toColourspace('b-w').png().toBuffer();
    const [own, ours] = await Promise.all([grey, ico([{ data: grey }])].map(file => lancet(file).toColourspace('b-w').raw().toBuffer()));
    expect(ours.equals(own)).toBe(true);
  });

  test('larger than its entry can say, or says', async () => {
    const png = await lancet({ create: { width: 300, height: 270, channels: 4, background: '#1234' } }).png().toBuffer();
    const { width, height } = await lancet(ico([{ width: 16, height: 16, data: png }])).metadata();
    expect([width, height]).toEqual([300, 270]);
  });
});

test('the largest picture is read, of these the one with most colours, and what is damaged is passed over', async () => {
  const flat = (bits, value, size = {}) => ({ bits, data: dib({ bits, colours: bits < 24 ? [[1, 2, 3], [4, 5, 6]] : [], used: bits < 24 ? 2 : 0, pixel: () => value, ...size }) });
  const small = flat(32, 0xff111111, { width: 5, height: 5 });
  const damaged = { width: 99, height: 99, data: Buffer.from('not a picture at all, and of no kind that is known') };
  const file = ico([small, flat(1, 1), flat(24, 0x222222), damaged, flat(8, 0)]);
  await expectPixels(file, (x, y) => masked(x, y, [0x22, 0x22, 0x22]));
  await expectPixels(ico([{ ...flat(24, 0x222222), length: 0 }], { reserved: 255 }), (x, y) => masked(x, y, [0x22, 0x22, 0x22]));
});

test('what cannot be read is an error', async () => {
  const whole = dib({ bits: 24, pixel: (x, y) => word(colour(x, y)) });
  await expect(lancet(ico([{ data: whole.subarray(0, 200) }])).raw().toBuffer()).rejects.toThrow('icoload: rows are missing');
  await expectPixels(ico([{ data: whole }]), (x, y) => masked(x, y, colour(x, y)));
  const lost = await lancet(ico([{ data: whole.subarray(0, 200) }]), { failOn: 'none' }).raw().toBuffer();
  expect([...lost.subarray(-4)]).toEqual([...colour(WIDTH - 1, HEIGHT - 1), 255]);
  await expect(lancet(ico([{ data: Buffer.alloc(99) }])).metadata()).rejects.toThrow('icoload: no picture that can be read');
  const run = dib({ bits: 8, compression: 1, colours: palette(256), pixel: () => 3 });
  await expect(lancet(ico([{ data: run }])).metadata()).rejects.toThrow('icoload: no picture that can be read');
});

describe("PNG as Apple's tools write it", () => {
  const chunk = (name, data) => {
    const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
    const out = Buffer.alloc(body.length + 8);
    out.writeUInt32BE(data.length);
    body.copy(out, 4);
    let sum = ~0;
    for (const byte of body) {
      sum ^= byte;
      for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
    }
    out.writeUInt32BE(~sum >>> 0, body.length + 4);
    return out;
  };
  const file = (type, pixel) => {
    const rows = [];
    for (let y = 0; y < HEIGHT; y++) rows.push(Buffer.from([0, ...[...Array(WIDTH)].flatMap((_, x) => pixel(x, y))]));
    return Buffer.concat([
      Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('CgBI', Buffer.from([0x50, 0, 0x20, 2])), chunk('IHDR', Buffer.from([0, 0, 0, WIDTH, 0, 0, 0, HEIGHT, 8, type, 0, 0, 0])),
      chunk('IDAT', zlib.deflateRawSync(Buffer.concat(rows))), chunk('IEND', Buffer.alloc(0))
    ]);
  };

  test('RGB', async () => {
    const data = await lancet(file(2, (x, y) => [...colour(x, y)].reverse())).raw().toBuffer();
    each((x, y) => expect([...data.subarray((y * WIDTH + x) * 3, (y * WIDTH + x) * 3 + 3)]).toEqual(colour(x, y)));
  });

  test('RGBA, by itself and in an icon', async () => {
    const alpha = (x, y) => (x === 0 ? 0 : x === 1 ? 255 : x * 19);
    const premultiplied = (x, y) => [...[...colour(x, y)].reverse().map(value => Math.round((value * alpha(x, y)) / 255)), alpha(x, y)];
    for (const input of [file(6, premultiplied), ico([{ data: file(6, premultiplied) }])]) {
      const data = await lancet(input).raw().toBuffer();
      each((x, y) => {
        const pixel = [...data.subarray((y * WIDTH + x) * 4, (y * WIDTH + x) * 4 + 4)];
        expect(pixel[3]).toBe(alpha(x, y));
        const tolerance = alpha(x, y) === 0 ? 0 : 255 / alpha(x, y) / 2 + 1;
        colour(x, y).forEach((value, at) => expect(Math.abs(pixel[at] - (alpha(x, y) === 0 ? 0 : value))).toBeLessThanOrEqual(tolerance));
      });
    }
  });
});
