/** A request that cannot be answered with an image, and what the caller is told. */
export class RequestError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string
  ) {
    super(message);
    this.name = "RequestError";
  }
}

/** What the engine says when an overlay does not fit: the caller's mistake, not ours. */
const OVERLAY_TOO_LARGE = "Image to composite must have same dimensions or smaller";

/** Anything that was thrown, as an answer. Details of our own mistakes stay in the log. */
export function toRequestError(error: unknown): RequestError {
  if (error instanceof RequestError) return error;
  if (error instanceof Error && error.message.includes(OVERLAY_TOO_LARGE)) {
    return new RequestError(400, "BadRequest", OVERLAY_TOO_LARGE);
  }
  return new RequestError(500, "InternalError", "Internal error. Please contact the system administrator.");
}
