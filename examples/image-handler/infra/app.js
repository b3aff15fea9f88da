"use strict";
var __createBinding = (this && this.__createBinding) || (Object.create ? (function(o, m, k, k2) {
    if (k2 === undefined) k2 = k;
    var desc = Object.getOwnPropertyDescriptor(m, k);
    if (!desc || ("get" in desc ? !m.__esModule : desc.writable || desc.configurable)) {
      desc = { enumerable: true, get: function() { return m[k]; } };
    }
    Object.defineProperty(o, k2, desc);
}) : (function(o, m, k, k2) {
    if (k2 === undefined) k2 = k;
    o[k2] = m[k];
}));
var __setModuleDefault = (this && this.__setModuleDefault) || (Object.create ? (function(o, v) {
    Object.defineProperty(o, "default", { enumerable: true, value: v });
}) : function(o, v) {
    o["default"] = v;
});
var __importStar = (this && this.__importStar) || (function () {
    var ownKeys = function(o) {
        ownKeys = Object.getOwnPropertyNames || function (o) {
            var ar = [];
            for (var k in o) if (Object.prototype.hasOwnProperty.call(o, k)) ar[ar.length] = k;
            return ar;
        };
        return ownKeys(o);
    };
    return function (mod) {
        if (mod && mod.__esModule) return mod;
        var result = {};
        if (mod != null) for (var k = ownKeys(mod), i = 0; i < k.length; i++) if (k[i] !== "default") __createBinding(result, mod, k[i]);
        __setModuleDefault(result, mod);
        return result;
    };
})();
Object.defineProperty(exports, "__esModule", { value: true });
const cdk = __importStar(require("aws-cdk-lib"));
const stack_1 = require("./stack");
// Settings come from the context: cdk deploy -c sourceBuckets=a,b -c architecture=arm64
const app = new cdk.App();
const text = (name) => app.node.tryGetContext(name);
const flag = (name) => text(name) === "true";
const pair = (name) => text(name)?.split("/", 2);
const fallback = pair("fallback");
const signature = pair("signature");
const architecture = text("architecture") ?? "x64";
if (architecture !== "x64" && architecture !== "arm64")
    throw new Error("architecture is x64 or arm64");
new stack_1.ImageHandlerStack(app, "ImageHandler", {
    sourceBuckets: (text("sourceBuckets") ?? "").split(",").filter(Boolean),
    architecture: architecture,
    corsOrigin: text("corsOrigin"),
    autoWebp: flag("autoWebp"),
    autoAvif: flag("autoAvif"),
    fallback: fallback && { bucket: fallback[0], key: fallback[1] },
    signature: signature && { secretName: signature[0], secretKey: signature[1] },
    vision: flag("vision"),
    demoPage: flag("demoPage")
});
