/** A box in fractions of the image's width and height. */
export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** What is seen in an image, which is a JPEG or PNG file. */
export interface Vision {
  /** Faces, the surest first. */
  faces(picture: Buffer): Promise<Box[]>;
  /** Names of what some people do not want to see, found with at least this confidence in percent. */
  moderationLabels(picture: Buffer, minConfidence: number): Promise<string[]>;
}
