import { RequestError } from "../errors";
import type { Json, PathRequest } from "./request";

type Filter = (request: PathRequest, argument: string) => void;

const bad = (name: string) => new RequestError(400, "RequestTypeError", `The argument of the filter ${name} is not valid.`);

function numbers(name: string, argument: string, count = 1): number[] {
  const values = argument.split(",").map(Number);
  if (values.length < count || values.some((value) => !Number.isFinite(value))) throw bad(name);
  return values;
}

const number = (name: string, argument: string) => numbers(name, argument)[0]!;

/** A colour as hexadecimal digits or a name. */
const colour = (text: string) => (/^[0-9a-f]{3,8}$/i.test(text) ? `#${text}` : text.toLowerCase());

const resize = (request: PathRequest, more: Record<string, Json>) => {
  request.edits.resize = { ...(request.edits.resize as object), ...more };
};

const format = (request: PathRequest, name: string) => {
  request.outputFormat = name === "jpg" ? "jpeg" : name;
};

/** Formats with a quality; it is set for the one that is asked for, whichever filter comes first. */
const QUALITY_FORMATS = ["jpeg", "png", "webp", "tiff", "heif", "avif"];

function qualityFormat(request: PathRequest): string {
  const ending = /\.([a-z]+)$/i.exec(request.key)?.[1]?.toLowerCase();
  const format = request.outputFormat ?? ending ?? "jpeg";
  return format === "jpg" ? "jpeg" : format === "tif" ? "tiff" : format;
}

/** The filters by name. A filter says what it means in edits. */
const FILTERS: Record<string, Filter> = {
  animated: (request, argument) => { request.edits.animated = argument.toLowerCase() !== "false"; },
  autojpg: (request) => format(request, "jpeg"),
  background_color: (request, argument) => { request.edits.flatten = { background: colour(argument) }; },
  blur: (request, argument) => {
    const [radius, sigma] = numbers("blur", argument);
    request.edits.blur = sigma ?? radius! / 2;
  },
  convolution: (request, argument) => {
    const [kernel, width] = argument.split(",");
    const values = (kernel ?? "").split(";").map(Number);
    const columns = Number(width);
    if (!(columns > 0) || values.length % columns !== 0) throw bad("convolution");
    request.edits.convolve = { width: columns, height: values.length / columns, kernel: values };
  },
  equalize: (request) => { request.edits.normalize = true; },
  fill: (request, argument) => resize(request, { background: colour(argument), fit: "contain" }),
  format: (request, argument) => format(request, argument.toLowerCase()),
  grayscale: (request) => { request.edits.grayscale = true; },
  no_upscale: (request) => resize(request, { withoutEnlargement: true }),
  proportion: (request, argument) => {
    const { width, height } = (request.edits.resize ?? {}) as { width?: number | null; height?: number | null };
    const ratio = number("proportion", argument);
    const scaled = (length: number | null | undefined) => (length ? Math.max(1, Math.round(length * ratio)) : null);
    resize(request, { width: scaled(width), height: scaled(height) });
  },
  quality: (request, argument) => {
    const name = qualityFormat(request);
    const quality = number("quality", argument);
    if (QUALITY_FORMATS.includes(name)) request.edits[name] = { quality };
  },
  rgb: (request, argument) => {
    const [r, g, b] = numbers("rgb", argument, 3).map((percent) => Math.max(0, Math.min(255, 255 * (percent / 100))));
    request.edits.tint = { r: r!, g: g!, b: b! };
  },
  rotate: (request, argument) => { request.edits.rotate = number("rotate", argument); },
  roundcrop: (request) => { request.edits.roundCrop = true; },
  sharpen: (request, argument) => {
    const [amount, radius] = numbers("sharpen", argument);
    request.edits.sharpen = 1 + (radius ?? amount!) / 2;
  },
  smart_crop: (request, argument) => {
    const [faceIndex = 0, padding = 0] = argument === "" ? [] : numbers("smart_crop", argument);
    request.edits.smartCrop = { faceIndex, padding };
  },
  stretch: (request) => resize(request, { fit: "fill" }),
  strip_exif: (request) => { request.edits.rotate ??= null; },
  strip_icc: (request) => { request.edits.rotate ??= null; },
  upscale: (request) => resize(request, { fit: "inside", withoutEnlargement: false }),
  watermark: (request, argument) => {
    const [bucket, key, left, top, alpha, wRatio, hRatio] = argument.split(",").map((part) => part.trim());
    if (!bucket || !key) throw bad("watermark");
    const ratios: Record<string, Json> = {};
    if (wRatio && wRatio !== "none") ratios.wRatio = wRatio;
    if (hRatio && hRatio !== "none") ratios.hRatio = hRatio;
    request.edits.overlayWith = { bucket, key, ...ratios, ...(alpha ? { alpha } : {}), options: { left: left ?? "0", top: top ?? "0" } };
  }
};

export function applyFilter(request: PathRequest, name: string, argument: string): void {
  const filter = Object.hasOwn(FILTERS, name) ? FILTERS[name] : undefined;
  // Thumbor has filters that mean nothing here; they are passed over, as it does with those that it does not know.
  filter?.(request, argument);
}
