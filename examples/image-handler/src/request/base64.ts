import { RequestError } from "../errors";
import type { Json, PathRequest } from "./request";

const BASE64 = /^[A-Za-z0-9+/_-]{4,}={0,2}$/;

const isObject = (value: unknown): value is Record<string, Json> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function reject(message: string): never {
  throw new RequestError(400, "DecodeRequest::CannotReadRequest", message);
}

/** The JSON request that a path holds in base64, or nothing when it holds none. */
export function readBase64(path: string): PathRequest | undefined {
  const text = path.replace(/^\//, "");
  if (!BASE64.test(text)) return undefined;
  let request: unknown;
  try {
    request = JSON.parse(Buffer.from(text, "base64").toString("utf8"));
  } catch {
    return undefined;
  }
  if (!isObject(request)) return undefined;

  const { bucket, key, edits = {}, outputFormat, effort, headers } = request;
  if (bucket !== undefined && typeof bucket !== "string") reject("bucket must be a text");
  if (typeof key !== "string") reject("key must be a text");
  if (!isObject(edits)) reject("edits must be an object");
  if (outputFormat !== undefined && typeof outputFormat !== "string") reject("outputFormat must be a text");
  if (effort !== undefined && typeof effort !== "number") reject("effort must be a number");
  if (headers !== undefined && !(isObject(headers) && Object.values(headers).every((value) => typeof value === "string"))) {
    reject("headers must be texts");
  }
  return { bucket, key, edits, outputFormat, effort, headers: headers as Record<string, string> | undefined };
}
