// A program that was written for sharp 0.34, in the style of an image handler with containers: autoOrient, lists of inputs, required fields.
import sharp, { Channels, Colour, FitEnum, FormatEnum, KernelEnum, Metadata, OutputInfo, Sharp, SharpInput, SharpOptions } from 'sharp';

const formats: Record<string, keyof FormatEnum> = { 'image/jpeg': 'jpg', 'image/avif': 'avif', 'image/tiff': 'tif', 'image/svg+xml': 'png' };

interface Transformation {
  readonly fit: keyof FitEnum;
  readonly width?: number;
  readonly height?: number;
}

export class Engine {
  async run(input: Buffer, list: Transformation[], contentType: string): Promise<{ bytes: Buffer; type: string }> {
    const options: SharpOptions = { failOnError: true, animated: false, limitInputPixels: 1e8, autoOrient: true };
    let image: Sharp = sharp(input, options);
    const { width, height, pages, format, autoOrient }: Metadata = await image.metadata();
    const longest: number = Math.max(width, height, autoOrient.width, autoOrient.height);
    if (pages && pages > 1) image = sharp(input, { ...options, animated: true });
    for (const { fit, width, height } of list) image = image.resize({ fit, width, height }).resize({ fit: 'inside' });
    image = image.keepIccProfile().keepMetadata().withExif({ IFD0: { Software: 'engine' } }).keepExif().withIccProfile('srgb').autoOrient();
    const name: keyof FormatEnum = formats[contentType] ?? format;
    const { data, info } = await image.toFormat(name, { quality: 80, compression: 'av1' }).toBuffer({ resolveWithObject: true });
    const raw: OutputInfo & { channels: Channels } = info;
    console.log(longest, raw.pages, raw.pageHeight);
    return { bytes: data, type: 'image/' + info.format };
  }
}

const inputs: SharpInput[] = ['a.png', Buffer.alloc(1), new Uint8Array(1), new ArrayBuffer(1), new Float32Array(1)];
const background: Colour = '#fff';
const sheet: Sharp = sharp(inputs, { join: { across: 2, shim: 1, background, halign: 'right', valign: 'centre', animated: false } });
const deep: Sharp = sheet.dilate(1).erode().negate(true).toColourspace('cmc' satisfies keyof sharp.ColourspaceEnum).raw({ depth: 'dpcomplex' });
const kernels: Array<keyof KernelEnum> = ['mks2013', 'mks2021', 'linear'];
const blank: Sharp = sharp({ create: { width: 1, height: 4, pageHeight: 2, channels: 3, background: {}, noise: { type: 'gaussian' } } });
const more: SharpOptions = { tiff: { subifd: 1 }, svg: { stylesheet: '' }, pdf: { background }, pdfBackground: background, openSlide: { level: 1 }, jp2: { oneshot: true } };
const libraries: (string | undefined)[] = [sharp.versions.aom, sharp.versions['zlib-ng'], sharp.versions['proxy-libintl'], sharp.versions.mozjpeg];
console.log(deep, kernels, blank, more, libraries, sharp.versions.sharp.length, sheet.withXmp('<x/>').keepXmp().sharpen(1, 2, 3));
