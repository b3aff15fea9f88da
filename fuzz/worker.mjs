// Runs cases one after the other and tells the parent, on file descriptor 3 and at once, which one it is at and how it went:
//   node fuzz/worker.mjs <module> <target> <first seed> <end> [only]
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { Random } = require('./random.js');
const [module, target, first, end, only] = process.argv.slice(2);
const lancet = require(path.resolve(module));
const make = require(`./targets/${target}.js`);
const seeds = require('./seeds.js').all().filter(({ name }) => !only || name.includes(only));

const tell = message => fs.writeSync(3, `${JSON.stringify(message)}\n`);

/** Kilobytes of a line of /proc/self/status; 0 where there is none. */
function memory(name) {
  try {
    return Number(new RegExp(`${name}:\\s*(\\d+)`).exec(fs.readFileSync('/proc/self/status', 'latin1'))[1]);
  } catch {
    return 0;
  }
}

/** Lets the peak be counted from here. */
function forgetPeak() {
  try {
    fs.writeFileSync('/proc/self/clear_refs', '5');
  } catch {
    // Not Linux: nothing is told of memory.
  }
  return memory('VmRSS');
}

for (let seed = Number(first); seed < Number(end); seed++) {
  const random = new Random(seed);
  const { about, bytes, run } = await make(lancet, random, seeds);
  tell({ seed, about });
  const [before, cpu] = [forgetPeak(), process.cpuUsage()];
  let fault;
  let outcome = 'picture';
  try {
    await run();
  } catch (error) {
    outcome = 'error';
    const text = error instanceof Error ? error.message : undefined;
    if (!text || /internal error|panic/i.test(text) || (error instanceof TypeError && target !== 'options')) fault = String(text);
  }
  const used = process.cpuUsage(cpu);
  tell({ seed, done: true, outcome, fault, milliseconds: (used.user + used.system) / 1000, kilobytes: memory('VmHWM') - before, bytes: bytes.length });
}
