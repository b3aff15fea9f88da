import { RequestError } from "./errors";
import type { HttpRequest } from "./event";
import type { Settings } from "./settings";

/** What Lambda gives back to API Gateway or a load balancer. */
export interface Answer {
  statusCode: number;
  statusDescription?: string;
  isBase64Encoded: boolean;
  headers: Record<string, string>;
  body: string;
}

/** Lambda's limit of an answer, of which base64 leaves three quarters for the image. */
export const MAX_BODY = 6 * 1024 * 1024;

/** Headers that a request may not set: they steer connections and caches, or what a browser allows. */
const DENIED_HEADERS: RegExp[] = [
  /^(age|alt-svc|allow|authorization|connection|content-(encoding|length|range|security-policy.*|type)|cookie|date|expect|forwarded|host)$/,
  /^(keep-alive|location|proxy-.*|refresh|server|set-cookie|strict-transport-security|te|trailer|transfer-encoding|upgrade|via|warning)$/,
  /^(www-authenticate|x-(accel|amz|amzn|cache|edge|forwarded|frame|powered|real|robots|xss)[a-z-]*|access-control-.*|cross-origin-.*|clear-site-data)$/
];

const HEADER_NAME = /^[A-Za-z0-9-]+$/;
const HEADER_VALUE = /^[\t\x20-\x7e]*$/;

const allowed = ([name, value]: [string, string]) =>
  HEADER_NAME.test(name) && HEADER_VALUE.test(value) && !DENIED_HEADERS.some((pattern) => pattern.test(name.toLowerCase()));

function commonHeaders({ corsOrigin }: Settings): Record<string, string> {
  const headers: Record<string, string> = {
    "Access-Control-Allow-Methods": "GET",
    "Access-Control-Allow-Headers": "Content-Type, Authorization",
    "Access-Control-Allow-Credentials": "true"
  };
  if (corsOrigin !== undefined) headers["Access-Control-Allow-Origin"] = corsOrigin;
  return headers;
}

const describe = (http: HttpRequest, text: string) => (http.fromLoadBalancer ? { statusDescription: text } : {});

/** An image and what is known of it. */
export interface Picture {
  bytes: Buffer;
  contentType: string;
  cacheControl?: string;
  lastModified?: Date;
  /** Headers that the request asked for. */
  headers?: Record<string, string>;
}

/** When caches are to forget the answer: `expires=YYYYMMDDTHHmmssZ` in the query. */
function expires(http: HttpRequest): Date | undefined {
  const text = http.query.expires;
  if (text === undefined) return undefined;
  const [, ...parts] = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/.exec(text) ?? [];
  const [year, month, day, hour, minute, second] = parts;
  const date = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(date.getTime())) {
    throw new RequestError(400, "ImageRequestExpiryFormat", "expires must be a time such as 20301231T235959Z.");
  }
  if (date.getTime() < Date.now()) throw new RequestError(400, "ImageRequestExpired", "The request has expired.");
  return date;
}

export function pictureAnswer(http: HttpRequest, settings: Settings, picture: Picture): Answer {
  const until = expires(http);
  const body = picture.bytes.toString("base64");
  if (body.length > MAX_BODY) {
    throw new RequestError(413, "TooLargeImageException", "The converted image is too large to return.");
  }
  const headers: Record<string, string> = {
    ...commonHeaders(settings),
    "Content-Type": picture.contentType,
    "Cache-Control": picture.cacheControl ?? "max-age=31536000,public"
  };
  if (until) headers.Expires = until.toUTCString();
  if (picture.lastModified) headers["Last-Modified"] = picture.lastModified.toUTCString();
  Object.assign(headers, Object.fromEntries(Object.entries(picture.headers ?? {}).filter(allowed)));
  return { statusCode: 200, ...describe(http, "200 OK"), isBase64Encoded: true, headers, body };
}

/** An error as JSON; caches keep it for a short time only. */
export function errorAnswer(http: HttpRequest, settings: Settings, { status, code, message }: RequestError): Answer {
  return {
    statusCode: status,
    ...describe(http, `${status} ${code}`),
    isBase64Encoded: false,
    headers: {
      ...commonHeaders(settings),
      "Content-Type": "application/json",
      "Cache-Control": status >= 500 ? "max-age=600,public" : "max-age=10,public"
    },
    body: JSON.stringify({ status, code, message })
  };
}
