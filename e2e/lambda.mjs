// The example's infrastructure: `cdk synth` bundles the function as a deployment would, with lancet under its alias from the
// registry on loopback, and the asset answers a request with only what it holds.
import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inRoot } from '../scripts/lib/shell.mjs';
import { check, freshFolder, node, run, write } from './lib.mjs';
import { startFakeS3 } from './s3.mjs';

const example = inRoot('examples', 'image-handler');
const photo = inRoot('examples', 'photos', 'rocket.jpg');

/** A copy of the example that says what a user's package.json says, locked to what the registry has. */
async function project(registry) {
  // Without links in its path: esbuild and CDK compare paths.
  const folder = realpathSync(freshFolder('lambda'));
  cpSync(example, folder, { recursive: true, filter: from => !/\/(node_modules|build|cdk\.out)(\/|$)/.test(from) });
  const file = join(folder, 'package.json');
  const manifest = JSON.parse(readFileSync(file, 'utf8'));
  manifest.dependencies.sharp = 'npm:lancet@^1';
  writeFileSync(file, JSON.stringify(manifest, null, 2));
  await run(folder, 'npm', ['install', '--package-lock-only', '--ignore-scripts', '--loglevel=error'], registry.env);
  // The tools are the same; sharp is not looked for here, since it is installed into the asset.
  symlinkSync(join(example, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

/** The template and the folder of the function's code. */
function synthesised(folder) {
  const out = join(folder, 'cdk.out');
  const template = JSON.parse(readFileSync(join(out, 'ImageHandler.template.json'), 'utf8'));
  const assets = readdirSync(out).filter(name => name.startsWith('asset.') && existsSync(join(out, name, 'node_modules')));
  assert.equal(assets.length, 1);
  return { template, asset: join(out, assets[0]) };
}

export async function lambda(registry) {
  const folder = await check('the example takes the alias', () => project(registry));
  await check('cdk synth bundles the function', () =>
    run(folder, 'npm', ['run', 'synth', '--', '-c', 'sourceBuckets=pictures', '-c', 'autoWebp=true', '-c', 'demoPage=true', '-c', 'fallback=pictures/none.png', '-c', 'signature=keys/image'], registry.env));
  const { template, asset } = synthesised(folder);

  await check('the template has the parts', () => {
    const types = Object.values(template.Resources).map(({ Type }) => Type);
    for (const type of ['AWS::Lambda::Function', 'AWS::ApiGateway::RestApi', 'AWS::CloudFront::Distribution', 'AWS::Logs::LogGroup', 'AWS::S3::Bucket']) {
      assert.ok(types.includes(type), type);
    }
    const functions = Object.values(template.Resources).filter(({ Type }) => Type === 'AWS::Lambda::Function');
    const handler = functions.find(({ Properties }) => Properties.Runtime === 'nodejs20.x' && Properties.MemorySize === 1024);
    assert.deepEqual(handler.Properties.Architectures, ['x86_64']);
    assert.equal(handler.Properties.Environment.Variables.SOURCE_BUCKETS, 'pictures');
  });
  await check('the asset holds the bundle, lancet and one platform package', () => {
    const modules = readdirSync(join(asset, 'node_modules')).filter(name => !name.startsWith('.'));
    assert.deepEqual(modules.sort(), ['lancet-linux-x64-gnu', 'sharp']);
  });
  await check('the asset answers a request', () => answers(asset));
  return asset;
}

/** Starts the asset alone. The SDK is what Lambda's runtime brings: it is put beside the asset, not into it. */
async function answers(asset) {
  const home = freshFolder('asset');
  cpSync(asset, join(home, 'task'), { recursive: true });
  mkdirSync(join(home, 'node_modules'));
  symlinkSync(join(example, 'node_modules', '@aws-sdk'), join(home, 'node_modules', '@aws-sdk'));
  const s3 = await startFakeS3({ '/pictures/rocket.jpg': readFileSync(photo) });
  const request = Buffer.from(JSON.stringify({ key: 'rocket.jpg', edits: { resize: { width: 64 } } })).toString('base64');
  write(home, {
    'task/ask.js': `require('./index.js').handler({ path: ${JSON.stringify(`/${request}`)}, headers: { accept: 'image/webp' } }).then(answer => console.log(JSON.stringify({ ...answer, body: answer.body.length, start: Buffer.from(answer.body, 'base64').toString('latin1', 8, 12) })));\n`
  });
  try {
    const env = { SOURCE_BUCKETS: 'pictures', AUTO_WEBP: 'Yes', AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b', AWS_ENDPOINT_URL_S3: s3.url };
    const answer = JSON.parse(await node(join(home, 'task'), ['ask.js'], env));
    assert.equal(answer.statusCode, 200, JSON.stringify(answer));
    assert.equal(answer.headers['Content-Type'], 'image/webp');
    assert.equal(answer.start, 'WEBP');
  } finally {
    s3.close();
  }
}
