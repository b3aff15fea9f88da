import { errorAnswer, pictureAnswer, type Answer } from "./answer";
import { edit } from "./edits/edit";
import { RequestError, toRequestError } from "./errors";
import { toHttpRequest, type HttpRequest, type LambdaEvent } from "./event";
import { automaticFormat, needsNoWork, sniff } from "./output";
import { readRequest, type ImageRequest } from "./request/request";
import { checkSignature } from "./request/signature";
import type { Settings } from "./settings";
import type { Storage, StoredPicture } from "./storage/storage";
import type { Vision } from "./vision/vision";

/** The parts of the world that the handler works with. */
export interface World {
  settings: Settings;
  storage: Storage;
  vision?: Vision;
  /** The secret that signatures are made with. */
  secret?: () => Promise<string>;
}

export type Handler = (event: LambdaEvent) => Promise<Answer>;

/** Makes the function that answers requests for images. It answers each, and rejects never. */
export function createHandler(world: World): Handler {
  const { settings, storage, vision } = world;

  async function finish(http: HttpRequest, request: ImageRequest, stored: StoredPicture): Promise<Answer> {
    const context = { storage, vision, sourceBuckets: settings.sourceBuckets };
    const bytes = needsNoWork(request) ? stored.bytes : await edit(stored.bytes, request, context);
    const contentType = sniff(bytes) ?? stored.contentType ?? "application/octet-stream";
    const { cacheControl, lastModified } = stored;
    return pictureAnswer(http, settings, { bytes, contentType, cacheControl, lastModified, headers: request.headers });
  }

  async function answer(http: HttpRequest): Promise<Answer> {
    if (settings.signature) {
      if (!world.secret) throw new Error("Requests are signed but there is no secret to check them with");
      checkSignature(http, await world.secret());
    }
    const request = readRequest(http, settings);
    const stored = await storage.read(request.bucket, request.key);
    const type = sniff(stored.bytes);
    if (type === undefined) {
      throw new RequestError(415, "RequestTypeError", "The stored file is not a picture of a kind that is known.");
    }
    // An SVG is sent as it is, unless it has to become pixels.
    const automatic = type === "image/svg+xml" ? undefined : automaticFormat(http, settings);
    const pixels = type === "image/svg+xml" && Object.keys(request.edits).length > 0 ? "png" : undefined;
    return finish(http, { ...request, outputFormat: request.outputFormat ?? automatic ?? pixels }, stored);
  }

  async function fallback(http: HttpRequest, error: RequestError): Promise<Answer | undefined> {
    if (!settings.fallback) return undefined;
    try {
      const { bytes, lastModified, contentType } = await storage.read(settings.fallback.bucket, settings.fallback.key);
      const type = sniff(bytes) ?? contentType ?? "application/octet-stream";
      const shown = pictureAnswer({ ...http, query: {} }, settings, { bytes, lastModified, contentType: type, cacheControl: "max-age=31536000,public" });
      return { ...shown, statusCode: error.status };
    } catch {
      return undefined;
    }
  }

  return async (event) => {
    const http = toHttpRequest(event);
    try {
      return await answer(http);
    } catch (cause) {
      const error = toRequestError(cause);
      if (error.status >= 500) console.error(cause);
      return (await fallback(http, error)) ?? errorAnswer(http, settings, error);
    }
  };
}
