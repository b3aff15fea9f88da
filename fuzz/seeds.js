'use strict';

// Files to damage: the fixtures, the sample photos, and small files of the formats that have neither.

const fs = require('node:fs');
const path = require('node:path');
const { files: small } = require('../__test__/support/small-files.js');

const root = path.join(__dirname, '..');
const PICTURE = /\.(avif|gif|jpg|png|webp|tif|svg)$/;

function inFolder(folder) {
  const names = fs.readdirSync(path.join(root, folder)).filter(name => PICTURE.test(name));
  return names.map(name => ({ name, bytes: fs.readFileSync(path.join(root, folder, name)) }));
}

function filled(length, entries) {
  const bytes = Buffer.alloc(length, 0x5a);
  for (const [at, width, value] of entries) bytes.writeUIntLE(value, at, width);
  return bytes;
}

/** A bitmap of 4×4 pixels and 32 bits without its file header, as an icon holds it. */
function iconBitmap() {
  const head = [[0, 4, 40], [4, 4, 4], [8, 4, 8], [12, 2, 1], [14, 2, 32], [16, 4, 0], [20, 4, 0], [24, 4, 0], [28, 4, 0], [32, 4, 0], [36, 4, 0]];
  return filled(40 + 4 * 4 * 4 + 4 * 4, head);
}

function icon(body, side) {
  const head = filled(22, [[0, 2, 0], [2, 2, 1], [4, 2, 1], [6, 1, side], [7, 1, side], [8, 2, 0], [10, 2, 1], [12, 2, 32], [14, 4, body.length], [18, 4, 22]]);
  return Buffer.concat([head, body]);
}

/** 8×8 pixels in blocks of 4×4. */
function dds(fourcc) {
  const words = [[4, 124], [8, 0x81007], [12, 8], [16, 8], [20, 32], [24, 0], [28, 0], [76, 32], [80, 4]].map(([at, value]) => [at, 4, value]);
  const bytes = filled(128 + 64, words);
  bytes.write('DDS ');
  bytes.write(fourcc, 84);
  return bytes;
}

function all() {
  const photos = inFolder('examples/photos');
  const fixtures = inFolder(path.join('__test__', 'fixtures')).filter(({ bytes }) => bytes.length > 0);
  const two = fixtures.find(({ name }) => name === 'two-pixels.png').bytes;
  const made = {
    ...small,
    'bitmap.ico': icon(iconBitmap(), 4),
    'png.ico': icon(two, 2),
    'one.dds': dds('DXT1'),
    'five.dds': dds('DXT5'),
    'radiance.hdr': Buffer.concat([Buffer.from('#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 4 +X 8\n'), Buffer.alloc(128, 0x81)]),
    'grey.pgm': Buffer.concat([Buffer.from('P5\n8 4\n65535\n'), Buffer.alloc(64, 0x31)]),
    'bits.pbm': Buffer.from('P1\n4 2\n1 0 1 0 0 1 0 1\n'),
    'any.pam': Buffer.concat([Buffer.from('P7\nWIDTH 4\nHEIGHT 2\nDEPTH 4\nMAXVAL 255\nTUPLTYPE RGB_ALPHA\nENDHDR\n'), Buffer.alloc(32, 0x31)])
  };
  return [...fixtures, ...photos, ...Object.entries(made).map(([name, bytes]) => ({ name, bytes }))];
}

module.exports = { all };
