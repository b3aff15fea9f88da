// Draws the images of the reference: each operation before and after, side by side, in docs/images/operations.
//
//   node scripts/docs-images.mjs         after `npm run docs`; needs a built addon
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { operationExamples } from './lib/operation-examples.mjs';
import { inRoot, root } from './lib/shell.mjs';

const lancet = createRequire(import.meta.url)(root);

/** Width and height of one image in pixels, and the space between the two. */
const [WIDTH, HEIGHT, GAP] = [200, 134, 8];

const folder = inRoot('docs', 'images', 'operations');
mkdirSync(folder, { recursive: true });
for (const [name, { photo, call }] of Object.entries(operationExamples)) {
  const before = await lancet(inRoot('examples', 'photos', photo)).resize(WIDTH, HEIGHT).png().toBuffer();
  const after = await lancet(await call(lancet(before)).png().toBuffer()).toColourspace('srgb').resize(WIDTH, HEIGHT, { fit: 'contain', background: '#fff0' }).png().toBuffer();
  await lancet({ create: { width: 2 * WIDTH + GAP, height: HEIGHT, channels: 4, background: '#fff0' } })
    .composite([{ input: before, left: 0, top: 0 }, { input: after, left: WIDTH + GAP, top: 0 }])
    .webp({ quality: 70 })
    .toFile(inRoot('docs', 'images', 'operations', `${name}.webp`));
}
