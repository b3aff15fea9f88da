// Gives every platform package in npm/, and the crate, the version of the main package; npm runs it when that version changes.
//
//   node scripts/sync-version.mjs [--check]     --check only says whether they agree
import { readFileSync, writeFileSync } from 'node:fs';
import { addonFile, manifest, platforms } from './lib/platform.mjs';
import { inRoot } from './lib/shell.mjs';

const { version, engines, license } = manifest();
const wrong = platforms().filter(({ name, manifest: found }) =>
  found.version !== version || found.engines.node !== engines.node || found.license !== license ||
  found.name !== `lancet-${name}` || found.main !== addonFile(name) || !found.files.includes(addonFile(name)));
/** The crate's own files, with the text that they should have. */
const crate = [['Cargo.toml', /^(version = ").*"/m], ['Cargo.lock', /^(name = "lancet"\nversion = ").*"/m]].map(([name, pattern]) => {
  const text = readFileSync(inRoot(name), 'utf8');
  return { name, text, next: text.replace(pattern, `$1${version}"`) };
}).filter(({ text, next }) => text !== next);
const stale = [...wrong.map(({ name }) => `npm/${name}`), ...crate.map(({ name }) => name)];
if (process.argv.includes('--check')) {
  if (stale.length > 0) {
    console.error(`Out of step with package.json: ${stale.join(', ')}; run npm run version`);
    process.exit(1);
  }
} else {
  crate.forEach(({ name, next }) => writeFileSync(inRoot(name), next));
  for (const { name, manifest: found } of wrong) {
    const file = addonFile(name);
    const files = [file, ...found.files.filter(item => !item.endsWith('.node'))];
    const next = { ...found, name: `lancet-${name}`, version, license, main: file, files, engines };
    writeFileSync(inRoot('npm', name, 'package.json'), `${JSON.stringify(next, null, 2)}\n`);
  }
}
console.log(`Version ${version} in package.json and ${platforms().length} platform packages`);
