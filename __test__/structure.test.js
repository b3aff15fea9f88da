'use strict';

// Walks everything that sharp shows to a program, and finds it here: prototype, statics, options, type declarations.

const fs = require('node:fs');
const path = require('node:path');
const ts = require('typescript');

const lancet = require('../');
const peer = require('sharp');

const root = path.join(__dirname, '..');

/** What is not there yet. The tests fail when something on these lists is there after all, so that they can only shrink. */
const missing = {
  methods: [],
  formats: [],
  options: []
};

/** Formats that sharp's prebuilt binary lists but cannot read; the engine reads them. */
const more = ['jp2', 'jxl', 'ppm', 'rad'];

/** Methods that are not part of the API: how sharp is made inside. */
const isPrivate = (name) => name.startsWith('_');

/** Keys of an object and of what it inherits, but for what every object has. */
function keys (object) {
  const names = new Set();
  for (let level = object; level && level !== Object.prototype && level !== Function.prototype; level = Object.getPrototypeOf(level)) {
    Reflect.ownKeys(level).forEach((name) => names.add(name));
  }
  return [...names];
}

describe('prototype', () => {
  const names = keys(peer.prototype).filter((name) => typeof name !== 'string' || !isPrivate(name));
  const get = (object, name) => {
    // Accessors of the stream ask for a stream.
    try { return object[name]; } catch { return undefined; }
  };

  test.each(names.map((name) => [String(name), name]))('%s', (text, name) => {
    const [ours, theirs] = [get(lancet.prototype, name), get(peer.prototype, name)];
    if (missing.methods.includes(name)) {
      expect(ours).toBeUndefined();
      return;
    }
    expect([name in lancet.prototype, typeof ours]).toEqual([true, typeof theirs]);
    if (typeof theirs === 'function') {
      expect([text, ours.name, ours.length]).toEqual([text, theirs.name, theirs.length]);
    }
  });

  test('is that of a stream', () => {
    expect(Object.getPrototypeOf(lancet.prototype)).toBe(Object.getPrototypeOf(peer.prototype));
    expect(Object.getPrototypeOf(lancet)).toBe(Object.getPrototypeOf(peer));
    expect(lancet('a.png')).toBeInstanceOf(require('node:stream').Duplex);
  });

  test('methods can be replaced and spied on', () => {
    for (const name of Object.keys(lancet.prototype)) {
      const { writable, enumerable, configurable } = Object.getOwnPropertyDescriptor(lancet.prototype, name);
      expect([name, writable, enumerable, configurable]).toEqual([name, true, true, true]);
    }
  });

  test('instances have no more and no other keys of their own', () => {
    expect(Object.keys(lancet('a.png'))).toEqual(Object.keys(peer('a.png')));
  });
});

describe('statics', () => {
  const statics = Object.keys(peer);

  test('have the same names, kinds and lengths', () => {
    const shape = (module) => Object.fromEntries(statics.map((name) => [name, [typeof module[name], module[name]?.length]]));
    expect(shape(lancet)).toEqual(shape(peer));
    expect([lancet.name, lancet.length]).toEqual([peer.name, peer.length]);
  });

  test.each(statics.filter((name) => typeof peer[name] === 'object' && !['format', 'versions', 'queue'].includes(name)))('%s', (name) => {
    // Programs list the names in their order.
    expect(Object.entries(lancet[name])).toEqual(Object.entries(peer[name]));
  });

  test.each(Object.keys(peer.format))('format.%s', (name) => {
    const [ours, theirs] = [lancet.format[name], peer.format[name]];
    if (missing.formats.includes(name)) {
      expect(ours.id).toBe(theirs.id);
      expect(ours).not.toEqual(theirs);
    } else if (more.includes(name)) {
      expect(theirs.input.buffer).toBe(false);
      expect(ours).toMatchObject({ id: name, input: { buffer: true, file: true, stream: true }, output: theirs.output });
    } else {
      expect(ours).toEqual(theirs);
    }
  });

  test('formats are listed in the same order', () => {
    expect(Object.keys(lancet.format)).toEqual(Object.keys(peer.format));
  });

  test('versions are those of the API and its behaviour', () => {
    const { sharp, vips, ...own } = lancet.versions;
    expect({ sharp, vips }).toEqual({ sharp: peer.versions.sharp, vips: peer.versions.vips });
    expect(own.lancet).toBe(require('../package.json').version);
  });

  test('queue, cache, counters, concurrency and simd give the same', () => {
    expect(lancet.queue).toBeInstanceOf(require('node:events'));
    for (const name of ['counters', 'concurrency', 'simd']) {
      expect([name, lancet[name]()]).toEqual([name, peer[name]()]);
    }
    // What is in the cache differs, not what is told about it.
    const shape = (usage) => JSON.stringify(usage, (key, value) => (key === 'current' || key === 'high' ? 0 : value));
    expect(shape(lancet.cache())).toBe(shape(peer.cache()));
  });
});

describe('options', () => {
  const isMissing = (key) => missing.options.some((prefix) => key.startsWith(prefix));
  const plain = (options) => Object.entries(options).filter(([, value]) => typeof value !== 'function');

  test('a new instance has the same', () => {
    for (const args of [['a.png'], [], [{ animated: true }]]) {
      const ours = lancet(...args).options;
      for (const [key, value] of plain(peer(...args).options)) {
        expect([key, key in ours]).toEqual([key, !isMissing(key)]);
        if (!isMissing(key)) {
          expect([key, ours[key]]).toEqual([key, value]);
        }
      }
      expect([typeof ours.debuglog, typeof ours.queueListener]).toEqual(['function', 'function']);
    }
  });
});

describe('type declarations', () => {
  const ours = path.join(root, 'index.d.ts');
  const theirs = path.join(root, 'node_modules', 'sharp', 'lib', 'index.d.ts');
  const program = ts.createProgram([ours, theirs], { strict: true, types: ['node'], moduleResolution: ts.ModuleResolutionKind.Node10 });
  const checker = program.getTypeChecker();

  /** The symbol that a file exports by `export =` . */
  const exported = (file) => {
    const module = checker.getSymbolAtLocation(program.getSourceFile(file));
    const equals = module.exports.get('export=');
    return equals ? checker.getAliasedSymbol(equals) : module;
  };
  const [lancetTypes, peerTypes] = [exported(ours), exported(theirs)];
  const exportsOf = (symbol) => new Map(checker.getExportsOfModule(symbol).map((name) => [name.name, name]));
  const membersOf = (symbol) => checker.getDeclaredTypeOfSymbol(symbol).getProperties().map((member) => member.name);
  const [have, wanted] = [exportsOf(lancetTypes), exportsOf(peerTypes)];

  test('are read', () => {
    expect(wanted.size).toBeGreaterThan(80);
    expect(fs.existsSync(theirs)).toBe(true);
  });

  test.each([...wanted.keys()])('%s', (name) => {
    expect([...have.keys()]).toContain(name);
    const [symbol, other] = [have.get(name), wanted.get(name)];
    if (other.flags & ts.SymbolFlags.Interface) {
      expect(membersOf(symbol)).toEqual(expect.arrayContaining(membersOf(other)));
    }
    if (other.flags & ts.SymbolFlags.Value) {
      expect(Boolean(symbol.flags & ts.SymbolFlags.Value)).toBe(true);
    }
  });

  // What earlier versions of sharp declare and 0.35 does not: ours is the union, so it holds values that 0.35 would refuse.
  const wider = new Set(['SharpOptions', 'Create', 'CreateText', 'Metadata', 'TiffOptions', 'Noise', 'OverlayOptions', 'TextWrap']);
  const longer = new Set(['ColourspaceEnum', 'FormatEnum']);

  test('each type takes the values of sharp, and gives values that sharp takes', () => {
    const options = { strict: true, types: ['node'], moduleResolution: ts.ModuleResolutionKind.Node10, skipLibCheck: true, noEmit: true };
    // The class itself has methods more than that of sharp.
    const names = [...wanted].filter(([name, symbol]) => symbol.flags & ts.SymbolFlags.Type && name !== 'Sharp').map(([name]) => name);
    const to = (name) => `export const to${name} = (value: peer.${name}): lancet.${name} => value;`;
    const from = (name) => `export const from${name} = (value: lancet.${name}): peer.${name} => value;`;
    const lines = names.flatMap((name) => (wider.has(name) ? [to(name)] : longer.has(name) ? [from(name)] : [to(name), from(name)]));
    const text = [`import lancet = require('./index');`, `import peer = require('./node_modules/sharp/lib/index');`, ...lines].join('\n');
    const virtual = path.join(root, 'both.ts');
    const host = ts.createCompilerHost(options);
    const { getSourceFile, fileExists } = host;
    host.getSourceFile = (name, ...rest) => (name === virtual ? ts.createSourceFile(name, text, ts.ScriptTarget.ES2022) : getSourceFile(name, ...rest));
    host.fileExists = (name) => name === virtual || fileExists(name);
    const both = ts.createProgram([virtual], { ...options, module: ts.ModuleKind.CommonJS }, host);
    const messages = ts.getPreEmitDiagnostics(both).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
    expect(names.length).toBeGreaterThan(70);
    expect(messages).toEqual([]);
  });

  test('ES modules have the same names', () => {
    const named = fs.readFileSync(path.join(root, 'index.d.mts'), 'utf8');
    for (const [name, symbol] of have) {
      const isValue = symbol.flags & ts.SymbolFlags.Value && name !== 'Sharp';
      const line = isValue ? `export declare const ${name}: typeof sharp.${name};` : `export import ${name} = sharp.${name};`;
      expect(named.split('\n')).toContain(line);
    }
  });

  test('every member has a description', () => {
    const undescribed = [];
    for (const [name, symbol] of have) {
      if (!(symbol.flags & ts.SymbolFlags.Interface)) continue;
      for (const member of checker.getDeclaredTypeOfSymbol(symbol).getProperties()) {
        const isOwn = member.declarations.every((declaration) => declaration.getSourceFile().fileName === ours);
        if (isOwn && member.getDocumentationComment(checker).length === 0) undescribed.push(`${name}.${member.name}`);
      }
    }
    expect(undescribed).toEqual([]);
  });
});
