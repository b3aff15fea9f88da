import type { HttpRequest } from "../event";
import { RequestError } from "../errors";
import type { Settings } from "../settings";
import { readBase64 } from "./base64";
import { rewrite } from "./rewrite";
import { readThumbor } from "./thumbor";

/** Any JSON value. */
export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** Edits by the name of the method that does them, in the order in which they are done. */
export type Edits = Record<string, Json>;

/** Which image is wanted and how it shall look. */
export interface ImageRequest {
  bucket: string;
  key: string;
  edits: Edits;
  outputFormat?: string;
  /** CPU effort of WebP output, 0 to 6. */
  effort?: number;
  /** Headers for the answer. */
  headers?: Record<string, string>;
}

/** What a path says; the bucket may be left out. */
export type PathRequest = Omit<ImageRequest, "bucket"> & { bucket?: string };

const OUTPUT_FORMATS = ["jpg", "jpeg", "png", "webp", "tiff", "heif", "raw", "gif", "avif"];
const PICTURE_KEY = /\.(jpe?g|png|webp|tiff?|svg|gif|avif)$/i;

const wrong = (message: string) => new RequestError(400, "RequestTypeError", message);

/** Reads a path: JSON in base64, else rewritten by the deployment's own pattern, else the Thumbor grammar. */
function readPath(path: string, settings: Settings): PathRequest {
  const fromBase64 = readBase64(path);
  if (fromBase64) return fromBase64;
  const rewritten = settings.rewrite ? rewrite(path, settings.rewrite) : path;
  if (PICTURE_KEY.test(rewritten) || /\/(fit-in|filters:|unsafe|\d+x\d+)/i.test(rewritten)) return readThumbor(rewritten);
  throw wrong("The path is neither a JSON request in base64 nor one that ends in a picture's name (jpg, png, webp, tiff, svg, gif, avif).");
}

/** Checks what came from outside and fills in the bucket. */
export function readRequest(http: HttpRequest, settings: Settings): ImageRequest {
  const { bucket = settings.sourceBuckets[0]!, ...request } = readPath(http.path, settings);
  if (!settings.sourceBuckets.includes(bucket)) {
    throw new RequestError(403, "ImageBucket::CannotAccessBucket", "The bucket is not among those that this deployment serves.");
  }
  if (!request.key) throw new RequestError(404, "ImageEdits::CannotFindImage", "The request names no picture.");
  const { outputFormat, effort } = request;
  if (outputFormat !== undefined && !OUTPUT_FORMATS.includes(outputFormat)) {
    throw wrong(`The output format must be one of ${OUTPUT_FORMATS.join(", ")}.`);
  }
  if (effort !== undefined && !(Number.isInteger(effort) && effort >= 0 && effort <= 6)) {
    throw wrong("The effort must be a whole number from 0 to 6.");
  }
  return { bucket, ...request };
}
