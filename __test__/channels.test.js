// Channels beyond colour and alpha go through every operation and every output format: never an internal error, the number
// of channels that is told, and values that an operation has nothing to do with as they were.
const fs = require('node:fs');
const path = require('node:path');
const sharp = require('..');

const read = name => fs.readFileSync(path.join(__dirname, 'fixtures', name));
const open = { limitInputChannels: 0 };
const PIXEL = { create: { width: 5, height: 5, channels: 4, background: '#f008' } };

/** Fixtures, with the numbers of their colour channels, of alpha, and of those beyond. */
const fixtures = [
  ['two-components.jpg', 1, 0, 1],
  ['bands-3.tif', 1, 1, 1],
  ['bands-5.tif', 3, 1, 1],
  ['bands-8.tif', 3, 1, 4]
];

/** What an operation does to channels beyond colour and alpha. */
const KEEPS = 'keeps';
const WORKS = 'works on';
const DROPS = 'drops';

const operations = {
  nothing: [KEEPS, image => image],
  flip: [WORKS, image => image.flip()],
  flop: [WORKS, image => image.flop()],
  'a quarter turn': [WORKS, image => image.rotate(90)],
  'a turn by 10': [WORKS, image => image.rotate(10)],
  affine: [WORKS, image => image.affine([1, 0.2, 0, 1])],
  extract: [WORKS, image => image.extract({ left: 1, top: 2, width: 9, height: 8 })],
  trim: [WORKS, image => image.trim()],
  'trim to a colour': [WORKS, image => image.trim({ background: '#123', threshold: 5 })],
  shrink: [WORKS, image => image.resize(10)],
  enlarge: [WORKS, image => image.resize(90, 70, { fit: 'fill' })],
  'nearest neighbour': [WORKS, image => image.resize(17, 9, { kernel: 'nearest', fit: 'fill' })],
  contain: [WORKS, image => image.resize(50, 50, { fit: 'contain', background: '#1234' })],
  attention: [WORKS, image => image.resize(10, 10, { position: 'attention' })],
  entropy: [WORKS, image => image.resize(10, 10, { position: 'entropy' })],
  extend: [WORKS, image => image.extend({ top: 1, left: 2, background: '#f004' })],
  'extend by a mirror': [WORKS, image => image.extend({ top: 1, left: 2, extendWith: 'mirror' })],
  blur: [WORKS, image => image.blur(1.3)],
  'mild blur': [WORKS, image => image.blur()],
  median: [WORKS, image => image.median(3)],
  convolve: [WORKS, image => image.convolve({ width: 3, height: 3, kernel: [1, 2, 1, 0, 0, 0, -1, -2, -1], offset: 128 })],
  dilate: [WORKS, image => image.dilate(1)],
  erode: [WORKS, image => image.erode(1)],
  CLAHE: [WORKS, image => image.clahe({ width: 4, height: 4 })],
  'mild sharpen': [WORKS, image => image.sharpen()],
  sharpen: [KEEPS, image => image.sharpen({ sigma: 1 })],
  flatten: [KEEPS, image => image.flatten({ background: '#f80' }), (colours, alpha) => -alpha],
  unflatten: [KEEPS, image => image.unflatten()],
  gamma: [KEEPS, image => image.gamma(2)],
  'negate without alpha': [KEEPS, image => image.negate({ alpha: false })],
  negate: [WORKS, image => image.negate()],
  linear: [KEEPS, image => image.linear(0.5, 3)],
  modulate: [KEEPS, image => image.modulate({ saturation: 2, hue: 90 })],
  tint: [KEEPS, image => image.tint('#c84')],
  normalise: [KEEPS, image => image.normalise()],
  recomb: [KEEPS, image => image.recomb([[0, 1, 0], [1, 0, 0], [0, 0, 1]])],
  threshold: [WORKS, image => image.threshold(100, { greyscale: false })],
  boolean: [WORKS, image => image.boolean(read('grey-8.png'), 'eor')],
  composite: [KEEPS, image => image.composite([{ input: PIXEL }])],
  removeAlpha: [DROPS, image => image.removeAlpha()],
  ensureAlpha: [WORKS, image => image.ensureAlpha(0.5)],
  joinChannel: [WORKS, image => image.joinChannel(read('grey-8.png'))],
  bandbool: [DROPS, image => image.bandbool('and')],
  extractChannel: [DROPS, image => image.extractChannel(1)],
  'to 16 bits': [WORKS, image => image.toColourspace('rgb16')],
  'to CMYK': [WORKS, image => image.toColourspace('cmyk')],
  'to L*a*b*': [WORKS, image => image.toColourspace('lab')],
  'in linear light': [WORKS, image => image.pipelineColourspace('scrgb').blur(1)]
};
/** Operations for which an image has to have no channels beyond alpha say so. */
const refused = /^(recomb: bands in must equal matrix width|composite: images do not have same numbers of bands|boolean: not one band or \d+ bands)$/;

/** The last channels of each pixel. */
const beyond = ({ data, info }, count) => {
  const out = [];
  for (let at = info.channels - count; at < data.length; at += info.channels) out.push(...data.subarray(at, at + count));
  return out;
};

describe.each(fixtures)('%s', (name, colours, alpha, extra) => {
  const input = read(name);
  const image = () => sharp(input, open);
  const raw = pipeline => pipeline.raw().toBuffer({ resolveWithObject: true });

  test.each(Object.entries(operations))('%s', async (_, [effect, operate, change = () => 0]) => {
    const made = await raw(operate(image())).catch(error => error);
    if (made instanceof Error) return expect(made.message).toMatch(refused);
    const { data, info } = made;
    expect(data.length).toBe(info.width * info.height * info.channels);
    // Of two components, the second is alpha once the first is worked on.
    if (effect !== KEEPS || !alpha) return;
    // Colours of grey may have become three.
    const least = colours + alpha + extra + change(colours, alpha);
    expect(info.channels).toBeGreaterThanOrEqual(least);
    expect(beyond(made, extra)).toEqual(beyond(await raw(image()), extra));
  });

  test.each(['png', 'jpeg', 'webp', 'avif', 'gif', 'tiff', 'heif'])('is written as %s', async format => {
    const options = format === 'heif' ? { compression: 'av1' } : format === 'tiff' ? { compression: 'lzw' } : {};
    const { data } = await image().toFormat(format, options).toBuffer({ resolveWithObject: true });
    const { channels } = await sharp(data, open).metadata();
    if (format === 'tiff') {
      const pixels = await raw(image());
      expect(channels).toBe(pixels.info.channels);
      if (alpha) expect((await raw(sharp(data, open))).data).toEqual(pixels.data);
    } else {
      expect(channels).toBeLessThanOrEqual(4);
    }
  });

  test('stats tell of each channel', async () => {
    const stats = await image().stats();
    expect(stats.channels).toHaveLength(colours + alpha + extra);
    expect(stats.entropy).toBeLessThanOrEqual(8);
    if (colours === 1) return;
    const { data, info } = await raw(image());
    stats.channels.forEach(({ min, max }, channel) => {
      const values = data.filter((_, at) => at % info.channels === channel);
      expect([min, max]).toEqual([Math.min(...values), Math.max(...values)]);
    });
  });

  test('two are joined', async () => {
    const two = sharp([input, input], { join: { across: 2 } });
    // The limit of the images in a grid is the default one.
    if (colours + alpha + extra > 5) return expect(two.toBuffer()).rejects.toThrow('Input image exceeds channel limit');
    const joined = await raw(two);
    const single = await raw(image());
    expect(joined.info).toMatchObject({ width: single.info.width * 2, channels: alpha ? single.info.channels : 4 });
    if (!alpha) return;
    const row = single.info.width * single.info.channels;
    expect(joined.data.subarray(row, 2 * row)).toEqual(single.data.subarray(0, row));
  });

  test('it is laid on another', async () => {
    const { info } = await raw(sharp({ create: { width: 400, height: 300, channels: 3, background: 'red' } }).composite([{ input, limitInputChannels: 0 }]));
    expect(info.channels).toBe(4);
  });
});

test('images of different numbers of channels beyond alpha are not joined', async () => {
  const pair = [read('bands-5.tif'), read('rgb-8.png')];
  await expect(sharp(pair, { join: { across: 2 } }).toBuffer()).rejects.toThrow('arrayjoin: not one band or 5 bands');
});

test('more than five channels are refused by default', async () => {
  const input = read('bands-8.tif');
  await expect(sharp(input).metadata()).rejects.toThrow('Input image exceeds channel limit');
  await expect(sharp(input).png().toBuffer()).rejects.toThrow('Input image exceeds channel limit');
  expect(await sharp(input, { limitInputChannels: 8 }).metadata()).toMatchObject({ channels: 8, hasAlpha: true, space: 'srgb' });
  await expect(sharp(input, { limitInputChannels: 7 }).metadata()).rejects.toThrow('Input image exceeds channel limit');
});

describe('channels by the dozen', () => {
  const [width, height] = [31, 23];
  const plane = seed => Buffer.from(Array.from({ length: width * height }, (_, at) => (at * 7 + seed * 40 + ((at % width) * seed) / 3) & 255));
  const grey = { raw: { width, height, channels: 1 } };
  const each = {
    shrink: image => image.resize(9),
    'shrink by a box': image => image.resize(3, 2, { fit: 'fill' }),
    enlarge: image => image.resize(70),
    'nearest neighbour': image => image.resize(17, 40, { kernel: 'nearest', fit: 'fill' }),
    linear: image => image.resize(70, null, { kernel: 'linear' }),
    turn: image => image.rotate(90),
    flop: image => image.flop(),
    extract: image => image.extract({ left: 3, top: 2, width: 20, height: 9 }),
    mirror: image => image.extend({ top: 3, left: 5, extendWith: 'mirror' }),
    median: image => image.median(3),
    dilate: image => image.dilate(2),
    CLAHE: image => image.clahe({ width: 5, height: 5 })
  };
  // The first four would be colours and alpha, which are mixed together.
  const opaque = Buffer.alloc(width * height, 255);

  test.each([6, 7, 31, 97, 130].flatMap(count => Object.entries(each).map(([name, operate]) => [count, name, operate])))('%d: %s', async (count, _, operate) => {
    const planes = Array.from({ length: count }, (_, at) => (at === 3 ? opaque : plane(at)));
    const all = sharp(planes[0], grey).joinChannel(planes.slice(1), grey);
    // Channels are joined after a resize: the image with all of them is another one's input.
    const tiff = await all.tiff({ compression: 'none' }).toBuffer();
    const { data, info } = await operate(sharp(tiff, open)).raw().toBuffer({ resolveWithObject: true });
    expect(info.channels).toBe(count);
    for (const at of [0, 4, 5, count - 1]) {
      const alone = await operate(sharp(planes[at], grey)).toColourspace('b-w').raw().toBuffer();
      expect(data.filter((_, sample) => sample % count === at)).toEqual(alone);
    }
    const stats = await sharp(tiff, open).stats();
    expect(stats.channels[count - 1].max).toBe(Math.max(...planes[count - 1]));
  });
});
