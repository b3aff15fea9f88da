// Ultra HDR: what the table of parity cannot say, because sharp is wrong there or because the light has to be looked at.
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const peer = require('sharp');
const lancet = require('..');

const fixture = name => path.join(__dirname, 'fixtures', name);
const picture = fs.readFileSync(fixture('gain-map.jpg'));

/** Linear light of a file at its full brightness, white is 1. */
async function light(module, file, ...calls) {
  let image = module(file).withGainMap();
  for (const [method, ...args] of calls) image = image[method](...args);
  const { data, info } = await image.raw({ depth: 'float' }).toBuffer({ resolveWithObject: true });
  return { ...info, light: new Float32Array(data.buffer, data.byteOffset, data.length / 4) };
}
/** Mean difference of what two lights look like, of 255. */
const apart = (a, b) => {
  const seen = value => 255 * Math.cbrt(Math.max(0, value));
  return a.reduce((sum, value, at) => sum + Math.abs(seen(value) - seen(b[at])), 0) / a.length;
};
const brightest = lit => lit.reduce((most, value) => Math.max(most, value), 0);

test.each([['keepGainMap', 1], ['withGainMap', 2.5]])('%s writes what the peer shows as bright as its own', async (method, tolerance) => {
  const make = module => module(picture)[method]().jpeg({ quality: 95, chromaSubsampling: '4:4:4' }).toBuffer();
  const [ours, theirs] = [await make(lancet), await make(peer)];
  expect((await peer(ours).metadata()).gainMap.image).toBeInstanceOf(Buffer);
  const [a, b] = [await light(peer, ours), await light(peer, theirs)];
  expect(apart(a.light, b.light)).toBeLessThan(tolerance);
  expect(brightest(a.light)).toBeGreaterThan(3);
  // And by lancet alike, where the base image is not of Display P3.
  if (method === 'keepGainMap') expect(apart((await light(lancet, ours)).light, a.light)).toBeLessThan(1.5);
});

test('the light of a file survives being written and read', async () => {
  const again = await lancet(picture).withGainMap().jpeg({ quality: 100, chromaSubsampling: '4:4:4' }).toBuffer();
  expect(apart((await light(lancet, again)).light, (await light(lancet, picture)).light)).toBeLessThan(3);
});

test('a part has its part of the gain map', async () => {
  const whole = await light(lancet, picture);
  const part = await light(lancet, picture, ['extract', { left: 60, top: 40, width: 90, height: 70 }]);
  for (let y = 0; y < 70; y++) {
    const from = ((y + 40) * 226 + 60) * 3;
    expect(part.light.subarray(y * 270, (y + 1) * 270)).toEqual(whole.light.subarray(from, from + 270));
  }
});

test('colours of Display P3 keep their place', async () => {
  // The images are one, written in two spaces; here they have one gain map.
  const second = file => file.indexOf(Buffer.from([0xff, 0xd9, 0xff, 0xd8])) + 2;
  const p3 = fs.readFileSync(fixture('gain-map-rgb.jpg'));
  const file = Buffer.concat([p3.subarray(0, second(p3)), picture.subarray(second(picture))]);
  const expected = (await light(lancet, picture)).light;
  expect(apart((await light(lancet, file)).light, expected)).toBeLessThan(3);
  expect(apart((await light(lancet, file, ['keepIccProfile'])).light, expected)).toBeLessThan(3);
  expect(apart((await light(peer, file)).light, expected)).toBeGreaterThan(3);
});

test.each([
  ['blurred', ['blur', 2]],
  ['turned', ['rotate', 20]],
  ['sheared', ['affine', [1, 0.1, 0, 1]]],
  ['brighter', ['modulate', { brightness: 1.1 }]],
  ['convolved', ['convolve', { width: 3, height: 3, kernel: [0, 0, 0, 0, 1, 0, 0, 0, 0] }]],
  ['enlarged', ['resize', 300]]
])('what is brighter than white stays so when it is %s', async (_, call) => {
  const { light: lit } = await light(lancet, picture, call);
  expect(brightest(lit)).toBeGreaterThan(2);
  expect(lit.every(Number.isFinite)).toBe(true);
});

test('edges without light have no gain', async () => {
  const file = await lancet(picture).keepGainMap().extend({ left: 30, background: 'white' }).jpeg({ quality: 100 }).toBuffer();
  const { light: lit, width } = await light(lancet, file);
  for (let y = 0; y < 150; y += 10) expect(lit[(y * width + 8) * 3]).toBeCloseTo(1, 1);
});

// What is resized in codes and gains looks other than what is resized in light.
test.each([
  ['turned', 6, [['rotate', 90]]],
  ['turned and resized', 16, [['rotate', 270], ['resize', 60, 40]]],
  ['mirrored', 6, [['flip'], ['flop']]],
  ['turned upright', 8, [['autoOrient'], ['resize', 60]]],
  ['extended by its mirror image', 6, [['extend', { left: 20, top: 30, extendWith: 'mirror' }]]]
])('a map that is kept is %s with its picture', async (_, tolerance, calls) => {
  const oriented = Buffer.from(picture);
  const tag = oriented.indexOf(Buffer.from([0x01, 0x12, 0, 3])) + 9;
  oriented[tag] = 6;
  const edit = image => calls.reduce((edited, [method, ...args]) => edited[method](...args), image);
  const file = await edit(lancet(oriented).keepGainMap()).jpeg({ quality: 100, chromaSubsampling: '4:4:4' }).toBuffer();
  const { data, info } = await edit(lancet(oriented).withGainMap()).raw({ depth: 'float' }).toBuffer({ resolveWithObject: true });
  const kept = await light(lancet, file);
  expect([kept.width, kept.height]).toEqual([info.width, info.height]);
  expect(apart(kept.light, new Float32Array(data.buffer, data.byteOffset, data.length / 4))).toBeLessThan(tolerance);
});

test('metadata is written as it is asked for', async () => {
  const rich = fs.readFileSync(fixture('gain-map-rgb.jpg'));
  const bare = await lancet(await lancet(rich).keepGainMap().toBuffer()).metadata();
  expect(bare).toMatchObject({ hasProfile: false, chromaSubsampling: '4:2:0', gainMap: { image: expect.any(Buffer) } });
  expect(bare.exif).toBeUndefined();
  const kept = await lancet(await lancet(rich).keepGainMap().keepExif().keepIccProfile().withXmp('<x/>').toBuffer()).metadata();
  expect(kept).toMatchObject({ orientation: 6, hasProfile: true, xmpAsString: '<x/>', gainMap: { image: expect.any(Buffer) } });
  const xmp = await lancet(fixture('gain-map-xmp.jpg')).metadata();
  expect(xmp.xmpAsString).toContain('Item:Semantic="GainMap"');
});

test('options of JPEG are followed', async () => {
  const file = await lancet(picture).keepGainMap().jpeg({ progressive: true, chromaSubsampling: '4:4:4' }).toBuffer();
  expect(await lancet(file).metadata()).toMatchObject({ isProgressive: true, chromaSubsampling: '4:4:4', gainMap: {} });
});

test('without a gain map nothing is kept, and one is made', async () => {
  const plain = fixture('baseline.jpg');
  expect((await lancet(await lancet(plain).keepGainMap().toBuffer()).metadata()).gainMap).toBeUndefined();
  for (const size of [1, 2, 7, 8, 33]) {
    const file = await lancet(plain).resize(size, size).withGainMap().toBuffer();
    expect((await lancet(file).metadata()).gainMap.image.subarray(0, 3)).toEqual(Buffer.from([0xff, 0xd8, 0xff]));
    expect((await lancet(file).raw().toBuffer({ resolveWithObject: true })).info).toMatchObject({ width: size, height: size });
  }
});

test('a gain map is limited as its picture is', async () => {
  const map = await lancet({ create: { width: 900, height: 900, channels: 3, background: 'white' } }).jpeg().toBuffer();
  const { image } = (await lancet(picture).metadata()).gainMap;
  const iso = image.subarray(2, 4 + image.readUInt16BE(4));
  const file = Buffer.concat([picture.subarray(0, picture.length - image.length), map.subarray(0, 2), iso, map.subarray(2)]);
  // The index has another length: the map is found after the image.
  const broken = Buffer.from(file);
  broken.writeUInt32BE(0xffffffff, file.indexOf('MPF\0') + 74);
  expect((await lancet(broken).metadata()).gainMap.image.length).toBe(map.length + iso.length);
  const limited = () => lancet(broken, { limitInputPixels: 226 * 150 });
  await expect(limited().withGainMap().toBuffer()).rejects.toThrow('Input image exceeds pixel limit');
  await expect(limited().resize(20).toBuffer()).resolves.toBeInstanceOf(Buffer);
});

test('a file on disk is read as one in memory', async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'lancet-gain-map-'));
  const file = path.join(folder, 'out.jpg');
  await lancet(fixture('gain-map.jpg')).keepGainMap().resize(100).toFile(file);
  expect(fs.readFileSync(file).equals(await lancet(picture).keepGainMap().resize(100).toBuffer())).toBe(true);
  expect((await lancet(file).metadata()).gainMap.image.length).toBeGreaterThan(100);
  fs.rmSync(folder, { recursive: true });
});

test('damage to what leads to the map never fails the picture', async () => {
  const start = picture.indexOf('MPF\0');
  const second = picture.indexOf(Buffer.from([0xff, 0xd9, 0xff, 0xd8])) + 2;
  const places = Array.from({ length: 40 }, (_, at) => (at < 20 ? start + at * 4 + 3 : second + (at - 20) * 4 + 3));
  for (const place of places) {
    for (const value of [0x00, 0xff]) {
      const file = Buffer.from(picture);
      file[place] = value;
      expect((await lancet(file).metadata()).width).toBe(226);
      const { info } = await lancet(file).withGainMap().resize(20).png().toBuffer({ resolveWithObject: true });
      expect(info.width).toBe(20);
    }
  }
}, 60e3);
