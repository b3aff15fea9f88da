// A program that was written for sharp 0.32, in the style of an image handler: it compiles unchanged.
import sharp, { FormatEnum, OverlayOptions, ResizeOptions, SharpOptions } from 'sharp';

type Edits = Record<string, unknown> & { resize?: ResizeOptions | undefined; rotate?: number | null | undefined };

// The formats by their content types: keys of FormatEnum that sharp 0.35 no longer declares.
function formatOf(contentType: string): keyof FormatEnum {
  switch (contentType) {
    case 'image/jpeg':
      return 'jpg';
    case 'image/avif':
      return 'avif';
    case 'image/tiff':
      return 'tif';
    case 'image/x-vips':
      return 'v';
    default:
      return 'input';
  }
}

export class Handler {
  private static readonly legacy: SharpOptions = { failOnError: false };

  async open(original: Buffer, edits: Edits, animated: boolean): Promise<sharp.Sharp> {
    const options: SharpOptions = { failOnError: false, animated, limitInputPixels: true };
    if (edits.rotate === null) return sharp(original, options);
    const { orientation, pages, width, height }: sharp.Metadata = await sharp(original, Handler.legacy).metadata();
    const ratio = width! / (height ?? 1);
    console.log(ratio, pages);
    return orientation ? sharp(original, options).withMetadata({ orientation }) : sharp(original, options).withMetadata();
  }

  async overlay(data: Buffer, size: sharp.Metadata, alpha: string): Promise<Buffer> {
    const resize: ResizeOptions = { fit: 'inside', width: size.width, height: size.height, background: { r: 0, g: 0, b: 0, alpha: 0 } };
    const dim: OverlayOptions = {
      input: Buffer.from([255, 255, 255, 255 * (1 - parseInt(alpha) / 100)]), raw: { width: 1, height: 1, channels: 4 }, tile: true, blend: 'dest-in'
    };
    return sharp(data).resize(resize).composite([dim]).toBuffer();
  }

  async crop(data: Buffer, region: sharp.Region): Promise<string> {
    const { data: image, info } = await sharp(data).extract(region).toFormat(formatOf('image/jpeg')).toBuffer({ resolveWithObject: true });
    const round: Buffer = Buffer.from(`<svg viewBox="0 0 ${info.width} ${info.height}"></svg>`);
    const out = await sharp(image, { failOnError: true }).composite([{ input: round, blend: 'dest-in' }]).png().toBuffer();
    return (await sharp(out).withMetadata({ exif: { IFD0: { Copyright: 'me' } }, icc: 'srgb', density: 72 }).trim().toBuffer()).toString('base64');
  }
}

const colours: sharp.Color[] = ['red', { r: 1 } as sharp.RGBA];
const space: keyof sharp.ColourspaceEnum = 'bw';
const wrap: sharp.TextWrap = 'charWord';
const noise: sharp.Noise = { mean: 128, sigma: 30 };
const tiff: sharp.TiffOptions = { bitdepth: 8, compression: 'lzw', resolutionUnit: 'cm' };
const libraries: (string | undefined)[] = [sharp.versions.vips, sharp.versions.webp, sharp.versions.gdkpixbuf, sharp.versions.zlib, sharp.versions.svg];
const platform: string = sharp.vendor.current + sharp.vendor.installed.join();
sharp('a').trim('red').trim(10).trim({ background: colours[0], threshold: 5 }).sharpen(2, 1, 3).blur(true).tint(colours[1]!).rotate(null as unknown as undefined)
  .tiff(tiff).toFormat('jpg', { quality: 80 }).toFormat('avif').toFile('b', (error: Error, info: sharp.OutputInfo) => console.log(error, info.channels));
console.log(space, wrap, noise, libraries, platform, sharp.format.avif, sharp.format.jpg.input.file, sharp({ text: { text: 'x', wrap } }));
