// Small files that claim much, or become much: each is refused or read with little memory. A child process reads them one by
// one, so that the most that it ever held is known, and a watchdog ends it if it hangs.
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const zlib = require('node:zlib');

/** Memory over that of the module itself, in MB. */
const MAX_MEMORY = 300;
/** A generous watchdog for a loaded machine; the aim is 3 s for each file. */
const WATCHDOG = 60_000;

const bytes = (...parts) => Buffer.concat(parts.flat(Infinity).map(part => (typeof part === 'number' ? Buffer.from([part]) : Buffer.from(part, 'latin1'))));
const integer = (size, big) => value => {
  const buffer = Buffer.alloc(size);
  buffer[`writeUInt${size * 8}${big ? 'BE' : 'LE'}`](value >>> 0);
  return buffer;
};
const [u16, u32, l16, l32] = [integer(2, true), integer(4, true), integer(2, false), integer(4, false)];
const zeros = length => zlib.deflateSync(Buffer.alloc(length), { level: 9 });

const chunk = (name, data) => {
  const named = bytes(name, data);
  return bytes(u32(data.length), named, u32(crc32(named)));
};
const CRC = Array.from({ length: 256 }, (_, n) => Array.from({ length: 8 }).reduce(value => (value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1), n));
const crc32 = data => ~data.reduce((crc, byte) => CRC[(crc ^ byte) & 255] ^ (crc >>> 8), -1) >>> 0;
const png = (width, height, interlaced, ...chunks) =>
  bytes('\x89PNG\r\n\x1a\n', chunk('IHDR', bytes(u32(width), u32(height), 8, 2, 0, 0, interlaced)), ...chunks, chunk('IEND', Buffer.alloc(0)));
const idat = data => chunk('IDAT', data);

/** LZW of so many zeros, with codes from the lowest bit. */
function lzw(size, count) {
  const out = [];
  let [acc, filled, width, next, length] = [0, 0, size + 1, (1 << size) + 2, 1];
  const put = code => {
    acc |= code << filled;
    for (filled += width; filled >= 8; filled -= 8, acc >>>= 8) out.push(acc & 255);
  };
  put(1 << size);
  put(0);
  for (let done = 1; done < count; done += length) {
    put(Math.min(next, 4095));
    if (next === 4096) continue;
    length++;
    if (++next === 1 << width && width < 12) width++;
  }
  put((1 << size) + 1);
  return Buffer.from([...out, acc & 255]);
}

const blocks = data => bytes(Array.from({ length: Math.ceil(data.length / 255) }, (_, at) => bytes(Math.min(255, data.length - at * 255), data.subarray(at * 255, at * 255 + 255))), 0);
const gifFrame = (width, height, data, flags = 0) => bytes(0x2c, l16(0), l16(0), l16(width), l16(height), flags, 2, blocks(data));
const gif = (width, height, ...frames) => bytes('GIF89a', l16(width), l16(height), 0xf1, 0, 0, Buffer.alloc(12), frames, 0x3b);

const tiff = (width, height, compression, data, { samples = 1, tile } = {}) => {
  const place = tile ? [[322, tile], [323, tile], [324, 8], [325, data.length]] : [[273, 8], [278, height], [279, data.length]];
  const entries = [[256, width], [257, height], [258, 8], [259, compression], [262, samples > 1 ? 2 : 1], [277, samples], ...place].sort(([a], [b]) => a - b);
  const padding = Buffer.alloc(data.length & 1);
  return bytes('II*\0', l32(8 + data.length + padding.length), data, padding, l16(entries.length), entries.map(([tag, value]) => bytes(l16(tag), l16(4), l32(1), l32(value))), l32(0));
};

const box = (name, ...parts) => {
  const body = bytes(...parts);
  return bytes(u32(body.length + 8), name, body);
};
const fullBox = (name, version, ...parts) => box(name, version, 0, 0, 0, ...parts);
/** As many items as are asked for, all of which are one coded image. */
function heif(count) {
  const source = fs.readFileSync(path.join(__dirname, 'fixtures', '420.avif'));
  const found = name => source.subarray(source.indexOf(name) - 4, source.indexOf(name) - 4 + source.readUInt32BE(source.indexOf(name) - 4));
  const coded = found('mdat').subarray(8);
  const each = make => Array.from({ length: count }, (_, at) => make(at + 1));
  const type = box('ftyp', 'avif', u32(0), 'avifmif1');
  const meta = at => fullBox('meta', 0,
    fullBox('pitm', 0, u16(1)),
    fullBox('iinf', 0, u16(count), each(id => fullBox('infe', 2, u16(id), u16(0), 'av01', 0))),
    fullBox('iloc', 0, u16(0x4400), u16(count), each(id => bytes(u16(id), u16(0), u16(1), u32(at), u32(coded.length)))),
    box('iprp', box('ipco', found('av1C'), found('ispe')), fullBox('ipma', 0, u32(count), each(id => bytes(u16(id), 2, 1, 2)))),
    fullBox('iref', 0, each(id => box('cdsc', u16(id), u16(1), u16((id * 7) % count)))));
  return bytes(type, meta(type.length + meta(0).length + 8), box('mdat', coded));
}

const text = zeros(50e6);
const bombs = {
  'png of 100 texts': png(1, 1, 0, Array.from({ length: 100 }, (_, at) => chunk('zTXt', bytes(`k${at}`, 0, 0, text))), idat(zeros(4))),
  'png of 100 international texts': png(1, 1, 0, Array.from({ length: 100 }, (_, at) => chunk('iTXt', bytes(`k${at}`, 0, 1, 0, 0, 0, text))), idat(zeros(4))),
  'png of a profile': png(1, 1, 0, chunk('iCCP', bytes('p', 0, 0, zeros(200e6))), idat(zeros(4))),
  'png of a claim': png(16000, 16000, 0, idat(zeros(4))),
  'png of an interlaced claim': png(16000, 16000, 1, idat(zeros(4))),
  'gif of a frame beyond its canvas': gif(10, 10, gifFrame(10, 10, lzw(2, 100)), gifFrame(65535, 65535, lzw(2, 4e8))),
  'gif of an interlaced frame beyond its canvas': gif(10, 10, gifFrame(10, 10, lzw(2, 100)), gifFrame(16000, 16000, lzw(2, 256e6), 0x40)),
  'gif of many frames beyond their canvas': gif(10, 10, gifFrame(10, 10, lzw(2, 100)), Array.from({ length: 20 }, () => gifFrame(16000, 16000, lzw(2, 1e6)))),
  'gif of 20,000 frames': gif(2000, 2000, Array.from({ length: 20_000 }, () => gifFrame(1, 1, lzw(2, 1)))),
  'tiff of older LZW': tiff(100, 100, 5, lzw(8, 1e9)),
  'tiff of deflate': tiff(16000, 16000, 8, zeros(256e6)),
  'tiff of a claim': tiff(16000, 16000, 8, zeros(10)),
  'tiff of a large tile': tiff(16, 16, 8, zeros(1e6), { tile: 16384 }),
  'tiff of WebP': tiff(16383, 16383, 50001, bytes('RIFF', l32(24), 'WEBPVP8L', l32(12), 0x2f, l32(16382 | (16382 << 14)), Buffer.alloc(7)), { samples: 3 }),
  'qoi of a claim': bytes('qoif', u32(16000), u32(16000), 4, 0, Buffer.alloc(30)),
  'qoi of runs': bytes('qoif', u32(16000), u32(16000), 4, 0, Buffer.alloc(Math.ceil(256e6 / 62), 0xfd), [0, 0, 0, 0, 0, 0, 0, 1]),
  'bmp of a claim': bytes('BM', l32(100), l32(0), l32(54), l32(40), l32(16000), l32(16000), l16(1), l16(24), Buffer.alloc(70)),
  'bmp of runs': bytes('BM', l32(100), l32(0), l32(1078), l32(40), l32(16000), l32(16000), l16(1), l16(8), l32(1), Buffer.alloc(1044), [0, 1]),
  'ppm of a claim': bytes('P6\n16000 16000\n255\n', Buffer.alloc(50)),
  'ppm of words': bytes('P3\n16000 16000\n255\n', '1 2 3 '),
  'pam of a claim': bytes('P7\nWIDTH 16000\nHEIGHT 16000\nDEPTH 4\nMAXVAL 255\nTUPLTYPE RGB_ALPHA\nENDHDR\n', Buffer.alloc(50)),
  'farbfeld of a claim': bytes('farbfeld', u32(16000), u32(16000), Buffer.alloc(64)),
  'hdr of a claim': bytes('#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 16000 +X 16000\n', [2, 2, 62, 128], Buffer.alloc(64)),
  'tga of runs': bytes([0, 0, 10], Buffer.alloc(9), l16(16000), l16(16000), [24, 0], Buffer.alloc(8e6, 0xff)),
  'dds of a claim': bytes('DDS ', l32(124), l32(0x1007), l32(16000), l32(16000), Buffer.alloc(56), l32(32), l32(4), 'DXT1', Buffer.alloc(20), l32(0x1000), Buffer.alloc(80)),
  'ico of a claim': (image => bytes(l16(0), l16(1), l16(1), 0, 0, 0, 0, l16(1), l16(32), l32(image.length), l32(22), image))(png(16000, 16000, 0, idat(zeros(1000)))),
  'vips of a claim': bytes(u32(0x08f2a6b6), l32(16000), l32(16000), l32(3), Buffer.alloc(200)),
  'webp of a claim': bytes('RIFF', l32(62), 'WEBPVP8 ', l32(50), [0x10, 0, 0, 0x9d, 1, 0x2a], l16(16383), l16(16383), Buffer.alloc(40)),
  'heif of 4,000 items': heif(4000),
  'heif of 65,000 items': heif(65_000),
  'svg of a claim': bytes('<svg xmlns="http://www.w3.org/2000/svg" width="16000" height="16000"><rect width="9" height="9"/></svg>')
};

/** Reads a file in the ways that there are; prints the most memory, in MB, over that of the module. */
const reader = `
const [root, file] = process.argv.slice(1);
const sharp = require(root);
const input = require('node:fs').readFileSync(file);
(async () => {
  await sharp({ create: { width: 9, height: 9, channels: 3, background: 'red' } }).resize(3).png().toBuffer();
  const before = process.resourceUsage().maxRSS;
  const answers = [];
  const all = { animated: /gif/.test(file) };
  for (const read of [() => sharp(input, all).metadata(), () => sharp(input, all).resize(10, 10).png().toBuffer()]) {
    answers.push(await read().then(() => 'read', error => error.message.split('\\n')[0]));
  }
  console.log(JSON.stringify({ memory: (process.resourceUsage().maxRSS - before) / 1024, answers }));
})();
`;

describe('small files do not become large', () => {
  let folder;
  beforeAll(() => { folder = fs.mkdtempSync(path.join(os.tmpdir(), 'lancet-')); });
  afterAll(() => fs.rmSync(folder, { recursive: true }));

  test.each(Object.keys(bombs))('%s', name => {
    const file = path.join(folder, name.replace(/\W/g, '-'));
    fs.writeFileSync(file, bombs[name]);
    const printed = execFileSync(process.execPath, ['-e', reader, path.join(__dirname, '..'), file], { timeout: WATCHDOG, stdio: ['ignore', 'pipe', 'ignore'] });
    const { memory, answers } = JSON.parse(printed);
    expect(memory).toBeLessThan(MAX_MEMORY);
    expect(answers.filter(answer => /Internal error|panic/.test(answer))).toEqual([]);
  }, WATCHDOG);
});
