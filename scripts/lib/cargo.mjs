// Cargo as the addon is built: for the target of a platform and, on Linux with glibc, by way of zig. Whatever is run so
// shares the libraries in C and the crates that were compiled before.
import { linksWithZig, toolchainEnv } from '../setup.mjs';
import { GLIBC, rustTarget, thisPlatform } from './platform.mjs';

/** Program, arguments and options, for the functions of shell.mjs; `system` takes this machine's own C library. */
export function cargo(subcommand, args, { platform = thisPlatform(), system = false } = {}) {
  const target = rustTarget[platform];
  if (!target) throw new Error(`lancet is not built for ${platform}; the platforms are ${Object.keys(rustTarget).join(', ')}`);
  return linksWithZig(platform) && !system
    ? ['cargo-zigbuild', [subcommand, '--locked', '--target', `${target}.${GLIBC}`, ...args], { env: toolchainEnv() }]
    : ['cargo', [subcommand, '--locked', '--target', target, ...args], {}];
}
