import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { createHandler } from "./handler";
import { settingsFrom, type Settings } from "./settings";
import { S3Storage } from "./storage/s3";
import { Rekognition } from "./vision/rekognition";

/** Asks for the secret once in the life of the process. */
function secretOf({ secretId, secretKey }: NonNullable<Settings["signature"]>): () => Promise<string> {
  let secret: Promise<string> | undefined;
  const ask = async () => {
    const { SecretString } = await new SecretsManagerClient({}).send(new GetSecretValueCommand({ SecretId: secretId }));
    const value: unknown = JSON.parse(SecretString ?? "{}")[secretKey];
    if (typeof value !== "string") throw new Error(`The secret has no text named ${secretKey}`);
    return value;
  };
  return () => {
    secret ??= ask().catch((error: unknown) => {
      // The next request asks again.
      secret = undefined;
      throw error;
    });
    return secret;
  };
}

const settings = settingsFrom(process.env);

/** The Lambda function. */
export const handler = createHandler({
  settings,
  storage: new S3Storage(),
  vision: new Rekognition(),
  secret: settings.signature && secretOf(settings.signature)
});
