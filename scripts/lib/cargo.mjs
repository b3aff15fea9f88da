// Cargo as the addon is built: for the target of a platform and, on Linux with glibc, by way of zig. Whatever is run so
// shares the libraries in C and the crates that were compiled before.
import path from 'node:path';
import { linksWithZig, toolchainEnv } from '../setup.mjs';
import { GLIBC, rustTarget, thisPlatform } from './platform.mjs';
import { ask } from './shell.mjs';

/** The folder below cargo's own for builds with the system's libvips, which would otherwise compile all others anew. */
const WITH_LIBVIPS = 'libvips';

function targetDirectory(libvips) {
  const { target_directory: directory } = JSON.parse(ask('cargo', ['metadata', '--no-deps', '--format-version', '1', '--locked']));
  return libvips ? path.join(directory, WITH_LIBVIPS) : directory;
}

/** Program, arguments and options, for the functions of shell.mjs. */
export function cargo(subcommand, args, { platform = thisPlatform(), libvips = false } = {}) {
  const target = rustTarget[platform];
  if (!target) throw new Error(`lancet is not built for ${platform}; the platforms are ${Object.keys(rustTarget).join(', ')}`);
  if (libvips) {
    // The system's library needs the system's C library, so zig is not asked.
    const own = ['--features', 'libvips', '--target-dir', targetDirectory(true)];
    return ['cargo', [subcommand, '--locked', '--target', target, ...own, ...args], {}];
  }
  return linksWithZig(platform)
    ? ['cargo-zigbuild', [subcommand, '--locked', '--target', `${target}.${GLIBC}`, ...args], { env: toolchainEnv() }]
    : ['cargo', [subcommand, '--locked', '--target', target, ...args], {}];
}

/** The folder in which cargo puts what it made for a release. */
export const releaseFolder = ({ platform = thisPlatform(), libvips = false } = {}) =>
  path.join(targetDirectory(libvips), rustTarget[platform], 'release');
