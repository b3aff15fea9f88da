import type { Storage } from "../storage/storage";
import type { Vision } from "../vision/vision";

/** What edits need beside the image. */
export interface EditContext {
  storage: Storage;
  /** Absent where no service looks at images. */
  vision?: Vision;
  /** Buckets that overlays may come from. */
  sourceBuckets: string[];
}
