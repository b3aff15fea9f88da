// Formats that are read only: small files of each.
const path = require('node:path');
const lancet = require('..');
const { width, height, pixels, files } = require('./support/small-files.js');

test.each(Object.entries(files))('%s is read', async (format, file) => {
  expect(await lancet(file).metadata()).toMatchObject({ format, width, height });
  expect((await lancet(file).removeAlpha().raw().toBuffer()).equals(pixels)).toBe(true);
});

test('TIFF files with a zstd compression have the pixels of those without', async () => {
  const pixelsOf = name => lancet(path.join(__dirname, 'fixtures', name)).raw().toBuffer();
  expect((await pixelsOf('zstd.tif')).equals(await pixelsOf('rgb-strips.tif'))).toBe(true);
});

test('light becomes sRGB', async () => {
  const header = Buffer.from('#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 1 +X 2\n');
  const file = Buffer.concat([header, Buffer.from([128, 128, 128, 129, 64, 64, 64, 128])]);
  expect([...(await lancet(file).raw().toBuffer())]).toEqual([255, 255, 255, 137, 137, 137]);
});

test.each(Object.entries(files))('%s cut short is a picture or an error', async (_, file) => {
  for (let length = 1; length < file.length; length += Math.ceil(file.length / 40)) {
    const outcome = await lancet(file.subarray(0, length)).raw().toBuffer().catch(error => error);
    expect(outcome instanceof Error || outcome.length > 0).toBe(true);
    expect(String(outcome.message)).not.toMatch(/internal error|panic/i);
  }
});

test('a limit on pixels holds before they are read', async () => {
  for (const file of Object.values(files)) {
    await expect(lancet(file, { limitInputPixels: 10 }).raw().toBuffer()).rejects.toThrow('Input image exceeds pixel limit');
  }
});
