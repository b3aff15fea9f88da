// The platforms that lancet is built for, as the manifests in npm/ list them.
import { readFileSync, readdirSync } from 'node:fs';
import { inRoot } from './shell.mjs';

/** Symbols of glibc above this version must not be needed: Amazon Linux 2023 has 2.34, RHEL 8 has this one. */
export const GLIBC = '2.28';

const json = file => JSON.parse(readFileSync(file, 'utf8'));

/** The manifest of the package itself. */
export const manifest = () => json(inRoot('package.json'));

/** The platform packages: folder name and manifest. */
export const platforms = () =>
  readdirSync(inRoot('npm'), { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .map(({ name }) => ({ name, manifest: json(inRoot('npm', name, 'package.json')) }));

const musl = () => process.platform === 'linux' && !process.report.getReport().header.glibcVersionRuntime;

/** The folder in npm/ that fits the machine we are on. */
export function thisPlatform() {
  const suffix = { linux: musl() ? '-musl' : '-gnu', win32: '-msvc' }[process.platform] ?? '';
  return `${process.platform}-${process.arch}${suffix}`;
}

/** The Rust target of each platform package. */
export const rustTargets = {
  'linux-x64-gnu': 'x86_64-unknown-linux-gnu',
  'linux-x64-musl': 'x86_64-unknown-linux-musl',
  'linux-arm64-gnu': 'aarch64-unknown-linux-gnu',
  'linux-arm64-musl': 'aarch64-unknown-linux-musl',
  'darwin-x64': 'x86_64-apple-darwin',
  'darwin-arm64': 'aarch64-apple-darwin',
  'win32-x64-msvc': 'x86_64-pc-windows-msvc'
};

/** The Rust target to build for. Other systems than Windows build for MinGW: the libraries of MSVC are not theirs. */
export const rustTarget = platform =>
  process.platform === 'win32' ? rustTargets[platform] : rustTargets[platform]?.replace('windows-msvc', 'windows-gnu');

/** The file name of the addon for a platform. */
export const addonFile = platform => `lancet.${platform}.node`;
