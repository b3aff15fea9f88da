// Writes the tables by which sRGB becomes CMYK: what the installed peer makes of a grid of colours; cyan, magenta, yellow and
// black for each, blue innermost. src/colour/cmyk/inks.bin is for images without a profile, press.bin for the profile that
// has a name.
//
//   node scripts/sample-inks.mjs
import { createRequire } from 'node:module';
import { writeFileSync } from 'node:fs';

const require = createRequire(import.meta.url);
const sharp = require('sharp');

/** Nodes per colour, as in src/colour/cmyk/separate.rs. */
const NODES = 17;

const code = node => Math.round((node * 255) / (NODES - 1));
const colours = Buffer.alloc(3 * NODES ** 3);
for (let node = 0; node < NODES ** 3; node++) {
  colours.set([code(Math.floor(node / NODES ** 2)), code(Math.floor(node / NODES) % NODES), code(node % NODES)], 3 * node);
}
const picture = sharp(colours, { raw: { width: NODES, height: NODES ** 2, channels: 3 } });

/** The inks of an image that was separated. */
async function inks(separated) {
  const tiff = await separated.tiff({ compression: 'none' }).toBuffer();
  return sharp(tiff, { ignoreIcc: true }).pipelineColourspace('cmyk').toColourspace('cmyk').raw().toBuffer();
}

const write = async (name, separated) => writeFileSync(new URL(`../src/colour/cmyk/${name}`, import.meta.url), await inks(separated));
await write('inks.bin', picture.clone().toColourspace('cmyk'));
await write('press.bin', picture.clone().withIccProfile('cmyk'));
