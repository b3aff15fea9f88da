"use strict";
var __importDefault = (this && this.__importDefault) || function (mod) {
    return (mod && mod.__esModule) ? mod : { "default": mod };
};
Object.defineProperty(exports, "__esModule", { value: true });
const node_http_1 = require("node:http");
const client_rekognition_1 = require("@aws-sdk/client-rekognition");
const sharp_1 = __importDefault(require("sharp"));
const handler_1 = require("../src/handler");
const rekognition_1 = require("../src/vision/rekognition");
const world_1 = require("./world");
// A server that speaks Rekognition's protocol and sees one face and one label in every picture that it can open.
let server;
let filled;
let handler;
const seen = [];
beforeAll(async () => {
    server = (0, node_http_1.createServer)(async (request, response) => {
        const chunks = [];
        for await (const chunk of request)
            chunks.push(chunk);
        const { Image } = JSON.parse(Buffer.concat(chunks).toString());
        seen.push((await (0, sharp_1.default)(Buffer.from(Image.Bytes, "base64")).metadata()).format);
        const faces = { FaceDetails: [{ BoundingBox: { Left: 0.25, Top: 0.25, Width: 0.5, Height: 0.5 } }] };
        const labels = { ModerationLabels: [{ Name: "Smoking", Confidence: 90 }] };
        response.setHeader("Content-Type", "application/x-amz-json-1.1");
        response.end(JSON.stringify(String(request.headers["x-amz-target"]).endsWith("DetectFaces") ? faces : labels));
    });
    await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
    const client = new client_rekognition_1.RekognitionClient({
        endpoint: `http://127.0.0.1:${server.address().port}`,
        region: "us-east-1",
        credentials: { accessKeyId: "a", secretAccessKey: "b" }
    });
    filled = await (0, world_1.folderWith)(await (0, world_1.pictures)());
    const settings = { sourceBuckets: world_1.BUCKETS, autoWebp: false, autoAvif: false };
    handler = (0, handler_1.createHandler)({ settings, storage: filled.storage, vision: new rekognition_1.Rekognition(client) });
});
afterAll(async () => {
    server.closeAllConnections();
    server.close();
    await filled.close();
});
test("a face is cut out with its padding", async () => {
    const { picture } = await (0, world_1.ask)(handler, (0, world_1.base64)({ key: "gradient.jpg", edits: { smartCrop: { faceIndex: 0, padding: 10 } } }));
    expect(picture).toMatchObject({ width: 80, height: 60 });
    expect(seen.at(-1)).toBe("jpeg");
});
test("WebP is shown to the service as PNG", async () => {
    await (0, world_1.ask)(handler, (0, world_1.base64)({ key: "moving.webp", edits: { animated: false, smartCrop: true } }));
    expect(seen.at(-1)).toBe("png");
});
test("a face that is not there", async () => {
    const { answer } = await (0, world_1.ask)(handler, (0, world_1.base64)({ key: "gradient.jpg", edits: { smartCrop: { faceIndex: 3 } } }));
    expect((0, world_1.errorOf)(answer)).toMatchObject({ status: 400, code: "SmartCrop::FaceIndexOutOfRange" });
});
test("a label that counts blurs the picture, another does not", async () => {
    const noise = async (contentModeration) => {
        const { bytes } = await (0, world_1.ask)(handler, (0, world_1.base64)({ key: "noise.png", edits: { contentModeration, extract: { left: 0, top: 0, width: 200, height: 200 } }, outputFormat: "png" }));
        const samples = await (0, sharp_1.default)(bytes).raw().toBuffer();
        const mean = samples.reduce((sum, value) => sum + value, 0) / samples.length;
        return Math.sqrt(samples.reduce((sum, value) => sum + (value - mean) ** 2, 0) / samples.length);
    };
    expect(await noise({ blur: 20, moderationLabels: ["Smoking"] })).toBeLessThan(10);
    expect((await (0, world_1.ask)(handler, (0, world_1.base64)({ key: "gradient.jpg", edits: { contentModeration: { moderationLabels: ["Drugs"] } } }))).answer.statusCode).toBe(200);
});
