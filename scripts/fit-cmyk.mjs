// Fits the table with which CMYK images without a profile become sRGB to what the installed peer makes of them, and writes
// src/colour/cmyk/nodes.rs. Nothing but sharp's output is looked at: inks go in as a TIFF, pixels come out.
//
//   node scripts/fit-cmyk.mjs            fit and write
//   node scripts/fit-cmyk.mjs --search   look for better positions of the nodes first, which takes minutes
import { createRequire } from 'node:module';
import { writeFileSync } from 'node:fs';

const require = createRequire(import.meta.url);
const sharp = require('sharp');

/** Where the nodes lie on the axes of cyan, magenta, yellow and black: found by `--search`. */
let positions = [
  [0, 58, 152, 209, 255],
  [0, 70, 152, 227, 255],
  [0, 70, 152, 209, 255],
  [0, 58, 140, 215, 255]
];
const NODES = 5;
const STRIDES = [NODES ** 3, NODES ** 2, NODES, 1];
const TOTAL = NODES ** 4;
/** Samples per axis of the grid that is fitted. */
const GRID = 17;
/** How much more than a colour of the grid one counts that an image on screen is separated into. */
const PRINTED = 12;
/** The same for bare paper, which has to come out as white and nothing else. */
const PAPER = 1e5;
/** Where sharp's output is clipped the table may go past the ends of the scale, so far. */
const OVERSHOOT = 150;

/** An uncompressed CMYK TIFF of one strip. */
function tiff(width, height, inks) {
  const directory = 8 + inks.length;
  const [SHORT, LONG] = [3, 4];
  const entries = [
    [256, LONG, 1, width],
    [257, LONG, 1, height],
    [258, SHORT, 4, directory + 2 + 11 * 12 + 4],
    [259, SHORT, 1, 1],
    [262, SHORT, 1, 5],
    [273, LONG, 1, 8],
    [277, SHORT, 1, 4],
    [278, LONG, 1, height],
    [279, LONG, 1, inks.length],
    [284, SHORT, 1, 1],
    [332, SHORT, 1, 1]
  ];
  const tail = Buffer.alloc(2 + entries.length * 12 + 4 + 8);
  tail.writeUInt16LE(entries.length, 0);
  entries.forEach(([tag, type, count, value], index) => {
    const at = 2 + index * 12;
    tail.writeUInt16LE(tag, at);
    tail.writeUInt16LE(type, at + 2);
    tail.writeUInt32LE(count, at + 4);
    tail.writeUInt32LE(value, at + 8);
  });
  for (let channel = 0; channel < 4; channel++) tail.writeUInt16LE(8, tail.length - 8 + channel * 2);
  const head = Buffer.from('II*\0\0\0\0\0', 'latin1');
  head.writeUInt32LE(directory, 4);
  return Buffer.concat([head, inks, tail]);
}

const observe = (width, height, inks) => sharp(tiff(width, height, inks)).raw().toBuffer();

/** The five nodes around a colour and their weights: the corners of the simplex that it lies in. */
function simplex(inks, at, nodes, weights, out) {
  let base = 0;
  const steps = STRIDES.map((stride, axis) => {
    const places = positions[axis];
    const ink = inks[at + axis];
    let cell = 0;
    while (cell < NODES - 2 && ink >= places[cell + 1]) cell++;
    base += cell * stride;
    return [(ink - places[cell]) / (places[cell + 1] - places[cell]), stride];
  });
  steps.sort((a, b) => b[0] - a[0]);
  let before = 1;
  for (let step = 0; step < 5; step++) {
    const fraction = step < 4 ? steps[step][0] : 0;
    nodes[out + step] = base;
    weights[out + step] = before - fraction;
    before = fraction;
    if (step < 4) base += steps[step][1];
  }
}

/** Least squares for one output channel by conjugate gradients; samples that sharp clipped pull one way only. */
function fitChannel(nodes, weights, targets, importance, rounds) {
  const samples = targets.length;
  const predict = (table, sample) => {
    let sum = 0;
    for (let at = sample * 5; at < sample * 5 + 5; at++) sum += weights[at] * table[nodes[at]];
    return sum;
  };
  const spread = value => {
    const result = new Float64Array(TOTAL);
    for (let sample = 0; sample < samples; sample++) {
      const amount = value(sample) * importance[sample];
      for (let at = sample * 5; at < sample * 5 + 5; at++) result[nodes[at]] += weights[at] * amount;
    }
    return result;
  };
  const dot = (a, b) => a.reduce((sum, value, index) => sum + value * b[index], 0);
  // A little pull to zero for nodes that no sample reaches.
  const normal = table => spread(sample => predict(table, sample)).map((value, index) => value + 1e-4 * table[index]);
  const table = new Float64Array(TOTAL);
  for (let round = 0; round < rounds; round++) {
    const wanted = spread(sample => {
      const target = targets[sample];
      if (round === 0 || (target > 0 && target < 255)) return target;
      const now = predict(table, sample);
      return target === 0 ? Math.max(Math.min(now, 0), -OVERSHOOT) : Math.min(Math.max(now, 255), 255 + OVERSHOOT);
    });
    const now = normal(table);
    const residual = wanted.map((value, index) => value - now[index]);
    let direction = residual.slice();
    let energy = dot(residual, residual);
    for (let iteration = 0; iteration < 200 && energy > 1e-3; iteration++) {
      const image = normal(direction);
      const length = energy / dot(direction, image);
      for (let index = 0; index < TOTAL; index++) {
        table[index] += length * direction[index];
        residual[index] -= length * image[index];
      }
      const next = dot(residual, residual);
      direction = direction.map((value, index) => residual[index] + (next / energy) * value);
      energy = next;
    }
  }
  return table.map(Math.round);
}

function place(inks) {
  const samples = inks.length / 4;
  const nodes = new Int32Array(samples * 5);
  const weights = new Float64Array(samples * 5);
  for (let sample = 0; sample < samples; sample++) simplex(inks, sample * 4, nodes, weights, sample * 5);
  return [nodes, weights];
}

function fit({ inks, colours, importance }, rounds) {
  const [nodes, weights] = place(inks);
  const targets = channel => colours.filter((_, index) => index % 3 === channel);
  return [0, 1, 2].map(channel => fitChannel(nodes, weights, targets(channel), importance, rounds));
}

/** Mean and largest difference from sharp, of 255. */
function score(tables, { inks, colours }) {
  const [nodes, weights] = place(inks);
  let [sum, max] = [0, 0];
  for (let index = 0; index < colours.length; index++) {
    const table = tables[index % 3];
    const start = Math.floor(index / 3) * 5;
    let value = 0;
    for (let at = start; at < start + 5; at++) value += weights[at] * table[nodes[at]];
    const error = Math.abs(Math.round(Math.min(Math.max(value, 0), 255)) - colours[index]);
    sum += error;
    if (error > max) max = error;
  }
  return { mean: sum / colours.length, max };
}

const level = index => Math.round((index * 255) / (GRID - 1));
/** All colours of the grid with so many channels, the first channel outermost. */
const lattice = channels =>
  Buffer.from(
    Array.from({ length: GRID ** channels }, (_, index) =>
      Array.from({ length: channels }, (_, channel) => level(Math.floor(index / GRID ** (channels - 1 - channel)) % GRID))
    ).flat()
  );
const gridInks = lattice(4);
const grid = { inks: gridInks, colours: await observe(GRID ** 2, GRID ** 2, gridInks) };
const screen = { raw: { width: GRID ** 2, height: GRID, channels: 3 } };
const printedInks = await sharp(lattice(3), screen).toColourspace('cmyk').raw().toBuffer();
const printed = { inks: printedInks, colours: await observe(GRID ** 2, GRID, printedInks) };
const samples = {
  inks: Buffer.concat([gridInks, printedInks]),
  colours: Buffer.concat([grid.colours, printed.colours]),
  importance: Float64Array.from({ length: GRID ** 4 + GRID ** 3 }, (_, index) => (index === 0 ? PAPER : index < GRID ** 4 ? 1 : PRINTED))
};
let state = 12345;
const randomInks = Buffer.from(
  Array.from({ length: 60000 * 4 }, () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >>> 24)
);
const random = { inks: randomInks, colours: await observe(300, 200, randomInks) };

if (process.argv.includes('--search')) {
  const cost = () => {
    const tables = fit(samples, 3);
    return score(tables, printed).mean + score(tables, random).mean;
  };
  let best = cost();
  for (const step of [24, 12, 6]) {
    for (let axis = 0; axis < 4; axis++) {
      for (let node = 1; node < NODES - 1; node++) {
        for (const move of [-step, step]) {
          const before = positions;
          positions = positions.map(places => places.slice());
          positions[axis][node] += move;
          const [low, here, high] = positions[axis].slice(node - 1, node + 2);
          const now = here > low + 8 && here < high - 8 ? cost() : Infinity;
          if (now < best - 1e-3) best = now;
          else positions = before;
        }
      }
    }
    console.log(`steps of ${step}: ${best}`);
  }
}

const tables = fit(samples, 8);
console.log('positions', JSON.stringify(positions));
console.log('grid', score(tables, grid), 'random inks', score(tables, random), 'separated', score(tables, printed));

const flat = Array.from({ length: TOTAL }, (_, node) => tables.map(table => table[node])).flat();
const lines = [''];
for (const value of flat) {
  if (lines.at(-1).length + `${value}, `.length > 115) lines.push('');
  lines[lines.length - 1] += `${lines.at(-1) ? ' ' : ''}${value},`;
}
writeFileSync(
  new URL('../src/colour/cmyk/nodes.rs', import.meta.url),
  `//! Made by \`scripts/fit-cmyk.mjs\`; not to be edited by hand.

use super::NODES;

/// The code at which each node lies, for cyan, magenta, yellow and black.
pub(in crate::colour) const POSITIONS: [[u8; NODES]; 4] = [
${positions.map(places => `    [${places.join(', ')}],`).join('\n')}
];

/// Red, green and blue at each node, yellow and black innermost. Past the ends of the scale where colours are out of gamut.
pub(super) const COLOURS: [i16; 3 * NODES.pow(4)] = [
${lines.map(line => `    ${line}`).join('\n')}
];
`
);
