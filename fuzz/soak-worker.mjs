// Makes many images, eight at a time, and reports resident memory on standard output, a line for each sample:
//   node --expose-gc fuzz/soak-worker.mjs <module> <calls> <samples> <seed>
import path from 'node:path';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { Random } = require('./random.js');
const { calls: edits, opening } = require('./calls.js');
const { damage } = require('./damage.js');
const [module, calls, samples, first] = process.argv.slice(2);
const sharp = require(path.resolve(module));
const seeds = require('./seeds.js').all();

const AT_ONCE = 8;
/** One file in this many is damaged. */
const DAMAGED = 5;
/** Above every seed, below what damaged headers claim. */
const PIXELS = 8e6;

async function call(seed) {
  const random = new Random(seed);
  const { bytes } = random.pick(seeds);
  const input = random.once(DAMAGED) ? damage(bytes, random.pick(seeds).bytes, random) : bytes;
  try {
    const image = edits(random).reduce((chain, [name, ...given]) => chain[name](...given), sharp(input, opening(random, PIXELS)));
    if (random.once(4)) await image.metadata();
    await image.toBuffer();
  } catch {
    // What is refused is part of the work.
  }
}

const total = Number(calls);
const every = Math.ceil(total / Number(samples));
let started = 0;

async function worker() {
  while (started < total) {
    const seed = Number(first) + started++;
    await call(seed);
    if ((seed - Number(first) + 1) % every === 0) {
      globalThis.gc();
      console.log(JSON.stringify({ calls: seed - Number(first) + 1, bytes: process.memoryUsage.rss() }));
    }
  }
}

await Promise.all(Array.from({ length: AT_ONCE }, worker));
