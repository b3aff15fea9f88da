/** A stored picture. */
export interface StoredPicture {
  bytes: Buffer;
  contentType?: string;
  cacheControl?: string;
  lastModified?: Date;
}

/** Where pictures come from. */
export interface Storage {
  /** Rejects with a `RequestError` of status 404 when there is no such picture. */
  read(bucket: string, key: string): Promise<StoredPicture>;
}
