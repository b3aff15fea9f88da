// Builds the addon and puts it beside index.js.
//
//   node scripts/build.mjs [platform]     platform is a folder name in npm/, by default this machine's
import { copyFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { addonFile, GLIBC, rustTarget, thisPlatform } from './lib/platform.mjs';
import { ask, inRoot, run } from './lib/shell.mjs';
import { linksWithZig, setup, toolchainEnv } from './setup.mjs';

const libraryFile = { darwin: 'liblancet.dylib', win32: 'lancet.dll' };

/** Builds for a platform and returns the path of the addon. */
export function build(platform = thisPlatform()) {
  const target = rustTarget[platform];
  if (!target) throw new Error(`lancet is not built for ${platform}; the platforms are ${Object.keys(rustTarget).join(', ')}`);
  if (linksWithZig(platform)) {
    run('cargo', ['zigbuild', '--release', '--locked', '--lib', '--target', `${target}.${GLIBC}`], { env: toolchainEnv() });
  } else {
    run('cargo', ['build', '--release', '--locked', '--lib', '--target', target]);
  }
  const { target_directory: targetDirectory } = JSON.parse(
    ask('cargo', ['metadata', '--no-deps', '--format-version', '1', '--locked'])
  );
  const library = libraryFile[platform.split('-')[0]] ?? 'liblancet.so';
  const addon = inRoot(addonFile(platform));
  // Replaced in one step: a process that has the old file open keeps it.
  copyFileSync(join(targetDirectory, target, 'release', library), `${addon}.new`);
  renameSync(`${addon}.new`, addon);
  return addon;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  setup();
  console.log(build(process.argv[2]));
}
