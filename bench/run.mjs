// Compares lancet with the installed peer on this machine.
//
//   npm run bench                        every row
//   npm run bench -- --only png          the rows whose name has this text
//   npm run bench -- --only operation:   the cost of each operation without codecs
//   npm run bench -- --bytes             sizes of lossless and palette files over public corpora, instead of times
//   npm run bench -- --rounds 30         measurements of each row, 15 by default
//   npm run bench -- --write             also renews the table in bench/README.md; needs every row
//   LANCET_UNDER_TEST=<path>             another module in lancet's place
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, release } from 'node:os';
import { parseArgs } from 'node:util';
import { pack, packagedSize } from '../scripts/package.mjs';
import { manifest } from '../scripts/lib/platform.mjs';
import { inRoot } from '../scripts/lib/shell.mjs';
import { table } from '../scripts/lib/table.mjs';
import { bytesBench } from './bytes.mjs';
import { inputBytes, inputPath } from './inputs.mjs';
import { measure, modules, paths } from './modules.mjs';
import { operationBench, operationRows } from './operations.mjs';
import { installedSize, measureProcess, median } from './process.mjs';
import { memoryRows, rows, startRow } from './rows.mjs';

const { values: options } = parseArgs({
  options: { only: { type: 'string', default: '' }, rounds: { type: 'string', default: '15' }, write: { type: 'boolean', default: false }, bytes: { type: 'boolean', default: false }, verbose: { type: 'boolean', default: false } }
});
const rounds = Math.max(3, Number(options.rounds));
const wanted = ({ name }) => name.toLowerCase().includes(options.only.toLowerCase());

/** Time that one measurement should take at least, in ms: below it the clocks are too coarse. */
const SPAN = 60;

/** Fails unless both outputs have the same size and are alike; returns their mean absolute difference, of 255. */
async function checkAlike(ours, peer, limit) {
  for (const key of ['width', 'height', 'channels', 'format']) {
    if (ours.info[key] !== peer.info[key]) throw new Error(`info.${key} is ${ours.info[key]}, the peer's ${peer.info[key]}`);
  }
  const [a, b] = await Promise.all([ours, peer].map(({ data, info: { width, height, channels, format } }) =>
    modules.peer(data, format === 'raw' ? { raw: { width, height, channels } } : { animated: true }).raw().toBuffer()));
  if (a.length !== b.length) throw new Error(`${a.length} samples, the peer has ${b.length}`);
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += Math.abs(a[at] - b[at]);
  const difference = sum / a.length;
  if (!(difference <= limit)) throw new Error(`pixels differ by ${difference.toFixed(2)} of 255, allowed ${limit}`);
  return difference;
}

const ratio = (peer, ours, target) => `${(peer / ours).toFixed(2)}×${target ? (peer / ours >= target ? '' : ` (aim ${target}×)`) : ''}`;
const ms = value => value.toFixed(value < 1 ? 3 : 2);
const mb = bytes => (bytes / 1e6).toFixed(1);

async function runRow({ name, input, open, call, metadata, target, difference }) {
  const bytes = await inputBytes(input);
  const work = Object.fromEntries(Object.entries(modules).map(([who, module]) =>
    [who, metadata ? () => module(bytes).metadata() : () => call(module(bytes, open)).toBuffer({ resolveWithObject: true })]));
  // The first calls fill tables and find out how many runs a measurement takes.
  const results = { ours: await work.ours(), peer: await work.peer() };
  const alike = metadata ? 0 : await checkAlike(results.ours, results.peer, difference);
  const times = {};
  for (const who of ['ours', 'peer']) times[who] = Math.max(1, Math.ceil(SPAN / (await measure(work[who], 3)).wall));
  const best = { ours: { cpu: Infinity, wall: Infinity }, peer: { cpu: Infinity, wall: Infinity } };
  for (let round = 0; round < rounds; round++) {
    for (const who of round % 2 === 0 ? ['ours', 'peer'] : ['peer', 'ours']) {
      const { cpu, wall } = await measure(work[who], times[who]);
      best[who] = { cpu: Math.min(best[who].cpu, cpu), wall: Math.min(best[who].wall, wall) };
    }
  }
  const { ours, peer } = best;
  const sizes = metadata ? ['', ''] : [(results.ours.data.length / results.peer.data.length).toFixed(3), alike.toFixed(2)];
  return [name, ms(ours.cpu), ms(peer.cpu), ratio(peer.cpu, ours.cpu, target), ms(ours.wall), ms(peer.wall), ratio(peer.wall, ours.wall), ...sizes];
}

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
  return ['wall', 'cpu'].map(what => [
    `${startRow.name}, ${what} ms`, ms(less('ours', what)), ms(less('peer', what)),
    ratio(less('peer', what), less('ours', what), what === 'wall' ? 5 : undefined)
  ]);
}

async function memory(row) {
  const job = { ...row, input: await inputPath(row.input) };
  const reports = { ours: [], peer: [] };
  for (let round = 0; round < 3; round++) {
    for (const who of ['ours', 'peer']) reports[who].push((await measureProcess(paths[who], job)).peak * 1024);
  }
  const [ours, peer] = [median(reports.ours), median(reports.peer)];
  return [`${row.name}, MB`, mb(ours), mb(peer), ratio(peer, ours, 1)];
}

async function installed() {
  const peer = installedSize('sharp');
  const ours = process.env.LANCET_UNDER_TEST ? installedSize('sharp') : packagedSize(await pack());
  return ['size: installed npm packages, MB', mb(ours), mb(peer), ratio(peer, ours, 2)];
}

if (options.bytes) {
  console.log(await bytesBench(options.only, options.verbose));
  process.exit();
}

const speed = [];
const wrong = [];
for (const row of rows.filter(wanted)) {
  try {
    speed.push(await runRow(row));
    console.error(speed.at(-1).join('  '));
  } catch (error) {
    wrong.push(`${row.name}: ${error.message}`);
    console.error(wrong.at(-1));
  }
}
const runOperation = operationBench(modules, measure);
const cost = [];
// All of one size before the next: its pictures are held.
for (const row of operationRows.filter(wanted).sort((a, b) => a.size.localeCompare(b.size) * -1)) {
  const { total, base } = await runOperation(row);
  const [ours, peer] = ['ours', 'peer'].map(who => Math.max(0.001, total[who] - base[who]));
  cost.push([row.name.replace('operation: ', ''), ms(ours), ms(peer), ratio(peer, ours, row.target), ms(total.ours), ms(total.peer), ratio(total.peer, total.ours)]);
  console.error(cost.at(-1).join('  '));
}
const whole = [];
if (wanted(startRow)) whole.push(...(await startUp()));
for (const row of memoryRows.filter(wanted)) whole.push(await memory(row));
if (wanted({ name: 'size' })) whole.push(await installed());

const right = count => ['left', ...Array(count).fill('right')];
const speedTable = table(['row', 'CPU ms', 'peer', 'CPU ratio', 'wall ms', 'peer', 'wall ratio', 'bytes ÷ peer', 'difference'], speed, right(8));
const wholeTable = table(['row', 'lancet', 'peer', 'ratio'], whole, right(3));
const costTable = table(['operation', 'CPU ms', 'peer', 'ratio', 'with in and out', 'peer', 'ratio'], cost, right(6));
const machine = [
  `${cpus()[0].model.trim()}, ${cpus().length} cores, ${process.platform} ${release()}`,
  `Node ${process.versions.node}, lancet ${manifest().version}, sharp ${modules.peer.versions.sharp} with libvips ${modules.peer.versions.vips}`,
  `${new Date().toISOString().slice(0, 10)}, ${rounds} rounds`
].map(line => `- ${line}`).join('\n');
const report = `${machine}\n\n${speedTable}\n\n${costTable}\n\n${wholeTable}`;
console.log(report);
if (wrong.length > 0) throw new Error(`Rows that do not count:\n${wrong.join('\n')}`);

if (options.write) {
  if (options.only) throw new Error('--write needs every row: leave --only out');
  const file = inRoot('bench', 'README.md');
  const [before] = readFileSync(file, 'utf8').split('<!-- figures -->');
  writeFileSync(file, `${before}<!-- figures -->\n\n${report}\n`);
}
