// Reads from a 64-bit little-endian ELF file what it needs to be loaded, shared libraries and versioned symbols, and what it offers.
// Layouts: the System V ABI and, for symbol versions, the Linux Standard Base.

const SECTION = { dynamic: 6, dynsym: 11, versionNeeds: 0x6ffffffe, symbolVersions: 0x6fffffff };
const TAG_NEEDED = 1;

function sections(elf) {
  if (elf.readUInt32BE(0) !== 0x7f454c46 || elf[4] !== 2 || elf[5] !== 1) throw new Error('not a 64-bit little-endian ELF file');
  const table = Number(elf.readBigUInt64LE(0x28));
  const size = elf.readUInt16LE(0x3a);
  return Array.from({ length: elf.readUInt16LE(0x3c) }, (_, index) => {
    const at = table + index * size;
    return {
      type: elf.readUInt32LE(at + 4),
      offset: Number(elf.readBigUInt64LE(at + 0x18)),
      size: Number(elf.readBigUInt64LE(at + 0x20)),
      link: elf.readUInt32LE(at + 0x28)
    };
  });
}

function stringAt(elf, strings, offset) {
  const start = strings.offset + offset;
  return elf.toString('latin1', start, elf.indexOf(0, start));
}

/** The shared libraries that a file asks for by name. */
export function neededLibraries(elf) {
  const all = sections(elf);
  const dynamic = all.find(({ type }) => type === SECTION.dynamic);
  const names = [];
  for (let at = dynamic.offset; at < dynamic.offset + dynamic.size; at += 16) {
    if (Number(elf.readBigInt64LE(at)) === TAG_NEEDED) {
      names.push(stringAt(elf, all[dynamic.link], Number(elf.readBigUInt64LE(at + 8))));
    }
  }
  return names;
}

/** The symbols that a file takes from versioned libraries, as `{ symbol, version }`, such as GLIBC_2.17. */
export function versionedSymbols(elf) {
  const all = sections(elf);
  const ofType = wanted => all.find(({ type }) => type === wanted);
  const [symbols, versions, needs] = ['dynsym', 'symbolVersions', 'versionNeeds'].map(name => ofType(SECTION[name]));
  if (!symbols || !versions || !needs) return [];

  // A list of libraries, each with a list of the versions that are needed of it.
  const names = new Map();
  for (let at = needs.offset; ; ) {
    let entry = at + elf.readUInt32LE(at + 8);
    for (let left = elf.readUInt16LE(at + 2); left > 0; left--) {
      names.set(elf.readUInt16LE(entry + 6), stringAt(elf, all[needs.link], elf.readUInt32LE(entry + 8)));
      entry += elf.readUInt32LE(entry + 12);
    }
    const next = elf.readUInt32LE(at + 12);
    if (next === 0) break;
    at += next;
  }

  const found = [];
  for (let index = 0; index < symbols.size / 24; index++) {
    const version = names.get(elf.readUInt16LE(versions.offset + index * 2) & 0x7fff);
    if (version) {
      const symbol = stringAt(elf, all[symbols.link], elf.readUInt32LE(symbols.offset + index * 24));
      found.push({ symbol, version });
    }
  }
  return found;
}

/** The names of the symbols that a file offers to others. */
export function exportedSymbols(elf) {
  const all = sections(elf);
  const symbols = all.find(({ type }) => type === SECTION.dynsym);
  const names = [];
  for (let at = symbols.offset; at < symbols.offset + symbols.size; at += 24) {
    const isLocal = elf[at + 4] >> 4 === 0;
    const isUndefined = elf.readUInt16LE(at + 6) === 0;
    if (!isLocal && !isUndefined) names.push(stringAt(elf, all[symbols.link], elf.readUInt32LE(at)));
  }
  return names;
}
