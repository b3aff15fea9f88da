'use strict';

// Forms of sharp 0.32 to 0.34 that 0.35 dropped: they are taken, and mean what they meant.

const fs = require('node:fs');
const path = require('node:path');

const lancet = require('../');

const fixture = (name) => fs.readFileSync(path.join(__dirname, 'fixtures', name));
const png = fixture('rgb-8.png');
const options = (calls) => calls(lancet(png)).options;

describe('failOnError', () => {
  test('is an older spelling of failOn', () => {
    expect(lancet(png, { failOnError: false }).options.input.failOn).toBe('none');
    expect(lancet(png, { failOnError: true }).options.input.failOn).toBe('warning');
    expect(lancet(png, { failOnError: false, failOn: 'error' }).options.input.failOn).toBe('error');
    expect(() => lancet(png, { failOnError: 'no' })).toThrow('Expected boolean for failOnError but received no of type string');
  });

  test('lets a damaged image through', async () => {
    const damaged = fixture('no-end.jpg');
    await expect(lancet(damaged).png().toBuffer()).rejects.toThrow();
    expect((await lancet(damaged, { failOnError: false }).png().toBuffer()).length).toBeGreaterThan(0);
  });
});

test('sharpen takes sigma, flat and jagged', () => {
  expect(options((s) => s.sharpen(2))).toMatchObject({ sharpenSigma: 2, sharpenM1: 1, sharpenM2: 2 });
  expect(options((s) => s.sharpen(2, 0.5, 3))).toMatchObject({ sharpenSigma: 2, sharpenM1: 0.5, sharpenM2: 3 });
  expect(options((s) => s.sharpen(true))).toMatchObject({ sharpenSigma: -1 });
  expect(() => lancet(png).sharpen(0)).toThrow('Expected number between 0.01 and 10000 for sigma but received 0 of type number');
  expect(() => lancet(png).sharpen(1, -1)).toThrow('Expected number between 0.0 and 10000.0 for flat but received -1 of type number');
  expect(() => lancet(png).sharpen(1, 1, 'x')).toThrow('Expected number between 0.0 and 10000.0 for jagged but received x of type string');
});

test('sharpen(sigma, flat, jagged) gives the image of the newer form', async () => {
  const [older, newer] = await Promise.all([
    lancet(png).sharpen(1.5, 0.5, 3).raw().toBuffer(),
    lancet(png).sharpen({ sigma: 1.5, m1: 0.5, m2: 3 }).raw().toBuffer()
  ]);
  expect(older.equals(newer)).toBe(true);
});

test('blur, rotate, resize and trim take what a URL brings', () => {
  expect(options((s) => s.blur(true)).blurSigma).toBe(-1);
  expect(options((s) => s.blur(false)).blurSigma).toBe(0);
  expect(options((s) => s.rotate(null)).input.autoOrient).toBe(true);
  expect(options((s) => s.resize({ width: null, height: 9 }))).toMatchObject({ width: -1, height: 9 });
  expect(options((s) => s.resize(9, null, {}))).toMatchObject({ width: 9, height: -1 });
  expect(options((s) => s.trim(25)).trimThreshold).toBe(25);
  expect(options((s) => s.trim('#ff0000')).trimBackground.slice(0, 3)).toEqual([255, 0, 0]);
  expect(options((s) => s.linear(null, 3))).toMatchObject({ linearA: [1], linearB: [3] });
});

test('options of one input format stand beside the others', () => {
  const { input } = lancet(png, { subifd: 2, level: 3, pdfBackground: 'red' }).options;
  expect(input).toMatchObject({ tiffSubifd: 2, openSlideLevel: 3, pdfBackground: [255, 0, 0, 255] });
});

test('paletteBitDepth is told beside bitsPerSample, and not listed', async () => {
  for (const [name, bits] of [['palette-4.png', 4], ['palette-1.png', 1], ['rgb-8.png', undefined]]) {
    const metadata = await lancet(fixture(name)).metadata();
    expect([name, metadata.paletteBitDepth]).toEqual([name, bits]);
    expect(Object.keys(metadata)).not.toContain('paletteBitDepth');
  }
  const called = await new Promise((resolve) => lancet(fixture('palette-4.png')).metadata((_error, metadata) => resolve(metadata)));
  expect(called.paletteBitDepth).toBe(4);
});

test('format.jp2k and vendor are there, and not listed', () => {
  expect(lancet.format.jp2k).toBe(lancet.format.jp2);
  expect(Object.keys(lancet.format)).not.toContain('jp2k');
  expect(lancet.vendor.current).toBe(`${process.platform}-${process.arch}`);
  expect(Object.keys(lancet)).not.toContain('vendor');
});
