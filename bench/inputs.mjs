// The images that the benchmark works on. They are made from the sample photos once and kept in the system's folder for
// temporary files: enlarged, set side by side, and given the grain of a camera, so that they hold as much detail for
// their size as photos do (about one bit for each sample at JPEG quality 90).
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { inRoot } from '../scripts/lib/shell.mjs';
import { apng } from './apng.mjs';
import { drawings } from './drawings.mjs';

// Part of the folder's name: raise it when a recipe changes.
const RECIPES = 6;
const folder = join(tmpdir(), `lancet-bench-${RECIPES}`);

const photos = ['coffee.png', 'chelsea.png', 'astronaut.webp', 'rocket.jpg'].map(name => inRoot('examples', 'photos', name));

/** Standard deviation of the grain, in levels: of a camera's own file, and of an image that was worked on or made smaller. */
const CAMERA = 7;
const CLEAN = 2;

/** A generator of uniform numbers below 1 that gives the same list on every machine (xorshift32). */
function random(seed) {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** Four photos in a square, with grain, as pixels. */
async function photo(width, height, grain) {
  const [halfWidth, halfHeight] = [Math.ceil(width / 2), Math.ceil(height / 2)];
  const quarters = await Promise.all(photos.map(file =>
    sharp(file).resize(halfWidth, halfHeight, { kernel: 'mitchell' }).removeAlpha().toColourspace('srgb').png({ compressionLevel: 1 }).toBuffer()));
  const { data, info } = await sharp({ create: { width: halfWidth * 2, height: halfHeight * 2, channels: 3, background: '#000' } })
    .composite(quarters.map((input, index) => ({ input, left: (index & 1) * halfWidth, top: (index >> 1) * halfHeight })))
    .raw()
    .toBuffer({ resolveWithObject: true })
    .then(({ data, info }) => sharp(data, { raw: info }).extract({ left: 0, top: 0, width, height }).removeAlpha().raw().toBuffer({ resolveWithObject: true }));
  const next = random(1);
  // The grain of neighbours is alike, as it is after a camera has made colours of its mosaic.
  let last = 0;
  for (let at = 0; at < data.length; at++) {
    const bell = (next() + next() + next() + next() - 2) * Math.sqrt(3) * grain;
    last = 0.4 * last + bell;
    data[at] = Math.max(0, Math.min(255, Math.round(data[at] + last)));
  }
  return sharp(data, { raw: { width, height, channels: info.channels } });
}

/** The photo in a round frame: opaque in the middle, transparent in the corners, with a soft edge between. */
async function framed(width, height) {
  const data = await (await photo(width, height, CLEAN)).ensureAlpha().raw().toBuffer();
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const distance = Math.hypot((x / width - 0.5) * 2, (y / height - 0.5) * 2);
      data[(y * width + x) * 4 + 3] = Math.max(0, Math.min(255, Math.round((1.2 - distance) * 500)));
    }
  }
  return sharp(data, { raw: { width, height, channels: 4 } });
}

/** An image of more than 100 megapixels, from one photo set side by side with itself. */
async function large() {
  const tile = await (await photo(2500, 1875, CAMERA)).png({ compressionLevel: 1 }).toBuffer();
  return sharp({ create: { width: 12500, height: 9375, channels: 3, background: '#000' }, limitInputPixels: false })
    .composite([{ input: tile, tile: true, gravity: 'northwest' }]);
}

const FRAMES = 12;
const [FRAME_WIDTH, FRAME_HEIGHT] = [480, 360];

/** A disc that moves over a photo: the pixels of each frame. */
async function animation() {
  const ground = await (await photo(FRAME_WIDTH, FRAME_HEIGHT, 0)).raw().toBuffer();
  return Array.from({ length: FRAMES }, (_, frame) => {
    const data = Buffer.from(ground);
    const [x, y] = [60 + frame * 30, 180 + Math.round(100 * Math.sin(frame))];
    for (let dy = -40; dy <= 40; dy++) {
      for (let dx = -40; dx <= 40; dx++) {
        if (dx * dx + dy * dy < 1600) data.set([200 + dy, 120 + dx, 40], ((y + dy) * FRAME_WIDTH + x + dx) * 3);
      }
    }
    return data;
  });
}

const asAnimation = async () => sharp(Buffer.concat(await animation()), {
  raw: { width: FRAME_WIDTH, height: FRAME_HEIGHT * FRAMES, channels: 3, pageHeight: FRAME_HEIGHT }
});

async function writeApng(file) {
  const frames = await Promise.all((await animation()).map(data =>
    sharp(data, { raw: { width: FRAME_WIDTH, height: FRAME_HEIGHT, channels: 3 } }).png().toBuffer()));
  writeFileSync(file, apng(frames, FRAME_WIDTH, FRAME_HEIGHT));
}

const clean = () => photo(2048, 1536, CLEAN);

const recipes = {
  ...Object.fromEntries(Object.entries(drawings).map(([name, text]) => [name, async file => writeFileSync(file, text)])),
  'progressive.jpg': async file => (await photo(2725, 2225, CAMERA)).jpeg({ quality: 90, progressive: true }).toFile(file),
  'palette.png': async file => (await clean()).png({ palette: true }).toFile(file),
  'interlaced.png': async file => (await clean()).png({ progressive: true }).toFile(file),
  'deep.png': async file => (await clean()).toColourspace('rgb16').png().toFile(file),
  'lossless.webp': async file => (await clean()).webp({ lossless: true }).toFile(file),
  'half.avif': async file => (await clean()).avif({ quality: 60, effort: 2, chromaSubsampling: '4:2:0' }).toFile(file),
  'deep.avif': async file => (await clean()).avif({ quality: 60, effort: 2, bitdepth: 10 }).toFile(file),
  'alpha.avif': async file => (await framed(2048, 1536)).avif({ quality: 60, effort: 2 }).toFile(file),
  'still.gif': async file => (await clean()).gif().toFile(file),
  'moving.gif': async file => (await asAnimation()).gif().toFile(file),
  'moving.webp': async file => (await asAnimation()).webp().toFile(file),
  'moving.png': writeApng,
  'photo-none.tiff': async file => (await clean()).tiff({ compression: 'none' }).toFile(file),
  'photo-jpeg.tiff': async file => (await clean()).tiff({ quality: 85 }).toFile(file),
  'photo-predictor.tiff': async file => (await clean()).tiff({ compression: 'lzw', predictor: 'horizontal', tile: true }).toFile(file),
  'photo.raw': async file => writeFileSync(file, await (await clean()).raw().toBuffer()),
  '720.raw': async file => writeFileSync(file, await (await photo(720, 588, CLEAN)).raw().toBuffer()),
  '720-alpha.raw': async file => writeFileSync(file, await (await framed(720, 588)).raw().toBuffer()),
  '600.jpg': async file => (await photo(600, 600, CLEAN)).jpeg({ quality: 80 }).toFile(file),
  '64.raw': async file => writeFileSync(file, await (await photo(64, 48, 0)).raw().toBuffer()),
  'photo.jpg': async file => (await photo(2725, 2225, CAMERA)).jpeg({ quality: 90 }).toFile(file),
  'small.jpg': async file => (await photo(320, 240, CLEAN)).jpeg({ quality: 80 }).toFile(file),
  'alpha.png': async file => (await framed(2048, 1536)).png({ adaptiveFiltering: true }).toFile(file),
  'photo.png': async file => (await photo(2048, 1536, CLEAN)).png({ adaptiveFiltering: true }).toFile(file),
  'photo.webp': async file => (await photo(2048, 1536, CLEAN)).webp({ quality: 85 }).toFile(file),
  'photo.avif': async file => (await photo(2048, 1536, CLEAN)).avif({ quality: 60, effort: 2 }).toFile(file),
  'photo-lzw.tiff': async file => (await photo(2048, 1536, CLEAN)).tiff({ compression: 'lzw' }).toFile(file),
  'photo-deflate.tiff': async file => (await photo(2048, 1536, CLEAN)).tiff({ compression: 'deflate' }).toFile(file),
  '720.png': async file => (await photo(720, 588, CLEAN)).png({ compressionLevel: 1 }).toFile(file),
  '720-alpha.png': async file => (await framed(720, 588)).png({ compressionLevel: 1 }).toFile(file),
  '4000.png': async file => (await photo(4000, 3000, CAMERA)).png({ compressionLevel: 1 }).toFile(file),
  '4000-alpha.png': async file => (await framed(4000, 3000)).png({ compressionLevel: 1 }).toFile(file),
  'large.jpg': async file => (await large()).jpeg({ quality: 85 }).toFile(file),
  'large.png': async file => (await large()).png({ compressionLevel: 2, adaptiveFiltering: true }).toFile(file)
};

/** The path of an input; makes it when it is not there. */
export async function inputPath(name) {
  const file = join(folder, name);
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true });
    const unfinished = `${file}.new.${name.split('.').pop()}`;
    await recipes[name](unfinished);
    renameSync(unfinished, file);
  }
  return file;
}

/** The bytes of an input. */
export const inputBytes = async name => readFileSync(await inputPath(name));
