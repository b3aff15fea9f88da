// Compares lancet with the installed sharp on this machine.
//
//   npm run bench                        every row; keeps what it finds in target/bench
//   npm run bench -- --resume            goes on where an interrupted run of today stopped
//   npm run bench -- --only png          the rows whose name has this text
//   npm run bench -- --only operation:   the cost of each operation without codecs
//   npm run bench -- --bytes             sizes of lossless and palette files over public corpora, instead of times
//   npm run bench -- --peers             lancet, sharp and other image modules that are installed; bench/peers.mjs says how
//   npm run bench -- --resample          the resampler beside the crate fast_image_resize
//   npm run bench -- --rounds 30         measurements of each row, 15 by default; rows that take long get fewer
//   npm run bench -- --render            only draws tables and charts anew, from bench/figures.json
//   npm run bench -- --write             also renews bench/figures.json, the tables of bench/README.md and the charts of README.md
//   LANCET_UNDER_TEST=<path>             another module in lancet's place
import { parseArgs } from 'node:util';
import { pack, packagedSize } from '../scripts/package.mjs';
import { cargo } from '../scripts/lib/cargo.mjs';
import { addonFile, thisPlatform } from '../scripts/lib/platform.mjs';
import { inRoot, run } from '../scripts/lib/shell.mjs';
import { bytesBench } from './bytes.mjs';
import { writeCharts } from './charts.mjs';
import { collect, publish, readPublished } from './figures.mjs';
import { inputBytes, inputPath } from './inputs.mjs';
import { measure, modules, paths } from './modules.mjs';
import { operationBench, operationRows } from './operations.mjs';
import { peersBench } from './peers.mjs';
import { installedSize, measureProcess, median } from './process.mjs';
import { report, writeReport } from './report.mjs';
import { memoryRows, rows, startRow } from './rows.mjs';

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', default: '' }, rounds: { type: 'string', default: '15' }, write: { type: 'boolean', default: false },
    bytes: { type: 'boolean', default: false }, peers: { type: 'boolean', default: false }, verbose: { type: 'boolean', default: false }, resume: { type: 'boolean', default: false }, render: { type: 'boolean', default: false }, resample: { type: 'boolean', default: false }
  }
});
const rounds = Math.max(3, Number(options.rounds));
const wanted = ({ name }) => name.toLowerCase().includes(options.only.toLowerCase());

/** Time that one measurement should take at least, in ms: below it the clocks are too coarse. */
const SPAN = 60;

/** Time after which a row that was measured often enough is done, in ms. */
const ROW_TIME = 5000;
const LEAST_ROUNDS = 3;

/** Fails unless both outputs have the same size and are alike; returns their mean absolute difference, of 255. */
async function checkAlike(ours, peer, limit) {
  for (const key of ['width', 'height', 'format']) {
    if (ours.info[key] !== peer.info[key]) throw new Error(`info.${key} is ${ours.info[key]}, sharp's ${peer.info[key]}`);
  }
  const [a, b] = await Promise.all([ours, peer].map(({ data, info: { width, height, channels, format } }) =>
    modules.peer(data, format === 'raw' ? { raw: { width, height, channels } } : { animated: true }).ensureAlpha().raw().toBuffer()));
  if (a.length !== b.length) throw new Error(`${a.length} samples, sharp has ${b.length}`);
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += Math.abs(a[at] - b[at]);
  const difference = sum / a.length;
  if (!(difference <= limit)) throw new Error(`pixels differ by ${difference.toFixed(2)} of 255, allowed ${limit}`);
  return difference;
}

async function runRow({ input, open, call, metadata, target, difference }) {
  const bytes = await inputBytes(input);
  const work = Object.fromEntries(Object.entries(modules).map(([who, module]) =>
    [who, metadata ? () => module(bytes).metadata() : () => call(module(bytes, open)).toBuffer({ resolveWithObject: true })]));
  // The first calls fill tables and find out how many runs a measurement takes.
  const results = { ours: await work.ours(), peer: await work.peer() };
  const alike = metadata ? 0 : await checkAlike(results.ours, results.peer, difference);
  const times = {};
  for (const who of ['ours', 'peer']) times[who] = Math.max(1, Math.ceil(SPAN / (await measure(work[who], 3)).wall));
  const best = { ours: { cpu: Infinity, wall: Infinity }, peer: { cpu: Infinity, wall: Infinity } };
  const start = Date.now();
  for (let round = 0; round < rounds; round++) {
    if (round >= LEAST_ROUNDS && Date.now() - start > ROW_TIME) break;
    for (const who of round % 2 === 0 ? ['ours', 'peer'] : ['peer', 'ours']) {
      const { cpu, wall } = await measure(work[who], times[who]);
      best[who] = { cpu: Math.min(best[who].cpu, cpu), wall: Math.min(best[who].wall, wall) };
    }
  }
  const sizes = metadata ? {} : { bytes: results.ours.data.length / results.peer.data.length, difference: alike };
  return { ...best, target, ...sizes };
}

async function runOperationRow(row) {
  const { total, base } = await runOperation(row);
  const [ours, peer] = ['ours', 'peer'].map(who => Math.max(0.001, total[who] - base[who]));
  return { own: { ours, peer }, total: { ours: total.ours, peer: total.peer }, target: row.target };
}

/** Time from the start of a process to its first thumbnail, less that of a process that does nothing. */
async function startUp() {
  const job = { ...startRow, input: await inputPath(startRow.input) };
  const found = { bare: [], ours: [], peer: [] };
  for (let round = 0; round < Math.max(15, rounds); round++) {
    found.bare.push(await measureProcess('-'));
    found.ours.push(await measureProcess(paths.ours, job));
    found.peer.push(await measureProcess(paths.peer, job));
  }
  const of = (who, what) => median(found[who].map(report => report[what]));
  const less = (who, what) => of(who, what) - of('bare', what);
  return Object.fromEntries(['wall', 'cpu'].map(what => [
    `${startRow.name}, ${what}`, { ours: less('ours', what), peer: less('peer', what), unit: 'ms', target: what === 'wall' ? 5 : undefined }
  ]));
}

/** Most memory that a process held. */
async function memory(row) {
  const job = { ...row, input: await inputPath(row.input) };
  const reports = { ours: [], peer: [] };
  for (let round = 0; round < 3; round++) {
    for (const who of ['ours', 'peer']) reports[who].push((await measureProcess(paths[who], job)).peak * 1024);
  }
  return { [row.name]: { ours: median(reports.ours), peer: median(reports.peer), unit: 'MB', target: 1 } };
}

/** Size on disk of an installation from npm. */
async function installed() {
  const peer = installedSize('sharp');
  const ours = process.env.LANCET_UNDER_TEST ? installedSize('sharp') : packagedSize(await pack());
  return { 'size: installed npm packages': { ours, peer, unit: 'MB', target: 1.2 } };
}

/** Tables and charts of complete figures. */
function render(figures) {
  writeReport(figures);
  writeCharts(figures);
}

if (options.render) {
  render(readPublished());
  process.exit();
}

if (options.resample) {
  run(...cargo('test', ['--release', '--lib', '--', '--ignored', '--nocapture', 'beside_fast_image_resize']));
  process.exit();
}

if (options.bytes) {
  console.log(await bytesBench(options.only, options.verbose));
  process.exit();
}
if (options.peers) {
  console.log(await peersBench(options.only, rounds));
  process.exit();
}

const kept = collect(modules, inRoot(addonFile(thisPlatform())), { resume: options.resume });
const runOperation = operationBench(modules, measure);
const own = row => row.name.replace('operation: ', '');
// Operations of one size before the next: its images are held.
const operations = operationRows.filter(wanted).sort((a, b) => a.size.localeCompare(b.size) * -1);
const work = [
  ...rows.filter(wanted).map(row => ['rows', row.name, async () => ({ [row.name]: await runRow(row) })]),
  ...operations.map(row => ['operations', own(row), async () => ({ [own(row)]: await runOperationRow(row) })]),
  ...(wanted(startRow) ? [['processes', `${startRow.name}, wall`, startUp]] : []),
  ...memoryRows.filter(wanted).map(row => ['processes', row.name, () => memory(row)]),
  ...(wanted({ name: 'size' }) ? [['processes', 'size: installed npm packages', installed]] : [])
];
const wrong = [];
const begun = Date.now();
let measured = 0;
for (const [index, [kind, name, run]] of work.entries()) {
  if (options.resume && kept.get(kind, name)) continue;
  try {
    for (const [name, figure] of Object.entries(await run())) kept.save(kind, name, figure);
  } catch (error) {
    wrong.push(`${name}: ${error.message}`);
    console.error(wrong.at(-1));
  }
  measured++;
  const left = ((Date.now() - begun) / measured) * (work.length - index - 1);
  console.error(`${index + 1} of ${work.length}, about ${Math.ceil(left / 60000)} min left: ${name}`);
}

console.log(report(kept.figures));
if (wrong.length > 0) throw new Error(`Rows that do not count:\n${wrong.join('\n')}`);

if (options.write) {
  if (options.only) throw new Error('--write needs every row: leave --only out');
  publish(kept.figures);
  render(kept.figures);
}
