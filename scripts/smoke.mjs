// Runs an addon through what each format and operation needs to work at all; for platforms where the whole test does not run.
//
//   node scripts/smoke.mjs [--module folder] [--report file]
//
// Plain Node and nothing else, so that it runs in emulators. The report has a digest of each result, and its samples where the
// output is a lossy format, so that two platforms can be compared.
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const fixtures = join(root, '__test__', 'fixtures');
const { values } = parseArgs({ options: { module: { type: 'string' }, report: { type: 'string' } } });
const lancet = createRequire(import.meta.url)(resolve(values.module ?? root));

const open = (name, options) => lancet(readFileSync(join(fixtures, name)), options);

/** Encodings of an image: a name and what asks for it. */
const ENCODINGS = [
  ['jpeg', image => image.jpeg()],
  ['jpeg of quality 95, progressive', image => image.jpeg({ quality: 95, progressive: true })],
  ['jpeg 4:4:4', image => image.jpeg({ chromaSubsampling: '4:4:4' })],
  ['jpeg mozjpeg', image => image.jpeg({ mozjpeg: true })],
  ['png', image => image.png()],
  ['png palette', image => image.png({ palette: true })],
  ['webp', image => image.webp()],
  ['webp lossless', image => image.webp({ lossless: true })],
  ['gif', image => image.gif()],
  ['tiff', image => image.tiff({ compression: 'lzw' })],
  ['tiff deflate', image => image.tiff({ compression: 'deflate', predictor: 'horizontal' })],
  ['avif', image => image.avif({ effort: 0 })],
  ['raw', image => image.raw()]
];

const INPUTS = ['baseline.jpg', 'progressive.jpg', 'cmyk.jpg', 'rgba-8.png', 'rgb-16.png', 'lossy.webp', 'alpha.webp', 'still.gif', 'lzw.tif', '420.avif', 'shapes.svg'];

const OPERATIONS = [
  ['resize', image => image.resize(40)],
  ['resize cover', image => image.resize(40, 20, { fit: 'cover', position: 'attention' })],
  ['resize contain', image => image.resize(40, 40, { fit: 'contain', background: '#336699' })],
  ['resize nearest', image => image.resize(31, 17, { kernel: 'nearest', fit: 'fill' })],
  ['enlarge', image => image.resize(300)],
  ['rotate 90', image => image.rotate(90)],
  ['rotate 33', image => image.rotate(33, { background: 'red' })],
  ['flip', image => image.flip()],
  ['flop', image => image.flop()],
  ['extract', image => image.extract({ left: 3, top: 2, width: 20, height: 10 })],
  ['extend', image => image.extend({ top: 4, left: 2, right: 1, bottom: 3, background: 'blue' })],
  ['trim', image => image.trim()],
  ['affine', image => image.affine([[1, 0.2], [0.1, 0.8]])],
  ['blur', image => image.blur(2)],
  ['sharpen', image => image.sharpen()],
  ['median', image => image.median(3)],
  ['gamma', image => image.gamma(2.2)],
  ['negate', image => image.negate()],
  ['normalise', image => image.normalise()],
  ['clahe', image => image.clahe({ width: 16, height: 16 })],
  ['threshold', image => image.threshold(100)],
  ['greyscale', image => image.greyscale()],
  ['tint', image => image.tint('#ff8800')],
  ['modulate', image => image.modulate({ brightness: 1.1, saturation: 0.6, hue: 40 })],
  ['linear', image => image.linear(1.2, -10)],
  ['convolve', image => image.convolve({ width: 3, height: 3, kernel: [0, 1, 0, 1, -4, 1, 0, 1, 0] })],
  ['composite', image => image.composite([{ input: { create: { width: 10, height: 10, channels: 4, background: '#00ff0080' } }, gravity: 'southeast' }])],
  ['flatten', image => image.flatten({ background: 'white' })],
  ['ensureAlpha', image => image.ensureAlpha(0.5)],
  ['extractChannel', image => image.extractChannel(1)],
  ['toColourspace lab', image => image.toColourspace('lab')],
  ['16 bits', image => image.toColourspace('rgb16')],
  ['dilate', image => image.dilate(2)],
  ['erode', image => image.erode(2)]
];

const results = {};
const digest = data => createHash('sha256').update(data).digest('base64url').slice(0, 16);

/** An error is a result like any other where the file is damaged; elsewhere it is a failure. */
async function check(name, work, mayFail = false) {
  try {
    results[name] = await work();
  } catch (error) {
    results[name] = { error: String(error?.message ?? error) };
    if (!mayFail) results[name].failed = true;
  }
}

/** Size and digest of what an image became, and its samples when they are read back. */
async function made(image) {
  const { data, info } = await image.toBuffer({ resolveWithObject: true });
  const result = { format: info.format, width: info.width, height: info.height, bytes: data.length, digest: digest(data) };
  if (info.format === 'raw') return { ...result, samples: data.toString('base64') };
  if (info.width * info.height > 1 << 18) return result;
  return { ...result, samples: (await lancet(data).raw().toBuffer()).toString('base64') };
}

for (const input of INPUTS) {
  for (const [name, encode] of ENCODINGS) await check(`${input} to ${name}`, () => made(encode(open(input).resize(48))));
}
for (const [name, operation] of OPERATIONS) {
  for (const input of ['photo.png', 'baseline.jpg']) await check(`${name} of ${input}`, () => made(operation(open(input).resize(96)).raw()));
}
await check('animation to webp', () => made(open('animated.gif', { animated: true }).webp()));
await check('animation to gif', () => made(open('animated.webp', { animated: true }).resize(20).gif()));
for (const name of readdirSync(fixtures).sort()) {
  await check(`metadata of ${name}`, async () => digest(JSON.stringify(await open(name).metadata())), true);
  await check(`pixels of ${name}`, () => made(open(name, { failOn: 'none' }).resize(32, 32, { fit: 'inside' }).raw()), true);
}
await check('the next call after damaged files', () => made(open('baseline.jpg').resize(20).png()));

const failed = Object.entries(results).filter(([, result]) => result.failed);
const { arch, platform, version } = process;
if (values.report) writeFileSync(values.report, JSON.stringify({ host: { arch, platform, node: version }, results }));
console.log(`${Object.keys(results).length - failed.length} checks held, ${failed.length} failed`);
for (const [name, { error }] of failed) console.error(`${name}: ${error}`);
process.exitCode = failed.length > 0 ? 1 : 0;
