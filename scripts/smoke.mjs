// Fails unless the addon beside index.js loads and makes an image; for platforms where the whole test does not run.
import { createRequire } from 'node:module';
import { inRoot, root } from './lib/shell.mjs';

const lancet = createRequire(import.meta.url)(root);
for (const format of ['jpeg', 'png', 'webp']) {
  const { info } = await lancet(inRoot('examples', 'photos', 'coffee.png')).resize(60).toFormat(format).toBuffer({ resolveWithObject: true });
  if (info.width !== 60 || info.height !== 40 || info.format !== format) throw new Error(`${format}: ${JSON.stringify(info)}`);
}
console.log('Made a JPEG, a PNG and a WebP');
