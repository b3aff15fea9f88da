// A strict program as CommonJS without esModuleInterop, with the calls that programs in the wild make: all compile unchanged.
import sharp = require('sharp');
import { readFileSync, createReadStream, createWriteStream } from 'node:fs';
import { EventEmitter } from 'node:events';

// An image server: the bag is live, statics are set at load.
sharp.cache({ memory: 50, files: 20, items: 100 });
sharp.cache(false);
sharp.simd(true);
sharp.concurrency(1);
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({ operation: ['VipsForeignLoadJpeg', 'VipsForeignLoadPng', 'VipsForeignLoadWebp'] });
sharp.queue.on('change', (length: number) => console.log(length));
const emitter: EventEmitter = sharp.queue;
const { queue, process: running }: sharp.SharpCounters = sharp.counters();

// A site generator.
async function variants(file: string, widths: number[], formats: Array<keyof sharp.FormatEnum>): Promise<sharp.OutputInfo[]> {
  const original = sharp(file, { failOn: 'none', animated: true, limitInputPixels: false, sequentialRead: true });
  const { width, height, format, orientation, pages, hasAlpha, density, space, channels, depth, icc }: sharp.Metadata = await original.metadata();
  const ratio: number = width / height;
  const jobs = widths.flatMap((wanted) => formats.map((name) => {
    const clone = original.clone().rotate().resize(wanted, null, { withoutEnlargement: true, fit: sharp.fit.inside, kernel: sharp.kernel.lanczos3 });
    return clone.toFormat(name, { quality: 80, progressive: true }).toFile(`${wanted}.${name}`);
  }));
  console.log(ratio, format, orientation, pages, hasAlpha, density, space, channels, depth, icc?.length);
  return Promise.all(jobs);
}

// Placeholders.
async function placeholder(input: Buffer | Uint8Array): Promise<string> {
  const { data, info } = await sharp(input).resize({ width: 10, height: undefined, fit: undefined }).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  const { dominant, entropy, isOpaque, channels }: sharp.Stats = await sharp(input).stats();
  const pixels: number[] = ([] as number[]).concat(...data);
  return [info.channels, pixels.length, dominant.r, entropy, isOpaque, channels[0].mean].join();
}

// A proxy: streams.
const transformer = sharp().resize(300, 200).on('info', ({ width }: sharp.OutputInfo) => console.log(width)).on('warning', (text: string) => console.log(text));
createReadStream('a').pipe(transformer).pipe(createWriteStream('b'));

// Everything else that is called in the wild, once.
const options: sharp.SharpOptions = {
  raw: { width: 1, height: 1, channels: 4, premultiplied: true, pageHeight: 1 }, density: 300, pages: -1, page: 0, unlimited: false, ignoreIcc: true,
  tiff: { subifd: -1 }, svg: { stylesheet: 'a{}', highBitdepth: true }, pdf: { background: '#fff' }, openSlide: { level: 0 }, jp2: { oneshot: true }
};
const overlay: sharp.OverlayOptions = { input: Buffer.alloc(4), raw: { width: 1, height: 1, channels: 4 }, tile: true, blend: 'dest-in', gravity: 'centre', left: 1, top: 1 };
const region: sharp.Region = { left: 0, top: 0, width: 1, height: 1 };
const chain: sharp.Sharp = sharp(readFileSync('a'), options)
  .extract(region)
  .extend({ top: 1, bottom: 1, background: { r: 0, g: 0, b: 0, alpha: 0 }, extendWith: 'copy' })
  .trim({ background: 'red', threshold: 5, lineArt: true, margin: 1 })
  .affine([1, 0, 0, 1], { background: 'white', interpolator: sharp.interpolators.nohalo, idx: 1 })
  .affine([[1, 0], [0, 1]])
  .sharpen().sharpen(2).sharpen(2, 1, 3).sharpen({ sigma: 2, m1: 0, m2: 3, x1: 3, y2: 15, y3: 15 })
  .blur().blur(true).blur(2).blur({ sigma: 2, precision: 'float', minAmplitude: 0.1 })
  .median().median(5).dilate(2).erode(2)
  .flatten().flatten(true).flatten({ background: '#F0A703' }).unflatten()
  .gamma().gamma(2.2, 1).negate().negate({ alpha: false }).normalise().normalize({ lower: 1, upper: 99 }).clahe({ width: 3, height: 3, maxSlope: 1 })
  .convolve({ width: 3, height: 3, kernel: [-1, 0, 1, -2, 0, 2, -1, 0, 1], scale: 1, offset: 0 })
  .threshold(100, { greyscale: false }).threshold(true).boolean('a.png', sharp.bool.eor).boolean(Buffer.alloc(1), 'and', { raw: { width: 1, height: 1, channels: 1 } })
  .linear(1).linear([1, 2], [3, 4]).linear(null, 3)
  .recomb([[1, 0, 0], [0, 1, 0], [0, 0, 1]]).modulate({ brightness: 2, hue: 180, lightness: 50, saturation: 0.5 }).modulate()
  .tint('red').tint({ r: 255, g: 240, b: 16 }).greyscale().grayscale(true)
  .pipelineColourspace('rgb16').toColourspace('b-w').toColorspace('srgb')
  .removeAlpha().ensureAlpha(0).extractChannel('red').extractChannel(3).joinChannel(['a', Buffer.alloc(1)]).joinChannel('a', { raw: { width: 1, height: 1, channels: 1 } }).bandbool(sharp.bool.and)
  .composite([overlay, { input: { text: { text: 'x', rgba: true, align: 'center', wrap: 'word' } } }, { input: { create: { width: 1, height: 1, channels: 4, background: 'red' } } }])
  .flip().flop(false).rotate(45, { background: '#000' }).rotate(null).autoOrient()
  .keepMetadata().keepExif().keepIccProfile().keepXmp().keepGainMap().withGainMap().withXmp('<x/>').withDensity(96)
  .withExif({ IFD0: { Copyright: 'me' } }).withExifMerge({ IFD3: { GPSLatitude: '1' } }).withIccProfile('p3', { attach: true })
  .withMetadata().withMetadata({ orientation: 1, density: 72, icc: 'srgb', exif: { IFD0: { Make: 'x' } } })
  .jpeg({ quality: 80, mozjpeg: true }).png({ palette: true, colours: 8 }).webp({ lossless: true, preset: 'icon', loop: 0, delay: [1, 2] })
  .gif({ reuse: true, effort: 1, dither: 0, interFrameMaxError: 1 }).avif({ quality: 50, chromaSubsampling: '4:2:0', bitdepth: 10 })
  .heif({ compression: 'av1' }).tiff({ compression: 'lzw', predictor: 'horizontal', xres: 1, resolutionUnit: 'cm', pyramid: true, tile: true })
  .raw({ depth: 'ushort' }).jxl({ distance: 1 }).jp2({ quality: 50 }).tile({ size: 512, layout: 'zoomify' }).timeout({ seconds: 0 })
  .toFormat('jpg').toFormat(sharp.format.png, { force: true });
chain.toBuffer((error: Error, data: Buffer, info: sharp.OutputInfo) => console.log(error, data.length, info.size));
chain.toFile('a', (error: Error, info: sharp.OutputInfo) => console.log(error, info.size));
chain.metadata((error: Error, metadata: sharp.Metadata) => console.log(error, metadata.width));
const bytes: Promise<{ data: Uint8Array; info: sharp.OutputInfo }> = chain.toUint8Array();
const joined: sharp.Sharp = sharp(['a', 'b'], { join: { across: 2, shim: 4, background: '#fff', halign: 'left', valign: 'bottom' } });
const noise: sharp.Sharp = sharp({ create: { width: 1, height: 1, channels: 3, background: 'red', noise: { type: 'gaussian', mean: 128, sigma: 30 } } });
const names: string[] = [sharp.blend, sharp.bool, sharp.colourspace, sharp.fit, sharp.gravity, sharp.interpolators, sharp.kernel, sharp.position, sharp.strategy]
  .flatMap((table) => Object.keys(table));
const heif: boolean = sharp.format.heif.input.file;
console.log(queue, running, emitter, variants, placeholder, bytes, joined, noise, names, heif, sharp.versions.vips, sharp.versions.sharp);

// @ts-expect-error an overlay has no such blend mode
chain.composite([{ input: 'a', blend: 'zoinks' }]);
// @ts-expect-error a format has no such name
chain.toFormat('zoinks');
// @ts-expect-error the colour space is a text
chain.toColourspace(3);
