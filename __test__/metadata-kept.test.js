'use strict';

// Metadata that is kept agrees with the image that it goes with.

const lancet = require('..');

const formats = ['jpeg', 'png', 'webp', 'avif', 'tiff'];
const big = (value) => { const bytes = Buffer.alloc(2); bytes.writeUInt16BE(value); return bytes; };

/** A segment put behind the start of a JPEG. */
const withSegments = (jpeg, ...segments) => Buffer.concat([jpeg.subarray(0, 2), ...segments.flatMap(([marker, data]) => [Buffer.from([0xff, marker]), big(data.length + 2), data]), jpeg.subarray(2)]);
const xmpOf = (attributes, elements = '') => Buffer.from('http://ns.adobe.com/xap/1.0/\0<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">' +
  `<rdf:Description rdf:about="" xmlns:tiff="http://ns.adobe.com/tiff/1.0/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" ${attributes}>${elements}</rdf:Description></rdf:RDF></x:xmpmeta>`);

/** A little-endian directory; values of more than four bytes are put behind it. */
function directory (entries, at, next = 0) {
  const table = Buffer.alloc(2 + entries.length * 12 + 4);
  table.writeUInt16LE(entries.length);
  table.writeUInt32LE(next, table.length - 4);
  const values = [];
  let end = at + table.length;
  entries.forEach(([tag, kind, value], index) => {
    const entry = 2 + index * 12;
    table.writeUInt16LE(tag, entry);
    table.writeUInt16LE(kind, entry + 2);
    const bytes = typeof value === 'string' ? Buffer.from(`${value}\0`) : value;
    table.writeUInt32LE(Buffer.isBuffer(bytes) ? bytes.length : 1, entry + 4);
    if (!Buffer.isBuffer(bytes)) table.writeUInt32LE(bytes, entry + 8);
    else if (bytes.length <= 4) bytes.copy(table, entry + 8);
    else {
      table.writeUInt32LE(end, entry + 8);
      values.push(bytes, Buffer.alloc(bytes.length % 2));
      end += bytes.length + bytes.length % 2;
    }
  });
  return Buffer.concat([table, ...values]);
}

/** A block with a thumbnail, sizes, and tags in unusual places. */
function exifOf (thumbnail) {
  const main = (exif, gps) => [[0x100, 4, 160], [0x101, 4, 120], [0x10f, 2, 'a maker'], [0x112, 3, 6], [0x8769, 4, exif], [0x8825, 4, gps], [0x9003, 2, '2024:05:06 07:08:09']];
  const exif = [[0x9004, 2, '2024:05:06 07:08:10'], [0x927c, 7, Buffer.from('maker note, as it is')], [0xa002, 4, 160], [0xa003, 4, 120]];
  const gps = [[1, 2, 'N']];
  const sizes = [main(0, 0), exif, gps].map((entries) => directory(entries, 0).length);
  const [exifAt, gpsAt, thumbnailAt] = [8 + sizes[0], 8 + sizes[0] + sizes[1], 8 + sizes[0] + sizes[1] + sizes[2]];
  const second = (at) => [[0x103, 3, 6], [0x201, 4, at], [0x202, 4, thumbnail.length]];
  const jpegAt = thumbnailAt + directory(second(0), 0).length;
  return Buffer.concat([
    Buffer.from('Exif\0\0II*\0\x08\0\0\0', 'latin1'), directory(main(exifAt, gpsAt), 8, thumbnailAt), directory(exif, exifAt), directory(gps, gpsAt), directory(second(jpegAt), thumbnailAt), thumbnail
  ]);
}

let jpeg, thumbnail;
beforeAll(async () => {
  const noise = { create: { width: 160, height: 120, channels: 3, noise: { type: 'gaussian', mean: 128, sigma: 30 } } };
  jpeg = await lancet(noise).jpeg().toBuffer();
  thumbnail = await lancet(jpeg).resize(40).jpeg({ quality: 40 }).toBuffer();
});

const changes = {
  crop: (image) => image.extract({ left: 0, top: 0, width: 60, height: 50 }),
  resize: (image) => image.resize(60, 50, { fit: 'fill' }),
  'shrink on load': (image) => image.resize(20),
  rotation: (image) => image.rotate(90),
  orientation: (image) => image.autoOrient(),
  blur: (image) => image.blur(5),
  composite: (image) => image.composite([{ input: { create: { width: 9, height: 9, channels: 3, background: 'red' } } }])
};

describe.each(formats)('%s', (format) => {
  const written = async (edit, ...segments) => lancet(await edit(lancet(withSegments(jpeg, ...segments))).keepMetadata()[format]().toBuffer()).metadata();

  test.each(Object.keys(changes))('EXIF has no thumbnail and no old sizes after: %s', async (name) => {
    const { exif, ...size } = await written(changes[name], [0xe1, exifOf(thumbnail)]);
    // An AVIF is turned as it is read, and EXIF has the sizes before that.
    const [width, height] = format === 'avif' && name !== 'orientation' ? [size.height, size.width] : [size.width, size.height];
    expect(exif.includes(thumbnail.subarray(20, 120))).toBe(false);
    const tag = (number) => { const key = Buffer.from([number & 255, number >> 8, 4, 0, 1, 0, 0, 0]); const at = exif.indexOf(key); return at < 0 ? undefined : exif.readUInt32LE(at + 8); };
    expect([undefined, width]).toContain(tag(0x100));
    expect([undefined, height]).toContain(tag(0x101));
    expect([tag(0xa002), tag(0xa003)]).toEqual([width, height]);
    for (const text of ['a maker', '2024:05:06 07:08:09', '2024:05:06 07:08:10', 'maker note, as it is']) expect(exif.includes(text)).toBe(true);
  });

  test('XMP follows the orientation', async () => {
    for (const xmp of [xmpOf('tiff:Orientation="6"'), xmpOf('', '<tiff:Orientation>6</tiff:Orientation>')]) {
      const segments = [[0xe1, exifOf(thumbnail)], [0xe1, xmp]];
      const { xmp: turned } = await written((image) => image.autoOrient(), ...segments);
      expect(turned.toString()).toMatch(/tiff:Orientation(="1"|>1<)/);
      const { xmp: told } = await written((image) => image.withMetadata({ orientation: 3 }), ...segments);
      expect(told.toString()).toMatch(/tiff:Orientation(="3"|>3<)/);
      const { xmp: same } = await written((image) => image, ...segments);
      expect(same.equals(xmp.subarray(29))).toBe(true);
    }
  });

  test('XMP has no thumbnail and no old sizes when pixels changed', async () => {
    const xmp = xmpOf('tiff:ImageWidth="160"', '<xmp:Thumbnails><rdf:Alt><rdf:li>secret</rdf:li></rdf:Alt></xmp:Thumbnails><tiff:ImageLength>120</tiff:ImageLength>');
    const { xmp: changed } = await written(changes.crop, [0xe1, xmp]);
    expect(changed.toString()).toMatch(/tiff:ImageWidth="60"[^]*<tiff:ImageLength>50</);
    expect(changed.includes('secret')).toBe(false);
    // What the caller writes is what is written.
    const data = await changes.crop(lancet(jpeg)).withXmp(xmp.subarray(29).toString())[format]().toBuffer();
    expect((await lancet(data).metadata()).xmp.equals(xmp.subarray(29))).toBe(true);
  });
});

test('a thumbnail stays with the pixels that it shows', async () => {
  const { exif } = await lancet(await lancet(withSegments(jpeg, [0xe1, exifOf(thumbnail)])).keepExif().webp().toBuffer()).metadata();
  expect(exif.includes(thumbnail)).toBe(true);
});

test('EXIF goes through TIFF and back', async () => {
  const tiff = await lancet(withSegments(jpeg, [0xe1, exifOf(thumbnail)])).keepExif().tiff({ compression: 'deflate' }).toBuffer();
  for (const bigtiff of [false, true]) {
    const again = await lancet(await lancet(tiff).keepExif().tiff({ bigtiff }).toBuffer()).keepExif().jpeg().toBuffer();
    const { exif, orientation } = await lancet(again).metadata();
    for (const text of ['a maker', '2024:05:06 07:08:09', '2024:05:06 07:08:10', 'maker note, as it is']) expect(exif.includes(text)).toBe(true);
    expect(orientation).toBe(6);
  }
  const plain = await lancet(jpeg).keepMetadata().tiff().toBuffer();
  expect((await lancet(plain).metadata()).exif).toBeUndefined();
});
