// Reads from a 64-bit macOS library what it needs to be loaded and what it offers. Layout: Apple's mach-o/loader.h.

const COMMAND = { symbols: 0x2, library: 0xc, id: 0xd, signature: 0x1d, minimum: 0x24, build: 0x32 };

function* commands(file) {
  if (file.readUInt32LE(0) !== 0xfeedfacf) throw new Error('not a 64-bit Mach-O file');
  let at = 32;
  for (let left = file.readUInt32LE(16); left > 0; left--) {
    yield { command: file.readUInt32LE(at) & 0x7fffffff, at };
    at += file.readUInt32LE(at + 4);
  }
}

const stringAt = (file, at) => file.toString('latin1', at, file.indexOf(0, at));

const version = value => `${value >>> 16}.${(value >>> 8) & 255}`;

/** Names that the dynamic linker finds: external symbols which are defined here and are not private. */
function exportsOf(file, at) {
  const [symbols, count, strings] = [8, 12, 16].map(field => file.readUInt32LE(at + field));
  const found = [];
  for (let index = 0; index < count; index++) {
    const entry = symbols + index * 16;
    const type = file[entry + 4];
    const isDebug = (type & 0xe0) !== 0;
    const isDefinedOutside = (type & 0x0e) !== 0 && (type & 0x11) === 0x01;
    if (!isDebug && isDefinedOutside) found.push(stringAt(file, strings + file.readUInt32LE(entry)));
  }
  return found;
}

/** Install name, libraries, oldest system, exported symbols and whether there is a signature. */
export function describe(file) {
  const found = { libraries: [], exports: [], signed: false };
  for (const { command, at } of commands(file)) {
    if (command === COMMAND.library) found.libraries.push(stringAt(file, at + file.readUInt32LE(at + 8)));
    if (command === COMMAND.id) found.name = stringAt(file, at + file.readUInt32LE(at + 8));
    if (command === COMMAND.build) found.minimum = version(file.readUInt32LE(at + 12));
    if (command === COMMAND.minimum) found.minimum = version(file.readUInt32LE(at + 8));
    if (command === COMMAND.signature) found.signed = true;
    if (command === COMMAND.symbols) found.exports = exportsOf(file, at);
  }
  return found;
}
