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

const segment = (marker, ...parts) => {
  const body = bytes(...parts);
  return bytes(0xff, marker, u16(body.length + 2), body);
};
/** A grey or YCbCr JPEG whose scans have no data. */
const jpeg = (frame, side, components, ...scans) => bytes(0xff, 0xd8,
  segment(0xdb, 0, Buffer.alloc(64, 1)),
  segment(frame, 8, u16(side), u16(side), components, Array.from({ length: components }, (_, at) => [at + 1, 0x11, 0])),
  [0x00, 0x10].map(table => segment(0xc4, table, 1, Buffer.alloc(15), 0)),
  scans, 0xff, 0xd9);
const scan = (first, last, approximation, data) => bytes(segment(0xda, 1, 1, 0, first, last, approximation), data);

const exr = (side, ...more) => {
  const attribute = (name, type, ...parts) => (value => bytes(`${name}\0${type}\0`, l32(value.length), value))(bytes(...parts));
  const window = [0, 0, side - 1, side - 1].map(l32);
  const channels = ['B', 'G', 'R'].map(name => bytes(`${name}\0`, l32(2), l32(0), l32(1), l32(1)));
  return bytes([0x76, 0x2f, 0x31, 0x01], l32(2),
    attribute('channels', 'chlist', channels, 0), attribute('compression', 'compression', 3), attribute('dataWindow', 'box2i', window),
    attribute('displayWindow', 'box2i', window), attribute('lineOrder', 'lineOrder', 0), attribute('pixelAspectRatio', 'float', l32(0x3f800000)),
    attribute('screenWindowCenter', 'v2f', l32(0), l32(0)), attribute('screenWindowWidth', 'float', l32(0x3f800000)), 0, more);
};

/** Bytes of bits, the first in the lowest place: pairs of a value and its width. */
function bits(...pairs) {
  const all = pairs.flatMap(([value, width]) => Array.from({ length: width }, (_, at) => (value >>> at) & 1));
  return Buffer.from(Array.from({ length: Math.ceil(all.length / 8) }, (_, at) => all.slice(at * 8, at * 8 + 8).reduce((sum, bit, place) => sum | (bit << place), 0)));
}

const oneSymbol = [1, 4];
/** Lossless WebP of one colour: codes of one symbol take no bits for a pixel. */
const flatWebp = (width, height) => {
  const data = bytes(0x2f, bits([width - 1, 14], [height - 1, 14], [0, 4], [0, 3], ...Array(5).fill(oneSymbol), [0, 32]));
  const padding = Buffer.alloc(data.length & 1);
  return bytes('RIFF', l32(12 + data.length + padding.length), 'WEBPVP8L', l32(data.length), data, padding);
};

/** JPEG XL of defaults: a square of 16,000 pixels on a side. */
const jxl = data => bytes(0xff, 0x0a, bits([0, 1], [2, 2], [15_999, 18], [1, 3], [1, 1], [1, 1]), data);

/** JPEG 2000 of a tile that is as large as the image, with no data in it. */
const jp2 = (side, tile) => bytes(0xff, 0x4f,
  segment(0x51, u16(0), u32(side), u32(side), u32(0), u32(0), u32(tile), u32(tile), u32(0), u32(0), u16(3), [7, 1, 1, 7, 1, 1, 7, 1, 1]),
  segment(0x52, [0, 0, 0, 1, 1, 5, 4, 4, 0, 1]), segment(0x5c, [0x40], Buffer.alloc(16, 0x40)),
  segment(0x90, u16(0), u32(0), 0, 1), 0xff, 0x93, 0xff, 0xd9);

const svg = (side, ...parts) => Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="${side}" height="${side}">${parts.join('')}</svg>`);
const filtered = (...primitives) => svg(4000, `<filter id="f" x="0" y="0" width="1" height="1">${primitives.join('')}</filter><rect width="100%" height="100%" filter="url(#f)"/>`);

const manyImages = (count, image) => bytes(l16(0), l16(1), l16(count), Array.from({ length: count }, () => bytes(0, 0, 0, 0, l16(1), l16(32), l32(image.length), l32(6 + 16 * count))), image);

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
  'jpeg of 20,000 scans': jpeg(0xc2, 4000, 1, scan(0, 0, 0x01, [0]), Array.from({ length: 20_000 }, () => scan(0, 0, 0x10, [0]))),
  'jpeg of 20,000 scans of many coefficients': jpeg(0xc2, 4000, 1, scan(0, 0, 0, [0]), Array.from({ length: 20_000 }, () => scan(1, 63, 0, [0]))),
  'jpeg of a progressive claim': jpeg(0xc2, 65_500, 3, scan(0, 0, 0, [0])),
  'jpeg of a progressive claim within the limit': jpeg(0xc2, 16_000, 3, scan(0, 0, 0, [0])),
  'jpeg of a claim': jpeg(0xc0, 16_000, 1, scan(0, 63, 0, [0])),
  'jpeg of separate scans': jpeg(0xc1, 16_000, 3, scan(0, 63, 0, [0])),
  'exr of a claim': exr(16_000),
  'exr of a claim with offsets': exr(16_000, Buffer.alloc(8000)),
  'jxl of a claim': jxl(Buffer.alloc(40)),
  'jxl of a frame': jxl(bytes([0x08, 0x00, 0x90], Buffer.alloc(400, 0x55))),
  'jp2 of a claim': jp2(16_000, 16_000),
  'jp2 of many tiles': jp2(4000, 1),
  'webp of one colour': flatWebp(16_383, 16_383),
  'ico of 65,000 images': manyImages(65_000, png(256, 256, 0, idat(zeros(256 * 769)))),
  'png of a million chunks': png(1, 1, 0, Array.from({ length: 1e5 }, () => idat(Buffer.alloc(0))), idat(zeros(4))),
  'tiff of a loop of directories': bytes('II*\0', l32(8), l16(1), l16(256), l16(4), l32(1), l32(1), l32(8)),
  'tiff of a value that is not there': bytes('II*\0', l32(8), l16(1), l16(273), l16(4), l32(0x3fffffff), l32(8), l32(0)),
  'svg of nested uses': svg(100, '<g id="a0"><rect width="9" height="9"/></g>', Array.from({ length: 20 }, (_, at) => `<g id="a${at + 1}">${`<use xlink:href="#a${at}"/>`.repeat(10)}</g>`).join('')),
  'svg of nested patterns': svg(1000, Array.from({ length: 12 }, (_, at) => `<pattern id="p${at}" width=".01" height=".01"><rect width="99" height="99" fill="url(#p${at + 1})"/></pattern>`).join(''), '<rect width="100%" height="100%" fill="url(#p0)"/>'),
  'svg of a wide blur': filtered('<feGaussianBlur stdDeviation="1000000"/>'),
  'svg of many filters': filtered('<feGaussianBlur stdDeviation="99"/>'.repeat(5000)),
  'svg of turbulence': filtered('<feTurbulence baseFrequency="0.9" numOctaves="1000000000"/>'),
  'svg of a large matrix': filtered(`<feConvolveMatrix order="500" kernelMatrix="${'1 '.repeat(250_000)}"/>`),
  'svg of morphology': filtered('<feMorphology operator="dilate" radius="3000"/>'),
  'svg of crossing lines': svg(4000, `<path fill-rule="evenodd" d="M0 0${Array.from({ length: 100_000 }, (_, at) => `L${(at * 7919) % 4000} ${(at * 104_729) % 4000}`).join('')}"/>`),
  'svg of dashes': svg(4000, '<path stroke="red" stroke-dasharray="0.0001" d="M0 0L4000 4000"/>'),
  'svg of entities': Buffer.from(`<!DOCTYPE svg [<!ENTITY e0 "aaaaaaaaaa">${Array.from({ length: 12 }, (_, at) => `<!ENTITY e${at + 1} "${`&e${at};`.repeat(10)}">`).join('')}]><svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text>&e12;</text></svg>`),
  'svg of a claim': bytes('<svg xmlns="http://www.w3.org/2000/svg" width="16000" height="16000"><rect width="9" height="9"/></svg>')
};

/** Reads a file in the ways that there are; prints the most memory, in MB, over that of the module. */
const reader = `
const [root, file] = process.argv.slice(1);
const sharp = require(root);
const fs = require('node:fs');
const input = fs.readFileSync(file);
// Linux counts the memory of the parent into maxRSS when it starts a child.
const peak = () => (fs.existsSync('/proc/self/status') ? Number(/VmHWM:\\s*(\\d+)/.exec(fs.readFileSync('/proc/self/status', 'latin1'))[1]) : process.resourceUsage().maxRSS);
(async () => {
  await sharp({ create: { width: 9, height: 9, channels: 3, background: 'red' } }).resize(3).png().toBuffer();
  const before = peak();
  const answers = [];
  const all = { animated: /gif/.test(file) };
  for (const read of [() => sharp(input, all).metadata(), () => sharp(input, all).resize(10, 10).png().toBuffer(), ...(/svg/.test(file) ? [() => sharp(input).jpeg().toBuffer()] : [])]) {
    answers.push(await read().then(() => 'read', error => error.message.split('\\n')[0]));
  }
  console.log(JSON.stringify({ memory: (peak() - before) / 1024, answers }));
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
