'use strict';

// Calls with simple arguments are parsed once for a process. Whoever makes them must not notice.

const lancet = require('..');

const png = lancet({ create: { width: 4, height: 4, channels: 3, background: 'red' } }).png().toBuffer();
const fresh = async () => lancet(await png);
/** The options that a call changes. */
const changes = (image, call) => {
  const before = { ...image.options };
  call(image);
  return Object.fromEntries(Object.entries(image.options).filter(([key, value]) => !Object.is(value, before[key])));
};

const calls = {
  'no arguments': image => image.webp(),
  'numbers': image => image.resize(10, 20),
  'an object': image => image.jpeg({ quality: 61, progressive: true }),
  'an object with undefined': image => image.resize({ width: 7, height: undefined }),
  'a colour': image => image.flatten({ background: '#abc' }),
  'a nested object': image => image.flatten({ background: { r: 1, g: 2, b: 3 } }),
  'a number and an object': image => image.resize(5, null, { fit: 'inside' })
};

test.each(Object.keys(calls))('a call with %s does the same again', async name => {
  const first = changes(await fresh(), calls[name]);
  const again = changes(await fresh(), calls[name]);
  expect(Object.keys(first).length).toBeGreaterThan(0);
  expect(again).toEqual(first);
});

test('arguments that look alike are told apart', async () => {
  const quality = async value => changes(await fresh(), image => image.jpeg({ quality: value })).jpegQuality;
  expect(await quality(50)).toBe(50);
  await expect(quality('50')).rejects.toThrow('Expected integer between 1 and 100 for quality but received 50 of type string');
  expect(await quality(51)).toBe(51);
  expect(changes(await fresh(), image => image.resize(3))).not.toEqual(changes(await fresh(), image => image.resize(null, 3)));
});

test('what depends on the options is parsed for each state of them', async () => {
  const warnings = [];
  const image = (await fresh()).on('warning', text => warnings.push(text));
  image.resize(3, 3);
  image.resize(3, 3);
  image.resize(3, 3);
  expect(warnings).toEqual(['ignoring previous resize options', 'ignoring previous resize options']);
  const before = changes((await fresh()).rotate(90), image => image.extract({ left: 0, top: 0, width: 1, height: 1 }));
  const without = changes(await fresh(), image => image.extract({ left: 0, top: 0, width: 1, height: 1 }));
  expect(before.rotateBefore).toBe(true);
  expect(without.rotateBefore).toBeUndefined();
});

test('errors are thrown each time, and change nothing', async () => {
  const image = await fresh();
  for (let round = 0; round < 3; round++) expect(changes(image, it => expect(() => it.resize(-1)).toThrow('Expected positive integer'))).toEqual({});
});

test('what a getter throws is thrown', async () => {
  const image = await fresh();
  const options = { get quality() { throw new RangeError('mine'); } };
  expect(() => image.jpeg(options)).toThrow(RangeError);
  expect(() => image.resize(Object.create(null, { width: { enumerable: true, get() { throw new RangeError('mine'); } } }))).toThrow(RangeError);
  expect((await fresh()).jpeg({ quality: 7 }).options.jpegQuality).toBe(7);
});

test('metadata of bytes in memory is the same by the short way and by the long one', async () => {
  const bytes = await png;
  expect(await lancet(bytes).metadata()).toEqual(await lancet(bytes, { failOn: 'none' }).metadata());
  const [short, long] = [lancet(bytes).metadata(), new Promise((resolve, reject) => lancet(bytes).metadata((error, data) => (error ? reject(error) : resolve(data))))];
  expect(Object.entries(await short)).toEqual(Object.entries(await long));
  await expect(lancet(bytes.subarray(0, 30)).metadata()).rejects.toThrow('corrupt header');
});
