// More threads for an image give the same image and the same errors.

const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const lancet = require('..');

const photo = readFileSync(join(__dirname, '..', 'examples', 'photos', 'chelsea.png'));

afterEach(() => lancet.concurrency(1));

/** Fails unless an image, or the sentence of its error, is the same with one thread and with more. */
async function expectTheSame(image) {
  const results = [];
  for (const threads of [1, 2, 5]) {
    lancet.concurrency(threads);
    const made = image().toBuffer({ resolveWithObject: true });
    results.push(await made.catch(({ message }) => ({ info: message, data: Buffer.alloc(0) })));
  }
  const [one, ...more] = results;
  for (const other of more) {
    expect(other.info).toEqual(one.info);
    expect(Buffer.compare(other.data, one.data)).toBe(0);
  }
}

const large = edit => edit(lancet(photo).resize(1100)).toBuffer();

const edits = {
  'affine of all interpolators': ['nearest', 'bilinear', 'bicubic', 'lbb', 'nohalo', 'vsqbs'].map(interpolator =>
    image => image.affine([[0.9, 0.2], [-0.1, 0.8]], { interpolator, background: '#f80' })),
  rotate: [image => image.rotate(30), image => image.rotate(90), image => image.autoOrient()],
  median: [image => image.median(3), image => image.median(11), image => image.median(21)],
  blur: [image => image.blur(), image => image.blur(0.5), image => image.blur(9), image => image.blur({ sigma: 3, precision: 'float' })],
  'dilate and erode': [image => image.dilate(3), image => image.erode(2)],
  convolve: [image => image.convolve({ width: 3, height: 3, kernel: [-1, 0, 1, -2, 0, 2, -1, 0, 1] })],
  sharpen: [image => image.sharpen(), image => image.sharpen({ sigma: 2, m1: 1, m2: 3 })],
  clahe: [image => image.clahe({ width: 9, height: 9 }), image => image.clahe({ width: 60, height: 70, maxSlope: 5 })],
  'modulate and tint': [image => image.modulate({ hue: 40, saturation: 1.5 }), image => image.tint('#08f')],
  'crops before and after': [
    image => image.extract({ left: 100, top: 300, width: 900, height: 400 }).resize(700).blur(2),
    image => image.resize(900, 300).median(5).extract({ left: 10, top: 200, width: 300, height: 50 })
  ],
  'several in turn': [image => image.resize(1300).median(3).blur(2).sharpen({ sigma: 1 }).modulate({ brightness: 1.1 }).rotate(12)]
};

describe.each(Object.entries(edits))('%s', (_, all) => {
  test.each([
    ['alpha', image => image.ensureAlpha(0.7)],
    ['16 bits', image => image.toColourspace('rgb16')]
  ])('%s', async (_, layout) => {
    const input = await large(image => layout(image).png({ compressionLevel: 1 }));
    for (const edit of all) await expectTheSame(() => edit(lancet(input)).raw());
  });
});

test.each(['jpeg', 'png', 'webp', 'tiff', 'gif', 'avif'])('%s in and out', async format => {
  const options = { effort: format === 'avif' ? 0 : undefined };
  const input = await large(image => image.toFormat(format, options));
  await expectTheSame(() => lancet(input).toFormat(format, options));
  await expectTheSame(() => lancet(input).resize(600).jpeg());
});

test('animations', async () => {
  const frames = await Promise.all([10, 50, 90].map(hue => large(image => image.modulate({ hue }).png())));
  const input = await lancet(frames, { join: { animated: true } }).webp({ effort: 0 }).toBuffer();
  await expectTheSame(() => lancet(input, { animated: true }).resize(500).median(3).raw());
});

test.each(['none', 'truncated', 'error', 'warning'])('what is cut short, where failOn is %s', async failOn => {
  for (const format of ['jpeg', 'png', 'tiff', 'webp']) {
    const whole = await large(image => image.toFormat(format));
    const input = whole.subarray(0, Math.round(whole.length * 0.6));
    await expectTheSame(() => lancet(input, { failOn }).median(3).raw());
  }
});

test('a step that cannot be done or takes too long fails, and the next picture is made', async () => {
  lancet.concurrency(4);
  const input = await large(image => image.jpeg());
  await expect(lancet(input).median(1000).toBuffer()).rejects.toThrow('window too large');
  await expect(lancet(input).resize(6000).median(25).timeout({ seconds: 1 }).png().toBuffer()).rejects.toThrow('timeout');
  const pictures = await Promise.all(Array.from({ length: 8 }, () => lancet(input).resize(900).blur(3).raw().toBuffer()));
  expect(new Set(pictures.map(picture => picture.toString('base64'))).size).toBe(1);
});
