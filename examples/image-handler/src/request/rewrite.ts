import type { Settings } from "../settings";

/** Brings a path of the user's own grammar into the Thumbor grammar. */
export function rewrite(path: string, { pattern, substitution }: NonNullable<Settings["rewrite"]>): string {
  return path.replace(pattern, substitution);
}
