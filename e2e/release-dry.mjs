// Publishes to a registry on loopback what a release would publish, installs it as users do, and runs it as they do.
//
//   npm run release:dry
//   npm run release:dry -- --all [--quick] [--prebuilt] [--only platform]    every platform; see platforms.mjs
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { thisPlatform } from '../scripts/lib/platform.mjs';
import { inRoot } from '../scripts/lib/shell.mjs';
import { check, freshFolder, install, node, run, tool, write } from './lib.mjs';
import { allPlatforms } from './platforms.mjs';
import { startRegistry } from './registry.mjs';

const photo = inRoot('examples', 'photos', 'rocket.jpg');
const platform = thisPlatform();
const [os, cpu] = platform.split('-');
const libc = platform.endsWith('-gnu') ? ['--libc=glibc'] : platform.endsWith('-musl') ? ['--libc=musl'] : [];

const manifest = (more = {}) => ({ name: 'app', version: '1.0.0', private: true, ...more });

/** A program that makes a thumbnail and prints its signature. */
const use = read => `${read}\nsharp(${JSON.stringify(photo)}).resize(32).webp().toBuffer().then(data => console.log(data.toString('latin1', 8, 12)));\n`;
const viaRequire = use("const sharp = require('sharp');");
const viaImport = use("import sharp from 'sharp';");

const installed = folder => readdirSync(join(folder, 'node_modules')).filter(name => !name.startsWith('.')).sort();

async function runs(folder, file = 'app.cjs', source = viaRequire) {
  write(folder, { [file]: source });
  assert.equal(await node(folder, [file]), 'WEBP');
}

async function installs(registry) {
  const npm = (folder, ...args) => run(folder, 'npm', ['install', '--loglevel=error', ...args], registry.env);

  const app = freshFolder('npm');
  write(app, { 'package.json': manifest() });
  await check('npm install sharp@npm:lancet brings the package and one platform package', async () => {
    await npm(app, 'sharp@npm:lancet');
    assert.deepEqual(installed(app), [`lancet-${platform}`, 'sharp']);
    assert.match(JSON.parse(readFileSync(join(app, 'package.json'), 'utf8')).dependencies.sharp, /^npm:lancet@\^1/);
    await runs(app);
  });
  await check('npm install --arch --platform, after the folder was removed, keeps the alias', async () => {
    rmSync(join(app, 'node_modules', 'sharp'), { recursive: true });
    await npm(app, `--arch=${cpu}`, `--platform=${os}`, 'sharp');
    assert.deepEqual(installed(app), [`lancet-${platform}`, 'sharp']);
    assert.equal(JSON.parse(readFileSync(join(app, 'node_modules', 'sharp', 'package.json'), 'utf8')).name, 'lancet');
    await runs(app);
  });
  await check('npm install --os --cpu --libc brings the same', async () => {
    const folder = freshFolder('npm-os');
    write(folder, { 'package.json': manifest({ dependencies: { sharp: 'npm:lancet@^1' } }) });
    await npm(folder, `--os=${os}`, `--cpu=${cpu}`, ...libc, 'sharp');
    assert.deepEqual(installed(folder), [`lancet-${platform}`, 'sharp']);
    await runs(folder);
  });
  await check('pnpm installs it', async () => {
    const folder = freshFolder('pnpm');
    write(folder, { 'package.json': manifest() });
    await node(folder, [tool('pnpm/bin/pnpm.cjs'), 'add', 'sharp@npm:lancet@^1', '--reporter=silent'], registry.env);
    assert.deepEqual(installed(folder), ['sharp']);
    await runs(folder);
  });
  await check('yarn installs it', async () => {
    const folder = freshFolder('yarn');
    write(folder, { 'package.json': manifest(), '.yarnrc': `registry "${registry.url}"\n` });
    await node(folder, [tool('yarn/bin/yarn.js'), 'add', 'sharp@npm:lancet@^1', '--silent', '--non-interactive'], registry.env);
    assert.ok(installed(folder).includes('sharp'));
    await runs(folder);
  });
  return app;
}

async function uses(app) {
  await check('import works beside require', () => runs(app, 'app.mjs', viaImport));
  await check('a worker thread works', () =>
    runs(app, 'main.cjs', `const { Worker } = require('node:worker_threads');\nnew Worker('./worker.cjs').on('error', error => { throw error; });\n`.concat(
      (write(app, { 'worker.cjs': viaRequire }), ''))));
  await check('an esbuild bundle works', async () => {
    await node(app, [tool('esbuild/bin/esbuild'), 'app.mjs', '--bundle', '--platform=node', '--external:sharp', '--outfile=esbuild.cjs', '--log-level=error']);
    assert.equal(await node(app, ['esbuild.cjs']), 'WEBP');
    await node(app, [tool('esbuild/bin/esbuild'), 'app.mjs', '--bundle', '--platform=node', '--packages=external', '--outfile=packages.cjs', '--log-level=error']);
    assert.equal(await node(app, ['packages.cjs']), 'WEBP');
  });
  await check('a webpack bundle works', async () => {
    write(app, { 'webpack.config.cjs': "module.exports = { mode: 'production', target: 'node', entry: './app.mjs', output: { path: __dirname, filename: 'webpack.cjs' }, externals: { sharp: 'commonjs sharp' } };\n" });
    await node(app, [tool('webpack/bin/webpack.js'), '--config', 'webpack.config.cjs'], { NODE_PATH: tool('.') });
    assert.equal(await node(app, ['webpack.cjs']), 'WEBP');
  });
  await check('jest works', async () => {
    write(app, {
      'jest.config.cjs': 'module.exports = {};\n',
      'app.test.js': `const sharp = require('sharp');\ntest('a thumbnail', async () => {\n  const spy = jest.spyOn(sharp.prototype, 'resize');\n  const { width } = await sharp(await sharp(${JSON.stringify(photo)}).resize(32).toBuffer()).metadata();\n  expect([width, spy.mock.calls.length]).toEqual([32, 1]);\n});\n`
    });
    await node(app, [inRoot('node_modules', 'jest', 'bin', 'jest.js'), '--rootDir', app]);
  });
}

async function failures(app) {
  const ours = join(app, 'node_modules', `lancet-${platform}`);
  const aside = join(app, 'aside');
  const message = async () => {
    const output = await node(app, ['-e', "try { require('sharp') } catch (error) { console.log(error.message) }"]);
    return output.split('\n');
  };
  renameSync(ours, aside);
  await check('without its platform package it says what was looked for and what to do', async () => {
    const lines = await message();
    assert.equal(lines[0], `Could not load the "sharp" module using the ${os}-${cpu} runtime`);
    assert.ok(lines.some(line => line.includes(`lancet-${platform}`)), lines.join('\n'));
    assert.ok(lines.some(line => line.includes('none')), lines.join('\n'));
    const command = lines.at(-1).trim();
    assert.match(command, new RegExp(`^npm install --os=${os} --cpu=${cpu}.* sharp$`));
  });
  await check('with the package of another platform it says which one is there', async () => {
    write(app, { 'node_modules/lancet-darwin-arm64/package.json': { name: 'lancet-darwin-arm64', version: '1.0.0' } });
    assert.ok((await message()).some(line => line.includes('there is lancet-darwin-arm64')));
    rmSync(join(app, 'node_modules', 'lancet-darwin-arm64'), { recursive: true });
  });
  renameSync(aside, ours);
  assert.ok(existsSync(ours));
}

/** Runs all of it against a registry that is started here. */
export async function releaseDry() {
  const registry = await startRegistry();
  try {
    const app = await installs(registry);
    await uses(app);
    await failures(app);
  } finally {
    await registry.close();
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const boolean = { type: 'boolean' };
  const options = { all: boolean, quick: boolean, prebuilt: boolean, only: { type: 'string', multiple: true } };
  const { values } = parseArgs({ options });
  install();
  await (values.all ? allPlatforms(values) : releaseDry());
}
