// What costs more than it may is refused before it costs anything.
const lancet = require('..');

const pixels = { raw: { width: 4, height: 4, channels: 3 } };
const made = edit => edit(lancet(Buffer.alloc(48), pixels)).toBuffer();

test.each([
  ['a resize', image => image.resize(1e8, 1), 'resize: parameter scale not set'],
  ['the other way', image => image.resize(1, 1e8), 'resize: parameter scale not set'],
  ['both', image => image.resize(1e7).raw(), 'Out of memory: 300000000000000 bytes'],
  ['an extension', image => image.extend(1e8).raw(), /^Out of memory|too large$/],
  ['an affine', image => image.affine([1e9, 0, 0, 1e9]), 'affine: output coordinates out of range']
])('%s that nobody can hold', async (_, edit, text) => {
  const before = process.cpuUsage();
  await expect(made(edit)).rejects.toThrow(text);
  const { user, system } = process.cpuUsage(before);
  expect(user + system).toBeLessThan(1e6);
});
