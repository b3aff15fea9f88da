// Draws the images of the reference: each operation before and after, side by side, in docs/images/operations.
//
//   node scripts/docs-images.mjs         after `npm run docs`; needs a built addon
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { operationExamples } from './lib/operation-examples.mjs';
import { inRoot, root } from './lib/shell.mjs';

const lancet = createRequire(import.meta.url)(root);

/** Width and height of one image in pixels, and the space between the two. */
const [WIDTH, HEIGHT, GAP] = [200, 134, 8];

/** The most bytes of a file: noise is written at a lower quality. */
const LIMIT = 12_000;
const QUALITIES = [70, 50, 30, 15];

const fitted = async image => lancet(await image.png().toBuffer()).toColourspace('srgb').resize(WIDTH, HEIGHT, { fit: 'contain', background: '#fff0' }).png().toBuffer();

/** Two images side by side, as WebP of at most the limit. */
async function pair(before, after) {
  const image = lancet({ create: { width: 2 * WIDTH + GAP, height: HEIGHT, channels: 4, background: '#fff0' } })
    .composite([{ input: before, left: 0, top: 0 }, { input: after, left: WIDTH + GAP, top: 0 }]);
  for (const quality of QUALITIES) {
    const data = await image.webp({ quality }).toBuffer();
    if (data.length <= LIMIT) return data;
  }
  throw new Error(`More than ${LIMIT} bytes at quality ${QUALITIES.at(-1)}`);
}

const folder = inRoot('docs', 'images', 'operations');
mkdirSync(folder, { recursive: true });
for (const [name, { photo, prepare = image => image, call }] of Object.entries(operationExamples)) {
  const source = await lancet(inRoot('examples', 'photos', photo)).resize(WIDTH, HEIGHT).png().toBuffer();
  const before = await prepare(lancet(source)).png().toBuffer();
  writeFileSync(join(folder, `${name}.webp`), await pair(await fitted(lancet(before)), await fitted(call(lancet(before)))));
}
