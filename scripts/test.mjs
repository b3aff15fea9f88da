// Sets up, builds and runs every check, in the order in which they fail fastest. Stops at the first that fails.
//
//   npm test                      everything
//   npm test -- jest types        only these steps
import { setup } from './setup.mjs';
import { build } from './build.mjs';
import { inRoot, run } from './lib/shell.mjs';

const node = (...args) => run(process.execPath, args);
const tool = (file, ...args) => node(inRoot('node_modules', ...file.split('/')), ...args);

const steps = [
  ['versions', () => node('scripts/sync-version.mjs', '--check')],
  ['licences', () => node('scripts/check-licences.mjs')],
  ['format', () => run('cargo', ['fmt', '--check'])],
  ['clippy', () => run('cargo', ['clippy', '--all-targets', '--locked', '--', '-D', 'warnings'])],
  ['rust tests', () => run('cargo', ['test', '--locked', '--quiet'])],
  ['types', () => ['cjs', 'esm'].forEach(kind => tool('typescript/bin/tsc', '--project', `__test__/types/${kind}.json`))],
  ['build', () => build()],
  ['symbols', () => node('scripts/check-symbols.mjs')],
  ['jest', () => tool('jest/bin/jest.js')]
];

const wanted = process.argv.slice(2);
const unknown = wanted.filter(name => !steps.some(([step]) => step === name));
if (unknown.length > 0) throw new Error(`No step ${unknown.join(', ')}; the steps are ${steps.map(([name]) => name).join(', ')}`);

let passed = 0;
let failed;
const timed = (name, work) => {
  const start = Date.now();
  console.log(`\n==> ${name}`);
  try {
    work();
  } catch (error) {
    console.error(error.message);
    return false;
  } finally {
    console.log(`<== ${name}: ${((Date.now() - start) / 1000).toFixed(1)} s`);
  }
  return true;
};

for (const [name, work] of [['setup', setup], ...steps.filter(([step]) => wanted.length === 0 || wanted.includes(step))]) {
  if (!timed(name, work)) {
    failed = name;
    break;
  }
  passed++;
}
if (failed) console.error(`\nThe step "${failed}" failed`);
console.log(`${passed} passed, ${failed ? 1 : 0} failed`);
process.exitCode = failed ? 1 : 0;
