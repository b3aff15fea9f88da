/** What the deployment decides, read from the environment once per process. */
export interface Settings {
  /** Buckets that images may come from; the first is meant when a request names none. */
  sourceBuckets: string[];
  /** The value of Access-Control-Allow-Origin, when other sites may ask. */
  corsOrigin?: string;
  autoWebp: boolean;
  autoAvif: boolean;
  /** The image to show in place of an error. */
  fallback?: { bucket: string; key: string };
  /** The secret that signatures are made with, when requests must be signed. */
  signature?: { secretId: string; secretKey: string };
  /** Paths that match are rewritten before they are read. */
  rewrite?: { pattern: RegExp; substitution: string };
}

const yes = (value: string | undefined) => value?.toLowerCase() === "yes";

/** A pattern with or without slashes and flags around it, such as `/thumb/g`. */
function pattern(text: string): RegExp {
  const [, body, flags] = /^\/(.*)\/([a-z]*)$/s.exec(text) ?? [undefined, text, ""];
  return new RegExp(body ?? text, flags);
}

export function settingsFrom(env: NodeJS.ProcessEnv): Settings {
  const sourceBuckets = (env.SOURCE_BUCKETS ?? "").split(",").map((name) => name.trim()).filter(Boolean);
  if (sourceBuckets.length === 0) throw new Error("SOURCE_BUCKETS names no bucket");
  const required = (name: string) => {
    const value = env[name];
    if (!value) throw new Error(`${name} is not set`);
    return value;
  };
  const settings: Settings = { sourceBuckets, autoWebp: yes(env.AUTO_WEBP), autoAvif: yes(env.AUTO_AVIF) };
  if (yes(env.CORS_ENABLED)) settings.corsOrigin = required("CORS_ORIGIN");
  if (yes(env.ENABLE_DEFAULT_FALLBACK_IMAGE)) {
    settings.fallback = { bucket: required("DEFAULT_FALLBACK_IMAGE_BUCKET"), key: required("DEFAULT_FALLBACK_IMAGE_KEY") };
  }
  if (yes(env.ENABLE_SIGNATURE)) {
    settings.signature = { secretId: required("SECRETS_MANAGER"), secretKey: required("SECRET_KEY") };
  }
  if (env.REWRITE_MATCH_PATTERN && env.REWRITE_SUBSTITUTION !== undefined) {
    settings.rewrite = { pattern: pattern(env.REWRITE_MATCH_PATTERN), substitution: env.REWRITE_SUBSTITUTION };
  }
  return settings;
}
