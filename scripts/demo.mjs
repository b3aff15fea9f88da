// Makes a thumbnail of each image in every format that lancet writes, and says what it cost.
//
//   npm run demo                 the sample photos
//   npm run demo -- a.jpg b.png  images of yours
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, extname, join, relative, resolve } from 'node:path';
import { build } from './build.mjs';
import { table } from './lib/table.mjs';
import { inRoot, root } from './lib/shell.mjs';
import { setup } from './setup.mjs';

const SIDE = 320;
const PICTURE = /\.(jpe?g|png|webp|gif|avif|tiff?|svg)$/i;
const photos = inRoot('examples', 'photos');
const output = inRoot('demo-output');

function load() {
  if (!process.env.LANCET_UNDER_TEST) {
    setup();
    build({ quick: true });
  }
  return createRequire(import.meta.url)(process.env.LANCET_UNDER_TEST ?? root);
}

const given = process.argv.slice(2).map(file => resolve(process.env.INIT_CWD ?? '.', file));
const files = given.length > 0 ? given : readdirSync(photos).filter(name => PICTURE.test(name)).map(name => join(photos, name));

const lancet = load();
// A format that can be written to a file is one with a file name ending; HEIF's usual ending is that of its AVIF form.
const formats = Object.values(lancet.format)
  .filter(({ id, output: { file } }) => file && !['dz', 'vips'].includes(id))
  .map(({ id }) => (id === 'heif' ? 'avif' : id));
mkdirSync(output, { recursive: true });

const rows = [];
for (const file of files) {
  const bytes = readFileSync(file);
  const from = await lancet(bytes).metadata();
  for (const format of formats) {
    const start = process.hrtime.bigint();
    const { data, info } = await lancet(bytes)
      .autoOrient()
      .resize(SIDE, SIDE, { fit: 'inside', withoutEnlargement: true })
      .toFormat(format)
      .toBuffer({ resolveWithObject: true });
    const ms = Number(process.hrtime.bigint() - start) / 1e6;
    const name = `${basename(file, extname(file))}.${format}`;
    writeFileSync(join(output, name), data);
    rows.push([
      `${basename(file)} → ${name}`,
      `${from.format} ${from.width}×${from.height}`,
      `${format} ${info.width}×${info.height}`,
      data.length,
      ms.toFixed(1)
    ]);
  }
}
console.log(table(['what', 'from', 'to', 'bytes', 'ms'], rows, ['left', 'left', 'left', 'right', 'right']));
console.log(`\n${rows.length} thumbnails are in ${relative(process.cwd(), output) || '.'}`);
