// Cargo as the addon is built: for the target of a platform and, on Linux with glibc, by way of zig. Whatever is run so
// shares the libraries in C and the crates that were compiled before.
import path from 'node:path';
import { linksWithZig, toolchainEnv } from '../setup.mjs';
import { GLIBC, rustTarget, thisPlatform } from './platform.mjs';
import { ask } from './shell.mjs';

/** Program, arguments and options, for the functions of shell.mjs. */
export function cargo(subcommand, args, { platform = thisPlatform(), libvips = false } = {}) {
  const target = rustTarget[platform];
  if (!target) throw new Error(`lancet is not built for ${platform}; the platforms are ${Object.keys(rustTarget).join(', ')}`);
  const wanted = [...(libvips ? ['--features', 'libvips'] : []), ...args];
  return linksWithZig(platform)
    ? ['cargo-zigbuild', [subcommand, '--locked', '--target', `${target}.${GLIBC}`, ...wanted], { env: toolchainEnv() }]
    : ['cargo', [subcommand, '--locked', '--target', target, ...wanted], {}];
}

/** The folder in which cargo puts what it made for a release. */
export function releaseFolder(platform) {
  const { target_directory: directory } = JSON.parse(ask('cargo', ['metadata', '--no-deps', '--format-version', '1', '--locked']));
  return path.join(directory, rustTarget[platform], 'release');
}
