'use strict';

// Every relative link and image of the documentation leads to a file, and to a heading where it names one.

const fs = require('node:fs');
const path = require('node:path');

const root = path.join(__dirname, '..');
const inFolder = folder => fs.readdirSync(path.join(root, folder)).filter(name => name.endsWith('.md')).map(name => path.join(folder, name));
const pages = [...inFolder('.'), ...inFolder('docs'), ...inFolder('docs/guides'), 'bench/README.md', 'examples/image-handler/README.md', 'examples/photos/README.md', '__test__/fonts/README.md'];

/** The anchors of a page's headings, as GitHub makes them. */
function anchors(file) {
  const headings = fs.readFileSync(file, 'utf8').match(/^#+ .*$/gm) ?? [];
  return headings.map(line => line.replace(/^#+ /, '').toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-'));
}

/** The targets of Markdown links and of HTML images, without code and without other sites. */
function targets(text) {
  const prose = text.replace(/^```[^]*?^```$/gm, '').replace(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)|(?:src|srcset)="([^"]+)"/g)].map(([, link, image]) => link ?? image).filter(target => !/^[a-z]+:/.test(target));
}

function problem(page, target) {
  const [name, anchor] = target.split('#');
  const file = name ? path.join(root, path.dirname(page), name) : path.join(root, page);
  if (!fs.existsSync(file)) return `${target}: no such file`;
  if (anchor && !anchors(file).includes(anchor)) return `${target}: no such heading`;
}

test.each(pages)('%s', page => {
  const text = fs.readFileSync(path.join(root, page), 'utf8');
  expect(targets(text).map(target => problem(page, target)).filter(Boolean)).toEqual([]);
});

test('images of the reference are small', () => {
  const folder = path.join(root, 'docs', 'images', 'operations');
  const sizes = fs.readdirSync(folder).map(name => [name, fs.statSync(path.join(folder, name)).size]);
  expect(sizes.length).toBeGreaterThan(20);
  expect(sizes.filter(([, size]) => size > 12_000)).toEqual([]);
});
