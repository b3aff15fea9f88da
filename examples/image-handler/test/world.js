"use strict";
var __importDefault = (this && this.__importDefault) || function (mod) {
    return (mod && mod.__esModule) ? mod : { "default": mod };
};
Object.defineProperty(exports, "__esModule", { value: true });
exports.errorOf = exports.base64 = exports.BUCKETS = void 0;
exports.pictures = pictures;
exports.folderWith = folderWith;
exports.s3With = s3With;
exports.ask = ask;
const promises_1 = require("node:fs/promises");
const node_os_1 = require("node:os");
const node_path_1 = __importDefault(require("node:path"));
const client_s3_1 = require("@aws-sdk/client-s3");
const s3rver_1 = __importDefault(require("s3rver"));
const sharp_1 = __importDefault(require("sharp"));
const folder_1 = require("../src/storage/folder");
const s3_1 = require("../src/storage/s3");
exports.BUCKETS = ["pictures", "overlays"];
/** Pictures made here: a gradient, a transparent overlay, a drawing, a portrait on its side, an animation. */
async function pictures() {
    const [width, height] = [120, 80];
    const gradient = Buffer.from(Array.from({ length: width * height * 3 }, (_, i) => [i / 3 % width * 2, Math.floor(i / 3 / width) * 3, 90][i % 3]));
    const raw = { width, height, channels: 3 };
    const frames = Buffer.concat([0, 120, 240].map((level) => Buffer.alloc(40 * 30 * 3, level)));
    return {
        "pictures/gradient.jpg": await (0, sharp_1.default)(gradient, { raw }).jpeg().toBuffer(),
        "pictures/folder/gradient.png": await (0, sharp_1.default)(gradient, { raw }).png().toBuffer(),
        "pictures/sideways.jpg": await (0, sharp_1.default)(gradient, { raw }).withMetadata({ orientation: 6 }).jpeg().toBuffer(),
        "pictures/moving.webp": await (0, sharp_1.default)(frames, { raw: { width: 40, height: 90, channels: 3, pageHeight: 30 } }).webp({ delay: [100, 100, 100] }).toBuffer(),
        "pictures/drawing.svg": Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 40"><rect width="60" height="40" fill="#0a7d8c"/></svg>'),
        "pictures/noise.png": await (0, sharp_1.default)({ create: { width: 1600, height: 1600, channels: 3, noise: { type: "gaussian", mean: 128, sigma: 60 } } }).png().toBuffer(),
        "pictures/text.txt": Buffer.from("not a picture"),
        "overlays/mark.png": await (0, sharp_1.default)({ create: { width: 40, height: 20, channels: 4, background: { r: 255, g: 0, b: 0, alpha: 1 } } }).png().toBuffer()
    };
}
async function temporary() {
    return (0, promises_1.mkdtemp)(node_path_1.default.join((0, node_os_1.tmpdir)(), "image-handler-"));
}
async function folderWith(files) {
    const root = await temporary();
    for (const [name, bytes] of Object.entries(files)) {
        await (0, promises_1.mkdir)(node_path_1.default.dirname(node_path_1.default.join(root, name)), { recursive: true });
        await (0, promises_1.writeFile)(node_path_1.default.join(root, name), bytes);
    }
    return { storage: new folder_1.FolderStorage(root), close: () => (0, promises_1.rm)(root, { recursive: true }) };
}
async function s3With(files) {
    const directory = await temporary();
    const server = new s3rver_1.default({ port: 0, address: "127.0.0.1", silent: true, directory });
    const { port } = await server.run();
    const client = new client_s3_1.S3Client({
        endpoint: `http://127.0.0.1:${port}`,
        region: "us-east-1",
        forcePathStyle: true,
        requestChecksumCalculation: "WHEN_REQUIRED",
        credentials: { accessKeyId: "S3RVER", secretAccessKey: "S3RVER" }
    });
    for (const bucket of exports.BUCKETS)
        await client.send(new client_s3_1.CreateBucketCommand({ Bucket: bucket }));
    for (const [name, Body] of Object.entries(files)) {
        const [bucket, ...key] = name.split("/");
        await client.send(new client_s3_1.PutObjectCommand({ Bucket: bucket, Key: key.join("/"), Body, CacheControl: "max-age=77" }));
    }
    return {
        storage: new s3_1.S3Storage(client),
        close: async () => {
            client.destroy();
            await server.close();
            await (0, promises_1.rm)(directory, { recursive: true });
        }
    };
}
/** The path of a JSON request. */
const base64 = (request) => `/${Buffer.from(JSON.stringify(request)).toString("base64")}`;
exports.base64 = base64;
/** Asks for a picture, and reads the one that comes. */
async function ask(handler, path, headers = {}, query = {}) {
    const answer = await handler({ path, headers, queryStringParameters: query, requestContext: {} });
    const bytes = Buffer.from(answer.body, answer.isBase64Encoded ? "base64" : "utf8");
    return { answer, bytes, picture: answer.isBase64Encoded ? await (0, sharp_1.default)(bytes).metadata() : undefined };
}
const errorOf = ({ body }) => JSON.parse(body);
exports.errorOf = errorOf;
