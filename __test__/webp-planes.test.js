'use strict';

// JPEG to lossy WebP goes by planes; from a PNG of the same pixels it goes by rows. Both are as near to the image.

const path = require('node:path');
const lancet = require('..');

const photo = path.join(__dirname, '..', 'examples', 'photos', 'chelsea.png');
const edits = {
  'the same size': image => image,
  'a shrink': image => image.resize(200),
  'an odd size': image => image.resize(101, 77),
  'a canvas': image => image.resize(120, 120, { fit: 'contain', background: '#f80' }),
  'a crop': image => image.resize(90, 90),
  'a cut': image => image.extract({ left: 11, top: 7, width: 101, height: 99 }),
  'a turn': image => image.resize(160).rotate(90),
  'a mirror image': image => image.resize(161).flop().flip()
};

/** Mean absolute difference, and mean difference, of samples. */
function differences(a, b) {
  expect(a.length).toBe(b.length);
  let [absolute, signed] = [0, 0];
  for (let at = 0; at < a.length; at++) {
    absolute += Math.abs(a[at] - b[at]);
    signed += a[at] - b[at];
  }
  return { absolute: absolute / a.length, signed: signed / a.length };
}

test.each(Object.keys(edits))('%s', async name => {
  const jpeg = await lancet(photo).resize(333, 251, { fit: 'fill' }).jpeg({ quality: 95 }).toBuffer();
  const png = await lancet(jpeg).png().toBuffer();
  const wanted = await edits[name](lancet(png)).raw().toBuffer();
  const pixels = async input => lancet(await edits[name](lancet(input)).webp().toBuffer()).raw().toBuffer();
  const [planes, rows] = [differences(await pixels(jpeg), wanted), differences(await pixels(png), wanted)];
  expect(planes.absolute).toBeLessThan(rows.absolute + 0.3);
  expect(Math.abs(planes.signed)).toBeLessThan(0.8);
});

test.each([[1, 1], [2, 1], [1, 2], [3, 3], [17, 16], [16, 17]])('a JPEG of %i × %i', async (width, height) => {
  const jpeg = await lancet({ create: { width, height, channels: 3, background: '#3a7' } }).jpeg({ quality: 100 }).toBuffer();
  const { data, info } = await lancet(await lancet(jpeg).webp({ quality: 100 }).toBuffer()).raw().toBuffer({ resolveWithObject: true });
  expect([info.width, info.height]).toEqual([width, height]);
  [0x33, 0xaa, 0x77].forEach((value, channel) => expect(Math.abs(data[channel] - value)).toBeLessThan(8));
});
