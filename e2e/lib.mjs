// What the end-to-end tests share: fresh folders, programs run in them, and a line for each thing that held.
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { inRoot, npm } from '../scripts/lib/shell.mjs';
import { once, stampOf } from '../scripts/setup.mjs';

const e2e = inRoot('e2e');

/** Installs what a folder's lock file says, by default that of the end-to-end tests, unless it did so before. */
export function install(folder = e2e) {
  once(`${folder}/node_modules/.lancet-setup`, stampOf(`${folder}/package.json`, `${folder}/package-lock.json`), () =>
    npm(['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: folder }));
}

/** A program of the packages that the end-to-end tests install. */
export const tool = name => join(e2e, 'node_modules', ...name.split('/'));

const folders = [];

/** A new folder that is gone when the process ends. */
export function freshFolder(name) {
  const folder = mkdtempSync(join(tmpdir(), `lancet-${name}-`));
  folders.push(folder);
  return folder;
}

process.on('exit', () => folders.forEach(folder => rmSync(folder, { recursive: true, force: true })));

/** Writes files, by their path in the folder. Objects become JSON. */
export function write(folder, files) {
  for (const [name, content] of Object.entries(files)) {
    const file = join(folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, typeof content === 'string' ? content : `${JSON.stringify(content, null, 2)}\n`);
  }
}

/** Runs a program in a folder; resolves with what it printed, rejects with that when it fails. */
export function run(folder, command, args, env = {}) {
  return new Promise((resolve, reject) => {
    const options = { cwd: folder, env: { ...process.env, ...env }, maxBuffer: 1 << 28 };
    execFile(command, args, options, (error, stdout, stderr) => {
      if (error) reject(new Error(`${command} ${args.join(' ')}\n${stdout}${stderr}`, { cause: error }));
      else resolve(stdout.trim());
    });
  });
}

export const node = (folder, args, env) => run(folder, process.execPath, args, env);

/** A port that nobody listens at. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject).listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

let held = 0;

/** Does a thing, and says that it held; fails with what it was when it did not. */
export async function check(what, work) {
  const start = Date.now();
  try {
    const result = await work();
    held += 1;
    console.log(`  ok  ${what} (${((Date.now() - start) / 1000).toFixed(1)} s)`);
    return result;
  } catch (error) {
    throw new Error(`${what}: ${error.message}`, { cause: error });
  }
}

/** How many checks held in this process. */
export const checks = () => held;
