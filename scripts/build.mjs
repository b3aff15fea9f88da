// Builds the addon and puts it beside index.js.
//
//   node scripts/build.mjs [platform]     platform is a folder name in npm/, by default this machine's
//   node scripts/build.mjs --libvips      for this machine alone, with the system's libvips for formats that lancet does not know
import { copyFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { cargo, releaseFolder } from './lib/cargo.mjs';
import { addonFile, thisPlatform } from './lib/platform.mjs';
import { inRoot, run } from './lib/shell.mjs';
import { setup } from './setup.mjs';

const libraryFile = { darwin: 'liblancet.dylib', win32: 'lancet.dll' };

/** Builds for a platform, with the system's libvips or without, and returns the path of the addon. */
export function build({ platform = thisPlatform(), libvips = false } = {}) {
  // Only here, not in the profile: the tests, which share what is compiled, would spend minutes on it.
  run(...cargo('rustc', ['--release', '--lib', '--', '-C', 'lto=fat'], { platform, libvips }));
  const library = libraryFile[platform.split('-')[0]] ?? 'liblancet.so';
  const addon = inRoot(addonFile(platform));
  // Replaced in one step: a process that has the old file open keeps it.
  copyFileSync(join(releaseFolder({ platform, libvips }), library), `${addon}.new`);
  renameSync(`${addon}.new`, addon);
  return addon;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  setup();
  const [wanted] = process.argv.slice(2);
  console.log(build(wanted === '--libvips' ? { libvips: true } : { platform: wanted }));
}
