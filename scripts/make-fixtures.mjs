// Makes the images in __test__/fixtures from the sample photos and from formulas. Run after a change here:
//
//   npm run fixtures
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { ultraHdr } from './fixtures/gain-map.mjs';
import { gifFiles } from './fixtures/gif-files.mjs';
import { heifFixtures } from './fixtures/heif-files.mjs';
import { adobe, exif, exifBlock, jfif, withSegments, writeJpeg } from './fixtures/jpeg.mjs';
import { chunk, writePng } from './fixtures/png.mjs';
import { tiffFixtures } from './fixtures/tiff.mjs';
import { blendedWebp } from './fixtures/webp.mjs';
import { inRoot } from './lib/shell.mjs';

const folder = inRoot('__test__', 'fixtures');
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
let bytes = 0;
const save = (name, data) => {
  writeFileSync(join(folder, name), data);
  bytes += data.length;
};
const photo = name => inRoot('examples', 'photos', name);

// Sides are odd and no multiple of a block, so that every rounding shows.
const raw = async (file, width, height, grey = false) => {
  const picture = sharp(photo(file)).resize(width, height, { fit: 'cover', position: 'centre' });
  const { data, info } = await (grey ? picture.greyscale() : picture).raw().toBuffer({ resolveWithObject: true });
  return { data, width, height, channels: info.channels };
};
const open = picture => sharp(picture.data, { raw: picture });
const sampler = ({ data, width, channels }) => (x, y, channel) => data[(y * width + x) * channels + channel];

const cat = await raw('chelsea.png', 269, 181);
const cup = await raw('coffee.png', 227, 149);
const small = await raw('coffee.png', 53, 37);
const ycc = await raw('coffee.png', 101, 67);

// JPEG
const baseline = await open(cat).jpeg({ quality: 85 }).toBuffer();
save('baseline.jpg', baseline);
save('progressive.jpg', await open(cat).jpeg({ quality: 85, progressive: true }).toBuffer());
save('444.jpg', await open(cup).jpeg({ quality: 90, chromaSubsampling: '4:4:4' }).toBuffer());
save('grey.jpg', await open(await raw('chelsea.png', 269, 181, true)).toColourspace('b-w').jpeg().toBuffer());
save('large.jpg', await open(await raw('retina.jpg', 1361, 1021)).jpeg({ quality: 60, progressive: false }).toBuffer());
save('tiny.jpg', await open(await raw('coffee.png', 1, 1)).jpeg().toBuffer());
save('wide.jpg', await open(await raw('coffee.png', 301, 7)).jpeg().toBuffer());
save('icc-p3.jpg', await open(cup).withIccProfile('p3').jpeg().toBuffer());
const oriented = await open(cup).jpeg({ quality: 85 }).toBuffer();
for (let orientation = 1; orientation <= 8; orientation++) {
  save(`orientation-${orientation}.jpg`, withSegments(oriented, exif(orientation)));
}
save('orientation-9.jpg', withSegments(oriented, exif(9)));
const tags = {
  IFD0: { Make: 'maker', Copyright: 'owner', ImageDescription: 'a field', XPTitle: 'Wörter' },
  IFD2: { ExposureTime: '1/125', FNumber: '28/10', ExposureBiasValue: '-1/3', ISOSpeedRatings: '400', UserComment: 'words', LensSpecification: '24/1 70/1 28/10 28/10' },
  IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 3230/100', GPSAltitude: '12/1' },
  IFD4: { InteroperabilityIndex: 'R98' }
};
save('exif-rich.jpg', await sharp(oriented).withDensity(144).withExif(tags).jpeg().toBuffer());
const plain = { width: ycc.width, height: ycc.height, channels: 3, sample: sampler(ycc) };
// JFIF means YCbCr: the conversion of ITU-T T.871.
const inYcbcr = (x, y, channel) => {
  const [r, g, b] = [0, 1, 2].map(c => sampler(ycc)(x, y, c));
  const luma = 0.299 * r + 0.587 * g + 0.114 * b;
  return [luma, 128 + (b - luma) / 1.772, 128 + (r - luma) / 1.402][channel];
};
save('restart.jpg', writeJpeg({ ...plain, sample: inYcbcr, segments: [jfif(300)], restart: 5 }));
save('rgb-adobe.jpg', writeJpeg({ ...plain, segments: [adobe(0)] }));
const ink = (x, y, channel) => (channel === 3 ? 255 - ((x * 60) / ycc.width | 0) : sampler(ycc)(x, y, channel));
save('cmyk.jpg', writeJpeg({ ...plain, channels: 4, sample: ink, segments: [adobe(0)] }));
save('two-components.jpg', writeJpeg({ ...plain, channels: 2 }));
save('truncated.jpg', baseline.subarray(0, Math.floor(baseline.length * 0.6)));
save('truncated-header.jpg', baseline.subarray(0, 40));
const corrupt = Buffer.from(baseline);
for (let at = Math.floor(corrupt.length / 2); at < Math.floor(corrupt.length / 2) + 24; at++) corrupt[at] = (at * 37) & 0x7f;
save('corrupt.jpg', corrupt);

// Ultra HDR: what is bright in the image is up to four times as bright in the gain map, half as large.
const scene = await raw('coffee.png', 226, 150);
const sdr = withSegments(await open(scene).jpeg({ quality: 90 }).toBuffer(), exif(1));
const gainPixels = await sharp(await open(scene).png().toBuffer()).resize(113, 75).raw().toBuffer();
const gainMap = (channels, value) => {
  const data = Buffer.alloc(113 * 75 * channels, 0);
  for (let at = 0; at < data.length; at++) data[at] = value(Math.floor(at / channels), at % channels);
  const picture = open({ data, width: 113, height: 75, channels });
  return (channels === 1 ? picture.toColourspace('b-w') : picture).jpeg({ quality: 90, chromaSubsampling: '4:4:4' }).toBuffer();
};
const light = (pixel, channel) => Math.max(0, gainPixels[pixel * 3 + channel] * 2 - 255);
const gain = { min: 0, max: 2, gamma: 1, base: 1 / 64, alternate: 1 / 64 };
const oneGain = { channels: [gain], headroom: 2 };
const grey = await gainMap(1, pixel => light(pixel, 1));
const coloured = await gainMap(3, light);
save('gain-map.jpg', ultraHdr(sdr, grey, oneGain));
save('gain-map-xmp.jpg', ultraHdr(sdr, grey, oneGain, { xmp: true }));
save('gain-map-common.jpg', ultraHdr(sdr, grey, { ...oneGain, common: true }));
const p3 = await open(scene).withIccProfile('p3').jpeg({ quality: 90 }).toBuffer();
const gains = [gain, { ...gain, min: -0.5, gamma: 0.75 }, { ...gain, max: 1 }];
save('gain-map-rgb.jpg', withSegments(ultraHdr(p3, coloured, { channels: gains, headroom: 2 }), exif(6)));
save('gain-map-nowhere.jpg', ultraHdr(sdr, grey, oneGain, { change: () => [0xfffffff0, 0xffffffff] }));
save('gain-map-cycle.jpg', ultraHdr(sdr, grey, oneGain, { change: ([offset, length]) => [offset % 100, length] }));
const uncut = ultraHdr(sdr, grey, oneGain);
save('gain-map-cut.jpg', uncut.subarray(0, uncut.length - 100));
const marker = Buffer.from(baseline);
marker.set([0xff, 0xc8], Math.floor(marker.length * 0.7));
save('corrupt-marker.jpg', marker);
save('no-end.jpg', baseline.subarray(0, baseline.length - 2));

// PNG
const scaled = (picture, depth) => (x, y, channel) => Math.round((sampler(picture)(x, y, channel) * (2 ** depth - 1)) / 255);
const alpha = (x, y, depth) => Math.round(((x * 5 + y * 3) % 256) / 255 * (2 ** depth - 1));
const size = { width: small.width, height: small.height };
const layouts = [
  ['grey', 0, [1, 2, 4, 8, 16], depth => (x, y) => scaled(small, depth)(x, y, 1)],
  ['rgb', 2, [8, 16], depth => scaled(small, depth)],
  ['grey-alpha', 4, [8, 16], depth => (x, y, c) => (c === 1 ? alpha(x, y, depth) : scaled(small, depth)(x, y, 1))],
  ['rgba', 6, [8, 16], depth => (x, y, c) => (c === 3 ? alpha(x, y, depth) : scaled(small, depth)(x, y, c))]
];
for (const [name, colourType, depths, sample] of layouts) {
  for (const depth of depths) {
    save(`${name}-${depth}.png`, writePng({ ...size, colourType, depth, sample: sample(depth) }));
    save(`${name}-${depth}-interlaced.png`, writePng({ ...size, colourType, depth, interlace: true, sample: sample(depth) }));
  }
}
const palette = depth => chunk('PLTE', Buffer.from(Array.from({ length: 2 ** depth }, (_, index) => {
  const level = Math.round((index * 255) / (2 ** depth - 1));
  return [level, 255 - level, (level * 7) & 255];
}).flat()));
for (const depth of [1, 2, 4, 8]) {
  const sample = (x, y) => scaled(small, depth)(x, y, 0);
  save(`palette-${depth}.png`, writePng({ ...size, colourType: 3, depth, chunks: [palette(depth)], sample }));
}
const indexed = { ...size, colourType: 3, depth: 4, sample: (x, y) => scaled(small, 4)(x, y, 0) };
save('palette-4-interlaced.png', writePng({ ...indexed, interlace: true, chunks: [palette(4)] }));
save('palette-trns.png', writePng({ ...indexed, chunks: [palette(4), chunk('tRNS', Buffer.from([0, 64, 128, 192]))] }));
const key = (...values) => chunk('tRNS', Buffer.from(values.flatMap(value => [value >> 8, value & 255])));
const striped = (x, y, channel) => (x % 4 === 0 ? 7 : sampler(small)(x, y, channel));
save('grey-trns.png', writePng({ ...size, colourType: 0, depth: 8, chunks: [key(7)], sample: striped }));
save('grey-2-trns.png', writePng({ ...size, colourType: 0, depth: 2, chunks: [key(1)], sample: (x, y) => scaled(small, 2)(x, y, 1) }));
save('rgb-trns.png', writePng({ ...size, colourType: 2, depth: 8, chunks: [key(7, 7, 7)], sample: striped }));
const wideStripes = (x, y, channel) => (x % 4 === 0 ? 7 : scaled(small, 16)(x, y, channel));
save('rgb-16-trns.png', writePng({ ...size, colourType: 2, depth: 16, chunks: [key(7, 7, 7)], sample: wideStripes }));

const rgb = { ...size, colourType: 2, depth: 8, sample: sampler(small) };
const photoPng = await open(cat).png().toBuffer();
save('photo.png', photoPng);
save('text.png', writePng({ ...rgb, chunks: [chunk('tEXt', Buffer.from('Comment\0hello', 'latin1'))] }));
save('exif.png', writePng({ ...rgb, chunks: [chunk('eXIf', exifBlock(6))] }));
save('density.png', writePng({ ...rgb, chunks: [chunk('pHYs', Buffer.from([0, 0, 0x2e, 0x23, 0, 0, 0x2e, 0x23, 1]))] }));
save('gamma.png', writePng({ ...rgb, chunks: [chunk('gAMA', Buffer.from([0, 0, 0xb1, 0x8f]))] }));
save('background.png', writePng({ ...rgb, chunks: [chunk('bKGD', Buffer.from([0, 10, 0, 20, 0, 30]))] }));
save('icc-p3.png', await open(small).withIccProfile('p3').png().toBuffer());
save('bad-crc.png', (() => {
  const png = Buffer.from(writePng(rgb));
  png[png.length - 14] ^= 0xff;
  return png;
})());
save('bad-header-crc.png', (() => {
  const png = Buffer.from(writePng(rgb));
  png[30] ^= 0xff;
  return png;
})());
save('corrupt.png', writePng({ ...rgb, change: data => data.map((byte, at) => (at > data.length / 2 ? byte ^ 0x55 : byte)) }));
save('truncated.png', photoPng.subarray(0, Math.floor(photoPng.length * 0.6)));
save('truncated-header.png', photoPng.subarray(0, 20));
save('huge-header.png', (() => {
  const png = writePng(rgb);
  const header = Buffer.from(png.subarray(16, 29));
  header.writeUInt32BE(30000, 0);
  header.writeUInt32BE(30000, 4);
  return Buffer.concat([png.subarray(0, 8), chunk('IHDR', header), png.subarray(33)]);
})());

// Alpha that varies slowly, as shadows and cut-outs have it; and images for trim.
const cutout = Buffer.alloc(cup.width * cup.height * 4);
const flat = { border: Buffer.alloc(120 * 90 * 3), alpha: Buffer.alloc(120 * 90 * 4), line: Buffer.alloc(120 * 90 * 3, 255) };
for (let y = 0; y < cup.height; y++) {
  for (let x = 0; x < cup.width; x++) {
    const at = y * cup.width + x;
    cup.data.copy(cutout, at * 4, at * 3, at * 3 + 3);
    const distance = Math.hypot((x / cup.width - 0.5) * 2, (y / cup.height - 0.5) * 2);
    cutout[at * 4 + 3] = Math.max(0, Math.min(255, Math.round((1.1 - distance) * 400)));
  }
}
for (let y = 0; y < 90; y++) {
  for (let x = 0; x < 120; x++) {
    const at = y * 120 + x;
    const inside = x >= 23 && x < 97 && y >= 11 && y < 71;
    const colour = [...cup.data.subarray((y * cup.width + x) * 3, (y * cup.width + x) * 3 + 3)];
    flat.border.set(inside ? colour : [200 + ((x + y) % 5), 30, 40], at * 3);
    flat.alpha.set(inside ? [...colour, 255] : [0, 0, 0, 0], at * 4);
    if (x > 30 && x < 60 && (y === 40 || y === 41)) flat.line.set([20, 20, 20], at * 3);
  }
}
save('cutout.png', await sharp(cutout, { raw: { width: cup.width, height: cup.height, channels: 4 } }).png().toBuffer());
save('border.png', await sharp(flat.border, { raw: { width: 120, height: 90, channels: 3 } }).png().toBuffer());
save('border-alpha.png', await sharp(flat.alpha, { raw: { width: 120, height: 90, channels: 4 } }).png().toBuffer());
save('line-art.png', await sharp(flat.line, { raw: { width: 120, height: 90, channels: 3 } }).png().toBuffer());
save('flat.png', await sharp({ create: { width: 40, height: 30, channels: 3, background: '#336699' } }).png().toBuffer());
save('two-pixels.png', await sharp({ create: { width: 2, height: 1, channels: 4, background: '#33669980' } }).png().toBuffer());

// WebP
const transparent = () => sharp(cutout, { raw: { width: cup.width, height: cup.height, channels: 4 } });
save('lossy.webp', await open(cat).webp({ quality: 80 }).toBuffer());
save('lossless.webp', await open(small).webp({ lossless: true }).toBuffer());
save('alpha.webp', await transparent().webp({ quality: 80, alphaQuality: 80 }).toBuffer());
save('lossless-alpha.webp', await transparent().resize(80).webp({ lossless: true }).toBuffer());
save('icc-p3.webp', await open(small).withIccProfile('p3').webp().toBuffer());
save('exif.webp', await sharp(withSegments(oriented, exif(6))).keepExif().webp().toBuffer());
const frames = await Promise.all([0, 90, 180].map(hue => open(small).modulate({ hue }).raw().toBuffer()));
const film = { data: Buffer.concat(frames), width: small.width, height: small.height * 3, channels: 3, pageHeight: small.height };
save('animated.webp', await open(film).webp({ delay: [100, 200, 300], loop: 2 }).toBuffer());
save('blended.webp', await blendedWebp([0, 1, 64, 127, 128, 200, 254, 255]));
const lossy = await open(cat).webp().toBuffer();
save('truncated.webp', lossy.subarray(0, Math.floor(lossy.length * 0.6)));
save('truncated-header.webp', lossy.subarray(0, 18));

// TIFF: some as sharp writes them.
const bits = { compression: 'ccittfax4', bitdepth: 1 };
const made = {
  lzw: await open(small).tiff({ compression: 'lzw', tileHeight: 16 }).toBuffer(),
  deflate: await open(small).tiff({ compression: 'deflate' }).toBuffer(),
  jpeg: await open(small).tiff({ quality: 80, tileHeight: 16 }).toBuffer(),
  'jpeg-rgb': await open(small).tiff({ quality: 95 }).toBuffer(),
  'jpeg-tile': await open(small).tiff({ tile: true, tileWidth: 32, tileHeight: 16 }).toBuffer(),
  'jpeg-cmyk': await sharp(join(folder, 'cmyk.jpg')).resize(40).toColourspace('cmyk').tiff().toBuffer(),
  webp: await open(small).tiff({ compression: 'webp' }).toBuffer(),
  'webp-alpha': await transparent().resize(60).tiff({ compression: 'webp', tileHeight: 16 }).toBuffer(),
  'webp-tile': await open(small).tiff({ compression: 'webp', tile: true, tileWidth: 32, tileHeight: 16 }).toBuffer(),
  fax4: await open(small).toColourspace('b-w').tiff(bits).toBuffer(),
  'fax4-white': await open(small).toColourspace('b-w').tiff({ ...bits, miniswhite: true }).toBuffer(),
  'icc-p3': await open(small).withIccProfile('p3').tiff({ compression: 'deflate' }).toBuffer()
};
for (const [name, data] of tiffFixtures({ width: 41, height: 27 }, sampler(small), made)) save(name, data);

// HEIF and AVIF
await heifFixtures({
  save,
  photo: () => open(cat),
  small: () => open(small),
  cutout: transparent,
  sides: [small.width, small.height],
  exif: exifBlock(6),
  profile: (await sharp(p3).metadata()).icc,
  oriented: () => sharp(withSegments(oriented, exif(6)))
});

// GIF
save('animated.gif', await open(film).gif({ delay: [100, 200, 300], loop: 2 }).toBuffer());
for (const [name, data] of Object.entries(gifFiles())) save(name, data);

// For the formats that come later, and what is no image.
save('shapes.svg', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 40"><rect width="60" height="40" fill="#fc0"/>' +
  '<ellipse cx="30" cy="20" rx="20" ry="12" fill="#06c" fill-opacity="0.5"/></svg>\n'));
save('text.jpg', Buffer.from('This is no picture.\n'));
save('empty.jpg', Buffer.alloc(0));
console.log(`${bytes} bytes`);
