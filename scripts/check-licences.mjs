// Fails when a crate that is linked into the addon has a licence that is not permissive, or when
// THIRD-PARTY-LICENCES.md is out of date.
//
//   node scripts/check-licences.mjs [--write]     --write renews THIRD-PARTY-LICENCES.md
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { rustTargets } from './lib/platform.mjs';
import { ask, inRoot } from './lib/shell.mjs';

const PERMISSIVE = new Set([
  '0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'BSL-1.0', 'CC0-1.0', 'IJG', 'ISC', 'MIT', 'MIT-0', 'Unicode-3.0',
  'Unlicense', 'Zlib', 'libpng-2.0', 'Apache-2.0 WITH LLVM-exception'
]);
const NOTICES = inRoot('THIRD-PARTY-LICENCES.md');

/** Whether an SPDX expression can be met with permissive licences alone. */
export function isPermissive(expression) {
  const tokens = expression.replaceAll('/', ' OR ').match(/\(|\)|[^\s()]+/g) ?? [];
  let at = 0;
  const primary = () => {
    if (tokens[at] === '(') {
      at++;
      const value = either();
      at++;
      return value;
    }
    let name = tokens[at++];
    if (tokens[at] === 'WITH') name += ` WITH ${tokens[(at += 2) - 1]}`;
    return PERMISSIVE.has(name);
  };
  const both = () => {
    let value = primary();
    while (tokens[at] === 'AND') {
      at++;
      value = primary() && value;
    }
    return value;
  };
  const either = () => {
    let value = both();
    while (tokens[at] === 'OR') {
      at++;
      value = both() || value;
    }
    return value;
  };
  return tokens.length > 0 && either() && at === tokens.length;
}

/** The crates whose code is in the addon of some platform: reached through normal dependencies, macros left out. */
function linkedCrates() {
  const linked = new Map();
  for (const target of Object.values(rustTargets)) {
    const text = ask('cargo', ['metadata', '--format-version', '1', '--locked', '--filter-platform', target]);
    if (!text) throw new Error('cargo metadata failed: is Cargo.lock up to date?');
    const { packages, resolve } = JSON.parse(text);
    const byId = new Map(packages.map(item => [item.id, item]));
    const nodes = new Map(resolve.nodes.map(node => [node.id, node]));
    const isMacro = id => byId.get(id).targets.some(({ kind }) => kind.includes('proc-macro'));
    const open = [resolve.root];
    const seen = new Set();
    while (open.length > 0) {
      const id = open.pop();
      if (seen.has(id) || isMacro(id)) continue;
      seen.add(id);
      if (id !== resolve.root) linked.set(id, byId.get(id));
      open.push(...nodes.get(id).deps.filter(dep => dep.dep_kinds.some(({ kind }) => kind === null)).map(dep => dep.pkg));
    }
  }
  return [...linked.values()].sort((a, b) => a.name.localeCompare(b.name, 'en') || a.version.localeCompare(b.version, 'en'));
}

/** The licence texts in a crate's folder and in the C libraries that it carries one folder below. */
function licenceTexts(crate) {
  const folder = dirname(crate.manifest_path);
  const isLicence = name => /^(licen[cs]es?|copying|notice|copyright|unlicense|patents)([-.].*)?$/i.test(name);
  const here = dir => readdirSync(dir, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  const licences = dir => here(dir).filter(entry => entry.isFile() && isLicence(entry.name)).map(entry => join(dir, entry.name));
  const own = licences(folder);
  // Of several licences to choose from we take MIT, the shortest.
  const mit = own.filter(file => /mit/i.test(basename(file)));
  const carried = here(folder).filter(entry => entry.isDirectory()).flatMap(({ name }) => licences(join(folder, name)));
  const chosen = /\bOR\b|\//.test(crate.license) && mit.length > 0 ? mit : own;
  return [...chosen, ...carried].map(file => readFileSync(file, 'utf8').split(/\r?\n/).map(line => line.trimEnd()).join('\n').trim());
}

const crates = linkedCrates();
const wrong = crates.filter(({ license }) => !license || !isPermissive(license));
if (wrong.length > 0) {
  console.error(wrong.map(({ name, version, license }) => `${name} ${version}: ${license ?? 'no licence is stated'}`).join('\n'));
  process.exit(1);
}

const title = ({ name, version, license }) => `${name} ${version} (${license})`;
// Crates that carry the same text share it.
const byText = new Map();
for (const crate of crates) {
  for (const text of licenceTexts(crate)) byText.set(text, [...(byText.get(text) ?? []), title(crate)]);
}
const document = [
  '# Licences of the code that is linked into lancet',
  'Made by `npm run licences`; do not edit.',
  crates.map(crate => `- ${title(crate)}`).join('\n'),
  ...[...byText].map(([text, users]) => `## ${users.join(', ')}\n\n\`\`\`\`text\n${text}\n\`\`\`\``)
].join('\n\n') + '\n';

if (process.argv.includes('--write')) {
  writeFileSync(NOTICES, document);
} else {
  const listed = existsSync(NOTICES) ? readFileSync(NOTICES, 'utf8') : '';
  const missing = crates.map(title).filter(line => !listed.includes(`- ${line}\n`));
  if (missing.length > 0) {
    console.error(`THIRD-PARTY-LICENCES.md lacks ${missing.join(', ')}: run npm run licences`);
    process.exit(1);
  }
}
console.log(`${crates.length} crates are linked, all of them permissive`);
