import sharp from "sharp";
import type { Json } from "../request/request";
import type { EditContext } from "./context";
import { seen } from "./seen";

interface Moderation {
  /** Confidence in percent from which on a label counts. */
  minConfidence: number;
  /** Sigma of the blur. */
  blur: number;
  /** Labels that count; all, when there are none. */
  moderationLabels?: string[];
}

const DEFAULTS: Moderation = { minConfidence: 75, blur: 50 };

/** Blurs an image that shows what some do not want to see. */
export async function moderate(image: sharp.Sharp, value: Json, context: EditContext): Promise<sharp.Sharp> {
  if (value === false) return image;
  const asked = (typeof value === "object" && value !== null ? value : {}) as Partial<Moderation>;
  const { minConfidence, blur, moderationLabels } = { ...DEFAULTS, ...asked };
  const { vision, data } = await seen(image, context);
  const found = await vision.moderationLabels(data, minConfidence);
  const counts = moderationLabels ? found.some((label) => moderationLabels.includes(label)) : found.length > 0;
  const result = sharp(data).withMetadata();
  return counts ? result.blur(Math.ceil(blur)) : result;
}
