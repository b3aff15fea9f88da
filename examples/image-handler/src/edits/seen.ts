import sharp from "sharp";
import { RequestError } from "../errors";
import type { EditContext } from "./context";

/** An image as bytes that a vision service reads, with its size. */
export async function seen(image: sharp.Sharp, { vision }: EditContext) {
  if (!vision) throw new RequestError(501, "NotImplemented", "This deployment has no service that looks at pictures.");
  const { format } = await image.metadata();
  const plain = format === "jpeg" || format === "png" ? image : image.png();
  const { data, info } = await plain.toBuffer({ resolveWithObject: true });
  return { vision, data, info };
}
