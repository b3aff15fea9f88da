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
var __importDefault = (this && this.__importDefault) || function (mod) {
    return (mod && mod.__esModule) ? mod : { "default": mod };
};
Object.defineProperty(exports, "__esModule", { value: true });
exports.ImageHandlerStack = void 0;
const node_path_1 = __importDefault(require("node:path"));
const cdk = __importStar(require("aws-cdk-lib"));
const apigateway = __importStar(require("aws-cdk-lib/aws-apigateway"));
const cloudfront = __importStar(require("aws-cdk-lib/aws-cloudfront"));
const origins = __importStar(require("aws-cdk-lib/aws-cloudfront-origins"));
const iam = __importStar(require("aws-cdk-lib/aws-iam"));
const lambda = __importStar(require("aws-cdk-lib/aws-lambda"));
const aws_lambda_nodejs_1 = require("aws-cdk-lib/aws-lambda-nodejs");
const logs = __importStar(require("aws-cdk-lib/aws-logs"));
const s3 = __importStar(require("aws-cdk-lib/aws-s3"));
const s3deploy = __importStar(require("aws-cdk-lib/aws-s3-deployment"));
const PROJECT = node_path_1.default.resolve(__dirname, "..");
/** CloudFront before API Gateway before one Lambda function that reads from S3. */
class ImageHandlerStack extends cdk.Stack {
    constructor(scope, id, props) {
        super(scope, id, props);
        const handler = this.function(props);
        this.grant(handler, props);
        const distribution = this.distribution(this.api(handler));
        new cdk.CfnOutput(this, "Address", { value: `https://${distribution.distributionDomainName}` });
        if (props.demoPage)
            this.page();
    }
    function(props) {
        const architecture = props.architecture ?? "x64";
        return new aws_lambda_nodejs_1.NodejsFunction(this, "Handler", {
            description: "Answers requests for pictures",
            entry: node_path_1.default.join(PROJECT, "src", "index.ts"),
            projectRoot: PROJECT,
            depsLockFilePath: node_path_1.default.join(PROJECT, "package-lock.json"),
            runtime: lambda.Runtime.NODEJS_20_X,
            architecture: architecture === "arm64" ? lambda.Architecture.ARM_64 : lambda.Architecture.X86_64,
            memorySize: 1024,
            timeout: cdk.Duration.seconds(29),
            logGroup: new logs.LogGroup(this, "HandlerLog", { retention: logs.RetentionDays.SIX_MONTHS }),
            environment: environment(props),
            bundling: {
                format: aws_lambda_nodejs_1.OutputFormat.CJS,
                minify: true,
                // The runtime brings the SDK.
                externalModules: ["sharp", "@aws-sdk/*"],
                nodeModules: ["sharp"],
                commandHooks: {
                    beforeBundling: () => [],
                    beforeInstall: () => [],
                    // The machine that deploys need not be the kind that Lambda runs on.
                    afterBundling: (_input, output) => [
                        `cd ${output} && rm -rf node_modules/sharp && npm install --arch=${architecture} --platform=linux --cpu=${architecture} --os=linux --libc=glibc sharp`
                    ]
                }
            }
        });
    }
    grant(handler, { sourceBuckets, fallback, signature, vision }) {
        const buckets = [...new Set([...sourceBuckets, ...(fallback ? [fallback.bucket] : [])])];
        const allow = (actions, resources) => handler.addToRolePolicy(new iam.PolicyStatement({ actions, resources }));
        allow(["s3:GetObject"], buckets.map((bucket) => `arn:${this.partition}:s3:::${bucket}/*`));
        allow(["s3:ListBucket"], buckets.map((bucket) => `arn:${this.partition}:s3:::${bucket}`));
        // Rekognition has no resources to name.
        if (vision)
            allow(["rekognition:DetectFaces", "rekognition:DetectModerationLabels"], ["*"]);
        if (signature) {
            const arn = { service: "secretsmanager", resource: "secret", resourceName: `${signature.secretName}-*` };
            allow(["secretsmanager:GetSecretValue"], [this.formatArn({ ...arn, arnFormat: cdk.ArnFormat.COLON_RESOURCE_NAME })]);
        }
    }
    api(handler) {
        const accessLog = new logs.LogGroup(this, "ApiLog", { retention: logs.RetentionDays.SIX_MONTHS });
        return new apigateway.LambdaRestApi(this, "Api", {
            handler,
            proxy: true,
            // Answers are pictures.
            binaryMediaTypes: ["*/*"],
            cloudWatchRole: false,
            deployOptions: {
                stageName: "image",
                accessLogDestination: new apigateway.LogGroupLogDestination(accessLog),
                accessLogFormat: apigateway.AccessLogFormat.jsonWithStandardFields()
            },
            endpointConfiguration: { types: [apigateway.EndpointType.REGIONAL] }
        });
    }
    distribution(api) {
        const cachePolicy = new cloudfront.CachePolicy(this, "Cache", {
            defaultTtl: cdk.Duration.days(1),
            maxTtl: cdk.Duration.days(365),
            enableAcceptEncodingGzip: false,
            headerBehavior: cloudfront.CacheHeaderBehavior.allowList("Origin", "Accept"),
            queryStringBehavior: cloudfront.CacheQueryStringBehavior.allowList("signature", "expires")
        });
        return new cloudfront.Distribution(this, "Distribution", {
            comment: "Pictures, edited as the request says",
            httpVersion: cloudfront.HttpVersion.HTTP2_AND_3,
            defaultBehavior: {
                origin: new origins.RestApiOrigin(api),
                allowedMethods: cloudfront.AllowedMethods.ALLOW_GET_HEAD_OPTIONS,
                viewerProtocolPolicy: cloudfront.ViewerProtocolPolicy.HTTPS_ONLY,
                originRequestPolicy: cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
                cachePolicy
            }
        });
    }
    page() {
        const bucket = new s3.Bucket(this, "DemoPage", {
            blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
            encryption: s3.BucketEncryption.S3_MANAGED,
            enforceSSL: true,
            removalPolicy: cdk.RemovalPolicy.DESTROY
        });
        new s3deploy.BucketDeployment(this, "DemoPageFiles", {
            destinationBucket: bucket,
            sources: [s3deploy.Source.asset(node_path_1.default.join(PROJECT, "src", "local"), { exclude: ["*.ts"] })]
        });
        const site = new cloudfront.Distribution(this, "DemoSite", {
            defaultRootObject: "page.html",
            defaultBehavior: { origin: origins.S3BucketOrigin.withOriginAccessControl(bucket) }
        });
        new cdk.CfnOutput(this, "DemoAddress", { value: `https://${site.distributionDomainName}` });
    }
}
exports.ImageHandlerStack = ImageHandlerStack;
function environment(props) {
    const yesNo = (value) => (value ? "Yes" : "No");
    const { corsOrigin, fallback, signature } = props;
    return {
        SOURCE_BUCKETS: props.sourceBuckets.join(","),
        AUTO_WEBP: yesNo(props.autoWebp),
        AUTO_AVIF: yesNo(props.autoAvif),
        CORS_ENABLED: yesNo(corsOrigin !== undefined),
        ENABLE_DEFAULT_FALLBACK_IMAGE: yesNo(fallback !== undefined),
        ENABLE_SIGNATURE: yesNo(signature !== undefined),
        ...(corsOrigin !== undefined && { CORS_ORIGIN: corsOrigin }),
        ...(fallback && { DEFAULT_FALLBACK_IMAGE_BUCKET: fallback.bucket, DEFAULT_FALLBACK_IMAGE_KEY: fallback.key }),
        ...(signature && { SECRETS_MANAGER: signature.secretName, SECRET_KEY: signature.secretKey })
    };
}
