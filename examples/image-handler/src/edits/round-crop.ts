import sharp from "sharp";
import type { Json } from "../request/request";

/** The ellipse that stays, in pixels; centre and radii are those of the whole image when they are left out. */
interface Ellipse {
  rx?: number;
  ry?: number;
  top?: number;
  left?: number;
}

const positive = (value: unknown, otherwise: number) => (Number(value) > 0 ? Number(value) : otherwise);

/** Cuts out an ellipse; what is around it becomes transparent, and is trimmed. */
export async function roundCrop(image: sharp.Sharp, value: Json): Promise<sharp.Sharp> {
  if (value === false) return image;
  const ellipse = (typeof value === "object" && value !== null ? value : {}) as Ellipse;
  const { data, info } = await image.png().toBuffer({ resolveWithObject: true });
  const radius = Math.min(info.width, info.height) / 2;
  const [cx, cy] = [positive(ellipse.left, info.width / 2), positive(ellipse.top, info.height / 2)];
  const [rx, ry] = [positive(ellipse.rx, radius), positive(ellipse.ry, radius)];
  const mask = `<svg viewBox="0 0 ${info.width} ${info.height}"><ellipse cx="${cx}" cy="${cy}" rx="${rx}" ry="${ry}"/></svg>`;
  const masked = await sharp(data).ensureAlpha().composite([{ input: Buffer.from(mask), blend: "dest-in" }]).png().toBuffer();
  return sharp(masked).withMetadata().trim();
}
