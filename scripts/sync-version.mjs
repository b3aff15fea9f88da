// Gives the crate and every platform package in npm/ the version of the main package; npm runs it when that version changes.
//
//   node scripts/sync-version.mjs [--check]     --check only says whether they agree
import { readFileSync, writeFileSync } from 'node:fs';
import { addonFile, manifest, platforms } from './lib/platform.mjs';
import { inRoot } from './lib/shell.mjs';

const { version, engines, license } = manifest();
const wrong = platforms().filter(({ name, manifest: found }) =>
  found.version !== version || found.engines.node !== engines.node || found.license !== license ||
  found.name !== `lancet-${name}` || found.main !== addonFile(name) || !found.files.includes(addonFile(name)));

// The crate tells programs its version, and the lock file repeats it.
const crateVersion = /^(name = "lancet"\nversion = ")([^"]+)"/m;
const crate = ['Cargo.toml', 'Cargo.lock'].map(name => ({ name, text: readFileSync(inRoot(name), 'utf8') }));
const wrongCrate = crate.filter(({ text }) => crateVersion.exec(text)?.[2] !== version);

if (process.argv.includes('--check')) {
  const names = [...wrongCrate.map(({ name }) => name), ...wrong.map(({ name }) => `npm/${name}`)];
  if (names.length > 0) {
    console.error(`Out of step with package.json: ${names.join(', ')}; run npm run version`);
    process.exit(1);
  }
} else {
  for (const { name, text } of wrongCrate) writeFileSync(inRoot(name), text.replace(crateVersion, `$1${version}"`));
  for (const { name, manifest: found } of wrong) {
    const file = addonFile(name);
    const files = [file, ...found.files.filter(item => !item.endsWith('.node'))];
    const next = { ...found, name: `lancet-${name}`, version, license, main: file, files, engines };
    writeFileSync(inRoot('npm', name, 'package.json'), `${JSON.stringify(next, null, 2)}\n`);
  }
}
console.log(`Version ${version} in package.json and ${platforms().length} platform packages`);
