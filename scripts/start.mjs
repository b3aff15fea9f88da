// Serves the example handler over a folder of images, with a page to try edits on.
//
//   npm start                        the sample photos
//   npm start -- ~/images          a folder of yours; PORT says where, 3000 otherwise
import { existsSync, mkdirSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from './build.mjs';
import { inRoot, root, run } from './lib/shell.mjs';
import { setup } from './setup.mjs';

const example = inRoot('examples', 'image-handler');

/** The handler says `sharp`; in a checkout that is the checkout. */
function linkSharp() {
  const link = `${example}/node_modules/sharp`;
  if (existsSync(link) && realpathSync(link) === realpathSync(root)) return;
  rmSync(link, { recursive: true, force: true });
  mkdirSync(dirname(link), { recursive: true });
  symlinkSync(resolve(root), link, 'junction');
}

/** Compiles the example's local server; gives its exports. */
export function localServer() {
  linkSharp();
  run(process.execPath, [inRoot('node_modules', 'typescript', 'bin', 'tsc'), '--project', `${example}/tsconfig.build.json`]);
  return createRequire(import.meta.url)(`${example}/build/local/server.js`);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  setup();
  build({ quick: true });
  const folder = process.argv[2] ? resolve(process.env.INIT_CWD ?? '.', process.argv[2]) : inRoot('examples', 'photos');
  const { url } = await localServer().serve({ folder, port: Number(process.env.PORT ?? 3000) });
  console.log(`\nPictures of ${folder} are served at ${url}`);
}
