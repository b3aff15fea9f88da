/** A stored image. */
export interface StoredPicture {
  bytes: Buffer;
  contentType?: string;
  cacheControl?: string;
  lastModified?: Date;
}

/** Where images come from. */
export interface Storage {
  /** Rejects with a `RequestError` of status 404 when there is no such image. */
  read(bucket: string, key: string): Promise<StoredPicture>;
}
