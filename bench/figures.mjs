// The figures of a benchmark: kept while it runs, so that an interrupted run can be resumed, and then beside the README.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, release } from 'node:os';
import path from 'node:path';
import { manifest } from '../scripts/lib/platform.mjs';
import { inRoot } from '../scripts/lib/shell.mjs';

/** Figures of the last complete run; the tables and charts are drawn from them. */
export const published = inRoot('bench', 'figures.json');

/** Figures of the run that is under way. */
const pending = inRoot('target', 'bench', 'figures.json');

const write = (file, figures) => {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(figures, null, 1)}\n`);
};

export const readPublished = () => JSON.parse(readFileSync(published, 'utf8'));
export const publish = figures => write(published, figures);

/** What figures depend on: those of another machine, binary or version are not mixed with them. */
function origin(modules, binary) {
  return {
    machine: `${cpus()[0].model.trim()}, ${cpus().length} cores, ${process.platform} ${release()}`,
    node: process.versions.node,
    lancet: manifest().version,
    sharp: modules.peer.versions.sharp,
    libvips: modules.peer.versions.vips,
    binary: existsSync(binary) ? createHash('sha256').update(readFileSync(binary)).digest('hex').slice(0, 16) : ''
  };
}

/**
 * Figures to add to. With `resume`, those of an earlier run of the same modules are kept, unless they are of another day.
 * `save(kind, name, figure)` keeps one; `get` gives it back.
 */
export function collect(modules, binary, { resume }) {
  const from = origin(modules, binary);
  const date = new Date().toISOString().slice(0, 10);
  let figures = { ...from, date, rows: {}, operations: {}, processes: {} };
  if (resume && existsSync(pending)) {
    const before = JSON.parse(readFileSync(pending, 'utf8'));
    if (before.date === date && Object.entries(from).every(([key, value]) => before[key] === value)) figures = before;
  }
  return {
    figures,
    get: (kind, name) => figures[kind][name],
    save(kind, name, figure) {
      figures[kind][name] = figure;
      write(pending, figures);
      return figure;
    }
  };
}
