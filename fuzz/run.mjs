// Runs lancet on damaged files and wild options, the same ones for a seed, in child processes that are watched:
//
//   npm run fuzz -- [--target decode|options|split|roundtrip|jpeg] [--cases 2000] [--seed 1] [--only png] [--module .] [--megabytes 300] [--seconds 5]
//
// Reported are crashes, hangs, panics (also those that became errors), wrong results, and what takes more CPU time or memory than it may.
// One seed alone is run again with `--seed N --cases 1`.
import { parseArgs } from 'node:util';
import { inRoot } from '../scripts/lib/shell.mjs';
import { watched } from '../scripts/lib/watched.mjs';

const { values } = parseArgs({
  options: {
    target: { type: 'string', default: 'decode' },
    cases: { type: 'string', default: '2000' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
    module: { type: 'string', default: inRoot() },
    megabytes: { type: 'string', default: '300' },
    seconds: { type: 'string', default: '5' }
  }
});
const [first, count, megabytes, seconds] = ['seed', 'cases', 'megabytes', 'seconds'].map(name => Number(values[name]));
const end = first + count;

/** Without news for this long a case hangs: well above the CPU time that one may take, for machines that are busy. */
const PATIENCE = (seconds * 4 + 10) * 1000;

const findings = [];
const outcomes = { picture: 0, error: 0 };

function report(kind, seed, about, detail) {
  findings.push(kind);
  console.log(`${kind} seed ${seed}: ${about}: ${detail}`);
}

/** Runs seeds from one on in a child process; resolves with the seed to go on with. */
async function child(from) {
  const args = [inRoot('fuzz', 'worker.mjs'), values.module, values.target, from, end, values.only].map(String);
  let current;
  const heard = (message, log) => {
    if (!message.done) {
      current = message;
      return false;
    }
    const { about } = current;
    outcomes[message.outcome]++;
    if (message.fault !== undefined) report('fault', message.seed, about, message.fault);
    if (message.milliseconds > seconds * 1000) report('slow', message.seed, about, `${Math.round(message.milliseconds)} ms`);
    if (message.kilobytes > megabytes * 1024) report('memory', message.seed, about, `${Math.round(message.kilobytes / 1024)} MB for ${message.bytes} bytes`);
    const panic = /panicked at [^\n]*\n[^\n]*/.exec(log);
    if (panic) report('panic', message.seed, about, panic[0]);
    current = undefined;
    return true;
  };
  const ended = await watched(args, { patience: PATIENCE, heard });
  if (current) {
    report(ended.hangs ? 'hang' : 'crash', current.seed, current.about, ended.hangs ? '' : `${ended.end} ${ended.log.slice(-600)}`);
    return current.seed + 1;
  }
  if (ended.end !== 0) report('crash', from, 'before the first case', `${ended.end} ${ended.log}`);
  return end;
}

for (let from = first; from < end; ) from = await child(from);
console.log(`${values.target}: ${outcomes.picture} pictures, ${outcomes.error} errors, ${findings.length} findings`);
process.exitCode = findings.length > 0 ? 1 : 0;
