import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { RekognitionClient } from "@aws-sdk/client-rekognition";
import sharp from "sharp";
import { createHandler, type Handler } from "../src/handler";
import { Rekognition } from "../src/vision/rekognition";
import { ask, base64, BUCKETS, errorOf, folderWith, pictures, type Filled } from "./world";

// A server that speaks Rekognition's protocol and sees one face and one label in every image that it can open.
let server: Server;
let filled: Filled;
let handler: Handler;
const seen: string[] = [];

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { Image } = JSON.parse(Buffer.concat(chunks).toString()) as { Image: { Bytes: string } };
    seen.push((await sharp(Buffer.from(Image.Bytes, "base64")).metadata()).format!);
    const faces = { FaceDetails: [{ BoundingBox: { Left: 0.25, Top: 0.25, Width: 0.5, Height: 0.5 } }] };
    const labels = { ModerationLabels: [{ Name: "Smoking", Confidence: 90 }] };
    response.setHeader("Content-Type", "application/x-amz-json-1.1");
    response.end(JSON.stringify(String(request.headers["x-amz-target"]).endsWith("DetectFaces") ? faces : labels));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const client = new RekognitionClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: "us-east-1",
    credentials: { accessKeyId: "a", secretAccessKey: "b" }
  });
  filled = await folderWith(await pictures());
  const settings = { sourceBuckets: BUCKETS, autoWebp: false, autoAvif: false };
  handler = createHandler({ settings, storage: filled.storage, vision: new Rekognition(client) });
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await filled.close();
});

test("a face is cut out with its padding", async () => {
  const { picture } = await ask(handler, base64({ key: "gradient.jpg", edits: { smartCrop: { faceIndex: 0, padding: 10 } } }));
  expect(picture).toMatchObject({ width: 80, height: 60 });
  expect(seen.at(-1)).toBe("jpeg");
});

test("WebP is shown to the service as PNG", async () => {
  await ask(handler, base64({ key: "moving.webp", edits: { animated: false, smartCrop: true } }));
  expect(seen.at(-1)).toBe("png");
});

test("a face that is not there", async () => {
  const { answer } = await ask(handler, base64({ key: "gradient.jpg", edits: { smartCrop: { faceIndex: 3 } } }));
  expect(errorOf(answer)).toMatchObject({ status: 400, code: "SmartCrop::FaceIndexOutOfRange" });
});

test("a label that counts blurs the image, another does not", async () => {
  const noise = async (contentModeration: object) => {
    const { bytes } = await ask(handler, base64({ key: "noise.png", edits: { contentModeration, extract: { left: 0, top: 0, width: 200, height: 200 } }, outputFormat: "png" }));
    const samples = await sharp(bytes).raw().toBuffer();
    const mean = samples.reduce((sum, value) => sum + value, 0) / samples.length;
    return Math.sqrt(samples.reduce((sum, value) => sum + (value - mean) ** 2, 0) / samples.length);
  };
  expect(await noise({ blur: 20, moderationLabels: ["Smoking"] })).toBeLessThan(10);
  expect((await ask(handler, base64({ key: "gradient.jpg", edits: { contentModeration: { moderationLabels: ["Drugs"] } } }))).answer.statusCode).toBe(200);
});
