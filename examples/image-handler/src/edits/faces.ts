import sharp from "sharp";
import { RequestError } from "../errors";
import type { Json } from "../request/request";
import type { EditContext } from "./context";
import { seen } from "./seen";

/** Cuts out a face with some space around it. */
export async function smartCrop(image: sharp.Sharp, value: Json, context: EditContext): Promise<sharp.Sharp> {
  if (value === false) return image;
  const { faceIndex = 0, padding = 0 } = (typeof value === "object" && value !== null ? value : {}) as Record<string, number>;
  const { vision, data, info } = await seen(image, context);
  const faces = await vision.faces(data);
  // Nobody is there to crop to: all of the image is shown.
  if (faces.length === 0) return sharp(data).withMetadata();
  const face = faces[Number(faceIndex)];
  if (!face) {
    throw new RequestError(400, "SmartCrop::FaceIndexOutOfRange", "There are not that many faces in the picture.");
  }
  const clamp = (position: number, most: number) => Math.min(Math.max(Math.round(position), 0), most);
  const left = clamp(face.left * info.width - padding, info.width - 1);
  const top = clamp(face.top * info.height - padding, info.height - 1);
  const right = clamp((face.left + face.width) * info.width + Number(padding), info.width);
  const bottom = clamp((face.top + face.height) * info.height + Number(padding), info.height);
  if (!(right > left && bottom > top)) {
    throw new RequestError(400, "SmartCrop::PaddingOutOfBounds", "The padding leaves nothing of the picture.");
  }
  return sharp(data).withMetadata().extract({ left, top, width: right - left, height: bottom - top });
}
