import sharp from "sharp";
import { RequestError } from "../errors";
import type { Edits, ImageRequest, Json } from "../request/request";
import type { EditContext } from "./context";
import { smartCrop } from "./faces";
import { moderate } from "./moderation";
import { overlay } from "./overlay";
import { roundCrop } from "./round-crop";

/** The engine's methods that a request may call. Requests come from strangers: those that read files or the network are not here. */
const METHODS: ReadonlySet<string> = new Set([
  "removeAlpha", "ensureAlpha", "extractChannel", "joinChannel", "bandbool",
  "tint", "greyscale", "grayscale", "pipelineColourspace", "pipelineColorspace", "toColourspace", "toColorspace",
  "rotate", "flip", "flop", "affine", "sharpen", "median", "blur", "flatten", "unflatten", "gamma", "negate", "normalise", "normalize",
  "clahe", "convolve", "threshold", "boolean", "linear", "recomb", "modulate",
  "jpeg", "png", "webp", "gif", "avif", "tiff", "heif", "toFormat",
  "resize", "extend", "extract", "trim"
]);

/** Edits that are more than one call, by name. */
const SPECIAL: Record<string, (image: sharp.Sharp, value: Json, context: EditContext) => Promise<sharp.Sharp>> = {
  overlayWith: overlay,
  smartCrop,
  roundCrop,
  contentModeration: moderate
};

const isObject = (value: Json | undefined): value is Record<string, Json> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function call(image: sharp.Sharp, name: string, value: Json): sharp.Sharp {
  const method = (image as unknown as Record<string, (value: Json) => sharp.Sharp>)[name]!;
  try {
    return method.call(image, value);
  } catch (error) {
    throw new RequestError(400, "ImageEdits::BadEdit", `${name}: ${(error as Error).message}`);
  }
}

/** Sides in a request may be texts, as Thumbor paths and forms have them. */
function tidy(edits: Edits): Edits {
  const { resize } = edits;
  if (!isObject(resize)) return edits;
  const tidied: Record<string, Json> = { ...resize };
  for (const side of ["width", "height"]) {
    const length = tidied[side];
    if (length === undefined || length === null) continue;
    const rounded = Math.round(Number(length));
    if (!(rounded > 0)) throw new RequestError(400, "ImageEdits::BadEdit", `The ${side} must be a positive number.`);
    tidied[side] = rounded;
  }
  return { ...edits, resize: tidied };
}

/** Opens the image as the edits need it: with its frames when it moves, upright or not. */
async function open(picture: Buffer, edits: Edits): Promise<sharp.Sharp> {
  const options = { failOn: "none", animated: false } as const;
  const metadata = await sharp(picture, options).metadata();
  const moves = (metadata.pages ?? 1) > 1 && edits.animated !== false && (metadata.format === "gif" || metadata.format === "webp");
  const image = sharp(picture, { ...options, animated: moves });
  // `rotate: null` asks for an image without its metadata.
  if (edits.rotate === null) return image;
  return metadata.orientation ? image.withMetadata({ orientation: metadata.orientation }) : image.withMetadata();
}

/** Does the edits of a request and encodes the result. */
export async function edit(picture: Buffer, request: ImageRequest, context: EditContext): Promise<Buffer> {
  const edits = tidy(request.edits);
  let image = await open(picture, edits);
  const { crop, ...rest } = edits;
  if (crop !== undefined) image = call(image, "extract", crop);
  for (const [name, value] of Object.entries(rest)) {
    const special = Object.hasOwn(SPECIAL, name) ? SPECIAL[name] : undefined;
    if (special) image = await special(image, value, context);
    else if (METHODS.has(name)) image = call(image, name, value);
  }
  if (request.outputFormat !== undefined) {
    const effort = request.outputFormat === "webp" && request.effort !== undefined ? { effort: request.effort } : undefined;
    image = image.toFormat(request.outputFormat as keyof sharp.FormatEnum, effort);
  }
  try {
    return await image.toBuffer();
  } catch (error) {
    const { message } = error as Error;
    if (/^(Bad extract area|extract_area)/i.test(message)) {
      throw new RequestError(400, "Crop::AreaOutOfBounds", "The area to crop reaches beyond the picture.");
    }
    throw error;
  }
}
