'use strict';

// lancet-compat: lancet stands wherever sharp was while a command runs, and nowhere afterwards.

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { spawnSync } = require('node:child_process');

const program = path.join(__dirname, '..', 'bin', 'lancet-compat.mjs');

let folder;
beforeAll(() => {
  folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'lancet-compat-')));
  const write = (name, text) => {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    fs.writeFileSync(path.join(folder, name), text);
  };
  // As pnpm lays packages out, and one more that a dependency has for itself.
  for (const place of ['node_modules/.pnpm/sharp@0/node_modules/sharp', 'node_modules/dependency/node_modules/sharp']) {
    write(`${place}/package.json`, '{ "name": "sharp", "version": "0.0.0" }');
    write(`${place}/index.js`, 'module.exports = { versions: { lancet: "none" } };');
  }
  write('node_modules/dependency/package.json', '{ "name": "dependency", "version": "0.0.0" }');
  write('node_modules/dependency/index.js', "module.exports = require('sharp');");
  write('packages/one/say.js', "console.log(['sharp', 'dependency'].map(name => require(name).versions.lancet).join()); process.exit(7);");
  fs.symlinkSync('.pnpm/sharp@0/node_modules/sharp', path.join(folder, 'node_modules', 'sharp'));
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

const files = () => fs.readdirSync(folder, { recursive: true }).sort();
const run = (...args) => spawnSync(process.execPath, args, { encoding: 'utf8' });

test('for the project and its dependencies, and back again', () => {
  const before = files();
  const { version } = require('../package.json');
  const { status, stdout } = run(program, path.join(folder, 'packages', 'one'), '--', process.execPath, 'say.js');
  expect([status, stdout.split('\n').at(-2)]).toEqual([7, `${version},${version}`]);
  expect(files()).toEqual(before);
  expect(run(path.join(folder, 'packages', 'one', 'say.js')).stdout.trim()).toBe('none,none');
}, 60_000);

test('a project without sharp is told so', () => {
  const empty = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'lancet-compat-')));
  const { status, stderr } = run(program, empty);
  fs.rmdirSync(empty);
  expect([status, stderr]).toEqual([1, `sharp is not installed in ${empty}: install the project's dependencies first\n`]);
});
