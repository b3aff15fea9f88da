// Cargo as the addon is built: for the target of a platform and, for glibc and other platforms than this machine's, by way of
// zig. Whatever is run so shares the libraries in C and the crates that were compiled before.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { toolchainEnv } from '../setup.mjs';
import { GLIBC, rustTarget, thisPlatform } from './platform.mjs';
import { ask } from './shell.mjs';
import { linksWithZig, targetSettings } from './target.mjs';

function targetOf(platform) {
  const target = rustTarget(platform);
  if (!target) throw new Error(`lancet is not built for ${platform}; see the folders in npm/`);
  return target;
}

/** The folder of what cargo makes. Published builds have their own: their flags would have all crates compiled again. */
function targetFolder(published) {
  const { target_directory: folder } = JSON.parse(ask('cargo', ['metadata', '--no-deps', '--format-version', '1', '--locked']));
  return published ? path.join(folder, 'published') : folder;
}

/** Program, arguments and options, for the functions of shell.mjs. */
export function cargo(subcommand, args, { platform = thisPlatform(), libvips = false, published = false } = {}) {
  const target = targetOf(platform);
  const { env, options } = targetSettings(platform, target, published);
  if (published) env.CARGO_TARGET_DIR = targetFolder(true);
  const wanted = [...options, ...(libvips ? ['--features', 'libvips'] : []), ...args];
  if (!linksWithZig(platform)) return ['cargo', [subcommand, '--locked', '--target', target, ...wanted], { env }];
  const zigTarget = /^linux-.*-gnu$/.test(platform) ? `${target}.${GLIBC}` : target;
  return ['cargo-zigbuild', [subcommand, '--locked', '--target', zigTarget, ...wanted], { env: { ...toolchainEnv(), ...env } }];
}

/** The folder in which cargo puts what it made for a release. */
export const releaseFolder = (platform, published = false) => path.join(targetFolder(published), targetOf(platform), 'release');

/** Installs Rust's standard library for a platform, unless it is there. */
export function addTarget(platform) {
  const target = targetOf(platform);
  if (hasLibrary(target)) return;
  if (ask('rustup', ['target', 'add', target]) === undefined || !hasLibrary(target)) {
    throw new Error(`Rust's standard library for ${target} is missing: run rustup target add ${target}`);
  }
}

function hasLibrary(target) {
  const folder = ask('rustc', ['--print', 'target-libdir', '--target', target]);
  return folder !== undefined && existsSync(folder);
}
