'use strict';

// The modules of src/ stand on floors (CONTRIBUTING.md, "Floors"). A file uses its own floor and those below, and files that
// use each other belong to one module: its own file and files of its folder. Both are read from the paths in the source, but
// not from test modules, which may use anything.

const fs = require('node:fs');
const path = require('node:path');

const SRC = path.join(__dirname, '..', 'src');

const FLOORS = [
  ['error', 'simd', 'threads', 'memory', 'interrupt', 'warnings', 'panics'],
  ['options'],
  ['image'],
  ['resample', 'colour', 'meta'],
  ['ops'],
  ['codec', 'files'],
  ['plan'],
  ['pipeline'],
  ['api'],
  ['node'],
];
const floorOf = (module) => FLOORS.findIndex((modules) => modules.includes(module));

/** Every file of src/: its module path, and the source without comments, strings and test modules. */
function readSources() {
  const files = fs.readdirSync(SRC, { recursive: true }).filter((name) => name.endsWith('.rs'));
  return files.map((name) => {
    const parts = name.slice(0, -3).split(path.sep);
    if (['mod', 'lib'].includes(parts.at(-1))) parts.pop();
    const text = fs.readFileSync(path.join(SRC, name), 'utf8');
    return { name, module: parts, text: strip(text) };
  });
}

function strip(text) {
  return text
    .replace(/\/\/[^\n]*/g, '')
    .replace(/#\[cfg\(test\)\]\s*(pub(\([a-z]+\))? )?mod \w+ \{[^]*?\n\}\n/g, '')
    .replace(/"(?:[^"\\\n]|\\.)*"/g, '""');
}

/** `a::{b, c::{d, e as f}}` as `a::b`, `a::c::d` and `a::c::e`. */
function expand(tree) {
  const open = tree.indexOf('{');
  if (open < 0) return [tree.replace(/\s+as\s+\w+$/, '').trim()];
  const prefix = tree.slice(0, open).trim();
  const items = [];
  let depth = 0;
  let item = '';
  for (const character of tree.slice(open + 1, tree.lastIndexOf('}'))) {
    if (character === '{') depth++;
    if (character === '}') depth--;
    if (character === ',' && depth === 0) {
      items.push(item);
      item = '';
    } else item += character;
  }
  items.push(item);
  return items.filter((part) => part.trim()).flatMap(expand).map((rest) => prefix + rest);
}

/** The module paths that a file names: absolute, as lists of segments. */
function pathsOf({ module, text }) {
  const uses = [...text.matchAll(/\buse\s+([^;]+);/g)].flatMap((match) => expand(match[1].replace(/\s+/g, ' ')));
  const inline = [...text.matchAll(/\b(?:crate|super)(?:::\w+)+/g)].map((match) => match[0]);
  return [...uses, ...inline].flatMap((text) => {
    const segments = text.split('::').map((segment) => segment.trim());
    if (segments[0] === 'crate') return [segments.slice(1)];
    if (segments[0] === 'self') return [[...module, ...segments.slice(1)]];
    if (segments[0] !== 'super') return [[...module, ...segments]];
    let base = module;
    while (segments[0] === 'super') {
      base = base.slice(0, -1);
      segments.shift();
    }
    return [[...base, ...segments]];
  });
}

const sources = readSources().filter(({ name }) => name !== 'lib.rs');
const byModule = new Map(sources.map((source) => [source.module.join('::'), source]));

/** The files that a file uses: the innermost module on each path that has a file of its own. */
function usedBy(source) {
  const used = new Set();
  for (const segments of pathsOf(source)) {
    for (let length = segments.length; length > 0; length--) {
      const found = byModule.get(segments.slice(0, length).join('::'));
      if (found) {
        if (found !== source) used.add(found);
        break;
      }
    }
  }
  return [...used];
}

const graph = new Map(sources.map((source) => [source, usedBy(source)]));

/** Strongly connected components (Tarjan). */
function components() {
  const order = new Map();
  const low = new Map();
  const stack = [];
  const found = [];
  const visit = (node) => {
    order.set(node, order.size);
    low.set(node, order.get(node));
    stack.push(node);
    for (const next of graph.get(node)) {
      if (!order.has(next)) visit(next);
      if (stack.includes(next)) low.set(node, Math.min(low.get(node), low.get(next)));
    }
    if (low.get(node) !== order.get(node)) return;
    found.push(stack.splice(stack.indexOf(node)));
  };
  for (const node of graph.keys()) if (!order.has(node)) visit(node);
  return found;
}

describe('floors', () => {
  test('every module of src/ has a floor', () => {
    const modules = new Set(sources.map(({ module }) => module[0]));
    expect([...modules].filter((module) => floorOf(module) < 0)).toEqual([]);
    expect(FLOORS.flat().filter((module) => !modules.has(module))).toEqual([]);
  });

  test('no file uses a floor above its own', () => {
    const upward = [];
    for (const [source, used] of graph) {
      for (const other of used) {
        if (floorOf(other.module[0]) > floorOf(source.module[0])) upward.push(`${source.name} → ${other.name}`);
      }
    }
    expect(graph.get(byModule.get('pipeline')).length).toBeGreaterThan(5);
    expect(upward).toEqual([]);
  });

  test('files use each other only within a module and its folder', () => {
    const circles = components()
      .filter((files) => files.length > 1)
      .filter((files) => {
        const root = files.map(({ module }) => module).reduce((a, b) => (a.length <= b.length ? a : b));
        return !files.every(({ module }) => root.every((segment, at) => module[at] === segment));
      });
    expect(circles.map((files) => files.map(({ name }) => name).sort())).toEqual([]);
  });
});
