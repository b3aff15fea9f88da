// Writes src/colour/cmyk/inks.bin, the table by which sRGB becomes CMYK when there is no profile: what the installed peer
// makes of a grid of colours, cyan, magenta, yellow and black for each, blue innermost.
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
const raw = { width: NODES, height: NODES ** 2, channels: 3 };
writeFileSync(new URL('../src/colour/cmyk/inks.bin', import.meta.url), await sharp(colours, { raw }).toColourspace('cmyk').raw().toBuffer());
