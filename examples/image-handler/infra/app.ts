import * as cdk from "aws-cdk-lib";
import { ImageHandlerStack, type Architecture } from "./stack";

// Settings come from the context: cdk deploy -c sourceBuckets=a,b -c architecture=arm64
const app = new cdk.App();
const text = (name: string): string | undefined => app.node.tryGetContext(name);
const flag = (name: string) => text(name) === "true";
const pair = (name: string) => text(name)?.split("/", 2) as [string, string] | undefined;

const fallback = pair("fallback");
const signature = pair("signature");
const architecture = text("architecture") ?? "x64";
if (architecture !== "x64" && architecture !== "arm64") throw new Error("architecture is x64 or arm64");

new ImageHandlerStack(app, "ImageHandler", {
  sourceBuckets: (text("sourceBuckets") ?? "").split(",").filter(Boolean),
  architecture: architecture satisfies Architecture,
  corsOrigin: text("corsOrigin"),
  autoWebp: flag("autoWebp"),
  autoAvif: flag("autoAvif"),
  fallback: fallback && { bucket: fallback[0], key: fallback[1] },
  signature: signature && { secretName: signature[0], secretKey: signature[1] },
  vision: flag("vision"),
  demoPage: flag("demoPage")
});
