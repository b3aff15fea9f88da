// Installs what is missing to build and test lancet, and nothing that is there already.
//
// Needs only Node and Rust. On Debian and its kin the system packages come from apt; elsewhere it says what to install.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ask, inRoot, npm, run } from './lib/shell.mjs';
import { manifest, thisPlatform } from './lib/platform.mjs';
import { linksWithZig } from './lib/target.mjs';

const venv = inRoot('.toolchain', 'venv');
const requirements = inRoot('scripts', 'toolchain.txt');

/** The environment in which cargo finds the toolchain. */
export const toolchainEnv = () => ({ PATH: `${venv}/bin${delimiter}${process.env.PATH}` });

/** A digest of some files' contents. */
export const stampOf = (...files) =>
  createHash('sha256').update(files.map(file => readFileSync(file, 'utf8')).join('\0')).digest('hex');

/** Runs `install` unless the stamp file says that it ran with the same inputs before. */
export function once(stampFile, stamp, install) {
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return;
  install();
  writeFileSync(stampFile, stamp);
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 9)) {
    throw new Error(`Node ${manifest().engines.node} is needed, this is ${process.versions.node}`);
  }
}

function checkRust() {
  if (!ask('cargo', ['--version'])) throw new Error('Rust is missing: install the stable toolchain with rustup');
  const wanted = /^rust-version = "(\d+)\.(\d+)"/m.exec(readFileSync(inRoot('Cargo.toml'), 'utf8'));
  const [, major, minor] = /^rustc (\d+)\.(\d+)/.exec(ask('rustc', ['--version']));
  if (Number(major) * 1000 + Number(minor) < Number(wanted[1]) * 1000 + Number(wanted[2])) {
    throw new Error(`Rust ${wanted[1]}.${wanted[2]} or later is needed, this is ${major}.${minor}: run rustup update stable`);
  }
  for (const component of ['rustfmt', 'clippy']) {
    if (!ask('cargo', [component === 'rustfmt' ? 'fmt' : 'clippy', '--version'])) {
      run('rustup', ['component', 'add', component]);
    }
  }
}

/** What the build calls, how to see that it is there, and the Debian package that has it. */
const systemTools = [
  { what: 'a C compiler', found: () => ask('cc', ['--version']), apt: ['gcc', 'libc6-dev'] },
  { what: 'a C++ compiler', found: () => ask('c++', ['--version']), apt: ['g++'] },
  { what: 'cmake', found: () => ask('cmake', ['--version']), apt: ['cmake', 'make'] },
  { what: 'perl', found: () => ask('perl', ['-v']), apt: ['perl'] },
  { what: 'nasm', found: () => ask('nasm', ['-v']), apt: ['nasm'], only: /x64/ },
  { what: 'python3 with venv', found: () => ask('python3', ['-c', 'import venv, ensurepip']), apt: ['python3-venv'], only: /linux.*gnu/ }
];

function installSystemTools() {
  if (process.platform === 'win32') return;
  const missing = systemTools.filter(({ found, only = /./ }) => only.test(thisPlatform()) && found() === undefined);
  if (missing.length === 0) return;
  const names = missing.map(({ what }) => what).join(', ');
  if (!ask('apt-get', ['--version'])) throw new Error(`Please install: ${names}`);
  console.log(`Installing ${names}`);
  const apt = (...args) => {
    const noninteractive = ['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-qq', ...args];
    const [command, ...rest] = process.getuid() === 0 ? noninteractive : ['sudo', ...noninteractive];
    run(command, rest);
  };
  apt('update');
  apt('install', '--yes', '--no-install-recommends', ...missing.flatMap(tool => tool.apt));
}

function installToolchain() {
  if (!linksWithZig(thisPlatform())) return;
  mkdirSync(inRoot('.toolchain'), { recursive: true });
  once(inRoot('.toolchain', 'stamp'), stampOf(requirements), () => {
    console.log('Installing zig and cargo-zigbuild into .toolchain');
    run('python3', ['-m', 'venv', '--clear', venv]);
    run(`${venv}/bin/pip`, ['install', '--quiet', '--disable-pip-version-check', '--only-binary', ':all:', '-r', requirements]);
  });
}

function installNodeModules() {
  const lock = inRoot('package-lock.json');
  const stamp = stampOf(inRoot('package.json'), lock);
  const modules = inRoot('node_modules');
  once(`${modules}/.lancet-setup`, stamp, () => {
    console.log('Installing npm packages');
    // Nothing that lancet needs has an install script.
    npm(['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']);
  });
}

/** Makes the machine ready; does nothing when it is. */
export function setup() {
  checkNode();
  checkRust();
  installSystemTools();
  installToolchain();
  installNodeModules();
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) setup();
