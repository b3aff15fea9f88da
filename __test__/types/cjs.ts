// A program that was written for sharp, as CommonJS with esModuleInterop and without strict: it compiles unchanged.
import { readFileSync } from 'node:fs';
import { Duplex } from 'node:stream';
import sharp, { FormatEnum, OverlayOptions, ResizeOptions } from 'sharp';

// What the Serverless Image Handler and its tests write.
export class Edits {
  private image: sharp.Sharp;

  constructor(input: Buffer) {
    this.image = sharp(input, { failOnError: false, animated: true });
  }

  async apply(format: keyof FormatEnum, size: ResizeOptions, overlay: OverlayOptions): Promise<{ data: Buffer; info: sharp.OutputInfo }> {
    const metadata: sharp.Metadata = await this.image.metadata();
    if (metadata.orientation) this.image = this.image.withMetadata({ orientation: metadata.orientation });
    this.image.rotate().resize(size).composite([overlay, { input: Buffer.alloc(4), raw: { width: 1, height: 1, channels: 4 }, tile: true, blend: 'dest-in' }]);
    return this.image.toFormat(format).toBuffer({ resolveWithObject: true });
  }
}

const named: sharp.Sharp = sharp('in.jpg', { failOn: 'truncated', limitInputPixels: false, autoOrient: true, pages: -1 });
const parts: sharp.Sharp[] = [
  named.clone().resize(100),
  named.clone().resize(100, null, { fit: sharp.fit.inside, kernel: sharp.kernel.lanczos3, withoutEnlargement: true }),
  named.clone().resize({ width: 100, height: 50, fit: 'contain', position: sharp.strategy.attention, background: { r: 1, g: 2, b: 3, alpha: 0.5 } }),
  named.clone().extract({ left: 1, top: 2, width: 3, height: 4 }).extend({ top: 1, extendWith: 'mirror', background: '#fff' }).trim({ threshold: 9, lineArt: true }),
  named.clone().flip().flop(true).flatten({ background: 'white' }).greyscale().grayscale(false).removeAlpha().ensureAlpha(0.5),
  named.clone().jpeg({ quality: 80, progressive: true, chromaSubsampling: '4:4:4', mozjpeg: true, quantisationTable: 3, force: false }),
  named.clone().png({ compressionLevel: 9, palette: true, colours: 16, dither: 0.5, effort: 10, adaptiveFiltering: true }),
  named.clone().webp({ quality: 80, nearLossless: true, smartSubsample: true, preset: 'photo', effort: 6, loop: 0, delay: [100] }),
  sharp({ create: { width: 1, height: 1, channels: 4, background: '#00000000' } }),
  sharp(new Uint8Array(3), { raw: { width: 1, height: 1, channels: 3 } }),
  sharp(readFileSync('in.png').buffer as ArrayBuffer)
];
const stream: Duplex = sharp();
stream.pipe(named);

named.toBuffer((error: Error, data: Buffer, info: sharp.OutputInfo) => console.log(error, data.length, info.width));
const file: Promise<sharp.OutputInfo> = named.toFile('out.webp');
const bytes: Promise<Buffer> = named.toBuffer();
const cache: sharp.CacheResult = sharp.cache(false);
const threads: number = sharp.concurrency(1);
const known: boolean = sharp.format.jpeg.input.buffer;
const quality: sharp.JpegOptions = { quality: 80 };
console.log(parts, file, bytes, cache, threads, known, quality, sharp.versions.sharp, sharp.simd(true), sharp.queue);

// @ts-expect-error there is no such fit
named.resize(1, 1, { fit: 'zoinks' });
// @ts-expect-error a format is needed
named.toFormat();
