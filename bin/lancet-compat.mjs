#!/usr/bin/env node
// Runs a project's own tests on lancet without changing the project: while they run, lancet stands where sharp is installed,
// code and types, as `"sharp": "npm:lancet@^1"` would put it there.
//
//   lancet-compat [project] [-- command...]      the project of this folder and `npm test`, when nothing else is said
import { spawn } from 'node:child_process';
import { cpSync, existsSync, lstatSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const own = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const ASIDE = '.sharp-set-aside';

const [before, after] = (index => (index < 0 ? [process.argv.slice(2), []] : [process.argv.slice(2, index), process.argv.slice(index + 1)]))(
  process.argv.indexOf('--')
);
const project = resolve(before[0] ?? '.');
const [command, ...args] = after.length > 0 ? after : ['npm', 'test'];

/** The nearest node_modules, from the project upwards, that has sharp in it or set aside. */
function modulesWithSharp() {
  for (let folder = project; ; folder = dirname(folder)) {
    const modules = join(folder, 'node_modules');
    if (existsSync(join(modules, 'sharp')) || existsSync(join(modules, ASIDE))) return modules;
    if (folder === dirname(folder)) {
      throw new Error(`sharp is not installed in ${project}: install the project's dependencies first`);
    }
  }
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

const modules = modulesWithSharp();
const place = join(modules, 'sharp');
const aside = join(modules, ASIDE);

function restore() {
  if (!existsSync(aside)) return;
  rmSync(place, { recursive: true, force: true });
  renameSync(aside, place);
}

// What a run that was killed left behind.
if (existsSync(aside) || lstatSync(aside, { throwIfNoEntry: false })) restore();
renameSync(place, aside);
process.on('exit', restore);
putLancet(place);

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
