import path from "node:path";
import * as cdk from "aws-cdk-lib";
import * as apigateway from "aws-cdk-lib/aws-apigateway";
import * as cloudfront from "aws-cdk-lib/aws-cloudfront";
import * as origins from "aws-cdk-lib/aws-cloudfront-origins";
import * as iam from "aws-cdk-lib/aws-iam";
import * as lambda from "aws-cdk-lib/aws-lambda";
import { NodejsFunction, OutputFormat } from "aws-cdk-lib/aws-lambda-nodejs";
import * as logs from "aws-cdk-lib/aws-logs";
import * as s3 from "aws-cdk-lib/aws-s3";
import * as s3deploy from "aws-cdk-lib/aws-s3-deployment";
import type { Construct } from "constructs";

export type Architecture = "x64" | "arm64";

export interface ImageHandlerProps extends cdk.StackProps {
  /** Buckets that images may come from; they exist already. */
  sourceBuckets: string[];
  architecture?: Architecture;
  /** Where browsers may ask from; nowhere else when it is left out. */
  corsOrigin?: string;
  autoWebp?: boolean;
  autoAvif?: boolean;
  /** An image to show in place of an error. */
  fallback?: { bucket: string; key: string };
  /** A secret in Secrets Manager, and the name in it of the text that requests are signed with. */
  signature?: { secretName: string; secretKey: string };
  /** Whether faces and moderation labels are looked for. */
  vision?: boolean;
  /** Whether a page to try edits on is put beside it. */
  demoPage?: boolean;
}

const PROJECT = path.resolve(__dirname, "..");

/** CloudFront before API Gateway before one Lambda function that reads from S3. */
export class ImageHandlerStack extends cdk.Stack {
  constructor(scope: Construct, id: string, props: ImageHandlerProps) {
    super(scope, id, props);
    const handler = this.function(props);
    this.grant(handler, props);
    const distribution = this.distribution(this.api(handler));
    new cdk.CfnOutput(this, "Address", { value: `https://${distribution.distributionDomainName}` });
    if (props.demoPage) this.page();
  }

  private function(props: ImageHandlerProps): NodejsFunction {
    const architecture = props.architecture ?? "x64";
    return new NodejsFunction(this, "Handler", {
      description: "Answers requests for pictures",
      entry: path.join(PROJECT, "src", "index.ts"),
      projectRoot: PROJECT,
      depsLockFilePath: path.join(PROJECT, "package-lock.json"),
      runtime: lambda.Runtime.NODEJS_20_X,
      architecture: architecture === "arm64" ? lambda.Architecture.ARM_64 : lambda.Architecture.X86_64,
      memorySize: 1024,
      timeout: cdk.Duration.seconds(29),
      logGroup: new logs.LogGroup(this, "HandlerLog", { retention: logs.RetentionDays.SIX_MONTHS }),
      environment: environment(props),
      bundling: {
        format: OutputFormat.CJS,
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

  private grant(handler: NodejsFunction, { sourceBuckets, fallback, signature, vision }: ImageHandlerProps): void {
    const buckets = [...new Set([...sourceBuckets, ...(fallback ? [fallback.bucket] : [])])];
    const allow = (actions: string[], resources: string[]) =>
      handler.addToRolePolicy(new iam.PolicyStatement({ actions, resources }));
    allow(["s3:GetObject"], buckets.map((bucket) => `arn:${this.partition}:s3:::${bucket}/*`));
    allow(["s3:ListBucket"], buckets.map((bucket) => `arn:${this.partition}:s3:::${bucket}`));
    // Rekognition has no resources to name.
    if (vision) allow(["rekognition:DetectFaces", "rekognition:DetectModerationLabels"], ["*"]);
    if (signature) {
      const arn = { service: "secretsmanager", resource: "secret", resourceName: `${signature.secretName}-*` };
      allow(["secretsmanager:GetSecretValue"], [this.formatArn({ ...arn, arnFormat: cdk.ArnFormat.COLON_RESOURCE_NAME })]);
    }
  }

  private api(handler: NodejsFunction): apigateway.RestApi {
    const accessLog = new logs.LogGroup(this, "ApiLog", { retention: logs.RetentionDays.SIX_MONTHS });
    return new apigateway.LambdaRestApi(this, "Api", {
      handler,
      proxy: true,
      // Answers are images.
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

  private distribution(api: apigateway.RestApi): cloudfront.Distribution {
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

  private page(): void {
    const bucket = new s3.Bucket(this, "DemoPage", {
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      encryption: s3.BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      removalPolicy: cdk.RemovalPolicy.DESTROY
    });
    new s3deploy.BucketDeployment(this, "DemoPageFiles", {
      destinationBucket: bucket,
      sources: [s3deploy.Source.asset(path.join(PROJECT, "src", "local"), { exclude: ["*.ts"] })]
    });
    const site = new cloudfront.Distribution(this, "DemoSite", {
      defaultRootObject: "page.html",
      defaultBehavior: { origin: origins.S3BucketOrigin.withOriginAccessControl(bucket) }
    });
    new cdk.CfnOutput(this, "DemoAddress", { value: `https://${site.distributionDomainName}` });
  }
}

function environment(props: ImageHandlerProps): Record<string, string> {
  const yesNo = (value: boolean | undefined) => (value ? "Yes" : "No");
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
