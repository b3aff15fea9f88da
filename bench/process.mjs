// Measures whole processes: time to the first thumbnail, peak memory, size on disk.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { inRoot } from '../scripts/lib/shell.mjs';

const child = inRoot('bench', 'child.cjs');

/** Starts a process for one image; tells when its report came, in milliseconds after the start, and the report. */
export function measureProcess(module, { input = '', width = 0, format = '' } = {}) {
  return new Promise((resolve, reject) => {
    const start = process.hrtime.bigint();
    let report;
    const running = spawn(process.execPath, [child, module, input, String(width), format], { stdio: ['ignore', 'pipe', 'inherit'] });
    running.stdout.on('data', text => {
      report ??= { wall: Number(process.hrtime.bigint() - start) / 1e6, ...JSON.parse(text) };
    });
    running.on('error', reject);
    running.on('close', status => (status === 0 && report ? resolve(report) : reject(new Error(`${module} ended with ${status}`))));
  });
}

export const median = values => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
};

/** Bytes of all files below a path. */
function sizeOf(path) {
  if (!existsSync(path)) return 0;
  const stat = statSync(path);
  return stat.isDirectory() ? readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0) : stat.size;
}

/** Bytes that an installed npm package and all that it depends on take; packages for other platforms are not installed. */
export function installedSize(name) {
  const seen = new Set();
  const visit = (package_, from) => {
    const folder = createRequire(from).resolve.paths(package_).map(path => join(path, package_)).find(path => existsSync(join(path, 'package.json')));
    if (!folder || seen.has(folder)) return 0;
    seen.add(folder);
    const manifest = join(folder, 'package.json');
    const { dependencies, optionalDependencies } = JSON.parse(readFileSync(manifest, 'utf8'));
    const needs = Object.keys({ ...dependencies, ...optionalDependencies });
    return sizeOf(folder) + needs.reduce((sum, need) => sum + visit(need, manifest), 0);
  };
  return visit(name, join(dirname(child), 'package.json'));
}
