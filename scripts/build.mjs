// Builds the addon and puts it beside index.js.
//
//   node scripts/build.mjs [platform]     platform is a folder name in npm/, by default this machine's
import { copyFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { cargo } from './lib/cargo.mjs';
import { addonFile, rustTarget, thisPlatform } from './lib/platform.mjs';
import { ask, inRoot, run } from './lib/shell.mjs';
import { setup } from './setup.mjs';

const libraryFile = { darwin: 'liblancet.dylib', win32: 'lancet.dll' };

/** Builds for a platform and returns the path of the addon. */
export function build(platform = thisPlatform()) {
  // Only here, not in the profile: the tests, which share what is compiled, would spend minutes on it.
  run(...cargo('rustc', ['--release', '--lib', '--', '-C', 'lto=fat'], { platform }));
  const { target_directory: targetDirectory } = JSON.parse(
    ask('cargo', ['metadata', '--no-deps', '--format-version', '1', '--locked'])
  );
  const library = libraryFile[platform.split('-')[0]] ?? 'liblancet.so';
  const addon = inRoot(addonFile(platform));
  // Replaced in one step: a process that has the old file open keeps it.
  copyFileSync(join(targetDirectory, rustTarget[platform], 'release', library), `${addon}.new`);
  renameSync(`${addon}.new`, addon);
  return addon;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  setup();
  console.log(build(process.argv[2]));
}
