'use strict';

// What programs that use the module do and look at, beside the images themselves.

const fs = require('node:fs');
const path = require('node:path');

const lancet = require('../');
const peer = require('sharp');

const fixture = (name) => fs.readFileSync(path.join(__dirname, 'fixtures', name));

describe('a round crop', () => {
  const ellipse = (width, height, rx, ry) =>
    Buffer.from(`<svg viewBox="0 0 ${width} ${height}"> <ellipse cx="${width / 2}" cy="${height / 2}" rx="${rx}" ry="${ry}" /></svg>`);

  test.each([[53, 37, 18, 18], [60, 40, 20, 20], [100, 100, 50, 50], [101, 60, 30, 30], [270, 181, 90, 60.5]])('%d × %d', async (width, height, rx, ry) => {
    const mask = ellipse(width, height, rx, ry);
    const [ours, theirs] = await Promise.all([lancet, peer].map((module) => module(mask).extractChannel(3).raw().toBuffer({ resolveWithObject: true })));
    expect(ours.info).toEqual(theirs.info);
    expect(Math.max(...ours.data.map((value, at) => Math.abs(value - theirs.data[at])))).toBeLessThan(32);
    // sharp's curve is up to a tenth of a pixel inside of the ellipse.
    const area = ours.data.reduce((sum, value) => sum + value, 0) / 255;
    expect(Math.abs(area / (Math.PI * rx * ry) - 1)).toBeLessThan(0.001);
  });

  test('is trimmed to the same size', async () => {
    const { data: picture, info: { width, height } } = await peer(fixture('420.avif')).png().toBuffer({ resolveWithObject: true });
    const mask = ellipse(width, height, Math.min(width, height) / 2, Math.min(width, height) / 2);
    const round = async (module) => {
      const data = await module(picture).composite([{ input: mask, blend: 'dest-in' }]).png().toBuffer();
      const { info } = await module(data).withMetadata().trim().toBuffer({ resolveWithObject: true });
      return { ...info, size: 0 };
    };
    expect(await round(lancet)).toEqual(await round(peer));
  });
});

test.each(['pages.tif', 'pages.avif'])('pages of %s become an animation for ever', async (name) => {
  for (const format of ['gif', 'webp']) {
    for (const options of [{ animated: true }, { pages: 2 }]) {
      const data = await lancet(fixture(name), options).toFormat(format).toBuffer();
      expect([format, options, (await peer(data).metadata()).loop]).toEqual([format, options, 0]);
    }
  }
});

test('inks that meet a named profile are converted to it', async () => {
  const data = await lancet(fixture('rgb-8.png')).withMetadata().toColourspace('cmyk').jpeg().toBuffer();
  const { space, icc } = await peer(data).metadata();
  expect([space, icc.toString('latin1', 16, 20)]).toEqual(['srgb', 'RGB ']);
});

test('a palette of quality below 100 makes grey pictures smaller too', async () => {
  const grey = await peer(fixture('photo.png')).greyscale().png().toBuffer();
  for (const quality of [10, 50, 80]) {
    const [ours, theirs] = await Promise.all([lancet, peer].map((module) => module(grey).png({ quality }).toBuffer()));
    expect(ours.length).toBeLessThan(theirs.length * 1.15);
  }
});

test('few colours stay as they are at any quality', async () => {
  const { data } = await peer(fixture('palette-4.png')).raw().toBuffer({ resolveWithObject: true });
  const reduced = await lancet(fixture('palette-4.png')).png({ quality: 1 }).toBuffer();
  expect((await peer(reduced).raw().toBuffer()).equals(data)).toBe(true);
});

test('XMP costs no more in a PNG than with the peer', async () => {
  const xmp = `<x:xmpmeta xmlns:x="adobe:ns:meta/">${'<a>words</a>'.repeat(300)}</x:xmpmeta>`;
  const data = await lancet(fixture('rgb-8.png')).withXmp(xmp).png().toBuffer();
  expect((await peer(data).metadata()).xmpAsString).toBe(xmp);
  expect((await lancet(data).metadata()).xmpAsString).toBe(xmp);
  expect(data.length - (await lancet(fixture('rgb-8.png')).png().toBuffer()).length).toBeLessThan(600);
});

test('a path that was not given leaves no space behind', async () => {
  await expect(lancet(fixture('rgb-8.png')).joinChannel({}).toBuffer()).rejects.toThrow(/^Input file is missing:$/);
});
