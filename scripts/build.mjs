// Builds the addon and puts it beside index.js.
//
//   node scripts/build.mjs [platform]     platform is a folder name in npm/, by default this machine's
//   node scripts/build.mjs --quick        not optimised across crates: minutes less, 10 % larger, as fast
//   node scripts/build.mjs --libvips      for this machine alone, with the system's libvips for formats that lancet does not know
import { copyFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { addTarget, cargo, releaseFolder } from './lib/cargo.mjs';
import { addonFile, thisPlatform } from './lib/platform.mjs';
import { inRoot, run } from './lib/shell.mjs';
import { exportArguments } from './lib/target.mjs';
import { setup } from './setup.mjs';

const libraryFile = { darwin: 'liblancet.dylib', win32: 'lancet.dll' };

/**
 * Builds for a platform, with the system's libvips or without, and returns the path of the addon. What is published is
 * optimised across crates and reproducible; what only runs here need not be.
 */
export function build({ platform = thisPlatform(), libvips = false, quick = false } = {}) {
  // Here, not in the profile, so that both forms share all that is compiled below lancet itself.
  const published = !quick && !libvips;
  if (platform !== thisPlatform()) addTarget(platform);
  run(...cargo('rustc', ['--release', '--lib', '--', '-C', quick ? 'codegen-units=4' : 'lto=fat', ...exportArguments(platform)], { platform, libvips, published }));
  const library = libraryFile[platform.split('-')[0]] ?? 'liblancet.so';
  const addon = inRoot(addonFile(platform));
  // Replaced in one step: a process that has the old file open keeps it.
  copyFileSync(join(releaseFolder(platform, published), library), `${addon}.new`);
  renameSync(`${addon}.new`, addon);
  return addon;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  setup();
  const options = { libvips: { type: 'boolean' }, quick: { type: 'boolean' } };
  const { values, positionals: [platform] } = parseArgs({ options, allowPositionals: true });
  console.log(build({ platform, ...values }));
}
