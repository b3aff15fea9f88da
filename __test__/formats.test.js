// Formats that are read only: small files of each.
const path = require('node:path');
const lancet = require('..');
const { width, height, pixels, files, tga, exr, lightOf } = require('./support/small-files.js');

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

test.each([1, 2, 9, 10].flatMap(kind => [[kind, false], [kind, true]]))('TGA of kind %i, from the top: %s', async (kind, top) => {
  expect((await lancet(tga(kind, { top })).raw().toBuffer()).equals(pixels)).toBe(true);
});

test.each([3, 11])('TGA of kind %i is grey', async kind => {
  expect(await lancet(tga(kind)).metadata()).toMatchObject({ format: 'tga', space: 'b-w', channels: 1 });
  const greens = pixels.filter((_, at) => at % 3 === 1);
  expect((await lancet(tga(kind)).toColourspace('b-w').raw().toBuffer()).equals(greens)).toBe(true);
});

test('TGA with alpha', async () => {
  const { data, info } = await lancet(tga(10, { alpha: 77 })).raw().toBuffer({ resolveWithObject: true });
  expect([info.channels, data[3], data[0]]).toEqual([4, 77, pixels[0]]);
  expect((await lancet(tga(10, { alpha: 77 })).removeAlpha().raw().toBuffer()).equals(pixels)).toBe(true);
});

test('colours of OpenEXR are divided by alpha and cut at white', async () => {
  const alpha = 0.5;
  const file = exr(2, 1, (x, _, channel) => (channel === 3 ? alpha : [lightOf(100) * alpha, 9][x]), 'ABGR');
  expect([...(await lancet(file).raw().toBuffer())]).toEqual([100, 100, 100, 128, 255, 255, 255, 128]);
});

test.each([['TGA', tga(2)], ['OpenEXR', exr(60000, 60000)]])('%s of a size that its bytes cannot hold is an error', async (_, file) => {
  const huge = Buffer.from(file);
  if (huge[0] === 0) [12, 14].forEach(at => huge.writeUInt16LE(60000, at));
  await expect(lancet(huge).raw().toBuffer()).rejects.toThrow('Input image exceeds pixel limit');
  await expect(lancet(huge, { limitInputPixels: false }).resize(10).raw().toBuffer()).rejects.toThrow(Error);
});

test('JPEG 2000 of more tiles, or of more memory, than its bytes can be meant for is an error', async () => {
  const [SIZE, TILE] = [8, 24];
  const sized = (side, tile) => {
    const file = Buffer.from(files.jp2);
    for (const axis of [0, 4]) {
      file.writeUInt32BE(side, SIZE + axis);
      file.writeUInt32BE(tile, TILE + axis);
    }
    return lancet(file);
  };
  await expect(sized(4000, 1).raw().toBuffer()).rejects.toThrow('jp2kload: tiles are missing');
  await expect(sized(16000, 16000).resize(10).raw().toBuffer()).rejects.toThrow('Out of memory: 6144000000 bytes');
});

test.each(Object.entries(files))('%s cut short is an image or an error', async (_, file) => {
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
