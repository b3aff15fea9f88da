'use strict';

// A file that is written to a stream in parts is the image that it is when it comes whole, damaged or not.

const { damage } = require('../damage.js');
const { opening } = require('../calls.js');

const PIXELS = 1e6;

const settled = promise => promise.then(data => data.toString('base64'), error => error.message);

async function split(lancet, random, seeds) {
  const seed = random.pick(seeds);
  const bytes = random.once(2) ? seed.bytes : damage(seed.bytes, seed.bytes, random);
  const options = opening(random, PIXELS);
  const [width, cuts] = [1 + random.below(60), Array.from({ length: random.below(9) }, () => random.below(bytes.length + 1)).sort((a, b) => a - b)];
  return {
    about: `${seed.name} ${cuts} ${JSON.stringify(options)}`,
    bytes,
    async run() {
      if (bytes.length === 0) return;
      const whole = await settled(lancet(bytes, options).resize(width).raw().toBuffer());
      const stream = lancet(options).resize(width).raw();
      const streamed = settled(stream.toBuffer());
      [...cuts, bytes.length].forEach((to, index) => stream.write(bytes.subarray(cuts[index - 1] ?? 0, to)));
      stream.end();
      if ((await streamed) !== whole) throw new TypeError('Not what it is when it comes whole');
    }
  };
}

module.exports = split;
