// Reads from a 64-bit Windows library what it needs to be loaded and what it offers. Layout: Microsoft's PE format.

const DIRECTORY = { exports: 0, imports: 1 };

function layout(file) {
  const header = file.readUInt32LE(0x3c);
  if (file.toString('latin1', header, header + 4) !== 'PE\0\0' || file.readUInt16LE(header + 24) !== 0x20b) throw new Error('not a 64-bit PE file');
  const sections = Array.from({ length: file.readUInt16LE(header + 6) }, (_, index) => {
    const at = header + 24 + file.readUInt16LE(header + 20) + index * 40;
    return { address: file.readUInt32LE(at + 12), size: file.readUInt32LE(at + 16), offset: file.readUInt32LE(at + 20) };
  });
  const offset = address => {
    const section = sections.find(item => address >= item.address && address < item.address + item.size);
    if (!section) throw new Error('an address outside of all sections');
    return address - section.address + section.offset;
  };
  return { offset, directory: index => file.readUInt32LE(header + 24 + 112 + index * 8) };
}

const stringAt = (file, at) => file.toString('latin1', at, file.indexOf(0, at));

/** The libraries that a file is linked with. */
export function neededLibraries(file) {
  const { offset, directory } = layout(file);
  const names = [];
  if (directory(DIRECTORY.imports) === 0) return names;
  for (let at = offset(directory(DIRECTORY.imports)); file.readUInt32LE(at + 12) !== 0; at += 20) {
    names.push(stringAt(file, offset(file.readUInt32LE(at + 12))));
  }
  return names;
}

/** The names of the functions that a file exports. */
export function exportedSymbols(file) {
  const { offset, directory } = layout(file);
  if (directory(DIRECTORY.exports) === 0) return [];
  const at = offset(directory(DIRECTORY.exports));
  const names = offset(file.readUInt32LE(at + 32));
  return Array.from({ length: file.readUInt32LE(at + 24) }, (_, index) => stringAt(file, offset(file.readUInt32LE(names + index * 4))));
}
