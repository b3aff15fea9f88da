// Puts together what is published: the main package and one package for each platform whose addon is here.
//
//   node scripts/package.mjs [--all]     into dist/, a folder for each package; --all fails when a platform's addon is missing
//
// The main package names the platform packages as optional dependencies, so that npm takes the one that fits; this
// stands only in what is published, since a checkout builds its own.
import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { addonFile, manifest, platforms, thisPlatform } from './lib/platform.mjs';
import { inRoot, root } from './lib/shell.mjs';

const dist = inRoot('dist');
const write = (folder, content) => writeFileSync(join(folder, 'package.json'), `${JSON.stringify(content, null, 2)}\n`);

function copy(files, folder) {
  for (const file of files) {
    const to = join(folder, file);
    mkdirSync(dirname(to), { recursive: true });
    cpSync(inRoot(file), to, { recursive: true });
  }
}

/** Makes the packages; returns the folders of the main package and of this machine's platform package. */
export function pack() {
  rmSync(dist, { recursive: true, force: true });
  const { scripts: _, devDependencies: __, ...main } = manifest();
  const optionalDependencies = Object.fromEntries(platforms().map(item => [item.manifest.name, item.manifest.version]));
  const mainFolder = join(dist, main.name);
  mkdirSync(mainFolder, { recursive: true });
  copy([...main.files, 'README.md', 'LICENSE'], mainFolder);
  write(mainFolder, { ...main, optionalDependencies });
  for (const { name, manifest: platform } of platforms()) {
    if (!existsSync(inRoot(addonFile(name)))) continue;
    const folder = join(dist, platform.name);
    mkdirSync(folder, { recursive: true });
    copyFileSync(inRoot(addonFile(name)), join(folder, addonFile(name)));
    copy(['LICENSE', 'THIRD-PARTY-LICENCES.md'], folder);
    writeFileSync(join(folder, 'README.md'), `# ${platform.name}\n\n${platform.description}. Install lancet, not this.\n`);
    write(folder, platform);
  }
  return [mainFolder, join(dist, `lancet-${thisPlatform()}`)];
}

const filesIn = path => (statSync(path).isDirectory() ? readdirSync(path).flatMap(name => filesIn(join(path, name))) : [path]);

/** Bytes of all files in some folders. */
export const packagedSize = folders => folders.flatMap(filesIn).reduce((sum, file) => sum + statSync(file).size, 0);

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const missing = platforms().filter(({ name }) => !existsSync(inRoot(addonFile(name)))).map(({ name }) => name);
  if (process.argv.includes('--all') && missing.length > 0) throw new Error(`Not built: ${missing.join(', ')}`);
  pack();
  for (const name of readdirSync(dist)) console.log(`${relative(root, join(dist, name))}: ${packagedSize([join(dist, name)])} bytes`);
}
