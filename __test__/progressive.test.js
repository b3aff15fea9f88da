// A progressive JPEG that ends within any of its scans shows what is there.
const fs = require('node:fs');
const path = require('node:path');
const sharp = require('..');

const whole = fs.readFileSync(path.join(__dirname, 'fixtures', 'progressive.jpg'));
const pixels = (input, open) => sharp(input, open).raw().toBuffer({ resolveWithObject: true });
/** The bytes of each scan: from behind its head to the marker that ends it. What is between has tables, not pixels. */
const scans = [];
for (let at = 2; whole[at + 1] !== 0xd9;) {
  const end = at + 2 + whole.readUInt16BE(at + 2);
  const isScan = whole[at + 1] === 0xda;
  at = end;
  while (isScan && !(whole[at] === 0xff && whole[at + 1] !== 0 && (whole[at + 1] & 0xf8) !== 0xd0)) at++;
  if (isScan) scans.push([end, at]);
}

const difference = (a, b) => a.reduce((sum, value, at) => sum + Math.abs(value - b[at]), 0) / a.length;

describe('a progressive JPEG that is cut off', () => {
  test.each(scans.map((scan, number) => [number, scan]))('within scan %d', async (number, [start, end]) => {
    const cut = whole.subarray(0, (start + end) >> 1);
    await expect(pixels(cut)).rejects.toThrow();
    const expected = await pixels(whole);
    const { data, info } = await pixels(cut, { failOn: 'none' });
    expect(info).toMatchObject({ width: expected.info.width, height: expected.info.height });
    // After the first scan all blocks have their mean: from then on the whole image is seen, ever finer.
    expect(difference(data, expected.data)).toBeLessThan(number === 0 ? 80 : number < 4 ? 25 : 10);
    const small = await sharp(cut, { failOn: 'none' }).resize(40).raw().toBuffer({ resolveWithObject: true });
    expect(small.info.width).toBe(40);
  });

  test('at any byte of a scan', async () => {
    const sizes = new Set();
    for (const [start, end] of scans) {
      for (let at = start + 1; at < end; at += 241) {
        const { info } = await pixels(whole.subarray(0, at), { failOn: 'none' });
        sizes.add(`${info.width}x${info.height}`);
      }
    }
    expect(sizes.size).toBe(1);
  }, 60_000);
});
