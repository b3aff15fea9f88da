'use strict';

// A damaged file is an image or an Error, whatever is asked of it.

const { damage } = require('../damage.js');
const { opening, calls } = require('../calls.js');

/** The most pixels of an image: more would be slow without finding more. */
const PIXELS = 1e6;

async function decode(lancet, random, seeds) {
  const seed = random.pick(seeds);
  const bytes = damage(seed.bytes, random.once(3) ? random.pick(seeds).bytes : seed.bytes, random);
  const options = opening(random, PIXELS);
  const kind = random.below(8);
  const chain = kind < 2 ? [[['metadata', 'stats'][kind]]] : calls(random);
  return {
    about: `${seed.name} ${JSON.stringify(options)} ${JSON.stringify(chain)}`,
    bytes,
    async run() {
      if (kind < 2) return lancet(bytes, options)[chain[0][0]]();
      const { data, info } = await chain.reduce((picture, [name, ...given]) => picture[name](...given), lancet(bytes, options)).toBuffer({ resolveWithObject: true });
      if (data.length !== info.size || !(info.width > 0) || !(info.height > 0)) throw new TypeError(`Wrong info ${JSON.stringify(info)}`);
      return data;
    }
  };
}

module.exports = decode;
