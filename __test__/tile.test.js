// Pyramids of tiles: the same files with the same pixels as sharp's.
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const peer = require('sharp');
const lancet = require('..');

const photo = path.join(__dirname, 'fixtures', 'large.jpg');
let folder;
beforeEach(() => { folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tiles-')); });
afterEach(() => fs.rmSync(folder, { recursive: true }));

/** Files below a folder, by their names in it. */
const files = (root, below = '') =>
  fs.readdirSync(path.join(root, below), { withFileTypes: true }).flatMap(entry => {
    const name = path.posix.join(below, entry.name);
    return entry.isDirectory() ? files(root, name) : [name];
  }).sort();

/** Entries of a zip file whose files are stored as they are, by their names. Source: PKWARE APPNOTE. */
function entries(zip) {
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  const found = new Map();
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    const [size, nameLength, extra, comment] = [zip.readUInt32LE(at + 20), zip.readUInt16LE(at + 28), zip.readUInt16LE(at + 30), zip.readUInt16LE(at + 32)];
    const local = zip.readUInt32LE(at + 42);
    const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    found.set(zip.toString('utf8', at + 46, at + 46 + nameLength), zip.subarray(start, start + size));
    at += 46 + nameLength + extra + comment;
  }
  return found;
}

const isPicture = name => /\.(jpe?g|png|webp)$/.test(name);
const isProperties = name => name.endsWith('vips-properties.xml');

async function expectSamePixels(ours, theirs, tolerance) {
  const [a, b] = await Promise.all([ours, theirs].map(file => peer(file).raw().toBuffer({ resolveWithObject: true })));
  expect(a.info).toEqual(b.info);
  let sum = 0;
  for (let index = 0; index < a.data.length; index++) sum += Math.abs(a.data[index] - b.data[index]);
  expect(sum / a.data.length).toBeLessThanOrEqual(tolerance);
}

/** The pixels that both modules begin with. */
async function start(sharp, { width = 700, height = 500, alpha = false, grey = false, deep = false }) {
  let picture = peer(photo).resize(width, height, { fit: 'fill' });
  if (grey) picture = picture.toColourspace('b-w');
  if (alpha) {
    const gradient = `<svg width="${width}" height="${height}"><linearGradient id="g"><stop stop-opacity="0"/><stop offset="1"/></linearGradient><rect width="${width}" height="${height}" fill="url(#g)"/></svg>`;
    picture = picture.ensureAlpha().composite([{ input: Buffer.from(gradient), blend: 'dest-in' }]);
  }
  if (deep) picture = picture.toColourspace('rgb16');
  return sharp(await picture.png().toBuffer());
}

const png = picture => picture.png();
const cases = {
  'Deep Zoom': [{}, {}],
  'Deep Zoom, PNG': [{}, { png }],
  'Deep Zoom, overlap and small tiles': [{ size: 100, overlap: 3 }, { png }],
  'Deep Zoom, odd size of tiles': [{ size: 33, overlap: 1 }, { png }],
  'Deep Zoom, alpha': [{ size: 128 }, { png, alpha: true, tolerance: 0.6 }],
  'Deep Zoom, WebP': [{}, { png: picture => picture.webp({ quality: 90 }), tolerance: 4 }],
  'Deep Zoom, JPEG of quality 50': [{}, { png: picture => picture.jpeg({ quality: 50 }), tolerance: 1.5 }],
  'Deep Zoom, one tile': [{ depth: 'onetile' }, { png }],
  'Deep Zoom, one level': [{ depth: 'one' }, { png }],
  'Deep Zoom, turned': [{ angle: 90 }, { png }],
  'Deep Zoom, turned back': [{ angle: -90 }, { png }],
  'Deep Zoom, base name': [{ basename: 'other' }, { png }],
  'Deep Zoom, one pixel wide': [{ size: 64 }, { png, width: 1, height: 300 }],
  Google: [{ layout: 'google' }, { png }],
  'Google, centre': [{ layout: 'google', centre: true, size: 100 }, { png }],
  'Google, background and odd offset': [{ layout: 'google', center: true, size: 64, background: '#3af' }, { png, width: 301, height: 67 }],
  'Google, one level': [{ layout: 'google', depth: 'one' }, { png }],
  'Google, one pixel': [{ layout: 'google', depth: 'onepixel' }, { png }],
  'Google, alpha': [{ layout: 'google', background: 'transparent' }, { png, alpha: true, tolerance: 0.6 }],
  Zoomify: [{ layout: 'zoomify' }, { png }],
  'Zoomify, many groups': [{ layout: 'zoomify', size: 20 }, { png }],
  'Zoomify, one level': [{ layout: 'zoomify', depth: 'one' }, { png }],
  IIIF: [{ layout: 'iiif' }, { png }],
  'IIIF, address': [{ layout: 'iiif', id: 'https://pictures.example/a b' }, { png }],
  'IIIF 3': [{ layout: 'iiif3', size: 100 }, { png }],
  'IIIF, one pixel': [{ layout: 'iiif', depth: 'onepixel' }, { png }],
  'IIIF, smaller than a tile': [{ layout: 'iiif3' }, { png, width: 90, height: 60 }]
};

test.each(Object.entries(cases))('%s', async (_, [options, { png: format = picture => picture, tolerance = 0, ...picture }]) => {
  const lossy = format === png ? tolerance : Math.max(tolerance, 1.5);
  const infos = [];
  for (const [name, sharp] of [['ours', lancet], ['theirs', peer]]) {
    fs.mkdirSync(path.join(folder, name));
    infos.push(await format(await start(sharp, picture)).tile(options).toFile(path.join(folder, name, 'a.dzi')));
  }
  expect(infos[0]).toEqual(infos[1]);
  const names = files(path.join(folder, 'theirs'));
  expect(files(path.join(folder, 'ours'))).toEqual(names);
  for (const name of names.filter(name => !isProperties(name))) {
    const [ours, theirs] = ['ours', 'theirs'].map(which => fs.readFileSync(path.join(folder, which, name)));
    if (isPicture(name)) await expectSamePixels(ours, theirs, lossy);
    else expect(ours.toString()).toBe(theirs.toString());
  }
}, 30_000);

test.each([['a.zip', {}], ['a.szi', {}], ['a.dzi', { container: 'zip' }], ['a', { container: 'zip', layout: 'iiif' }], ['a.zip', { basename: 'other' }], ['a.zip', { layout: 'zoomify' }]])('archive %s %o', async (name, options) => {
  const made = [];
  for (const [which, sharp] of [['ours', lancet], ['theirs', peer]]) {
    fs.mkdirSync(path.join(folder, which));
    const { size, ...info } = await (await start(sharp, {})).png().tile(options).toFile(path.join(folder, which, name));
    expect(fs.readdirSync(path.join(folder, which))).toEqual([name]);
    const bytes = fs.readFileSync(path.join(folder, which, name));
    if (size !== undefined) expect(size).toBe(bytes.length);
    made.push({ info, told: size !== undefined, names: [...entries(bytes).keys()].sort() });
  }
  expect(made[0]).toEqual(made[1]);
});

test.each(['dz', 'google', 'iiif', 'zoomify'])('Buffer, %s', async layout => {
  const [ours, theirs] = await Promise.all([lancet, peer].map(async sharp => {
    const { data, info } = await (await start(sharp, {})).png().tile({ layout }).toBuffer({ resolveWithObject: true });
    expect(info.size).toBe(data.length);
    return { info, entries: entries(data) };
  }));
  expect({ ...ours.info, size: 0 }).toEqual({ ...theirs.info, size: 0 });
  expect([...ours.entries.keys()].sort()).toEqual([...theirs.entries.keys()].sort());
  for (const [name, file] of theirs.entries) if (isPicture(name)) await expectSamePixels(ours.entries.get(name), file, 0);
});

test('blank tiles are left out', async () => {
  const white = { create: { width: 300, height: 40, channels: 3, background: 'white' } };
  const dot = { input: { create: { width: 2, height: 2, channels: 3, background: 'black' } }, left: 1, top: 1 };
  const { data } = await lancet(white).composite([dot]).png().tile({ size: 64, skipBlanks: 0, depth: 'one' }).toBuffer({ resolveWithObject: true });
  expect([...entries(data).keys()].filter(isPicture)).toEqual(['untitled_files/0/0_0.png']);
});

test('a path that cannot be written is an error', async () => {
  const file = path.join(folder, 'file');
  fs.writeFileSync(file, '');
  const picture = lancet({ create: { width: 3, height: 3, channels: 3, background: 'red' } });
  await expect(picture.tile().toFile(path.join(file, 'a.dzi'))).rejects.toThrow(/unable to write/);
});

test('the file ending asks for a pyramid', async () => {
  const [ours, theirs] = await Promise.all([lancet, peer].map(async (sharp, index) => {
    const into = path.join(folder, String(index));
    fs.mkdirSync(into);
    await (await start(sharp, { width: 60, height: 40 })).toFile(path.join(into, 'a.dzi'));
    return files(into);
  }));
  expect(ours).toEqual(theirs);
});

test('options are checked', () => {
  const error = call => { try { call(); } catch ({ message }) { return message; } };
  for (const options of [
    { size: 0 }, { size: 'a' }, { overlap: -1 }, { size: 10, overlap: 11 }, { container: 'tar' }, { layout: 'x' }, { angle: 1 }, { angle: 'a' },
    { depth: 1 }, { skipBlanks: 'a' }, { skipBlanks: 65536 }, { id: 1 }, { basename: true }, { centre: 'true' }, { center: 1 }, { background: 1 }
  ]) {
    expect([options, error(() => lancet().tile(options))]).toEqual([options, error(() => peer().tile(options))]);
  }
  expect(error(() => lancet().raw().tile())).toBe(error(() => peer().raw().tile()));
});
