import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { RequestError } from "../errors";
import type { Storage, StoredPicture } from "./storage";

/** Buckets of Amazon S3, or of a server that speaks its language. */
export class S3Storage implements Storage {
  constructor(private readonly client = new S3Client({})) {}

  async read(bucket: string, key: string): Promise<StoredPicture> {
    try {
      const object = await this.client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      return {
        bytes: Buffer.from(await object.Body!.transformToByteArray()),
        contentType: object.ContentType,
        cacheControl: object.CacheControl,
        lastModified: object.LastModified
      };
    } catch (error) {
      const { name, $metadata } = error as { name?: string; $metadata?: { httpStatusCode?: number } };
      // Without the right to list a bucket, S3 says of a missing key that access is denied.
      if (name === "NoSuchKey" || $metadata?.httpStatusCode === 404 || $metadata?.httpStatusCode === 403) {
        throw new RequestError(404, "NoSuchKey", "There is no such picture.");
      }
      throw error;
    }
  }
}
