'use strict';

// A task that runs out of time is rejected within a second, whatever part of it takes long.

const lancet = require('..');

const SIDE = 9000;
const blank = () => lancet({ create: { width: SIDE, height: SIDE, channels: 3, background: '#abc' } });
const noise = { create: { width: 4000, height: 4000, channels: 3, background: '#888', noise: { type: 'gaussian', mean: 128, sigma: 40 } } };

const late = {
  'decoding': async () => {
    const png = await lancet(noise).resize(12000, 12000).png({ compressionLevel: 1 }).toBuffer();
    return lancet(png, { limitInputPixels: false }).resize(10);
  },
  'a kernel over a large window': () => blank().median(51).raw(),
  'histograms of tiles': () => blank().clahe({ width: 80, height: 80 }).raw(),
  'a whole image that is collected for a step': () => lancet(noise).resize(14000, 14000).median(9).normalise().jpeg(),
  'a smart crop': () => lancet(noise).resize(9000, 9000).median(21).resize(100, 50, { position: 'entropy' }).jpeg(),
  'a transform by a slow interpolator': () => blank().affine([1, 0.1, 0.1, 1], { interpolator: 'nohalo' }).raw(),
  'an overlay': () => blank().composite([{ input: { create: noise.create }, tile: true, blend: 'soft-light' }]).median(31).raw(),
  'a palette': () => lancet(noise).resize(9000, 9000, { kernel: 'nearest' }).png({ palette: true, effort: 10 }),
  'deflate at its best': () => lancet(noise).resize(9000, 9000).png({ compressionLevel: 9, adaptiveFiltering: true }),
  'tiles': () => lancet(noise).resize(9000, 9000).tile({ size: 64, container: 'zip' })
};

test.each(Object.keys(late))('%s ends when the time is up', async name => {
  const image = await late[name]();
  const start = process.hrtime.bigint();
  const outcome = await image.timeout({ seconds: 1 }).toBuffer().then(() => 'finished', error => error.message);
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  // Where the machine finishes in time there is nothing to interrupt.
  if (outcome === 'finished') expect(seconds).toBeLessThan(2);
  else expect(outcome).toMatch(/timeout: \d+% complete/);
  expect(seconds).toBeLessThan(8);
}, 60_000);

test('a task after one that ran out of time is not affected', async () => {
  await expect(blank().median(51).timeout({ seconds: 1 }).raw().toBuffer()).rejects.toThrow('timeout');
  await expect(lancet(noise).resize(10).timeout({ seconds: 60 }).png().toBuffer()).resolves.toBeInstanceOf(Buffer);
}, 60_000);
