// `colours` is the most colours that a palette has.
const fs = require('node:fs');
const path = require('node:path');
const lancet = require('..');

const fixture = name => fs.readFileSync(path.join(__dirname, 'fixtures', name));
const counts = [2, 3, 5, 7, 16, 17, 30, 100, 200, 255, 256];

async function colours(file) {
  const { data, info } = await lancet(file, { animated: true }).raw().toBuffer({ resolveWithObject: true });
  const frames = info.pages ?? 1;
  const length = data.length / frames;
  return [...Array(frames)].map((_, frame) => {
    const found = new Set();
    for (let at = frame * length; at < (frame + 1) * length; at += info.channels) found.add(data.subarray(at, at + info.channels).toString('hex'));
    return found.size;
  });
}

/** Entries of the palette of a PNG. */
function entries(png) {
  const at = png.indexOf('PLTE');
  return png.readUInt32BE(at - 4) / 3;
}

test.each(counts)('%i', async count => {
  for (const options of [{ colours: count }, { colors: count, dither: 0 }, { palette: true, colours: count, effort: 1 }]) {
    const png = await lancet(fixture('photo.png')).png(options).toBuffer();
    expect(entries(png)).toBeLessThanOrEqual(count);
    expect(entries(png)).toBeGreaterThan(count * 0.9);
    const { bitsPerSample, paletteBitDepth } = await lancet(png).metadata();
    expect(2 ** (paletteBitDepth ?? bitsPerSample)).toBeGreaterThanOrEqual(count);
  }
  const [still] = await colours(await lancet(fixture('photo.png')).gif({ colours: count }).toBuffer());
  expect(still).toBeLessThanOrEqual(count);
  expect(still).toBeGreaterThan(count * 0.9);
  for (const frame of await colours(await lancet(fixture('animated.webp'), { animated: true }).gif({ colours: count, reuse: false }).toBuffer())) {
    expect(frame).toBeLessThanOrEqual(count);
  }
});

test('an animated PNG, and a later call that asks for more', async () => {
  const file = await lancet(fixture('animated.webp'), { animated: true }).png({ colours: 9, loop: 0 }).toBuffer();
  expect(entries(file)).toBeLessThanOrEqual(9);
  const later = await lancet(fixture('photo.png')).png({ colours: 3 }).png({ colours: 40 }).toBuffer();
  expect(entries(later)).toBeGreaterThan(30);
});
