import sharp from "sharp";
import { createHandler, type Handler } from "../src/handler";
import type { Settings } from "../src/settings";
import { ask, base64, BUCKETS, errorOf, folderWith, pictures, s3With, type Filled } from "./world";

const settings: Settings = { sourceBuckets: BUCKETS, autoWebp: false, autoAvif: false };

describe.each([["a folder", folderWith], ["S3", s3With]])("pictures from %s", (where, fill) => {
  let files: Record<string, Buffer>;
  let filled: Filled;
  let handler: Handler;
  const handlerWith = (more: Partial<Settings>) => createHandler({ settings: { ...settings, ...more }, storage: filled.storage });

  beforeAll(async () => {
    files = await pictures();
    filled = await fill(files);
    handler = handlerWith({});
  });
  afterAll(() => filled.close());

  test("a request without edits gives the stored bytes and says what they are", async () => {
    const { answer, bytes } = await ask(handler, base64({ key: "gradient.jpg" }));
    expect(answer.statusCode).toBe(200);
    expect(bytes.equals(files["pictures/gradient.jpg"]!)).toBe(true);
    expect(answer.headers["Content-Type"]).toBe("image/jpeg");
    expect(answer.headers["Cache-Control"]).toBe(where === "S3" ? "max-age=77" : "max-age=31536000,public");
    expect(new Date(answer.headers["Last-Modified"]!).getTime()).toBeGreaterThan(0);
  });

  test("edits of a JSON request are done", async () => {
    const edits = { resize: { width: 60, height: 60, fit: "cover" }, grayscale: true, flip: true };
    const { picture, bytes } = await ask(handler, base64({ bucket: "pictures", key: "folder/gradient.png", edits, outputFormat: "webp", effort: 2 }));
    expect(picture).toMatchObject({ format: "webp", width: 60, height: 60 });
    // WebP has no grey: its three channels are as near to each other as its luma and chroma say.
    const { channels } = await sharp(bytes).stats();
    expect(channels[0]!.mean).toBeCloseTo(channels[1]!.mean, 0);
  });

  test("sides may be texts and the other side may be null", async () => {
    const { picture } = await ask(handler, base64({ key: "gradient.jpg", edits: { resize: { width: "60", height: null } } }));
    expect(picture).toMatchObject({ width: 60, height: 40 });
  });

  test("a Thumbor path is read", async () => {
    const { picture } = await ask(handler, "/fit-in/60x60/filters:grayscale():format(png)/folder/gradient.png");
    expect(picture).toMatchObject({ format: "png", width: 60, height: 40 });
    const cut = await ask(handler, "/10x20:40x60/s3:pictures/gradient.jpg");
    expect(cut.picture).toMatchObject({ format: "jpeg", width: 30, height: 40 });
  });

  test("orientation is kept when nobody asks for another, and metadata goes with rotate: null", async () => {
    const kept = await ask(handler, base64({ key: "sideways.jpg", edits: { grayscale: true } }));
    expect(kept.picture).toMatchObject({ orientation: 6, width: 120, height: 80 });
    const dropped = await ask(handler, base64({ key: "sideways.jpg", edits: { rotate: null } }));
    expect(dropped.picture?.orientation).toBeUndefined();
    expect(dropped.picture?.exif).toBeUndefined();
    expect(dropped.picture).toMatchObject({ width: 80, height: 120 });
  });

  test("an animation stays one", async () => {
    const { picture } = await ask(handler, base64({ key: "moving.webp", edits: { resize: { width: 20 } } }));
    expect(picture).toMatchObject({ width: 20, pages: 3 });
    const still = await ask(handler, base64({ key: "moving.webp", edits: { animated: false, resize: { width: 20 } } }));
    expect(still.picture?.pages ?? 1).toBe(1);
  });

  test("an overlay is laid on, with its opacity, size and place", async () => {
    const overlayWith = { bucket: "overlays", key: "mark.png", alpha: "50", wRatio: "50", options: { left: "0", top: "-0" } };
    const { bytes, picture } = await ask(handler, base64({ key: "folder/gradient.png", edits: { overlayWith } }));
    expect(picture).toMatchObject({ width: 120, height: 80 });
    const [red, , , below] = await sharp(bytes).removeAlpha().extract({ left: 5, top: 70, width: 1, height: 1 }).raw().toBuffer();
    const [plain] = await sharp(files["pictures/folder/gradient.png"]).extract({ left: 5, top: 70, width: 1, height: 1 }).raw().toBuffer();
    expect(red).toBeGreaterThan(plain! + 80);
    expect(below).toBeUndefined();
  });

  test("an overlay that is too large is the caller's mistake", async () => {
    const overlayWith = { bucket: "pictures", key: "noise.png" };
    const { answer } = await ask(handler, base64({ key: "gradient.jpg", edits: { overlayWith } }));
    expect(errorOf(answer)).toEqual({ status: 400, code: "BadRequest", message: "Image to composite must have same dimensions or smaller" });
  });

  test("an overlay from a bucket that is not served is refused", async () => {
    const { answer } = await ask(handler, base64({ key: "gradient.jpg", edits: { overlayWith: { bucket: "private", key: "mark.png" } } }));
    expect(errorOf(answer)).toMatchObject({ status: 403, code: "ImageBucket::CannotAccessBucket" });
  });

  test("a round crop is an ellipse on nothing, trimmed", async () => {
    const { bytes, picture } = await ask(handler, base64({ key: "gradient.jpg", edits: { roundCrop: true }, outputFormat: "png" }));
    expect(picture).toMatchObject({ width: 80, height: 80, hasAlpha: true });
    const corner = await sharp(bytes).extract({ left: 0, top: 0, width: 1, height: 1 }).raw().toBuffer();
    expect(corner[3]).toBe(0);
  });

  test("a drawing is sent as it is, and becomes pixels when it is edited", async () => {
    const plain = await handler({ path: base64({ key: "drawing.svg" }) });
    expect(plain.headers["Content-Type"]).toBe("image/svg+xml");
    const { picture } = await ask(handler, base64({ key: "drawing.svg", edits: { resize: { width: 30 } } }));
    expect(picture).toMatchObject({ format: "png", width: 30, height: 20 });
  });

  test("what is not there, and what is no image", async () => {
    expect(errorOf((await ask(handler, base64({ key: "none.jpg" }))).answer)).toMatchObject({ status: 404, code: "NoSuchKey" });
    expect(errorOf((await ask(handler, base64({ key: "../overlays/none.png" }))).answer)).toMatchObject({ status: 404 });
    expect(errorOf((await ask(handler, base64({ key: "text.txt" }))).answer)).toMatchObject({ status: 415 });
    expect(errorOf((await ask(handler, base64({ bucket: "private", key: "a.jpg" }))).answer)).toMatchObject({ status: 403 });
    expect(errorOf((await ask(handler, "/what/is/this")).answer)).toMatchObject({ status: 400, code: "RequestTypeError" });
  });

  test("edits that are wrong or not allowed", async () => {
    const bad = await ask(handler, base64({ key: "gradient.jpg", edits: { resize: { width: 10, fit: "wide" } } }));
    expect(errorOf(bad.answer)).toMatchObject({ status: 400, code: "ImageEdits::BadEdit" });
    const outside = await ask(handler, base64({ key: "gradient.jpg", edits: { extract: { left: 100, top: 0, width: 100, height: 10 } } }));
    expect(errorOf(outside.answer)).toMatchObject({ status: 400, code: "Crop::AreaOutOfBounds" });
    // Methods that write files are no edits; unknown names are passed over.
    const { picture } = await ask(handler, base64({ key: "gradient.jpg", edits: { toFile: "/tmp/stolen.jpg", constructor: 1, resize: { width: 10 } } }));
    expect(picture).toMatchObject({ width: 10 });
  });

  test("an answer of more than Lambda's limit is refused", async () => {
    const { answer } = await ask(handler, base64({ key: "noise.png", edits: { flip: true }, outputFormat: "png" }));
    expect(errorOf(answer)).toMatchObject({ status: 413, code: "TooLargeImageException" });
  });

  test("the browser's Accept header chooses the format when the request does not", async () => {
    const automatic = handlerWith({ autoWebp: true });
    const { picture } = await ask(automatic, base64({ key: "gradient.jpg" }), { Accept: "image/webp,*/*" });
    expect(picture?.format).toBe("webp");
    expect((await ask(automatic, base64({ key: "gradient.jpg" }), { accept: "image/png" })).picture?.format).toBe("jpeg");
    expect((await ask(automatic, base64({ key: "gradient.jpg", outputFormat: "png" }), { accept: "image/webp" })).picture?.format).toBe("png");
  });

  test("AVIF comes first where it is switched on", async () => {
    const { answer } = await ask(handlerWith({ autoWebp: true, autoAvif: true }), base64({ key: "gradient.jpg" }), { accept: "image/avif,image/webp" });
    expect(answer.headers["Content-Type"]).toBe("image/avif");
  });

  test("errors can have an image", async () => {
    const fallback = handlerWith({ fallback: { bucket: "pictures", key: "folder/gradient.png" } });
    const { answer, picture } = await ask(fallback, base64({ key: "none.jpg" }));
    expect(answer.statusCode).toBe(404);
    expect(picture).toMatchObject({ format: "png", width: 120 });
  });

  test("a load balancer is told the status in words and leaves its query encoded", async () => {
    const path = base64({ key: "gradient.jpg" });
    const answer = await handler({ path, queryStringParameters: { expires: "2001%3A" }, requestContext: { elb: {} } });
    expect(answer).toMatchObject({ statusCode: 400, statusDescription: "400 ImageRequestExpiryFormat" });
    expect((await handler({ path, requestContext: { elb: {} } })).statusDescription).toBe("200 OK");
  });
});
