import { applyFilter } from "./filters";
import type { Edits, PathRequest } from "./request";

const FILTERS = /^filters:((?:[a-z_]+\([^)]*\):?)+)$/i;
const SIZE = /^(-?)(\d*)x(-?)(\d*)$/;
const CROP = /^(\d+)x(\d+):(\d+)x(\d+)$/;

const side = (digits: string | undefined) => (Number(digits) > 0 ? Number(digits) : null);

/** Splits at slashes, but not at those inside of a filter's parentheses. */
function segments(path: string): string[] {
  return path.replace(/^\/+/, "").match(/(?:[^/(]|\([^)]*\)|\()+/g) ?? [];
}

/**
 * Reads the grammar of Thumbor:
 * `/unsafe/fit-in/10x20:110x220/300x-200/filters:blur(4):format(webp)/s3:bucket/folder/picture.jpg`, of which all but the key may be left out.
 * A minus before a side mirrors the image.
 */
export function readThumbor(path: string): PathRequest {
  const edits: Edits = {};
  const request: PathRequest = { key: "", edits };
  const filters: string[] = [];
  let fitIn = false;
  const rest = segments(path);
  for (; rest.length > 0; rest.shift()) {
    const segment = rest[0]!;
    const crop = CROP.exec(segment);
    const size = SIZE.exec(segment);
    const filter = FILTERS.exec(segment);
    if (/^unsafe$/i.test(segment)) continue;
    if (/^fit-in$/i.test(segment)) fitIn = true;
    else if (crop) {
      const [left, top, right, bottom] = crop.slice(1).map(Number) as [number, number, number, number];
      edits.crop = { left, top, width: right - left, height: bottom - top };
    } else if (size && segment !== "x") {
      const [, flop, width, flip, height] = size;
      edits.resize = { width: side(width), height: side(height), fit: "cover" };
      if (flop) edits.flop = true;
      if (flip) edits.flip = true;
    } else if (filter) filters.push(...filter[1]!.match(/[a-z_]+\([^)]*\)/gi)!);
    else break;
  }
  const bucket = /^s3:(.+)$/.exec(rest[0] ?? "")?.[1];
  if (bucket !== undefined) {
    request.bucket = bucket;
    rest.shift();
  }
  request.key = rest.join("/");
  if (fitIn) edits.resize = { ...(edits.resize as object), fit: "inside" };
  for (const filter of filters) {
    const [, name, argument] = /^([a-z_]+)\((.*)\)$/i.exec(filter)!;
    applyFilter(request, name!.toLowerCase(), argument!);
  }
  return request;
}
