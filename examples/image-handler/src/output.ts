import type { HttpRequest } from "./event";
import type { ImageRequest } from "./request/request";
import type { Settings } from "./settings";

/** Signatures of image files: a pattern of their first bytes as Latin-1 text. */
const SIGNATURES: [RegExp, string][] = [
  [/^\xff\xd8\xff/, "image/jpeg"],
  [/^\x89PNG\r\n\x1a\n/, "image/png"],
  [/^GIF8[79]a/, "image/gif"],
  [/^RIFF.{4}WEBP/s, "image/webp"],
  [/^(II\*\0|MM\0\*)/, "image/tiff"],
  [/^.{4}ftypavi[fs]/s, "image/avif"],
  [/^.{4}ftyp(heic|heix|hevc|mif1|msf1)/s, "image/heif"],
  [/<svg[\s>]/, "image/svg+xml"]
];

/** The media type that the bytes of a file say. */
export function sniff(bytes: Buffer): string | undefined {
  const start = bytes.toString("latin1", 0, 1024);
  return SIGNATURES.find(([pattern]) => pattern.test(start))?.[1];
}

/** The format to send when the request names none: a smaller one that the browser says it shows. */
export function automaticFormat(http: HttpRequest, settings: Settings): string | undefined {
  const accept = http.headers.accept ?? "";
  if (settings.autoAvif && accept.includes("image/avif")) return "avif";
  if (settings.autoWebp && accept.includes("image/webp")) return "webp";
  return undefined;
}

/** Whether the stored bytes are the answer. */
export function needsNoWork(request: ImageRequest): boolean {
  return Object.keys(request.edits).length === 0 && request.outputFormat === undefined;
}
