'use strict';

// A damaged JPEG is decoded to the pixels that libjpeg-turbo makes of it, by way of sharp, or refused where it refuses it.

const sharp = require('sharp');
const { damage } = require('../damage.js');

/** The most pixels of an image: more would be slow without finding more. */
const PIXELS = 1e6;

/** What sharp's libjpeg-turbo does that lancet does not, on purpose: see the differences in README.md. */
const REFUSED = /Unsupported JPEG (data precision|process)|too many scans/;

/** Changes bits and bytes behind the headers, where markers are few and codes many. */
function spoil(bytes, random) {
  const start = bytes.indexOf(Buffer.from([0xff, 0xda]));
  if (start < 0) return bytes;
  const spoilt = Buffer.from(bytes);
  for (let change = random.below(4); change >= 0; change--) {
    const at = start + random.below(bytes.length - start);
    spoilt[at] = random.once(4) ? 0xff : random.once(2) ? random.below(256) : spoilt[at] ^ (1 << random.below(8));
  }
  return random.once(4) ? spoilt.subarray(0, start + random.below(bytes.length - start)) : spoilt;
}

async function decode(module, bytes, options) {
  try {
    const { data, info } = await module(bytes, options).raw().toBuffer({ resolveWithObject: true });
    return { data, size: `${info.width}×${info.height}×${info.channels}` };
  } catch (error) {
    return { error: error.message };
  }
}

async function jpeg(lancet, random, seeds) {
  // sharp has another reader for files with gain maps.
  const files = seeds.filter(({ name }) => name.endsWith('.jpg') && !name.startsWith('gain-map'));
  const seed = random.pick(files);
  const bytes = random.once(2) ? spoil(seed.bytes, random) : damage(seed.bytes, random.once(3) ? random.pick(files).bytes : seed.bytes, random);
  const options = { failOn: random.pick(['none', 'truncated', 'error', 'warning']), limitInputPixels: PIXELS, ignoreIcc: true };
  return {
    about: `${seed.name} ${JSON.stringify(options)}`,
    bytes,
    async run() {
      // What no longer begins as a JPEG is another format to both.
      if (!bytes.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff]))) return;
      const [ours, theirs] = await Promise.all([lancet, sharp].map(module => decode(module, bytes, options)));
      if (REFUSED.test(ours.error)) return;
      if ((ours.error === undefined) !== (theirs.error === undefined)) throw new TypeError(`${ours.error ?? 'decoded'}, but sharp: ${theirs.error ?? 'decoded'}`);
      if (ours.error !== undefined) throw new Error(ours.error);
      if (ours.size !== theirs.size) throw new TypeError(`${ours.size}, but sharp: ${theirs.size}`);
      // Ink values become colours by profiles, in arithmetic that is not the same.
      const { space } = await lancet(bytes, options).metadata();
      if (space !== 'cmyk' && !ours.data.equals(theirs.data)) throw new TypeError('Other pixels than sharp has');
    }
  };
}

module.exports = jpeg;
