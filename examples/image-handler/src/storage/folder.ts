import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { RequestError } from "../errors";
import type { Storage, StoredPicture } from "./storage";

const missing = () => new RequestError(404, "NoSuchKey", "There is no such picture.");

/** Buckets as folders of a local folder. */
export class FolderStorage implements Storage {
  constructor(private readonly root: string) {}

  async read(bucket: string, key: string): Promise<StoredPicture> {
    const folder = path.resolve(this.root, bucket);
    const file = path.resolve(folder, key);
    // A key must not lead out of its bucket, nor a bucket out of the folder.
    if (path.dirname(folder) !== path.resolve(this.root) || !file.startsWith(folder + path.sep) || key.includes("\0")) throw missing();
    try {
      const [bytes, { mtime }] = await Promise.all([readFile(file), stat(file)]);
      return { bytes, lastModified: mtime };
    } catch {
      throw missing();
    }
  }
}
