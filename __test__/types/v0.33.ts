// A program that was written for sharp 0.33: metadata is kept by methods of their own, blur has options, recomb takes 4×4.
import sharp, { Blend, Exif, FormatEnum, Matrix4x4, Metadata, OutputInfo, Sharp, SharpOptions } from 'sharp';

const types: Partial<Record<keyof FormatEnum, string>> = { avif: 'image/avif', jpg: 'image/jpeg', tif: 'image/tiff', v: 'image/x-vips' };
const exif: Exif = { IFD0: { Software: 'handler' }, IFD3: { GPSLatitudeRef: 'N' } };
const sepia: Matrix4x4 = [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]];
const options: SharpOptions = { failOn: 'none', failOnError: false, unlimited: true, pages: -1, subifd: 0, level: 1 };

async function describe(image: Sharp): Promise<string> {
  const { width = 0, height = 0, format, space, depth, channels, comments }: Metadata = await image.metadata();
  const texts = comments?.map(({ keyword, text }) => `${keyword}=${text}`).join() ?? '';
  return [types[format ?? 'jpg'], width * height, space, depth, channels, texts].join();
}

async function convert(image: Sharp, names: Array<keyof FormatEnum>, blend: Blend): Promise<OutputInfo[]> {
  const kept = image.clone().keepExif().keepIccProfile().keepMetadata().withExif(exif).withExifMerge(exif).withIccProfile('p3', { attach: false });
  const edited = kept.blur({ sigma: 2, minAmplitude: 0.2, precision: 'approximate' }).recomb(sepia).trim({ lineArt: true, threshold: 0 });
  const overlaid = edited.composite([{ input: 'logo.png', blend, density: 96, animated: true, failOn: 'error', limitInputPixels: false }]);
  return Promise.all(names.map((name) => overlaid.clone().toFormat(name).toFile(`out.${name}`)));
}

const text: Sharp = sharp({ text: { text: 'x', wrap: 'word-char', rgba: true, align: 'centre' } });
const deep: Sharp = text.avif({ bitdepth: 10 }).heif({ compression: 'hevc', bitdepth: 12 }).tiff({ miniswhite: true, bitdepth: 8 });
const colour: sharp.Color = { r: 255, g: 0, b: 0, alpha: 0.5 } satisfies sharp.RGBA;
const stream = sharp(options).resize(10, 10, { background: colour }).on('info', (info: OutputInfo) => console.log(info.size));
console.log(describe, convert, deep, stream, sharp.versions.croco, sharp.versions.orc, sharp.versions.heif);
