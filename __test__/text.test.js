// Images of text. Shapers and rasterisers differ by a pixel or two: sizes are compared with that in mind.
const path = require('node:path');
const peer = require('sharp');
const lancet = require('..');

const fontfile = path.join(__dirname, 'fonts', 'test-sans.ttf');
const font = 'Test Sans';
const make = (sharp, text) => sharp({ text: { font, fontfile, ...text } });

/** Mean of the samples in each of 8 × 4 parts. */
async function parts(picture) {
  const small = await peer(await picture.png().toBuffer()).flatten({ background: '#fff' }).toColourspace('b-w')
    .resize(8, 4, { fit: 'fill', kernel: 'cubic' }).raw().toBuffer();
  return [...small];
}

const long = 'The quick brown fox jumps over the lazy dog';
const cases = {
  word: { text: 'Hello' },
  'higher resolution': { text: 'Hello', dpi: 300 },
  size: { text: 'Hello', font: `${font} 40` },
  colour: { text: 'Hello', rgba: true, dpi: 200 },
  'lines of its own': { text: 'one\ntwo\n\nthree', dpi: 150 },
  spacing: { text: 'one\ntwo', dpi: 150, spacing: 30 },
  wrapped: { text: long, width: 200, dpi: 150 },
  'to the right': { text: long, width: 200, dpi: 150, align: 'right' },
  'in the middle': { text: long, width: 200, dpi: 150, align: 'centre' },
  justified: { text: long, width: 200, dpi: 150, justify: true },
  'wrapped anywhere': { text: long, width: 420, dpi: 600, wrap: 'char' },
  'wrapped anywhere if need be': { text: 'Supercalifragilistic a b', width: 80, dpi: 150, wrap: 'word-char' },
  'not wrapped': { text: long, width: 100, wrap: 'none', dpi: 100 },
  'a word that is too long': { text: 'Supercalifragilistic a b', width: 60, dpi: 100 },
  'span with a size': { text: 'a<span size="30720">b</span>c', dpi: 100 },
  'span with a colour': { text: 'a<span foreground="#f00">bbb</span>c', dpi: 200, rgba: true },
  'span with letter spacing': { text: '<span letter_spacing="10240">abc</span>', dpi: 100 },
  'big and small': { text: '<big>Big</big> and <small>small</small>', dpi: 200 },
  'raised and lowered': { text: 'x<sup>2</sup> y<sub>1</sub>', dpi: 300 },
  underlined: { text: '<u>Hello</u>', dpi: 300 },
  'struck through': { text: '<s>Hello</s>', dpi: 300 },
  references: { text: 'a &amp; b &lt; c', dpi: 200 }
};

test.each(Object.entries(cases))('%s', async (_, text) => {
  const [ours, theirs] = await Promise.all([lancet, peer].map(async sharp => ({
    ...(await make(sharp, text).png().toBuffer({ resolveWithObject: true })).info,
    ...(await make(sharp, text).metadata()),
    parts: await parts(make(sharp, text))
  })));
  const near = (a, b, share) => Math.abs(a - b) <= 2 + b * share;
  expect([ours.width, theirs.width, near(ours.width, theirs.width, 0.03)]).toEqual([ours.width, theirs.width, true]);
  expect([ours.height, theirs.height, near(ours.height, theirs.height, 0.03)]).toEqual([ours.height, theirs.height, true]);
  for (const key of ['format', 'channels', 'space', 'depth', 'density', 'hasAlpha', 'textAutofitDpi']) expect(ours[key]).toEqual(theirs[key]);
  const difference = ours.parts.reduce((sum, value, at) => sum + Math.abs(value - theirs.parts[at]), 0) / ours.parts.length;
  expect(difference).toBeLessThan(16);
});

test.each([[200, 100], [400, 60], [50, 300]])('fills %i x %i', async (width, height) => {
  const [ours, theirs] = await Promise.all([lancet, peer].map(async sharp =>
    (await make(sharp, { text: 'Hello, world', width, height }).png().toBuffer({ resolveWithObject: true })).info));
  expect(ours.width).toBeLessThanOrEqual(width);
  expect(ours.height).toBeLessThanOrEqual(height);
  expect(ours.textAutofitDpi / theirs.textAutofitDpi).toBeGreaterThan(0.9);
  expect(ours.textAutofitDpi / theirs.textAutofitDpi).toBeLessThan(1.1);
});

test('colours are those of the markup', async () => {
  const text = '<span foreground="#00ff00" background="#0000ff">mm</span>';
  const { data, info } = await make(lancet, { text, rgba: true, dpi: 300 }).raw().toBuffer({ resolveWithObject: true });
  expect(info.channels).toBe(4);
  const seen = new Set();
  for (let at = 0; at < data.length; at += 4) if (data[at + 3] === 255) seen.add(data.toString('hex', at, at + 3));
  expect(seen).toContain('00ff00');
  expect(seen).toContain('0000ff');
});

test('as an overlay', async () => {
  const sky = { create: { width: 200, height: 60, channels: 3, background: '#08f' } };
  const text = { text: 'Hello', font, fontfile, rgba: true, dpi: 200 };
  const { data } = await lancet(sky).composite([{ input: { text } }]).raw().toBuffer({ resolveWithObject: true });
  expect(data.includes(0)).toBe(true);
  expect(data.subarray(0, 3)).toEqual(Buffer.from([0, 0x88, 255]));
});

test.each(['<b>x', '<zoinks>x</zoinks>', 'a & b', '<span zoinks="1">x</span>', ' ', '\n'])('%j is refused as the peer does', async text => {
  const [ours, theirs] = await Promise.all([lancet, peer].map(sharp => make(sharp, { text }).png().toBuffer().then(() => '', ({ message }) => message)));
  expect(ours).toBe(theirs);
});

test.each([
  { text: 'x', dpi: 1000000 }, { text: 'x'.repeat(5000), dpi: 100000 }, { text: 'x', font: `${font} 100000` }, { text: 'x', spacing: -1000000 },
  { text: 'a\nb', spacing: -1000000, dpi: 5000 }, { text: 'x', fontfile: '/no/such/file', font: 'No Such Font' }, { text: '\u0001' }, { text: '<b>'.repeat(5000) },
  { text: 'word '.repeat(2000), width: 1 }, { text: '&#x10FFFF;\u202e\u200d', width: 5, height: 5 }, { text: 'x', width: 1, height: 1000000 }
])('hostile text %#', async text => {
  await make(lancet, text).resize(10).png().toBuffer().then(
    data => expect(data.length).toBeGreaterThan(0),
    ({ message }) => expect(message).not.toMatch(/^$|internal error|panic/i)
  );
});
