// The tables of bench/README.md, from the figures.
import { readFileSync, writeFileSync } from 'node:fs';
import { inRoot } from '../scripts/lib/shell.mjs';
import { table } from '../scripts/lib/table.mjs';

const ms = value => value.toFixed(value < 1 ? 3 : 2);
const mb = bytes => (bytes / 1e6).toFixed(1);
const times = ratio => `${ratio.toFixed(2)}×`;
const aim = (ratio, target) => (target && ratio < target ? ` (aim ${target}×)` : '');
const right = count => ['left', ...Array(count).fill('right')];

/** How many times less lancet takes. */
export const ratio = ({ ours, peer }, what) => (what ? peer[what] / ours[what] : peer / ours);

/** Geometric mean of the ratios of CPU time of all rows. */
export function meanRatio(rows) {
  const ratios = Object.values(rows).map(row => ratio(row, 'cpu'));
  return Math.exp(ratios.reduce((sum, value) => sum + Math.log(value), 0) / ratios.length);
}

function speedTable(rows) {
  const lines = Object.entries(rows).map(([name, row]) => [
    name, ms(row.ours.cpu), ms(row.peer.cpu), times(ratio(row, 'cpu')) + aim(ratio(row, 'cpu'), row.target),
    ms(row.ours.wall), ms(row.peer.wall), times(ratio(row, 'wall')), row.bytes === undefined ? '' : row.bytes.toFixed(3), row.difference === undefined ? '' : row.difference.toFixed(2)
  ]);
  return table(['row', 'CPU ms', 'sharp', 'CPU ratio', 'wall ms', 'sharp', 'wall ratio', 'bytes ÷ sharp', 'difference'], lines, right(8));
}

function operationTable(operations) {
  const lines = Object.entries(operations).map(([name, { own, total, target }]) => [
    name, ms(own.ours), ms(own.peer), times(ratio(own)) + aim(ratio(own), target), ms(total.ours), ms(total.peer), times(ratio(total))
  ]);
  return table(['operation', 'CPU ms', 'sharp', 'ratio', 'with in and out', 'sharp', 'ratio'], lines, right(6));
}

function processTable(processes) {
  const lines = Object.entries(processes).map(([name, { ours, peer, unit, target }]) => {
    const show = unit === 'MB' ? mb : ms;
    return [`${name}, ${unit}`, show(ours), show(peer), times(peer / ours) + aim(peer / ours, target)];
  });
  return table(['row', 'lancet', 'sharp', 'ratio'], lines, right(3));
}

/** Machine, versions and tables as Markdown. */
export function report({ machine, node, lancet, sharp, libvips, date, rows, operations, processes }) {
  const parts = [`- ${machine}\n- Node ${node}, lancet ${lancet}, sharp ${sharp} with libvips ${libvips}\n- ${date}`];
  if (Object.keys(rows).length > 0) parts.push(`${Object.keys(rows).length} rows, geometric mean of the CPU ratios ${times(meanRatio(rows))}:`, speedTable(rows));
  if (Object.keys(operations).length > 0) parts.push(operationTable(operations));
  if (Object.keys(processes).length > 0) parts.push(processTable(processes));
  return parts.join('\n\n');
}

/** Puts the tables into bench/README.md. */
export function writeReport(figures) {
  const file = inRoot('bench', 'README.md');
  const [before] = readFileSync(file, 'utf8').split('<!-- figures -->');
  writeFileSync(file, `${before}<!-- figures -->\n\n${report(figures)}\n`);
}
