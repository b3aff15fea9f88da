'use strict';

// What is borne is reported: the event `warning`, in the words of sharp.

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const lancet = require('..');
const sharp = require('sharp');

const fixture = (name) => fs.readFileSync(path.join(__dirname, 'fixtures', name));

/** The different warnings of some work, and its error. */
async function warningsOf (module, input, options, work = (image) => image.raw().toBuffer()) {
  const warnings = new Set();
  const image = module(input, options).on('warning', (text) => warnings.add(text));
  const error = await Promise.resolve(work(image)).then(() => undefined, ({ message }) => message);
  return { warnings: [...warnings], error };
}

describe('an input that is damaged', () => {
  const cut = (name) => { const whole = fixture(name); return whole.subarray(0, Math.floor(whole.length * (name === 'comment.gif' ? 0.9 : 0.6))); };
  test.each([
    ['rgb-8.png', 'not enough data'],
    ['border-alpha.png', 'not enough data'],
    ['comment.gif', 'Unexpected end of GIF source data'],
    ['baseline.jpg', /^read gave [12] warnings$/]
  ])('%s, cut', async (name, text) => {
    const [ours, theirs] = await Promise.all([lancet, sharp].map((module) => warningsOf(module, cut(name), { failOn: 'none' })));
    expect(ours.error).toBeUndefined();
    expect(ours.warnings).toEqual([typeof text === 'string' ? text : expect.stringMatching(text)]);
    if (typeof text === 'string') expect(theirs.warnings).toEqual(ours.warnings);
  });

  test('bad-crc.png', async () => {
    const { warnings } = await warningsOf(lancet, fixture('bad-crc.png'), { failOn: 'none' });
    expect(warnings).toEqual(['IDAT: CRC error']);
  });

  test('a whole one has none', async () => {
    for (const name of ['rgb-8.png', 'animated.gif', 'baseline.jpg', 'alpha.webp', 'deflate.tif']) {
      expect(await warningsOf(lancet, fixture(name), { failOn: 'none' })).toEqual({ warnings: [], error: undefined });
    }
  });

  test('an overlay', async () => {
    const { warnings } = await warningsOf(lancet, { create: { width: 200, height: 200, channels: 3, background: 'red' } }, undefined, (image) =>
      image.composite([{ input: cut('rgb-8.png'), failOn: 'none' }]).png().toBuffer());
    expect(warnings).toEqual(['not enough data']);
  });
});

describe('an output profile that is none', () => {
  test.each([['missing', () => path.join(os.tmpdir(), 'no-such.icc')], ['no profile', () => __filename]])('%s', async (_name, file) => {
    const image = { create: { width: 4, height: 4, channels: 3, background: 'red' } };
    let data;
    const found = await warningsOf(lancet, image, undefined, (made) => made.withIccProfile(file()).png().toBuffer().then((output) => { data = output; }));
    expect(found).toEqual({ warnings: ['Invalid profile'], error: undefined });
    expect((await sharp(data).metadata()).icc).toBeUndefined();
  });
});

/** A TIFF of 2×2 grey pixels with a tag of text. */
function tiff (tag, text) {
  const entries = [
    [256, 3, 1, 2], [257, 3, 1, 2], [258, 3, 1, 8], [259, 3, 1, 1], [262, 3, 1, 1], [273, 4, 1, 8], [277, 3, 1, 1], [278, 3, 1, 2], [279, 4, 1, 4],
    [tag, 2, text.length, text]
  ].sort((a, b) => a[0] - b[0]);
  const directory = Buffer.alloc(2 + entries.length * 12 + 4);
  directory.writeUInt16LE(entries.length);
  entries.forEach(([number, kind, count, value], index) => {
    const at = 2 + index * 12;
    directory.writeUInt16LE(number, at);
    directory.writeUInt16LE(kind, at + 2);
    directory.writeUInt32LE(count, at + 4);
    if (typeof value === 'number') directory.writeUInt32LE(value, at + 8);
    else if (value.length <= 4) directory.write(value, at + 8, 'latin1');
    else directory.writeUInt32LE(12 + directory.length, at + 8);
  });
  return Buffer.concat([Buffer.from('II*\0\x0c\0\0\0\x01\x02\x03\x04', 'latin1'), directory, Buffer.from(text, 'latin1')]);
}

describe('text in a TIFF without its NUL', () => {
  const tags = { 34737: 'ASCII array tag "Tag 34737"', 65000: 'ASCII array tag "Tag 65000"', 270: 'tag "ImageDescription"', 305: 'tag "Software"', 333: 'ASCII array tag "InkNames"', 33432: 'tag "Copyright"' };
  test.each(Object.entries(tags))('%s', async (tag, name) => {
    const text = `ASCII value for ${name} does not end in null byte. Forcing it to be null`;
    for (const value of ['abc', 'WGS 84|']) {
      const input = tiff(Number(tag), value);
      for (const failOn of ['none', 'truncated', 'error']) {
        const [ours, theirs] = await Promise.all([lancet, sharp].map((module) => warningsOf(module, input, { failOn })));
        expect(ours).toEqual({ warnings: [text], error: undefined });
        expect(theirs).toEqual(ours);
      }
      const [ours, theirs] = await Promise.all([lancet, sharp].map((module) => warningsOf(module, input, { failOn: 'warning' })));
      expect(ours.error).toBe(`Warning treated as error due to failOn setting\n${text}`);
      expect(theirs.error).toContain(ours.error);
      expect((await lancet(input).metadata()).width).toBe(2);
    }
    for (const value of ['ab\0', 'WGS 84|\0']) {
      expect(await warningsOf(lancet, tiff(Number(tag), value), { failOn: 'warning' })).toEqual({ warnings: [], error: undefined });
    }
  });
});
