// What is published: the packages are put together as for a release, laid out as npm would install them, and used.
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const root = path.join(__dirname, '..');
const photo = path.join(root, 'examples', 'photos', 'rocket.jpg');

let folder;
let packages;

beforeAll(() => {
  execFileSync(process.execPath, ['scripts/package.mjs'], { cwd: root });
  const dist = path.join(root, 'dist');
  packages = fs.readdirSync(dist).map(name => ({
    name,
    folder: path.join(dist, name),
    manifest: JSON.parse(fs.readFileSync(path.join(dist, name, 'package.json'), 'utf8'))
  }));
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'lancet-packaging-'));
  for (const { name, folder: from } of packages) fs.cpSync(from, path.join(folder, 'node_modules', name), { recursive: true });
});

afterAll(() => folder && fs.rmSync(folder, { recursive: true, force: true }));

const run = (file, source) => {
  fs.writeFileSync(path.join(folder, file), source);
  return execFileSync(process.execPath, [file], { cwd: folder, encoding: 'utf8' }).trim();
};

test('the main package names each platform package at its own version', () => {
  const { manifest } = packages.find(({ name }) => name === 'lancet');
  const platforms = fs.readdirSync(path.join(root, 'npm')).map(name => `lancet-${name}`);
  expect(Object.keys(manifest.optionalDependencies).sort()).toEqual(platforms.sort());
  expect(new Set(Object.values(manifest.optionalDependencies))).toEqual(new Set([manifest.version]));
});

test('nothing runs at install time and nothing else is needed at run time', () => {
  for (const { manifest } of packages) {
    expect(manifest.scripts).toBeUndefined();
    expect(manifest.dependencies).toBeUndefined();
    expect(manifest.devDependencies).toBeUndefined();
  }
});

test('the packages hold these files and no others', () => {
  const list = from => fs.readdirSync(from, { recursive: true }).filter(name => fs.statSync(path.join(from, name)).isFile()).sort();
  const contents = Object.fromEntries(packages.map(({ name, folder: from }) => [name, list(from)]));
  expect(contents.lancet).toEqual([
    'LICENSE', 'README.md', 'bin/lancet-compat.mjs', 'index.d.mts', 'index.d.ts', 'index.js', 'index.mjs',
    'lib/binding.js', 'lib/io.js', 'lib/load-error.js', 'lib/options.js', 'lib/repeat.js', 'package.json'
  ]);
  for (const name of Object.keys(contents).filter(name => name !== 'lancet')) {
    const addon = `${name.replace('lancet-', 'lancet.')}.node`;
    expect(contents[name]).toEqual(['LICENSE', 'README.md', 'THIRD-PARTY-LICENCES.md', addon, 'package.json']);
  }
});

test('npm packs the same files', () => {
  for (const { folder: from } of packages) {
    const [{ files }] = JSON.parse(execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: from, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
    const list = fs.readdirSync(from, { recursive: true }).filter(name => fs.statSync(path.join(from, name)).isFile());
    expect(files.map(file => file.path).sort()).toEqual(list.sort());
  }
});

test('every file that a manifest names is there', () => {
  for (const { folder: from, manifest } of packages) {
    const entry = value => (typeof value === 'string' ? [value] : Object.values(value ?? {}).flatMap(entry));
    for (const file of [manifest.main, manifest.types ?? [], entry(manifest.exports), manifest.files].flat(2)) {
      expect([file, fs.existsSync(path.join(from, file))]).toEqual([file, true]);
    }
  }
});

test('require finds the platform package and makes an image', () => {
  const source = `require('lancet')(${JSON.stringify(photo)}).resize(32).png().toBuffer().then(data => console.log(data.subarray(1, 4).toString()));`;
  expect(run('use.cjs', source)).toBe('PNG');
});

test('import has a default export and makes an image', () => {
  const source = `import lancet from 'lancet'; console.log((await lancet(${JSON.stringify(photo)}).resize(32).webp().toBuffer()).toString('latin1', 8, 12));`;
  expect(run('use.mjs', source)).toBe('WEBP');
});

test('the packages take less space than sharp and its engine', () => {
  const size = folders => folders.flatMap(from => fs.readdirSync(from, { recursive: true }).map(name => path.join(from, name)))
    .reduce((sum, file) => sum + fs.statSync(file).size, 0);
  const installed = path.join(root, 'node_modules');
  const engine = fs.readdirSync(path.join(installed, '@img')).map(name => path.join(installed, '@img', name));
  // Tests build the addon without optimisation across crates, which makes it a tenth larger than what is published.
  const QUICK_BUILD = 1.09;
  expect(size(packages.map(({ folder: from }) => from)) / QUICK_BUILD).toBeLessThan(size([path.join(installed, 'sharp'), ...engine]));
});
