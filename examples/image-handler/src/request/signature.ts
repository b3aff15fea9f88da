import { createHmac, timingSafeEqual } from "node:crypto";
import type { HttpRequest } from "../event";
import { RequestError } from "../errors";

/** The text that is signed: the path and the other parameters in the order of their names. */
function signedText({ path, query }: HttpRequest): string {
  const parameters = Object.entries(query)
    .filter(([name]) => name !== "signature")
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`);
  return parameters.length > 0 ? `${path}?${parameters.join("&")}` : path;
}

/** HMAC-SHA256 of a request in hexadecimal digits. */
export const sign = (request: HttpRequest, secret: string) => createHmac("sha256", secret).update(signedText(request)).digest("hex");

export function checkSignature(request: HttpRequest, secret: string): void {
  const { signature } = request.query;
  if (signature === undefined) {
    throw new RequestError(400, "AuthorizationQueryParametersError", "The query must have a signature.");
  }
  const [given, expected] = [signature, sign(request, secret)].map((text) => Buffer.from(text));
  if (given!.length !== expected!.length || !timingSafeEqual(given!, expected!)) {
    throw new RequestError(403, "SignatureDoesNotMatch", "The signature does not match the request.");
  }
}
