// Running other programs.
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import path from 'node:path';

/** The folder of the repository. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** A path inside the repository. */
export const inRoot = (...parts) => path.join(root, ...parts);

/** Runs a program with its output on the terminal; throws when it fails. */
export function run(command, args, { env, cwd = root } = {}) {
  const result = spawnSync(command, args, { cwd, stdio: 'inherit', env: { ...process.env, ...env } });
  if (result.error) throw new Error(`${command}: ${result.error.message}`);
  if (result.status !== 0) throw new Error(`${[command, ...args].join(' ')} ended with ${result.signal ?? result.status}`);
}

/** Like `run`, and resolves with what the program printed. */
export function runAndRead(command, args, { env, cwd = root } = {}) {
  return new Promise((resolve, reject) => {
    const running = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
    let text = '';
    for (const name of ['stdout', 'stderr']) {
      running[name].setEncoding('utf8').on('data', part => {
        text += part;
        process[name].write(part);
      });
    }
    running.on('error', error => reject(new Error(`${command}: ${error.message}`)));
    running.on('close', status => resolve({ text, failed: status !== 0 }));
  });
}

/**
 * Starts a program beside whatever else is run. `finish()` waits for it, shows what it printed, and throws when it failed;
 * `stop()` ends it and all that it started.
 */
export function startBeside(command, args) {
  // A file, not a pipe: nothing reads a pipe while `run` waits for its program.
  const folder = mkdtempSync(path.join(tmpdir(), 'lancet-'));
  const log = path.join(folder, 'log');
  const output = openSync(log, 'w');
  const ownGroup = process.platform !== 'win32';
  const running = spawn(command, args, { cwd: root, stdio: ['ignore', output, output], detached: ownGroup });
  closeSync(output);
  const ended = new Promise(resolve => {
    running.on('error', error => resolve(error.message));
    running.on('close', (status, signal) => resolve(status === 0 ? undefined : `ended with ${signal ?? status}`));
  });
  return {
    async finish() {
      const failure = await ended;
      process.stdout.write(readFileSync(log));
      rmSync(folder, { recursive: true });
      if (failure) throw new Error(`${[command, ...args].join(' ')}: ${failure}`);
    },
    stop() {
      if (running.pid === undefined || running.exitCode !== null || running.signalCode !== null) return;
      if (ownGroup) process.kill(-running.pid);
      else running.kill();
    }
  };
}

/** What a program prints, or `undefined` when it is missing or fails. */
export function ask(command, args, { env, cwd = root } = {}) {
  const result = spawnSync(command, args, { cwd, env: { ...process.env, ...env }, encoding: 'utf8', maxBuffer: 1 << 28 });
  return result.status === 0 ? result.stdout.trim() : undefined;
}

/** The name of the npm program: a script on Windows, which needs a shell to start it. */
export function npm(args, options) {
  if (process.platform === 'win32') run('cmd', ['/c', 'npm', ...args], options);
  else run('npm', args, options);
}
