import sharp from "sharp";
import { RequestError } from "../errors";
import type { Json } from "../request/request";
import type { EditContext } from "./context";

interface Overlay {
  bucket: string;
  key: string;
  /** How much of it is seen through, in percent. */
  alpha?: string | number;
  /** Its sides in percent of the image's. */
  wRatio?: string | number;
  hRatio?: string | number;
  options?: { left?: string | number; top?: string | number; gravity?: string };
}

const bad = (message: string) => new RequestError(400, "ImageEdits::BadOverlay", message);

function read(value: Json): Overlay {
  const overlay = value as unknown as Overlay;
  if (typeof overlay?.bucket !== "string" || typeof overlay.key !== "string") throw bad("An overlay has a bucket and a key.");
  return overlay;
}

function percent(value: string | number | undefined, name: string): number | undefined {
  if (value === undefined) return undefined;
  const number = Number(value);
  if (!(number >= 0 && number <= 100)) throw bad(`${name} is a number from 0 to 100.`);
  return number;
}

/** Pixels from the left or top, or with a `p` behind in percent of the image; below zero from the other side. */
function offset(value: string | number | undefined, side: number, own: number): number | undefined {
  if (value === undefined || value === "") return undefined;
  const [, digits, unit] = /^(-?\d+(?:\.\d+)?)(p?)$/.exec(String(value)) ?? [];
  if (digits === undefined) throw bad("left and top are pixels, or percent with a p behind.");
  const length = unit ? (side * Number(digits)) / 100 : Number(digits);
  const negative = digits.startsWith("-");
  return Math.round(negative ? side + length - own : length);
}

/** Lays a stored image over the image. */
export async function overlay(image: sharp.Sharp, value: Json, { storage, sourceBuckets }: EditContext): Promise<sharp.Sharp> {
  const { bucket, key, alpha, wRatio, hRatio, options = {} } = read(value);
  if (!sourceBuckets.includes(bucket)) {
    throw new RequestError(403, "ImageBucket::CannotAccessBucket", "The overlay's bucket is not among those that this deployment serves.");
  }
  const { data, info: picture } = await image.png().toBuffer({ resolveWithObject: true });
  const { bytes } = await storage.read(bucket, key);

  const share = (ratio: number | undefined, side: number) => (ratio === undefined ? null : Math.max(1, Math.round((side * ratio) / 100)));
  const width = share(percent(wRatio, "wRatio"), picture.width);
  const height = share(percent(hRatio, "hRatio"), picture.height);
  const opacity = Math.round(255 * (1 - (percent(alpha, "alpha") ?? 0) / 100));
  const { data: input, info } = await sharp(bytes)
    .resize({ width, height, fit: "inside" } as sharp.ResizeOptions)
    .ensureAlpha()
    .composite([{ input: Buffer.from([255, 255, 255, opacity]), raw: { width: 1, height: 1, channels: 4 }, tile: true, blend: "dest-in" }])
    .png()
    .toBuffer({ resolveWithObject: true });

  const left = offset(options.left, picture.width, info.width);
  const top = offset(options.top, picture.height, info.height);
  const place: Partial<sharp.OverlayOptions> = left === undefined && top === undefined ? {} : { left: left ?? 0, top: top ?? 0 };
  if (options.gravity) place.gravity = options.gravity;
  const { format } = await image.metadata();
  return sharp(data).withMetadata().composite([{ input, ...place }]).toFormat(format as keyof sharp.FormatEnum);
}
