// A program that was written for sharp 0.35: gain maps, media types, densities, transferable output.
import sharp, { ColourspaceEnum, FitEnum, FormatEnum, HeifTune, MediaType, Metadata, OutputInfo, Sharp, SharpOptions } from 'sharp';

const options: SharpOptions = { failOn: 'warning', limitInputChannels: 8, limitInputPixels: true, ignoreIcc: true };

async function respond(image: Sharp, fit: keyof FitEnum, tune: HeifTune): Promise<{ type: MediaType | undefined; body: Uint8Array }> {
  const { width, height, mediaType, gainMap, xmpAsString, isPalette, bitsPerSample, space }: Metadata = await image.metadata();
  const name: keyof ColourspaceEnum = space;
  const map: Buffer | undefined = gainMap?.image;
  const { data, info } = await image.resize(width / 2, height / 2, { fit }).withDensity(96).avif({ tune }).toUint8Array();
  const opaque: boolean = !info.hasAlpha;
  console.log(name, map?.length, xmpAsString, isPalette, bitsPerSample, opaque);
  return { type: mediaType, body: data };
}

async function bytes(image: Sharp, format: keyof FormatEnum): Promise<ArrayBufferLike> {
  const buffer: Buffer = await image.toFormat('avif').toFormat(format).toFormat(sharp.format.jxl).toBuffer();
  return buffer.buffer;
}

const animated: Sharp = sharp('a.gif', options).jxl({ loop: 0, delay: [100], effort: 1 }).webp({ exact: true, minSize: true, mixed: true }).tiff({ bitdepth: 4 });
const tinted: Sharp = animated.tint([1, 2, 3]).tint({ r: 1, g: 2, b: 3 }).trim({ margin: 2 }).extend({ top: 1, background: 0xff0000 }).flatten({ background: [1, 2, 3] });
animated.toBuffer((error: Error, buffer: Buffer, info: OutputInfo) => console.log(error, buffer.length, info.hasAlpha));
console.log(respond, bytes, tinted, sharp.versions.sharp, sharp.concurrency(), sharp.counters().queue);
