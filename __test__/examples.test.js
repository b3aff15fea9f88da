'use strict';

// Runs every JavaScript example of README.md, the guides and the reference, in a folder with the files that they name.

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const lancet = require('../');

const root = path.join(__dirname, '..');
const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor;

/** The `js` blocks of a Markdown file, each with the number of its first line. */
function blocks(file) {
  const text = fs.readFileSync(path.join(root, file), 'utf8');
  return [...text.matchAll(/^```js\n([^]*?)^```$/gm)].map(match => [text.slice(0, match.index).split('\n').length + 1, match[1]]);
}

/** The body of a module, as the body of an async function that is given what it imports. */
function body(code) {
  return code
    .replace(/^import (\w+) from '(lancet|sharp)';$/gm, "const $1 = require('$2');")
    .replace(/^export /gm, '');
}

const guides = fs.readdirSync(path.join(root, 'docs', 'guides')).map(name => path.join('docs', 'guides', name));
const reference = fs.readdirSync(path.join(root, 'docs')).filter(name => name.endsWith('.md')).map(name => path.join('docs', name));
const examples = ['README.md', ...guides, ...reference].flatMap(file => blocks(file).map(([line, code]) => [`${file}:${line}`, code]));

let folder;
const before = process.cwd();

beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'lancet-examples-'));
  const photo = path.join(root, 'examples', 'photos', 'rocket.jpg');
  fs.copyFileSync(photo, path.join(folder, 'photo.jpg'));
  fs.copyFileSync(path.join(root, '__test__', 'fixtures', 'animated.gif'), path.join(folder, 'animation.gif'));
  fs.copyFileSync(path.join(root, '__test__', 'fixtures', 'animated.gif'), path.join(folder, 'in.gif'));
  const plain = (width, height, background) => lancet({ create: { width, height, channels: 4, background } });
  await Promise.all([
    lancet(photo).resize(400, 260).toFile(path.join(folder, 'in.jpg')),
    lancet(photo).resize(200).toFile(path.join(folder, 'in.png')),
    plain(80, 50, '#0a08').toFile(path.join(folder, 'logo.png')),
    plain(120, 80, '#888f').toFile(path.join(folder, 'mask.png')),
    plain(60, 40, 'black').extend({ top: 9, bottom: 9, left: 9, right: 9, background: 'white' }).toFile(path.join(folder, 'drawing.png'))
  ]);
  process.chdir(folder);
});

afterAll(() => {
  process.chdir(before);
  lancet.unblock({ operation: ['VipsForeignLoadSvg'] });
  fs.rmSync(folder, { recursive: true });
});

test('there are examples', () => {
  expect(examples.length).toBeGreaterThan(60);
});

test.each(examples)('%s', async (name, code) => {
  const assert = (condition, text) => { if (!condition) throw new Error(text ?? 'the example asserts otherwise'); };
  const quiet = { ...console, log() {}, assert };
  const required = id => (['lancet', 'sharp'].includes(id) ? lancet : require(id));
  // An example that imports lancet declares it; the others are given it.
  const given = /^import lancet /m.test(code) ? "unused" : "lancet";
  await new AsyncFunction("require", given, "console", body(code))(required, lancet, quiet);
});
