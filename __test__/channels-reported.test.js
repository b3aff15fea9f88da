'use strict';

// `info` reports the channels that a reader of the output finds.

const lancet = require('..');

const width = 6;
const height = 4;
const raw = (channels, alpha = 77) => {
  const data = Buffer.alloc(width * height * channels, 77);
  if (channels % 2 === 0) for (let at = channels - 1; at < data.length; at += channels) data[at] = alpha;
  return lancet(data, { raw: { width, height, channels } });
};

const edits = {
  plain: (image) => image,
  greyscale: (image) => image.greyscale(),
  'b-w': (image) => image.toColourspace('b-w'),
  removeAlpha: (image) => image.removeAlpha(),
  ensureAlpha: (image) => image.ensureAlpha(),
  'ensureAlpha(0.5)': (image) => image.ensureAlpha(0.5),
  extractChannel: (image) => image.extractChannel(0),
  threshold: (image) => image.threshold(10),
  flatten: (image) => image.flatten(),
  'grey, flattened': (image) => image.greyscale().flatten({ background: '#fff' }),
  'b-w with alpha': (image) => image.toColourspace('b-w').ensureAlpha()
};
const outputs = {
  png: (image) => image.png(),
  palette: (image) => image.png({ palette: true }),
  'four colours': (image) => image.png({ colours: 4 }),
  'four colours without a palette': (image) => image.png({ colours: 4, palette: false }),
  tiff: (image) => image.tiff(),
  'tiff of deflate': (image) => image.tiff({ compression: 'deflate' }),
  webp: (image) => image.webp(),
  'lossless webp': (image) => image.webp({ lossless: true }),
  jpeg: (image) => image.jpeg(),
  gif: (image) => image.gif(),
  avif: (image) => image.avif({ effort: 0 })
};

describe.each(Object.keys(outputs))('%s', (output) => {
  test.each(Object.keys(edits))('%s', async (edit) => {
    for (const channels of [1, 2, 3, 4]) {
      for (const alpha of [0, 77, 200, 255]) {
        const { data, info } = await outputs[output](edits[edit](raw(channels, alpha))).toBuffer({ resolveWithObject: true });
        const metadata = await lancet(data).metadata();
        expect([channels, alpha, info.channels, info.hasAlpha]).toEqual([channels, alpha, metadata.channels, metadata.hasAlpha]);
      }
    }
  });
});

test.each(Object.keys(edits))('raw, %s', async (edit) => {
  for (const channels of [1, 2, 3, 4]) {
    const { data, info } = await edits[edit](raw(channels)).raw().toBuffer({ resolveWithObject: true });
    expect(data.length).toBe(width * height * info.channels);
  }
});

describe('a grey PNG with few levels and no palette', () => {
  const ramp = Buffer.from(Array.from({ length: 256 }, (_, at) => at));
  test.each([[2, 1], [3, 2], [4, 2], [5, 4], [16, 4]])('%d colours', async (colours, bits) => {
    for (const progressive of [false, true]) {
      const image = lancet(ramp, { raw: { width: 64, height: 4, channels: 1 } }).toColourspace('b-w');
      const data = await image.png({ colours, palette: false, progressive }).toBuffer();
      expect(await lancet(data).metadata()).toMatchObject({ channels: 1, bitsPerSample: bits, isPalette: false, space: 'b-w' });
      const step = 255 / (2 ** bits - 1);
      const pixels = await lancet(data).extractChannel(0).raw().toBuffer();
      expect([...pixels]).toEqual([...ramp].map((grey) => Math.round(Math.round(grey / step) * step)));
    }
  });

  test('colours still have a palette', async () => {
    const data = await raw(3).png({ colours: 2, palette: false }).toBuffer();
    expect(await lancet(data).metadata()).toMatchObject({ channels: 3, isPalette: true });
  });
});
