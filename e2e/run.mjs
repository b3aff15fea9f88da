// What takes longer than a test should: installs from a registry, the example on S3 and its infrastructure, a browser.
//
//   npm run test:e2e                  all of it
//   npm run test:e2e -- page compat   only these
import { build } from '../scripts/build.mjs';
import { inRoot, run } from '../scripts/lib/shell.mjs';
import { setup } from '../scripts/setup.mjs';
import { coldStart } from './cold-start.mjs';
import { compat } from './compat.mjs';
import { lambda } from './lambda.mjs';
import { check, checks, install } from './lib.mjs';
import { page } from './page.mjs';
import { startRegistry } from './registry.mjs';
import { releaseDry } from './release-dry.mjs';

const example = inRoot('examples', 'image-handler');

async function infrastructure() {
  const registry = await startRegistry();
  try {
    await coldStart(await lambda(registry));
  } finally {
    await registry.close();
  }
}

const parts = {
  release: releaseDry,
  handler: () => check('the tests of the example hold', () => run(process.execPath, [`${example}/node_modules/jest/bin/jest.js`], { cwd: example })),
  lambda: infrastructure,
  page,
  compat
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter(name => !(name in parts));
if (unknown.length > 0) throw new Error(`No part ${unknown.join(', ')}; the parts are ${Object.keys(parts).join(', ')}`);

setup();
build({ quick: true });
[inRoot('e2e'), example].forEach(folder => install(folder));
for (const [name, work] of Object.entries(parts).filter(([name]) => wanted.length === 0 || wanted.includes(name))) {
  console.log(`\n==> ${name}`);
  await work();
}
console.log(`\n${checks()} checks held`);
