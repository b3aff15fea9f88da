// Profiles that pictures are written in: inks, by a profile in a file and by the one that has a name.
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const peer = require('sharp');
const lancet = require('..');

const fixture = name => path.join(__dirname, 'fixtures', name);
const colour = ['rgb-8.png', 'photo.png', 'rgba-8.png', 'rgb-16.png', 'icc-p3.jpg'];

let folder;
let profile;
beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'lancet-icc-'));
  profile = path.join(folder, 'inks.icc');
  const separated = await peer(fixture('rgb-8.png')).withIccProfile('cmyk').jpeg().toBuffer();
  fs.writeFileSync(profile, (await peer(separated).metadata()).icc);
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

const mean = (a, b) => a.reduce((sum, value, at) => sum + Math.abs(value - b[at]), 0) / a.length;
const make = (module, name, icc) => module(fixture(name)).withIccProfile(icc).jpeg({ quality: 95 }).toBuffer();
const seen = picture => peer(picture).raw().toBuffer();
const inks = picture => peer(picture, { ignoreIcc: true }).pipelineColourspace('cmyk').toColourspace('cmyk').raw().toBuffer();

test.each(colour)('%s in the inks of a profile', async name => {
  const [ours, theirs] = [await make(lancet, name, profile), await make(peer, name, profile)];
  expect(mean(await inks(ours), await inks(theirs))).toBeLessThan(1.5);
  expect(mean(await seen(ours), await seen(theirs))).toBeLessThan(1.5);
  expect((await lancet(ours).metadata()).icc.equals(fs.readFileSync(profile))).toBe(true);
  // And read by both.
  expect(mean(await lancet(theirs).raw().toBuffer(), await seen(theirs))).toBeLessThan(1.5);
});

test.each(colour)('%s in the inks that have a name', async name => {
  const [ours, theirs] = [await make(lancet, name, 'cmyk'), await make(peer, name, 'cmyk')];
  const { space, channels, icc } = await peer(ours).metadata();
  expect([space, channels, icc.toString('latin1', 12, 23), icc.readUInt32BE(64)]).toEqual(['cmyk', 4, 'prtrCMYKLab', 1]);
  expect(icc.length).toBeLessThan(100e3);
  // Colours of 16 bits are in P3 there, some of them beyond sRGB.
  const near = name === 'rgb-16.png' ? 2.5 : 1.5;
  expect(mean(await inks(ours), await inks(theirs))).toBeLessThan(near);
  expect(mean(await seen(ours), await seen(theirs))).toBeLessThan(near + 0.6);
  expect(mean(await lancet(ours).raw().toBuffer(), await seen(ours))).toBeLessThan(1.5);
});

test('a profile that is not attached', async () => {
  const ours = await lancet(fixture('rgb-8.png')).withIccProfile('cmyk', { attach: false }).jpeg().toBuffer();
  const { space, hasProfile } = await peer(ours).metadata();
  expect([space, hasProfile]).toEqual(['cmyk', false]);
});
