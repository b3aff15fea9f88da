// Fails when the addon would not load on the oldest Linux that it is meant for: a symbol of a newer glibc, or a shared
// library that is not part of every system.
//
//   node scripts/check-symbols.mjs [file]     by default the addon for this machine
import { readFileSync } from 'node:fs';
import { neededLibraries, versionedSymbols } from './lib/elf.mjs';
import { addonFile, GLIBC, thisPlatform } from './lib/platform.mjs';
import { inRoot } from './lib/shell.mjs';

const SYSTEM = /^(lib(c|m|dl|pthread|rt|gcc_s)\.so|ld-linux-)/;

const newer = (version, limit) => {
  const [a, b] = [version, limit].map(text => text.split('.').map(Number));
  return a[0] - b[0] || a[1] - b[1];
};

if (process.platform !== 'linux' && !process.argv[2]) {
  console.log('The symbol check is for Linux: nothing to do here');
  process.exit(0);
}
const file = process.argv[2] ?? inRoot(addonFile(thisPlatform()));
const elf = readFileSync(file);
const libraries = neededLibraries(elf);
const symbols = versionedSymbols(elf);
const wrong = [
  ...libraries.filter(name => !SYSTEM.test(name)).map(name => `needs the shared library ${name}`),
  ...symbols
    .filter(({ version }) => version.startsWith('GLIBC_') && newer(version.slice(6), GLIBC) > 0)
    .map(({ symbol, version }) => `needs ${symbol} of ${version}, newer than GLIBC_${GLIBC}`)
];
if (wrong.length > 0) {
  console.error(wrong.map(line => `${file} ${line}`).join('\n'));
  process.exit(1);
}
const newest = symbols.map(({ version }) => version).filter(version => version.startsWith('GLIBC_'))
  .sort((a, b) => newer(a.slice(6), b.slice(6))).at(-1);
console.log(`${symbols.length} versioned symbols, the newest is ${newest}; libraries: ${libraries.join(', ')}`);
