// Reads the images of public corpora with lancet and with sharp, in watched processes, and compares what both see:
//
//   npm run conformance -- [--only pillow] [--picture tiff_] [--module .] [--verbose]
//   npm run conformance -- svg     compares drawings with a browser instead, see svg/run.mjs
//
// `corpora.mjs` has the corpora and puts them into target/conformance at the first run, by pip and npm. A difference must stand in
// `expected.mjs` with its reason, and what stands there must occur: all else is unexpected, printed as a line for that file, and makes
// the run fail. `--verbose` prints the expected ones too; `--only` and `--picture` choose corpora and images by a part of their names.
import { parseArgs } from 'node:util';
import { corpora } from './corpora.mjs';
import { alone, expected } from './expected.mjs';
import { inRoot } from '../scripts/lib/shell.mjs';
import { table } from '../scripts/lib/table.mjs';
import { watched } from '../scripts/lib/watched.mjs';

if (process.argv[2] === 'svg') {
  await import('./svg/run.mjs');
  process.exit();
}

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    picture: { type: 'string', default: '' },
    module: { type: 'string', default: process.env.LANCET_UNDER_TEST ?? inRoot() },
    verbose: { type: 'boolean', default: false }
  }
});

/** Without news for this long a step hangs: the slowest takes a few seconds, on machines that are busy some more. */
const PATIENCE = 60_000;

/** Reads images in one child process, up to one that it dies of; resolves with how many it came through, that one included. */
async function child(files, settle) {
  let [done, step] = [0, undefined];
  const heard = message => {
    step = message.step;
    if (message.result) settle(files[done++], message.result);
    return false;
  };
  const args = [inRoot('conformance', 'worker.mjs'), values.module];
  const { end, hangs, log } = await watched(args, { input: files.join('\n'), patience: PATIENCE, heard });
  if (done < files.length) {
    // Nothing is of use when not even the modules load.
    if (step === undefined) throw new Error(`The worker ended with ${end} between pictures\n${log}`);
    settle(files[done++], { kind: 'both', found: [[`${step} ${hangs ? 'hangs' : 'crashes'}`, `${end} ${log}`]] });
  }
  return done;
}

/** The reasons by the image and the words that tell its differences. */
const listed = new Map();
for (const { reason, pictures } of expected) {
  for (const [name, labels] of Object.entries(pictures)) {
    if (!listed.has(name)) listed.set(name, new Map());
    for (const label of labels.split(', ')) listed.get(name).set(label, reason);
  }
}

const counts = () => ({ files: 0, same: 0, alone: 0, refused: 0, expected: 0, unexpected: 0 });
const total = counts();
const columns = Object.keys(total);

/** Counts how an image went and prints what of it was not expected. */
function judge(name, { kind, found }, count) {
  const reasons = listed.get(name) ?? new Map();
  const labels = [...new Set(found.map(([label]) => label))];
  const unknown = labels.filter(label => !reasons.has(label));
  const gone = [...reasons.keys()].filter(label => !labels.includes(label));
  const isUnexpected = unknown.length + gone.length > 0;
  if (unknown.length > 0) console.log(`\n      '${name}': '${labels.join(', ')}',`);
  if (gone.length > 0) console.log(`\n'${name}': ${gone.join(', ')}: listed as expected, and not so`);
  for (const [label, text] of found) {
    if (unknown.includes(label)) console.log(`        ${label} | ${text.slice(0, 400).trim()}`);
    else if (values.verbose) console.log(`${name}: ${label} | ${text.slice(0, 400).trim()} | ${reasons.get(label)}`);
  }
  const column = isUnexpected ? 'unexpected' : labels.length > 0 ? 'expected' : kind === 'both' ? 'same' : kind;
  for (const each of [count, total]) {
    each.files++;
    each[column]++;
  }
}

/** What is wrong with no image of a corpus in particular. */
const faults = [];

const rows = [];
const seen = new Set();
for (const { name: corpus, pictures: all } of corpora(values.only)) {
  const pictures = all.filter(({ name }) => name.includes(values.picture));
  const names = new Map(pictures.map(({ name, file }) => [file, `${corpus}/${name}`]));
  const files = [...names.keys()];
  const count = counts();
  const settle = (file, result) => judge(names.get(file), result, count);
  for (let at = 0; at < files.length; ) at += await child(files.slice(at), settle);
  for (const { name } of all) seen.add(`${corpus}/${name}`);
  const readAlone = alone[corpus] ?? 0;
  if (!values.picture && count.alone !== readAlone) faults.push(`${corpus}: lancet alone reads ${count.alone} pictures, not ${readAlone}`);
  rows.push([corpus, ...columns.map(column => count[column])]);
}

const lost = values.only ? [] : [...listed.keys()].filter(name => !seen.has(name));
faults.push(...lost.map(name => `'${name}': listed as expected, and in no corpus`));
for (const fault of faults) console.log(`\n${fault}`);

const heads = ['corpus', 'files', 'same', 'read by lancet alone', 'refused by both', 'expected differences', 'unexpected'];
console.log(`\n${table(heads, [...rows, ['all', ...columns.map(column => total[column])]], ['left', ...columns.map(() => 'right')])}`);
if (total.files === 0) throw new Error('No picture has such a name');
process.exitCode = total.unexpected + faults.length > 0 ? 1 : 0;
