'use strict';

// Everything that is accepted but cannot be done yet, in one list. It can only shrink: the test fails when something on the list
// works, and when the engine refuses something with this sentence that is not on the list.

const fs = require('node:fs');
const path = require('node:path');

const lancet = require('../');

const pixel = () => lancet({ create: { width: 3, height: 3, channels: 3, background: 'red' } });

/** What the sentence names, and calls that run into it; none where only another module's bag leads there. */
const notYet = {
  'JPEG XL output': () => [pixel().jxl().toBuffer(), pixel().toFile('none/a.jxl')],
  'JPEG 2000 output': () => [],
  'The colour space labq': () => [pixel().toColourspace('labq').png().toBuffer()],
  'complex raw pixel input': () => []
};

/** The texts of all Rust files. */
function sources (folder) {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) return sources(file);
    return entry.name.endsWith('.rs') ? [fs.readFileSync(file, 'utf8')] : [];
  });
}

test('the engine refuses nothing else', () => {
  const found = new Set();
  for (const source of sources(path.join(__dirname, '..', 'src'))) {
    for (const [, what] of source.matchAll(/NotYet\(\s*"([^"]+)"/g)) found.add(what);
    for (const [, what] of source.matchAll(/^\s*what: "([^"]+)"/gm)) found.add(what);
  }
  expect(Object.keys(notYet).sort()).toEqual([...found].sort());
});

test.each(Object.entries(notYet))('%s', async (what, calls) => {
  for (const call of calls()) {
    await expect(call).rejects.toThrow(`${what} is not supported yet`);
  }
});
