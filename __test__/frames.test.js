// Every operation works on each frame of an animation as it works on a still image of that frame.
const sharp = require('..');

const [WIDTH, HEIGHT, FRAMES] = [40, 30, 4];

/** Noise from a seed, so that a row of another frame is noticed wherever it comes from. */
function noise(seed, length) {
  let state = seed;
  const next = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >>> 24;
  return Buffer.from(Array.from({ length }, next));
}

const frames = Array.from({ length: FRAMES }, (_, at) => noise(at * 7 + 1, WIDTH * HEIGHT * 4));
const still = at => sharp(frames[at], { raw: { width: WIDTH, height: HEIGHT, channels: 4 } });
const animation = () => sharp(Buffer.concat(frames), { raw: { width: WIDTH, height: HEIGHT * FRAMES, channels: 4, pageHeight: HEIGHT } });

const operations = {
  flip: image => image.flip(),
  flop: image => image.flop(),
  'a quarter turn': image => image.rotate(90),
  'a half turn': image => image.rotate(180),
  'three quarter turns': image => image.rotate(270),
  'any angle': image => image.rotate(30, { background: '#f008' }),
  affine: image => image.affine([1, 0.2, 0.1, 1.1]),
  extract: image => image.extract({ left: 3, top: 4, width: 20, height: 11 }),
  blur: image => image.blur(3),
  'mild blur': image => image.blur(),
  sharpen: image => image.sharpen({ sigma: 1.5 }),
  'mild sharpen': image => image.sharpen(),
  dilate: image => image.dilate(2),
  erode: image => image.erode(2),
  median: image => image.median(5),
  convolve: image => image.convolve({ width: 3, height: 3, kernel: [1, 2, 1, 0, 0, 0, -1, -2, -1], offset: 90 }),
  CLAHE: image => image.clahe({ width: 8, height: 8 }),
  'extend by a colour': image => image.extend({ top: 3, left: 2, right: 1, bottom: 4, background: 'red' }),
  'extend by a mirror': image => image.extend({ top: 3, left: 2, bottom: 5, extendWith: 'mirror' }),
  'extend by copies': image => image.extend({ top: 3, bottom: 7, extendWith: 'copy' }),
  enlargement: image => image.resize(77, 61, { fit: 'fill' }),
  reduction: image => image.resize(13, 17, { fit: 'fill' }),
  'reduction by a box': image => image.resize(8, 6),
  'nearest neighbour': image => image.resize(23, 19, { fit: 'fill', kernel: 'nearest' }),
  'contained in a box': image => image.resize(60, 60, { fit: 'contain' }),
  'cut to a box': image => image.resize(20, 25),
  'several at once': image => image.rotate(90).resize(60).blur(1).extend(3)
};

describe('each frame is worked on by itself', () => {
  test.each(Object.entries(operations))('%s', async (_, operate) => {
    const { data, info } = await operate(animation()).raw().toBuffer({ resolveWithObject: true });
    const alone = await Promise.all(frames.map((_, at) => operate(still(at)).raw().toBuffer({ resolveWithObject: true })));
    const { width, height } = alone[0].info;
    expect(info).toMatchObject({ width, height: height * FRAMES, pageHeight: height, pages: FRAMES });
    expect(data.equals(Buffer.concat(alone.map(frame => frame.data)))).toBe(true);
  });
});

const square = (left, top) => {
  const pixels = Buffer.alloc(WIDTH * HEIGHT * 3, 255);
  for (let y = top; y < top + 6; y++) pixels.fill(0, (y * WIDTH + left) * 3, (y * WIDTH + left + 6) * 3);
  return pixels;
};
const squares = () => sharp(Buffer.concat([square(10, 5), square(18, 12), Buffer.alloc(WIDTH * HEIGHT * 3, 255)]), {
  raw: { width: WIDTH, height: HEIGHT * 3, channels: 3, pageHeight: HEIGHT }
});

test('trim keeps of all frames what has to be kept of one', async () => {
  const { data, info } = await squares().trim().raw().toBuffer({ resolveWithObject: true });
  expect(info).toMatchObject({ width: 14, pageHeight: 13, pages: 3, trimOffsetLeft: -10, trimOffsetTop: -5 });
  const at = (frame, x, y) => data[((frame * 13 + y) * 14 + x) * 3];
  expect([at(0, 0, 0), at(0, 13, 12), at(1, 0, 0), at(1, 13, 12), at(2, 5, 5)]).toEqual([0, 255, 255, 0, 255]);
});

test.each(['attention', 'entropy'])('%s chooses one place for all frames', async position => {
  const { data, info } = await squares().resize(20, HEIGHT, { position }).raw().toBuffer({ resolveWithObject: true });
  expect(info).toMatchObject({ width: 20, pageHeight: HEIGHT, pages: 3 });
  const left = -info.cropOffsetLeft;
  const whole = await squares().raw().toBuffer();
  for (let y = 0; y < HEIGHT * 3; y++) {
    const from = (y * WIDTH + left) * 3;
    expect(data.subarray(y * 60, y * 60 + 60).equals(whole.subarray(from, from + 60))).toBe(true);
  }
});

test('an animation is turned upright by its orientation', async () => {
  const webp = await animation().webp({ lossless: true, delay: [50, 60, 70, 80] }).withMetadata({ orientation: 6 }).toBuffer();
  const { data, info } = await sharp(webp, { animated: true }).autoOrient().raw().toBuffer({ resolveWithObject: true });
  expect(info).toMatchObject({ width: HEIGHT, pageHeight: WIDTH, pages: FRAMES });
  const turned = await sharp(webp, { animated: true }).rotate(90).raw().toBuffer();
  expect(data.equals(turned)).toBe(true);
});

describe('the frames of the result are told of', () => {
  const turns = { 'a quarter turn': image => image.rotate(90), trim: image => image.trim(), 'a crop': image => image.resize(20, 20, { position: 'attention' }) };
  const formats = { gif: {}, webp: { lossless: true }, png: { loop: 0 }, tiff: { compression: 'lzw' } };
  const cases = Object.entries(formats).flatMap(([format, options]) => Object.entries(turns).map(([name, turn]) => [format, name, options, turn]));
  test.each(cases)('%s after %s', async (format, _, options, turn) => {
    const input = await animation().webp({ lossless: true, delay: [50, 60, 70, 80] }).toBuffer();
    const { data, info } = await turn(sharp(input, { animated: true })).toFormat(format, options).toBuffer({ resolveWithObject: true });
    const metadata = await sharp(data, { animated: true }).metadata();
    expect(metadata).toMatchObject({ pages: FRAMES, pageHeight: info.pageHeight, width: info.width, height: info.height });
    expect(info).toMatchObject({ pages: FRAMES, height: info.pageHeight * FRAMES });
    expect(metadata.delay).toEqual(format === 'tiff' ? undefined : [50, 60, 70, 80]);
  });
});
