// Profiles that images are written in: inks, by a profile in a file and by the one that has a name.
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

/** A monitor's profile of version 2: curves of samples, primaries of its own, and the light of its black. */
function monitor(gammas, black = 0) {
  const fixed = values => {
    const out = Buffer.alloc(values.length * 4);
    values.forEach((value, at) => out.writeInt32BE(Math.round(value * 65536), at * 4));
    return out;
  };
  const xyz = values => Buffer.concat([Buffer.from('XYZ \0\0\0\0'), fixed(values)]);
  const curve = gamma => {
    const out = Buffer.alloc(12 + 512);
    out.write('curv');
    out.writeUInt32BE(256, 8);
    for (let at = 0; at < 256; at++) out.writeUInt16BE(Math.round((black + (1 - black) * (at / 255) ** gamma) * 65535), 12 + at * 2);
    return out;
  };
  const [red, green] = [[0.423, 0.2225, 0.0139], [0.3851, 0.7169, 0.0971]];
  const blue = [0.9642, 1, 0.8249].map((white, axis) => white - red[axis] - green[axis]);
  const tags = [
    ['desc', Buffer.concat([Buffer.from('desc\0\0\0\0\0\0\0\x05test\0'), Buffer.alloc(79)])], ['cprt', Buffer.from('text\0\0\0\0CC0\0')], ['wtpt', xyz([0.9642, 1, 0.8249])],
    ['rXYZ', xyz(red)], ['gXYZ', xyz(green)], ['bXYZ', xyz(blue)], ...['r', 'g', 'b'].map((name, at) => [`${name}TRC`, curve(gammas[at])])
  ];
  const head = Buffer.alloc(132 + 12 * tags.length);
  head.write('\x02\x10\0\0mntrRGB XYZ ', 8, 'latin1');
  head.set([7, 0xe0, 0, 1, 0, 1], 24);
  head.write('acsp', 36);
  fixed([0.9642, 1, 0.8249]).copy(head, 68);
  head.writeUInt32BE(tags.length, 128);
  let offset = head.length;
  const parts = tags.map(([name, data], index) => {
    const padded = Buffer.concat([data, Buffer.alloc(-data.length & 3)]);
    head.write(name, 132 + 12 * index);
    head.writeUInt32BE(offset, 136 + 12 * index);
    head.writeUInt32BE(data.length, 140 + 12 * index);
    offset += padded.length;
    return padded;
  });
  head.writeUInt32BE(offset, 0);
  return Buffer.concat([head, ...parts]);
}

/** Colours all over the cube, in one row. */
const steps = [0, 1, 3, 8, 20, 48, 90, 128, 180, 220, 250, 255];
const cube = Buffer.from(steps.flatMap(red => steps.flatMap(green => steps.flatMap(blue => [red, green, blue]))));
const raw = { width: cube.length / 3, height: 1, channels: 3 };
const most = (a, b) => a.reduce((far, value, at) => Math.max(far, Math.abs(value - b[at])), 0);

describe.each([['curves', [2.3, 2.15, 2]], ['one curve', [2.2, 2.2, 2.2]]])("a monitor's profile of %s", (name, gammas) => {
  test('from a file', async () => {
    // sharp remembers what a file of this name held.
    const file = path.join(folder, `${name}.icc`);
    fs.writeFileSync(file, monitor(gammas));
    const written = await Promise.all([lancet, peer].map(module => module(cube, { raw }).withIccProfile(file).png().toBuffer()));
    const [ours, theirs] = await Promise.all(written.map(png => peer(png, { ignoreIcc: true }).raw().toBuffer()));
    // Out of its gamut, roundings of light that is nearly none are a few codes.
    expect(most(ours, theirs)).toBeLessThanOrEqual(4);
    expect(mean(ours, theirs)).toBeLessThan(0.1);
  });

  test.each([0, 0.01])('embedded, with black of %d', async black => {
    const file = path.join(folder, `${name}, ${black}.icc`);
    fs.writeFileSync(file, monitor(gammas, black));
    // The numbers are those of the profile, whatever colours they were.
    const tagged = await peer(await peer(cube, { raw }).withIccProfile(file).png().toBuffer(), { ignoreIcc: false }).keepIccProfile().png().toBuffer();
    const [ours, theirs] = await Promise.all([lancet, peer].map(module => module(tagged).raw().toBuffer()));
    expect(mean(ours, theirs)).toBeLessThan(black > 0 ? 1 : 0.1);
    expect(most(ours, theirs)).toBeLessThanOrEqual(black > 0 ? 8 : 2);
  });
});

test('Display P3', async () => {
  const written = await Promise.all([lancet, peer].map(module => module(cube, { raw }).withMetadata({ icc: 'p3' }).png().toBuffer()));
  const [ours, theirs] = await Promise.all(written.map(png => peer(png, { ignoreIcc: true }).raw().toBuffer()));
  expect(most(ours, theirs)).toBeLessThanOrEqual(2);
  expect(mean(ours, theirs)).toBeLessThan(0.06);
});

describe('inks with a profile', () => {
  let separated;
  beforeAll(async () => {
    separated = await lancet(fixture('photo.png')).resize(40).withIccProfile('cmyk').tiff({ compression: 'none' }).toBuffer();
  });

  test('are kept with it', async () => {
    const kept = await lancet(separated).toColourspace('cmyk').keepIccProfile().tiff({ compression: 'none' }).toBuffer();
    expect(mean(await inks(kept), await inks(separated))).toBe(0);
    const [own, theirs] = await Promise.all([kept, separated].map(file => lancet(file).metadata()));
    expect(own.icc.equals(theirs.icc)).toBe(true);
    // As sharp keeps the inks of another profile that has other numbers for the same colours.
    const other = await peer(fixture('photo.png')).resize(40).withIccProfile('cmyk').tiff({ compression: 'none' }).toBuffer();
    const again = await lancet(other).toColourspace('cmyk').keepIccProfile().tiff({ compression: 'none' }).toBuffer();
    expect(mean(await inks(again), await inks(other))).toBe(0);
  });

  test.each(['keepIccProfile', 'keepMetadata'])('%s does not shift their colours', async keep => {
    const [plain, kept] = await Promise.all([lancet(separated).png(), lancet(separated)[keep]().png()].map(image => image.toBuffer()));
    expect(mean(await lancet(kept).raw().toBuffer(), await lancet(plain).raw().toBuffer())).toBe(0);
    const { space, icc } = await lancet(kept).metadata();
    expect([space, icc.toString('latin1', 16, 20)]).toEqual(['srgb', 'RGB ']);
  });

  test('become those of another profile', async () => {
    const written = await Promise.all([lancet, peer].map(module =>
      module(separated).pipelineColourspace('cmyk').toColourspace('cmyk').withIccProfile(profile).tiff({ compression: 'none' }).toBuffer()));
    // The inks of dark colours differ, which hardly shows.
    expect(mean(await inks(written[0]), await inks(written[1]))).toBeLessThan(7);
    expect(mean(await seen(written[0]), await seen(written[1]))).toBeLessThan(7);
    expect((await lancet(written[0]).metadata()).icc.equals(fs.readFileSync(profile))).toBe(true);
  });
});
