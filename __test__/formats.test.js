// Formats that are read only: small files of each, written here or, of JPEG XL and JPEG 2000, by their reference encoders.
const path = require('node:path');
const lancet = require('..');

const [width, height] = [9, 7];
const pixels = Buffer.from(
  'YDAVrVMjw4Ne16mH2qSAxG47w2kyxHhIzZVqs00bxHFPz5xvuHBA0Z954Lubx3I+umo8zo5fqDUTtEw2041W23wk3os8z49uvFcvxXlFyYhatDsbnSkPlE05v35SqnRPlj' +
    'YivDMRtGY4qGI6pjgcdBMFYhYKLgAAVzcsdi8cvTMSl0smolMobCwYfRYHSRAJHgAAVDMmjzIchygPkkkjp1QmroZkQhcNQg8IVxYMYBQHTBAEbDccq18yp1Uo',
  'base64'
);
const jxl = Buffer.from(
  '/wowMBBQXAgIAgEAtAJLGIsVAJRqHYYhdAAx0t8BAGz7M0AmqX6ZXUfsPxbxqrjxvyE+TjikzxCd3a3J2hY3YNN7jyoK9wSUqw0S64ocXCDAdVD2x2w51fou68G2PLwmdf' +
    'UTsrcEbSBcDnxYUdVkTDWJK6SHRQod14eBaKGhtOBlnMGNSBYgNZOejgBsEKnB/rQ4AIB68xNDIGkbWZuY7dh9WGVhBXTZaw8wZYnnUnak/e4gz6cWkNN6Aw==',
  'base64'
);
const j2k = Buffer.from(
  '/0//UQAvAAAAAAAJAAAABwAAAAAAAAAAAAAACQAAAAcAAAAAAAAAAAADBwEBBwEBBwEB/1IADAAAAAEBAQQEAAH/XAAHQEBISFD/ZAAlAAFDcmVhdGVkIGJ5IE9wZW5KUE' +
    'VHIHZlcnNpb24gMi41LjD/kAAKAAAAAADkAAH/k8+0VAb1yd5IHlFbxIy58fzZrFOhpZqUP8+0TBsaUeP3RCezKcuk2rulKde+0W/fgLgPTRZWhbTjtUxw5cBCFu75/w13' +
    '/b+Ff8HzjYfUHQfUGgJf4iQ8d72lN9UvXVACyBAmiTfckKGxYDmwnwxjcBMo8aSIYuMQtV/B842D5xcB8gkO+HtAZBLBndQ3cwN/FdsPMtIGf0GlQRsAhuwa2Gdb58/D6h' +
    'CD5x0H1Bgi4+TfMheeWnmj+WV+M4uvC3wiwfqoJmv4FKWWGH8MyrkIoHycZNTwpn//2Q==',
  'base64'
);

/** Rows from the bottom, blue first, padded to four bytes. */
function bmp() {
  const row = (width * 3 + 3) & ~3;
  const file = Buffer.alloc(54 + row * height);
  file.write('BM');
  [[file.length, 2], [54, 10], [40, 14], [width, 18], [height, 22]].forEach(([value, at]) => file.writeUInt32LE(value, at));
  file.writeUInt16LE(1, 26);
  file.writeUInt16LE(24, 28);
  for (let at = 0; at < pixels.length; at++) {
    const [pixel, channel] = [Math.floor(at / 3), at % 3];
    file[54 + (height - 1 - Math.floor(pixel / width)) * row + (pixel % width) * 3 + 2 - channel] = pixels[at];
  }
  return file;
}

/** 16 bits and alpha, big endian. */
function farbfeld() {
  const file = Buffer.alloc(16 + width * height * 8, 0xff);
  file.write('farbfeld');
  file.writeUInt32BE(width, 8);
  file.writeUInt32BE(height, 12);
  pixels.forEach((value, at) => file.writeUInt16BE(value * 257, 16 + Math.floor(at / 3) * 8 + (at % 3) * 2));
  return file;
}

/** Every pixel in full. */
function qoi() {
  const body = [];
  for (let at = 0; at < pixels.length; at += 3) body.push(0xfe, ...pixels.subarray(at, at + 3));
  return Buffer.from([...Buffer.from('qoif'), 0, 0, 0, width, 0, 0, 0, height, 3, 0, ...body, 0, 0, 0, 0, 0, 0, 0, 1]);
}

const files = {
  ppm: Buffer.concat([Buffer.from(`P6\n${width} ${height}\n255\n`), pixels]),
  bmp: bmp(),
  farbfeld: farbfeld(),
  qoi: qoi(),
  jxl,
  jp2: j2k
};

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
