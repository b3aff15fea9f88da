// Animated PNG: sharp has none, so these look at the pixels themselves.
const path = require('node:path');
const lancet = require('..');

const fixture = (name) => path.join(__dirname, 'fixtures', name);
const animated = { animated: true };
const raw = (input, options) => lancet(input, options).ensureAlpha().raw().toBuffer();
const layouts = ['part', 'local-palette', 'animated', ...[1, 2, 3].flatMap((way) => [`dispose-${way}`, `dispose-${way}-transparent`])];

test.each(layouts)('%s.gif to APNG and back', async (name) => {
  const input = fixture(`${name}.gif`);
  const { data, info } = await lancet(input, animated).png({ loop: 3 }).toBuffer({ resolveWithObject: true });
  const [before, after] = [await lancet(input, animated).metadata(), await lancet(data, animated).metadata()];
  expect(info).toMatchObject({ format: 'png', pages: before.pages, pageHeight: before.pageHeight });
  expect(after).toMatchObject({ width: before.width, height: before.height, pages: before.pages, pageHeight: before.pageHeight, delay: before.delay, loop: 3 });
  expect((await raw(data, animated)).equals(await raw(input, animated))).toBe(true);
  expect((await raw(data)).equals(await raw(input))).toBe(true);
  expect((await raw(data, { page: 1 })).equals(await raw(input, { page: 1 }))).toBe(true);
});

test('frames become an animation only where it is asked for', async () => {
  const tall = await lancet(fixture('animated.gif'), animated).png().toBuffer();
  expect(await lancet(tall).metadata()).not.toHaveProperty('pages');
  const still = await lancet(fixture('photo.png')).png({ loop: 0, delay: 50 }).toBuffer();
  expect(await lancet(still).metadata()).not.toHaveProperty('pages');
});

test('an APNG is resized frame by frame and becomes a WebP', async () => {
  const png = await lancet(fixture('animated.gif'), animated).png({ delay: [20, 30, 40] }).toBuffer();
  const webp = await lancet(png, animated).resize(24).webp().toBuffer();
  const told = await lancet(webp).metadata();
  expect(told).toMatchObject({ format: 'webp', width: 24, pages: 3, delay: [20, 30, 40] });
});

test('with a palette', async () => {
  const options = { palette: true, loop: 0 };
  const png = await lancet(fixture('dispose-2-transparent.gif'), animated).png(options).toBuffer();
  expect((await raw(png, animated)).equals(await raw(fixture('dispose-2-transparent.gif'), animated))).toBe(true);
  expect(await lancet(png).metadata()).toMatchObject({ isPalette: true, loop: 0 });
});

test('wrong options and pages', async () => {
  expect(() => lancet().png({ loop: -1 })).toThrow('Expected integer between 0 and 65535 for loop but received -1 of type number');
  expect(() => lancet().png({ delay: [] })).toThrow('Expected integer or an array of integers between 0 and 65535 for delay');
  const png = await lancet(fixture('animated.gif'), animated).png({ loop: 0 }).toBuffer();
  await expect(lancet(png, { page: 9 }).toBuffer()).rejects.toThrow('bad page number');
});
