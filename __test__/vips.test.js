'use strict';

// Files of libvips' own format: written here and read by sharp, and the other way round.

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const lancet = require('../');
const peer = require('sharp');

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'lancet-vips-'));
afterAll(() => fs.rmSync(folder, { recursive: true }));

const fixture = (name) => path.join(__dirname, 'fixtures', name);
const raw = (module, input) => module(input).raw().toBuffer({ resolveWithObject: true });

/** What a program sees of a file but for what the engine adds of how the image was made. */
async function facts (module, file) {
  const { bitsPerSample, chromaSubsampling, isPalette, background, exif, icc, pages = 1, ...metadata } = await module(file).metadata();
  return { ...metadata, pages, exif: Boolean(exif), icc: Boolean(icc) };
}

/** Mean difference of the samples. */
const mean = (a, b) => a.reduce((sum, value, at) => sum + Math.abs(value - b[at]), 0) / a.length;

const cases = [
  ['rgb-8.png'], ['rgba-8.png'], ['grey.jpg'], ['grey-alpha-8.png', 'b-w'], ['rgb-16.png', 'rgb16'], ['grey-16.png', 'grey16'], ['rgba-8.png', 'scrgb'],
  ['rgb-8.png', 'lab'], ['rgb-8.png', 'hsv'], ['baseline.jpg', 'xyz'], ['exif-rich.jpg'], ['metadata.tif']
];

describe.each(cases)('%s %s', (name, space = 'srgb') => {
  const write = (module, who) => {
    const file = path.join(folder, `${who}-${name}-${space}.v`);
    return module(fixture(name)).keepMetadata().toColourspace(space).toFile(file).then((info) => ({ file, info }));
  };

  test('is written so that the peer reads it', async () => {
    const [ours, theirs] = [await write(lancet, 'ours'), await write(peer, 'theirs')];
    const told = ({ size, ...info }) => info;
    expect(told(ours.info)).toEqual(told(theirs.info));
    expect(ours.info.size).toBe(fs.statSync(ours.file).size);
    expect(await facts(peer, ours.file)).toEqual(await facts(peer, theirs.file));
    const [a, b] = [await raw(peer, ours.file), await raw(peer, theirs.file)];
    expect(a.info).toEqual(b.info);
    expect(mean(a.data, b.data)).toBeLessThan(1);
  });

  test('is read as the peer reads it', async () => {
    const { file } = await write(peer, 'theirs');
    expect(await facts(lancet, file)).toEqual(await facts(peer, file));
    const [ours, theirs] = [await raw(lancet, file), await raw(peer, file)];
    expect(ours.info).toEqual(theirs.info);
    expect(mean(ours.data, theirs.data)).toBeLessThan(1);
  });
});

test('the frames of an animation are kept', async () => {
  const files = [];
  for (const module of [lancet, peer]) {
    files.push(path.join(folder, `animated-${files.length}.v`));
    expect((await module(fixture('animated.gif'), { animated: true }).toFile(files.at(-1))).pages).toBe(3);
  }
  for (const file of files) {
    expect(await facts(lancet, file)).toMatchObject({ pages: 3, pageHeight: 37, loop: 2, delay: [100, 200, 300] });
    expect(await facts(lancet, file)).toEqual(await facts(peer, file));
  }
});

test('the format is for files only', async () => {
  for (const key of ['vips']) expect(lancet.format[key]).toEqual(peer.format[key]);
  const file = path.join(folder, 'only.v');
  await lancet(fixture('rgb-8.png')).toFile(file);
  const error = (promise) => promise.then(() => 'none', ({ message }) => message);
  for (const act of [(module) => module(fs.readFileSync(file)).metadata(), (module) => module(file).toBuffer()]) {
    expect(await error(act(lancet))).toBe(await error(act(peer)));
  }
  expect((await lancet(file).png().toBuffer({ resolveWithObject: true })).info.width).toBe(53);
});

test('damaged files are refused, and what follows works', async () => {
  const whole = path.join(folder, 'whole.v');
  await lancet(fixture('rgb-8.png')).toFile(whole);
  const bytes = fs.readFileSync(whole);
  const file = path.join(folder, 'damaged.v');
  const attempt = async (damaged) => {
    fs.writeFileSync(file, damaged);
    return lancet(file).png().toBuffer().then(() => 'made', ({ message }) => message.replace(file, 'FILE'));
  };
  expect(await attempt(bytes.subarray(0, 30))).toBe('Input file has corrupt header: VipsImage: unable to read header for "FILE"');
  expect(await attempt(bytes.subarray(0, 3000))).toBe('vips_window_set: unable to read data for "FILE", file has been truncated');
  expect(await attempt(bytes.subarray(0, 64 + 53 * 37 * 3))).toBe('made');
  for (let at = 4; at < 64; at++) {
    for (const value of [0, 1, 0x7f, 0xff]) {
      const damaged = Buffer.from(bytes);
      damaged[at] = value;
      expect(typeof await attempt(damaged)).toBe('string');
    }
  }
}, 60_000);
