// Sets up, builds and runs every check, in the order in which they fail fastest. Stops at the first step that fails.
// The addon is built beside the steps that do not need it: its last part keeps one processor busy for minutes.
//
//   npm test                      everything; the end-to-end tests only where the variable CI is set
//   npm test -- types jest        only these steps
import { cargo } from './lib/cargo.mjs';
import { ask, inRoot, run, runAndRead, startBeside } from './lib/shell.mjs';
import { setup } from './setup.mjs';

const node = (...args) => run(process.execPath, args);
const tool = path => inRoot('node_modules', ...path.split('/'));

/** Adds up the numbers that a pattern finds in a text. */
const sum = (text, pattern) => [...text.matchAll(pattern)].reduce((total, [, number]) => total + Number(number), 0);

/**
 * Runs a test runner; how many of its tests passed and failed. A runner that fails counts as one failure at least, and one
 * that stops at the first says no number.
 */
async function tests(command, args, passed, failed) {
  const result = await runAndRead(command, args);
  return { passed: sum(result.text, passed), failed: (failed && sum(result.text, failed)) || (result.failed ? 1 : 0) };
}

/** Compiles unit tests and returns what runs them. */
function compileTests(options) {
  const compile = args => cargo('test', ['--profile', 'bench', '--lib', '--no-run', ...args], options);
  run(...compile([]));
  const messages = ask(...compile(['--message-format', 'json', '--quiet'])).split('\n').map(line => JSON.parse(line));
  const { executable } = messages.find(message => message.executable);
  return (...args) => tests(executable, args, /^test result: .*?(\d+) passed/gm, /^test result: .*?(\d+) failed/gm);
}

const startBuild = () => startBeside(process.execPath, [inRoot('scripts', 'build.mjs'), '--quick']);
let building;

/** Runs the unit tests while the addon is built, if it is to be. Cargo itself does one thing at a time. */
async function unitTests() {
  const runTests = compileTests();
  if (isChosen('build')) building = startBuild();
  return runTests();
}

/** Tests the reading through the system's libvips, where there is one. */
function libvipsTests() {
  if (ask('pkg-config', ['--exists', 'vips']) === undefined) return console.log('No libvips on this machine: left out');
  return compileTests({ libvips: true })('libvips');
}

/** Waits for the addon; builds it when nothing began to. */
async function build() {
  building ??= startBuild();
  await building.finish();
}

/** A step counts as one test unless it says how many it ran. */
const steps = [
  ['setup', setup],
  ['versions', () => node('scripts/sync-version.mjs', '--check')],
  ['licences', () => node('scripts/check-licences.mjs')],
  ['format', () => run('cargo', ['fmt', '--check'])],
  ['clippy', () => run(...cargo('clippy', ['--release', '--all-targets', '--', '-D', 'warnings']))],
  ['rust', unitTests],
  ['libvips', libvipsTests],
  ['lint', () => node(tool('oxlint/bin/oxlint'))],
  ['types', () => ['cjs', 'strict', 'esm', 'versions-loose', 'versions-strict', 'versions-esm'].forEach(kind => node(tool('typescript/bin/tsc'), '--project', `__test__/types/${kind}.json`))],
  ['docs', () => node('scripts/docs.mjs', '--check')],
  ['build', build],
  ['symbols', () => node('scripts/check-symbols.mjs')],
  ['jest', () => tests(process.execPath, [tool('jest/bin/jest.js')], /^Tests:.*?(\d+) passed/gm, /^Tests:.*?(\d+) failed/gm)],
  ['e2e', () => tests(process.execPath, [inRoot('e2e', 'run.mjs')], /^(\d+) checks held/gm)]
];
/** The end-to-end tests install packages of npm and, where none is there, a browser: too much for every day. */
const everyDay = step => step !== 'e2e' || Boolean(process.env.CI);

const wanted = process.argv.slice(2);
const unknown = wanted.filter(name => !steps.some(([step]) => step === name));
if (unknown.length > 0) throw new Error(`No step ${unknown.join(', ')}; the steps are ${steps.map(([name]) => name).join(', ')}`);

function isChosen(step) {
  return wanted.length > 0 ? step === 'setup' || wanted.includes(step) : everyDay(step);
}

const total = { passed: 0, failed: 0 };
for (const [name, work] of steps.filter(([step]) => isChosen(step))) {
  const start = Date.now();
  console.log(`\n==> ${name}`);
  let counts;
  try {
    counts = await work();
  } catch (error) {
    console.error(error.message);
    counts = { passed: 0, failed: 1 };
  }
  const { passed, failed } = counts?.failed === undefined ? { passed: 1, failed: 0 } : counts;
  total.passed += passed;
  total.failed += failed;
  console.log(`<== ${name}: ${failed > 0 ? 'failed' : 'passed'} in ${((Date.now() - start) / 1000).toFixed(1)} s`);
  if (failed > 0) {
    console.log(`\nThe step "${name}" failed`);
    building?.stop();
    break;
  }
}
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed > 0 ? 1 : 0;
