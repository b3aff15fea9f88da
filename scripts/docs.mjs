// Writes the reference in docs/ from the type declarations.
//
//   node scripts/docs.mjs [--check]     --check only says whether it is up to date
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import ts from 'typescript';
import { operationExamples } from './lib/operation-examples.mjs';
import { inRoot } from './lib/shell.mjs';

/** Title and methods of each page, in the order in which they are shown. */
const pages = {
  input: ['Input', ['clone', 'metadata', 'stats']],
  resize: ['Resizing', ['resize', 'extend', 'extract', 'trim']],
  operation: ['Operations', [
    'rotate', 'autoOrient', 'flip', 'flop', 'affine', 'sharpen', 'median', 'blur', 'dilate', 'erode', 'flatten', 'unflatten', 'gamma', 'negate',
    'normalise', 'normalize', 'clahe', 'convolve', 'threshold', 'boolean', 'linear', 'recomb', 'modulate'
  ]],
  composite: ['Compositing', ['composite']],
  colour: ['Colour', [
    'tint', 'greyscale', 'grayscale', 'pipelineColourspace', 'pipelineColorspace', 'toColourspace', 'toColorspace'
  ]],
  channel: ['Channels', ['removeAlpha', 'ensureAlpha', 'extractChannel', 'joinChannel', 'bandbool']],
  output: ['Output', [
    'toFile', 'toBuffer', 'toUint8Array', 'toFormat', 'jpeg', 'png', 'webp', 'gif', 'avif', 'heif', 'tiff', 'jp2', 'jxl', 'raw', 'tile', 'timeout',
    'keepMetadata', 'withMetadata', 'keepExif', 'withExif', 'withExifMerge', 'keepIccProfile', 'withIccProfile', 'keepXmp', 'withXmp',
    'keepGainMap', 'withGainMap', 'withDensity'
  ]]
};

const file = inRoot('index.d.ts');
const program = ts.createProgram([file], { strict: true, types: ['node'], moduleResolution: ts.ModuleResolutionKind.Node10 });
const checker = program.getTypeChecker();
const source = program.getSourceFile(file);
const module = checker.getAliasedSymbol(checker.getSymbolAtLocation(source).exports.get('export='));
const exported = new Map(checker.getExportsOfModule(module).map(symbol => [symbol.name, symbol]));

const isInterface = symbol => Boolean(symbol.flags & ts.SymbolFlags.Interface);
const text = parts => ts.displayPartsToString(parts).replaceAll(/\{@link (\w+)\}/g, '`$1`').replaceAll(/\s+/g, ' ').trim();
const cell = value => value.replaceAll('|', '\\|');
const code = value => `\`${value.replaceAll(/\s+/g, ' ')}\``;
const tags = (symbol, name) => symbol.getJsDocTags(checker).filter(tag => tag.name === name);
const methodsOf = name => new Map(checker.getDeclaredTypeOfSymbol(exported.get(name)).getProperties().map(symbol => [symbol.name, symbol]));

/** The description of an overloaded function is that of the first form that has one. */
function described(symbol) {
  const comment = text(symbol.getDocumentationComment(checker));
  const params = tags(symbol, 'param').map(tag => {
    const [name, ...words] = text(tag.text).split(' ');
    return `- \`${name}\`: ${words.join(' ')}`;
  });
  const returns = tags(symbol, 'returns').map(tag => `Returns: ${text(tag.text)}`);
  const throws = tags(symbol, 'throws').map(tag => `Throws: ${text(tag.text)}`);
  const examples = tags(symbol, 'example').map(tag => `\`\`\`js\n${ts.displayPartsToString(tag.text).trim()}\n\`\`\``);
  return [comment, params.join('\n'), ...returns, ...throws, ...examples].filter(Boolean);
}

/** The names of option types that a declaration mentions, in order. */
function mentioned(declaration) {
  const names = [...declaration.getText().matchAll(/\b[A-Z]\w+/g)].map(([name]) => name);
  return [...new Set(names)].filter(name => name !== 'Sharp' && exported.has(name) && isInterface(exported.get(name)));
}

/** How a function is called, one line for each form. */
function forms(symbol) {
  return symbol.declarations.filter(declaration => declaration.parameters).map(declaration => {
    const parameters = declaration.parameters.map(parameter => parameter.getText().replaceAll(/\s+/g, ' ').replaceAll('| undefined', '').trim());
    return `${symbol.name}(${parameters.join(', ')}): ${declaration.type.getText()}`;
  });
}

function fields(name) {
  const symbol = exported.get(name);
  const rows = checker.getDeclaredTypeOfSymbol(symbol).getProperties().map(member => {
    const declaration = member.valueDeclaration ?? member.declarations[0];
    const type = (declaration.type?.getText() ?? '').replaceAll(/\/\*\*.*?\*\//g, '').replaceAll(/ \| undefined/g, '');
    const isOptional = Boolean(member.flags & ts.SymbolFlags.Optional);
    return `| \`${member.name}\`${isOptional ? '' : ' (needed)'} | ${cell(code(type))} | ${cell(text(member.getDocumentationComment(checker)))} |`;
  });
  return ['| field | type | |', '| --- | --- | --- |', ...rows].join('\n');
}

const link = name => `[${name}](types.md#${name.toLowerCase()})`;

function method(symbol) {
  const types = [...new Set(symbol.declarations.flatMap(mentioned))];
  const see = types.length > 0 ? [`Types: ${types.map(link).join(', ')}.`] : [];
  const shown = symbol.name in operationExamples ? [`![before and after](images/operations/${symbol.name}.webp)`] : [];
  return [`## ${symbol.name}`, `\`\`\`ts\n${forms(symbol).join('\n')}\n\`\`\``, ...described(symbol), ...shown, ...see];
}

/** All pages, by file name. */
function render() {
  const methods = methodsOf('Sharp');
  const own = [...methods.values()].filter(symbol => symbol.declarations.some(declaration => declaration.getSourceFile() === source));
  const listed = Object.values(pages).flatMap(([, names]) => names);
  const missing = own.map(symbol => symbol.name).filter(name => !listed.includes(name));
  if (missing.length > 0) throw new Error(`scripts/docs.mjs has no page for ${missing.join(', ')}`);

  const constructor = [
    '## lancet', `\`\`\`ts\n${forms(module).join('\n')}\n\`\`\``, ...described(module), `Types: ${link('SharpOptions')}.`
  ];
  const result = {};
  for (const [page, [title, names]] of Object.entries(pages)) {
    const parts = names.flatMap(name => method(methods.get(name)));
    result[`${page}.md`] = [`# ${title}`, ...(page === 'input' ? constructor : []), ...parts];
  }
  const statics = [...exported.values()].filter(symbol => symbol.flags & ts.SymbolFlags.Value && symbol !== module);
  result['statics.md'] = ['# Statics', 'Functions and constants of the module.', ...statics.flatMap(symbol => {
    const isFunction = Boolean(symbol.flags & ts.SymbolFlags.Function);
    const type = isFunction ? forms(symbol).join('\n') : `${symbol.name}: ${symbol.valueDeclaration.type.getText()}`;
    return [`## ${symbol.name}`, `\`\`\`ts\n${type}\n\`\`\``, ...described(symbol)];
  })];
  const types = [...exported.values()].filter(symbol => symbol.flags & ts.SymbolFlags.Type && symbol.name !== 'Sharp');
  result['types.md'] = ['# Types', ...types.flatMap(symbol => {
    const comment = text(symbol.getDocumentationComment(checker));
    const body = isInterface(symbol) ? fields(symbol.name) : `\`\`\`ts\n${symbol.declarations[0].getText()}\n\`\`\``;
    return [`## ${symbol.name}`, ...(comment ? [comment] : []), body];
  })];
  const contents = Object.entries(result).map(([name, [title]]) => `- [${title.slice(2)}](${name})`);
  result['README.md'] = ['# Reference', 'Made by `npm run docs` from `index.d.ts`: edit that file. What differs from sharp on purpose is in [differences.md](differences.md).', contents.join('\n')];
  return Object.fromEntries(Object.entries(result).map(([name, parts]) => [name, `${parts.join('\n\n')}\n`]));
}

const wanted = render();
const path = name => inRoot('docs', name);
const stale = Object.keys(wanted).filter(name => !existsSync(path(name)) || readFileSync(path(name), 'utf8') !== wanted[name]);
if (process.argv.includes('--check')) {
  if (stale.length > 0) {
    console.error(`Out of date in docs: ${stale.join(', ')}; run npm run docs`);
    process.exit(1);
  }
} else {
  mkdirSync(inRoot('docs'), { recursive: true });
  for (const name of stale) writeFileSync(path(name), wanted[name]);
}
console.log(`${Object.keys(wanted).length} pages, ${stale.length} ${process.argv.includes('--check') ? 'out of date' : 'written'}`);
