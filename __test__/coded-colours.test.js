// Colours that a file tells by the numbers of ITU-T H.273: AVIF in its `nclx` property, PNG in its `cICP` chunk.
const zlib = require('node:zlib');
const lancet = require('..');

const colours = [[0, 0, 0], [255, 255, 255], [200, 60, 90], [40, 180, 70], [128, 128, 128], [90, 100, 220], [148, 148, 148], [191, 191, 191], [230, 30, 20]];
const raw = { width: colours.length, height: 1, channels: 3 };

function png(primaries, transfer) {
  const chunk = (name, data) => {
    const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
    const out = Buffer.alloc(body.length + 8);
    out.writeUInt32BE(data.length);
    body.copy(out, 4);
    out.writeUInt32BE(crc(body), body.length + 4);
    return out;
  };
  const header = Buffer.from([0, 0, 0, raw.width, 0, 0, 0, 1, 8, 2, 0, 0, 0]);
  const pixels = zlib.deflateSync(Buffer.from([0, ...colours.flat()]));
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', header), chunk('cICP', Buffer.from([primaries, transfer, 0, 1])), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))
  ]);
}

function crc(bytes) {
  let sum = ~0;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  }
  return ~sum >>> 0;
}

/** A file whose numbers are written over those of an encoder. */
async function avif(primaries, transfer, options = {}) {
  const file = await lancet(Buffer.from(colours.flat()), { raw }).avif({ lossless: true, ...options }).toBuffer();
  const at = file.indexOf('nclx');
  file.writeUInt16BE(primaries, at + 4);
  file.writeUInt16BE(transfer, at + 6);
  return file;
}

const encode = light => Math.max(0, Math.min(1, light <= 0.0031308 ? light * 12.92 : 1.055 * light ** (1 / 2.4) - 0.055)) * 255;
const srgb = code => (code <= 0.04045 ? code / 12.92 : ((code + 0.055) / 1.055) ** 2.4);
const pq = code => {
  const root = code ** (32 / 2523);
  return 10000 * (Math.max(0, root - 0.8359375) / (18.8515625 - 18.6875 * root)) ** (16384 / 2610);
};
const hlg = code => 1000 * (code <= 0.5 ? (code * code) / 3 : (Math.exp((code - 0.55991073) / 0.17883277) + 0.28466892) / 12) ** 1.2;
const mapped = light => Math.min(1, ((light / 203) * (1 + light / 203 / (1000 / 203) ** 2)) / (1 + light / 203));

/** Linear colours of wider primaries in those of sRGB. Sources: ITU-R BT.2087, SMPTE EG 432-1. */
const matrices = {
  1: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  9: [[1.6605, -0.5876, -0.0728], [-0.1246, 1.1329, -0.0083], [-0.0182, -0.1006, 1.1187]],
  12: [[1.2249, -0.2247, 0], [-0.042, 1.0419, 0], [-0.0197, -0.0786, 1.0979]]
};
const transfers = { 4: code => code ** 2.2, 8: code => code, 13: srgb, 16: code => mapped(pq(code)), 18: code => mapped(hlg(code)) };
const wanted = (primaries, transfer) => colours.map(colour => {
  const light = colour.map(code => transfers[transfer](code / 255));
  return matrices[primaries].map(row => encode(row.reduce((sum, weight, at) => sum + weight * light[at], 0)));
});

const pixels = async (file, calls = image => image) => {
  const { data, info } = await calls(lancet(file)).raw().toBuffer({ resolveWithObject: true });
  return colours.map((_, at) => [...data.subarray(at * info.channels, at * info.channels + 3)]);
};
const expectNear = (found, expected, most = 2) => {
  const far = Math.max(...found.flatMap((colour, at) => colour.map((value, channel) => Math.abs(value - expected[at][channel]))));
  if (far > most) throw new Error(`off by ${far}: ${JSON.stringify(found)} in place of ${JSON.stringify(expected.map(colour => colour.map(Math.round)))}`);
};

const cases = [[12, 13], [9, 13], [1, 4], [12, 4], [1, 8], [9, 16], [1, 16], [9, 18], [12, 18]];

test.each(cases)('primaries %i and transfer %i become sRGB', async (primaries, transfer) => {
  expectNear(await pixels(png(primaries, transfer)), wanted(primaries, transfer));
  expectNear(await pixels(await avif(primaries, transfer)), wanted(primaries, transfer));
});

test('a deep file becomes sRGB too', async () => {
  expectNear(await pixels(await avif(12, 13, { bitdepth: 12 })), wanted(12, 13), 3);
  expectNear(await pixels(await avif(9, 16, { bitdepth: 10 })), wanted(9, 16), 3);
});

test('what is told can be kept, as a profile', async () => {
  for (const file of [png(12, 13), await avif(12, 13)]) {
    const { icc } = await lancet(file).metadata();
    expect(icc.toString('latin1', 12, 24)).toBe('mntrRGB XYZ ');
    const kept = await lancet(file).keepIccProfile().png().toBuffer();
    expect((await lancet(kept).metadata()).icc.equals(icc)).toBe(true);
    expect(await pixels(kept, image => image.keepIccProfile())).toEqual(colours);
    expectNear(await pixels(kept), wanted(12, 13));
  }
});

test('the numbers of sRGB, and those that say nothing, change nothing', async () => {
  for (const [primaries, transfer] of [[1, 13], [2, 2], [1, 1], [1, 6], [99, 13], [12, 99]]) {
    for (const file of [png(primaries, transfer), await avif(primaries, transfer)]) {
      expect((await lancet(file).metadata()).icc).toBeUndefined();
      expect(await pixels(file)).toEqual(colours);
    }
  }
});

test('an AVIF of 10 and 12 bits keeps its levels', async () => {
  const width = 1024;
  const ramp = Uint16Array.from({ length: width * 3 }, (_, at) => Math.round((Math.floor(at / 3) / (width - 1)) * 65535));
  const levels = async file => new Set(new Uint16Array(new Uint8Array(await lancet(file).toColourspace('rgb16').raw({ depth: 'ushort' }).toBuffer()).buffer)).size;
  const open = () => lancet(ramp, { raw: { width, height: 1, channels: 3 } }).resize(width, 8, { fit: 'fill', kernel: 'nearest' });
  const deep = await open().toColourspace('rgb16').png().toBuffer();
  for (const bitdepth of [10, 12]) {
    const file = await lancet(deep).avif({ quality: 100, bitdepth }).toBuffer();
    expect(await levels(file)).toBeGreaterThan(500);
    expect(await levels(await lancet(file).avif({ quality: 100, bitdepth }).toBuffer())).toBeGreaterThan(500);
    expect(await levels(await lancet(file).avif({ quality: 100 }).toBuffer())).toBeLessThanOrEqual(256);
    expect((await lancet(await lancet(Buffer.from(colours.flat()), { raw }).avif({ bitdepth }).toBuffer()).metadata()).depth).toBe('ushort');
  }
});
