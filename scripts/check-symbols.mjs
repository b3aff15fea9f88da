// Fails when an addon would not load on the oldest system that it is meant for, needs a library that is not part of every
// system, or exports more than Node asks for: names that clash with those of other addons, and size.
//
//   node scripts/check-symbols.mjs [platform] [file]     by default the addon for this machine
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import * as elf from './lib/elf.mjs';
import * as macho from './lib/macho.mjs';
import * as pe from './lib/pe.mjs';
import { addonFile, GLIBC, thisPlatform } from './lib/platform.mjs';
import { inRoot } from './lib/shell.mjs';
import { MACOS } from './lib/target.mjs';

const LIBRARIES = {
  gnu: /^(lib(c|m|dl|pthread|rt|gcc_s)\.so|ld-linux-)/,
  musl: /^(libc\.so|libc\.musl-|libgcc_s\.so)/,
  darwin: /^(\/usr\/lib\/lib(System|iconv|c\+\+)[.\w]*\.dylib|\/System\/Library\/Frameworks\/)/,
  win32: /^(kernel32|ntdll|user32|userenv|ws2_32|advapi32|bcrypt|bcryptprimitives|msvcrt|ucrtbase|shell32|ole32|vcruntime140|api-ms-win-[-\w]+|ext-ms-win-[-\w]+)\.dll$/i
};

/** Node-API's entry point, and the version that napi declares beside it. */
const ENTRIES = /^_?(napi_register_module_v1|node_api_module_get_api_version_v1)$/;

const newer = (version, limit) => {
  const [a, b] = [version, limit].map(text => text.split('.').map(Number));
  return a[0] - b[0] || a[1] - b[1];
};

const glibcVersions = symbols => symbols.filter(({ version }) => version.startsWith('GLIBC_')).map(item => ({ ...item, number: item.version.slice(6) }));

function readElf(file, libc) {
  const symbols = glibcVersions(elf.versionedSymbols(file));
  const newest = symbols.map(({ number }) => number).sort(newer).at(-1);
  return {
    libraries: elf.neededLibraries(file),
    exports: elf.exportedSymbols(file),
    wrong: symbols.filter(({ number }) => libc !== 'gnu' || newer(number, GLIBC) > 0).map(({ symbol, version }) => `needs ${symbol} of ${version}`),
    oldest: newest ? `glibc ${newest}` : 'musl'
  };
}

function readMacho(file, architecture) {
  const { libraries, exports, minimum, name, signed } = macho.describe(file);
  const wrong = [];
  if (newer(minimum ?? '99.0', MACOS) > 0) wrong.push(`asks for macOS ${minimum}, newer than ${MACOS}`);
  if (!name?.startsWith('@rpath/')) wrong.push(`has the install name ${name}`);
  // Apple's processors run signed code only; the linker's own signature is enough.
  if (!signed && architecture === 'arm64') wrong.push('carries no signature');
  return { libraries, exports, wrong, oldest: `macOS ${minimum}` };
}

const readPe = file => ({ libraries: pe.neededLibraries(file), exports: pe.exportedSymbols(file), wrong: [], oldest: 'Windows 10' });

/** What an addon needs and offers, and what is wrong with that. */
export function inspect(platform, path = inRoot(addonFile(platform))) {
  const file = readFileSync(path);
  const [system, architecture, libc] = platform.split('-');
  const found = system === 'linux' ? readElf(file, libc) : system === 'darwin' ? readMacho(file, architecture) : readPe(file);
  const allowed = LIBRARIES[system === 'linux' ? libc : system];
  const foreign = found.exports.filter(name => !ENTRIES.test(name));
  found.wrong.push(...found.libraries.filter(name => !allowed.test(name)).map(name => `needs the library ${name}`));
  if (foreign.length > 0) found.wrong.push(`exports ${foreign.length} symbols that Node does not ask for, such as ${foreign.slice(0, 3).join(', ')}`);
  if (!found.exports.some(name => ENTRIES.test(name))) found.wrong.push('does not export napi_register_module_v1');
  return found;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [platform = thisPlatform(), path] = process.argv.slice(2);
  const { libraries, exports, wrong, oldest } = inspect(platform, path);
  wrong.forEach(line => console.error(`${platform} ${line}`));
  console.log(`${platform}: loads on ${oldest}; ${exports.length} exported; libraries: ${libraries.join(', ')}`);
  process.exitCode = wrong.length > 0 ? 1 : 0;
}
