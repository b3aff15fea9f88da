// stats() of both modules, field by field.
const fs = require('node:fs');
const path = require('node:path');
const peer = require('sharp');
const lancet = require('..');

const folder = path.join(__dirname, 'fixtures');
const READABLE = /\.(jpg|png|webp|gif|tif|avif)$/;
// Where the two do not read the same image: what README.md tells of damaged headers, of samples beyond alpha, of tiles and
// blocks, of zstd, of colours that are multiplied, of damaged AVIF; samples below zero, which are cut here; a channel of no meaning; and
// other decoders' limited range.
const OTHERWISE = [
  'bad-header-crc.png', 'rgb-two-extra.tif', 'ycbcr.tif', 'rgb-planar-tile.tif', 'premultiplied.avif', 'corrupt.avif', 'corrupt-deflate.tif', 'colours-unknown.tif',
  'grey-signed.tif', 'rgb-signed.tif', 'limited-range.avif', 'two-components.jpg', 'zstd.tif'
];
const fixtures = fs.readdirSync(folder).filter(name => READABLE.test(name) && !OTHERWISE.includes(name));
const file = name => fs.readFileSync(path.join(folder, name));

/** How far numbers may be apart, as a share; inks are converted by a table of our own, and one grey of a small palette counts. */
const near = name => (/cmyk/.test(name) ? 0.1 : /^raw/.test(name) ? 1e-2 : /^animated/.test(name) ? 2e-3 : 1e-3);
const isNear = (ours, theirs, share) => Object.is(ours, theirs) || Math.abs(ours - theirs) <= Math.abs(theirs) * share + 1e-9;

async function outcome(module, input, open) {
  try {
    return { stats: await module(input, open).stats() };
  } catch (error) {
    return { error: error.message.split('\n')[0] };
  }
}

/** The pixels as they are, when sharp gives them without a conversion. */
async function pixels(input, open, channels) {
  const image = peer(input, { ...open, autoOrient: false, ignoreIcc: true });
  const { space } = await image.metadata();
  const depth = /16$/.test(space) ? 'ushort' : 'uchar';
  const { data, info } = await image.toColourspace(space).raw({ depth }).toBuffer({ resolveWithObject: true });
  const samples = depth === 'uchar' ? data : new Uint16Array(data.buffer, data.byteOffset, data.length / 2);
  return info.channels === channels && /^(srgb|rgb16|b-w|grey16)$/.test(space) ? { samples, width: info.width } : undefined;
}

/** Positions are those of sharp where there is one such pixel, and else of such a pixel. */
function expectPositions(ours, theirs, channel, channels, { samples, width }) {
  for (const end of ['min', 'max']) {
    let count = 0;
    for (let at = channel; at < samples.length; at += channels) if (samples[at] === ours[end]) count++;
    const at = ours[`${end}Y`] * width + ours[`${end}X`];
    expect(samples[at * channels + channel]).toBe(ours[end]);
    if (count === 1) expect([ours[`${end}X`], ours[`${end}Y`]]).toEqual([theirs[`${end}X`], theirs[`${end}Y`]]);
  }
}

async function compare(name, input, open) {
  const [ours, theirs] = [await outcome(lancet, input, open), await outcome(peer, input, open)];
  if (theirs.error || ours.error) {
    // Where sharp has a colon and no detail after it, ours may have one; of HEIF it tells places that it did not find.
    if (/bad seek/.test(theirs.error)) return expect(ours.error).toBeDefined();
    // Samples of any number of bits are read.
    if (/samples_per_pixel not a whole number of bytes/.test(theirs.error)) return expect(ours.error).toBeUndefined();
    expect(ours.error?.startsWith(theirs.error) || ours.error === theirs.error || `${ours.error} / ${theirs.error}`).toBe(true);
    return;
  }
  expect(Object.keys(ours.stats)).toEqual(Object.keys(theirs.stats));
  expect([ours.stats.isOpaque, ours.stats.channels.length]).toEqual([theirs.stats.isOpaque, theirs.stats.channels.length]);
  for (const key of ['entropy', 'sharpness']) {
    const told = [key, ours.stats[key], theirs.stats[key]];
    expect([...told, isNear(ours.stats[key], theirs.stats[key], near(name))]).toEqual([...told, true]);
  }
  // Of integers of 32 bits sharp's cells are not those of its own grey.
  if (!/cmyk|raw32/.test(name)) expect(ours.stats.dominant).toEqual(theirs.stats.dominant);
  const plain = await pixels(input, open, ours.stats.channels.length);
  ours.stats.channels.forEach((channel, index) => {
    const other = theirs.stats.channels[index];
    expect(Object.keys(channel)).toEqual(Object.keys(other));
    for (const key of ['min', 'max', 'sum', 'squaresSum', 'mean', 'stdev']) {
      const told = [index, key, channel[key], other[key]];
      expect([...told, isNear(channel[key], other[key], 1e-3)]).toEqual([...told, true]);
    }
    if (plain) expectPositions(channel, other, index, ours.stats.channels.length, plain);
  });
}

test.each(fixtures)('%s', name => compare(name, file(name)));
test('a path', () => compare('path', path.join(folder, 'rgb-16.png')));
test('all frames', () => compare('frames', file('animated.webp'), { animated: true }));
test('a turned picture is not turned', () => compare('turned', file('orientation-6.jpg'), { autoOrient: true }));
test.each(['none', 'error'])('a truncated picture, failOn %s', failOn => compare('truncated', file('truncated.jpg'), { failOn }));

const types = [Uint8Array, Uint8ClampedArray, Uint16Array, Uint32Array, Float32Array, Float64Array];
test.each(types.flatMap(Type => [1, 2, 3, 4].map(channels => [Type.name, channels, Type])))('%s, %d channels', (_, channels, Type) => {
  const data = Type.from({ length: 12 * 10 * channels }, (_value, at) => ((at * 37) % 251) * (Type.BYTES_PER_ELEMENT > 1 ? 200 : 1));
  return compare(Type === Uint32Array ? 'raw32' : 'raw', data, { raw: { width: 12, height: 10, channels } });
});
test.each([[1, 1], [1, 9], [9, 1], [2, 2]])('%d × %d', (width, height) =>
  compare('small', undefined, { create: { width, height, channels: 4, background: { r: 200, g: 3, b: 77, alpha: 0.5 } } }));

test('callback, promise, stream, clone', async () => {
  const expected = await lancet(file('rgb-8.png')).stats();
  const called = await new Promise((resolve, reject) => {
    const image = lancet(file('rgb-8.png'));
    expect(image.stats((error, stats) => (error ? reject(error) : resolve(stats)))).toBe(image);
  });
  const streamed = fs.createReadStream(path.join(folder, 'rgb-8.png')).pipe(lancet());
  expect(called).toEqual(expected);
  expect(await streamed.stats()).toEqual(expected);
  expect(await lancet(file('rgb-8.png')).resize(3).clone().stats()).toEqual(expected);
});

test('a callback of a stream', async () => {
  const image = lancet();
  const called = new Promise(resolve => image.stats((error, stats) => resolve([error, stats])));
  fs.createReadStream(path.join(folder, 'rgb-8.png')).pipe(image);
  expect(await called).toEqual([null, await lancet(file('rgb-8.png')).stats()]);
});

test('errors', async () => {
  await expect(lancet(Buffer.from('no picture')).stats()).rejects.toThrow('Input buffer contains unsupported image format');
  await new Promise(resolve => lancet(Buffer.from('no picture')).stats(error => resolve(expect(error).toBeInstanceOf(Error))));
});
