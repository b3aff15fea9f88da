#!/usr/bin/env node
// Runs a project's own tests on lancet without changing the project: while they run, lancet stands wherever sharp is installed,
// for the project and for its dependencies, code and types, as `"sharp": "npm:lancet@^1"` and an override would put it there.
// It does not matter what runs the tests.
//
//   lancet-compat [project] [-- command...]      by default the project of this folder, and `npm test`
import { spawn } from 'node:child_process';
import { cpSync, existsSync, readFileSync, readdirSync, realpathSync, renameSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const own = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const ASIDE = '.sharp-set-aside';

const [before, after] = (index => (index < 0 ? [process.argv.slice(2), []] : [process.argv.slice(2, index), process.argv.slice(index + 1)]))(
  process.argv.indexOf('--')
);
const USAGE = 'Usage: lancet-compat [project] [-- command...]\nRuns the tests of a project (npm test, or the command) with lancet in place of sharp. The default project is this folder.';
if (before.some(argument => argument.startsWith('-'))) {
  const asked = before.some(argument => ['-h', '--help'].includes(argument));
  console[asked ? 'log' : 'error'](USAGE);
  process.exit(asked ? 0 : 2);
}
const project = resolve(before[0] ?? '.');
if (!existsSync(project)) {
  console.error(`There is no folder ${project}\n${USAGE}`);
  process.exit(2);
}
const [command, ...args] = after.length > 0 ? after : ['npm', 'test'];

const entries = folder => (existsSync(folder) ? readdirSync(folder) : []);

/** The node_modules in which sharp itself is, where a link of pnpm's leads there; a link to elsewhere is left alone. */
function realPlace(modules) {
  const target = existsSync(join(modules, 'sharp')) ? realpathSync(join(modules, 'sharp')) : '';
  return target.endsWith(join('node_modules', 'sharp')) ? dirname(target) : modules;
}

/** Every node_modules under a folder with a sharp of its own, or with one set aside; links are followed. */
function places(folder, seen = new Set()) {
  const own = join(folder, 'node_modules');
  // pnpm keeps the packages themselves in a node_modules for each.
  const all = [own, ...entries(join(own, '.pnpm')).map(name => join(own, '.pnpm', name, 'node_modules'))];
  return all.filter(existsSync).map(path => realpathSync(path)).flatMap(modules => {
    if (seen.has(modules)) return [];
    seen.add(modules);
    const packages = entries(modules)
      .filter(name => !name.startsWith('.') && name !== 'sharp')
      .flatMap(name => (name.startsWith('@') ? entries(join(modules, name)).map(inner => join(name, inner)) : [name]));
    const within = packages.map(name => join(modules, name)).filter(path => existsSync(join(path, 'node_modules')));
    const here = existsSync(join(modules, 'sharp')) || existsSync(join(modules, ASIDE)) ? [realPlace(modules)] : [];
    return [...here, ...within.flatMap(path => places(realpathSync(path), seen))];
  });
}

/** Those that the project's code comes upon: its own, and those of the folders around it. */
function found() {
  const folders = [project];
  while (dirname(folders[0]) !== folders[0]) folders.unshift(dirname(folders[0]));
  return [...new Set(folders.flatMap(folder => places(folder)))];
}

/** Copies what is published of lancet, and the binary that is beside it or in its platform package. */
function putLancet(to) {
  const { files } = JSON.parse(readFileSync(join(own, 'package.json'), 'utf8'));
  const local = readdirSync(own).filter(name => name.endsWith('.node'));
  for (const name of ['package.json', ...files, ...local]) cpSync(join(own, name), join(to, name), { recursive: true });
  const siblings = [dirname(own), join(own, 'node_modules')].filter(folder => existsSync(folder));
  for (const folder of siblings) {
    for (const name of readdirSync(folder).filter(name => /^lancet-(darwin|linux|win32)-/.test(name))) {
      cpSync(join(folder, name), join(to, 'node_modules', name), { recursive: true, dereference: true });
    }
  }
}

const modules = found();
if (modules.length === 0) {
  console.error(`sharp is not installed in ${project}: install the project's dependencies first`);
  process.exit(1);
}

function restore() {
  for (const folder of modules.filter(folder => existsSync(join(folder, ASIDE)))) {
    rmSync(join(folder, 'sharp'), { recursive: true, force: true });
    renameSync(join(folder, ASIDE), join(folder, 'sharp'));
  }
}

// What a run that was killed left behind.
restore();
process.on('exit', restore);
for (const folder of modules) {
  renameSync(join(folder, 'sharp'), join(folder, ASIDE));
  putLancet(join(folder, 'sharp'));
}

console.log(`sharp is lancet ${JSON.parse(readFileSync(join(own, 'package.json'), 'utf8')).version} in ${project} while this runs: ${[command, ...args].join(' ')}`);
const child = spawn(command, args, { cwd: project, stdio: 'inherit', shell: process.platform === 'win32' });
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('error', error => {
  console.error(`${command}: ${error.message}`);
  process.exitCode = 127;
});
child.on('close', (status, signal) => {
  process.exitCode = signal ? 1 : status;
});
