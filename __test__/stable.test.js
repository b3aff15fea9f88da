// The same call gives the same bytes, at any concurrency and whatever runs beside it.
const path = require('node:path');
const lancet = require('..');

const fixture = name => path.join(__dirname, 'fixtures', name);
const outputs = Object.values(lancet.format).filter(({ id, output }) => output.buffer && id !== 'raw').map(({ id }) => id);
const inputs = ['photo.png', 'rgba-8.png', 'exif-rich.jpg', 'icc-p3.jpg', 'cmyk.jpg', 'animated.webp'];

const make = (input, format) => lancet(fixture(input), { animated: true }).resize(61).keepMetadata().toFormat(format, format === 'heif' ? { compression: 'av1' } : {}).toBuffer();

test.each(outputs.flatMap(format => inputs.map(input => [input, format])))('%s to %s', async (input, format) => {
  const concurrency = lancet.concurrency();
  try {
    const first = await make(input, format);
    for (const threads of [1, 4]) {
      lancet.concurrency(threads);
      for (const again of await Promise.all([1, 2, 3].map(() => make(input, format)))) expect(again.equals(first)).toBe(true);
    }
  } finally {
    lancet.concurrency(concurrency);
  }
});

/** Names and contents of a PNG's chunks, the pixels' by its first two bytes. */
function chunks(png) {
  const list = [];
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    const name = png.toString('latin1', at + 4, at + 8);
    const data = png.subarray(at + 8, at + 8 + png.readUInt32BE(at));
    list.push([name, name === 'IDAT' ? data.toString('hex', 0, 2) : data.toString('hex')]);
  }
  return list;
}

test.each([[5, image => image.resize(1, 1)], [1, image => image.extract({ left: 0, top: 0, width: 1, height: 1 })]])(
  'a PNG of one pixel from one of %d', async (side, edit) => {
    const density = { density: 72 };
    const input = await lancet({ create: { width: side, height: side, channels: 3, background: '#abc' } }).withMetadata(density).png().toBuffer();
    const output = await edit(lancet(input)).toBuffer();
    expect(chunks(output)).toEqual([
      ['IHDR', '0000000100000001' + '0802000000'],
      ['pHYs', '00000b1300000b1301'],
      ['IDAT', '789c'],
      ['IEND', '']
    ]);
  });
