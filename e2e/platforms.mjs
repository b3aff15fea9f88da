// Builds each platform on one Linux machine, installs what would be published as npm does there, and runs the smoke set in a Node
// of that platform. Writes docs/platforms.md. What this machine lacks is reported, not skipped silently.
//
//   npm run release:dry -- --all [--quick] [--only linux-arm64-gnu]
import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from '../scripts/build.mjs';
import { inspect } from '../scripts/check-symbols.mjs';
import { addonFile, platforms } from '../scripts/lib/platform.mjs';
import { inRoot } from '../scripts/lib/shell.mjs';
import { table } from '../scripts/lib/table.mjs';
import { freshFolder, run, write } from './lib.mjs';
import { hostsOf } from './hosts.mjs';

const REFERENCE = 'linux-x64-gnu';

/** Mean difference of the samples of two results; undefined when they cannot be compared. */
function difference(a, b) {
  const [left, right] = [a, b].map(({ samples }) => samples && Buffer.from(samples, 'base64'));
  if (!left || !right || left.length !== right.length) return undefined;
  return left.reduce((sum, sample, index) => sum + Math.abs(sample - right[index]), 0) / Math.max(1, left.length);
}

/** Results that differ from the reference, each with how much. */
function differences(results, reference) {
  return Object.keys(reference).filter(name => JSON.stringify(results[name]) !== JSON.stringify(reference[name])).map(name => {
    const mean = difference(results[name] ?? {}, reference[name]);
    return `${name}: ${mean === undefined ? 'another result' : `samples differ by ${mean.toFixed(3)} on average`}`;
  });
}

/** Installs the package for a platform from the registry; returns the folder of the main package. */
async function install(platform, registry) {
  const [os, cpu, libc] = platform.split('-');
  const folder = freshFolder(platform);
  write(folder, { 'package.json': { name: 'app', version: '1.0.0', private: true, dependencies: { lancet: '^1' } } });
  const libcs = { gnu: ['--libc=glibc'], musl: ['--libc=musl'] }[libc] ?? [];
  await run(folder, 'npm', ['install', '--loglevel=error', `--os=${os}`, `--cpu=${cpu}`, ...libcs], registry.env);
  assert.ok(existsSync(join(folder, 'node_modules', `lancet-${platform}`, addonFile(platform))), `npm did not install lancet-${platform}`);
  return join(folder, 'node_modules', 'lancet');
}

/** Runs the smoke set in a host; returns its report. */
async function smoke(host, folder) {
  const report = join(freshFolder('smoke'), 'report.json');
  await run(folder, host.command, [...host.args, inRoot('scripts', 'smoke.mjs'), '--module', folder, '--report', report]);
  return JSON.parse(readFileSync(report, 'utf8')).results;
}

async function tryPlatform(platform, registry, state) {
  const { wrong, oldest } = inspect(platform);
  const folder = await install(platform, registry);
  const size = (statSync(inRoot(addonFile(platform))).size / 1e6).toFixed(1);
  for (const host of hostsOf(platform)) {
    if (host.missing) {
      console.log(`  --  ${platform}: ${host.missing}`);
      state.rows.push([platform, oldest, 'not run', host.missing, size]);
      continue;
    }
    const results = await smoke(host, folder);
    state.reference ??= results;
    const found = differences(results, state.reference);
    found.forEach(line => console.log(`      ${line}`));
    const count = Object.keys(results).length;
    console.log(`  ok  ${platform} in ${host.label}: ${count} checks, ${found.length} differ from ${REFERENCE}`);
    state.rows.push([platform, oldest, host.label, `${count}, ${count - found.length} equal`, size]);
  }
  // At the end, so that the table has the platform all the same.
  if (wrong.length > 0) throw new Error(wrong.join('; '));
}

function report(rows, quick) {
  const head = ['platform', 'loads from', 'ran in', `checks, and results equal to ${REFERENCE}`, 'MB'];
  const kind = quick ? 'Sizes are those of a quick build, without link-time optimisation.' : 'Sizes are those of the published build.';
  writeFileSync(inRoot('docs', 'platforms.md'), `# Platforms\n\nWritten by \`npm run release:dry -- --all\`. ${kind}\n\n${table(head, rows, ['left', 'left', 'left', 'left', 'right'])}\n`);
}

/** Builds, publishes, installs and runs the platforms; those that cannot be built fail the run after the others were tried. */
export async function allPlatforms({ quick = false, only, prebuilt = false } = {}) {
  const names = platforms().map(({ name }) => name).filter(name => !only || only.includes(name) || name === REFERENCE);
  names.sort((a, b) => (b === REFERENCE) - (a === REFERENCE));
  const failures = [];
  for (const platform of names.filter(name => !prebuilt || !existsSync(inRoot(addonFile(name))))) {
    try {
      build({ platform, quick });
    } catch (error) {
      failures.push(`${platform} was not built: ${error.message}`);
    }
  }
  const { startRegistry } = await import('./registry.mjs');
  const registry = await startRegistry();
  const state = { rows: [] };
  try {
    for (const platform of names.filter(name => existsSync(inRoot(addonFile(name))))) {
      await tryPlatform(platform, registry, state).catch(error => failures.push(`${platform}: ${error.message}`));
    }
  } finally {
    await registry.close();
  }
  report(state.rows, quick);
  if (failures.length > 0) throw new Error(failures.join('\n'));
}
