import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import S3rver from "s3rver";
import sharp from "sharp";
import type { Answer } from "../src/answer";
import type { Handler } from "../src/handler";
import { FolderStorage } from "../src/storage/folder";
import { S3Storage } from "../src/storage/s3";
import type { Storage } from "../src/storage/storage";

export const BUCKETS = ["pictures", "overlays"];

/** Images made here: a gradient, a transparent overlay, a drawing, a portrait on its side, an animation. */
export async function pictures(): Promise<Record<string, Buffer>> {
  const [width, height] = [120, 80];
  const gradient = Buffer.from(Array.from({ length: width * height * 3 }, (_, i) => [i / 3 % width * 2, Math.floor(i / 3 / width) * 3, 90][i % 3]!));
  const raw = { width, height, channels: 3 as const };
  const frames = Buffer.concat([0, 120, 240].map((level) => Buffer.alloc(40 * 30 * 3, level)));
  return {
    "pictures/gradient.jpg": await sharp(gradient, { raw }).jpeg().toBuffer(),
    "pictures/folder/gradient.png": await sharp(gradient, { raw }).png().toBuffer(),
    "pictures/sideways.jpg": await sharp(gradient, { raw }).withMetadata({ orientation: 6 }).jpeg().toBuffer(),
    "pictures/moving.webp": await sharp(frames, { raw: { width: 40, height: 90, channels: 3, pageHeight: 30 } }).webp({ delay: [100, 100, 100] }).toBuffer(),
    "pictures/drawing.svg": Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 40"><rect width="60" height="40" fill="#0a7d8c"/></svg>'),
    "pictures/noise.png": await sharp({ create: { width: 1600, height: 1600, channels: 3, noise: { type: "gaussian", mean: 128, sigma: 60 } } } as never).png().toBuffer(),
    "pictures/text.txt": Buffer.from("not a picture"),
    "overlays/mark.png": await sharp({ create: { width: 40, height: 20, channels: 4, background: { r: 255, g: 0, b: 0, alpha: 1 } } }).png().toBuffer()
  };
}

/** A storage that is really there, filled with the images. */
export interface Filled {
  storage: Storage;
  close(): Promise<void>;
}

async function temporary(): Promise<string> {
  return mkdtemp(path.join(tmpdir(), "image-handler-"));
}

export async function folderWith(files: Record<string, Buffer>): Promise<Filled> {
  const root = await temporary();
  for (const [name, bytes] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(root, name)), { recursive: true });
    await writeFile(path.join(root, name), bytes);
  }
  return { storage: new FolderStorage(root), close: () => rm(root, { recursive: true }) };
}

export async function s3With(files: Record<string, Buffer>): Promise<Filled> {
  const directory = await temporary();
  const server = new S3rver({ port: 0, address: "127.0.0.1", silent: true, directory });
  const { port } = await server.run();
  const client = new S3Client({
    endpoint: `http://127.0.0.1:${port}`,
    region: "us-east-1",
    forcePathStyle: true,
    requestChecksumCalculation: "WHEN_REQUIRED",
    credentials: { accessKeyId: "S3RVER", secretAccessKey: "S3RVER" }
  });
  for (const bucket of BUCKETS) await client.send(new CreateBucketCommand({ Bucket: bucket }));
  for (const [name, Body] of Object.entries(files)) {
    const [bucket, ...key] = name.split("/");
    await client.send(new PutObjectCommand({ Bucket: bucket, Key: key.join("/"), Body, CacheControl: "max-age=77" }));
  }
  return {
    storage: new S3Storage(client),
    close: async () => {
      client.destroy();
      await server.close();
      await rm(directory, { recursive: true });
    }
  };
}

/** The path of a JSON request. */
export const base64 = (request: unknown) => `/${Buffer.from(JSON.stringify(request)).toString("base64")}`;

/** Asks for an image, and reads the one that comes. */
export async function ask(handler: Handler, path: string, headers: Record<string, string> = {}, query: Record<string, string> = {}) {
  const answer = await handler({ path, headers, queryStringParameters: query, requestContext: {} });
  const bytes = Buffer.from(answer.body, answer.isBase64Encoded ? "base64" : "utf8");
  return { answer, bytes, picture: answer.isBase64Encoded ? await sharp(bytes).metadata() : undefined };
}

export const errorOf = ({ body }: Answer) => JSON.parse(body) as { status: number; code: string; message: string };
