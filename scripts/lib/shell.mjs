// Running other programs.
import { spawn, spawnSync } from 'node:child_process';
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

/** What a program prints, or `undefined` when it is missing or fails. */
export function ask(command, args, { cwd = root } = {}) {
  const result = spawnSync(command, args, { cwd, encoding: 'utf8', maxBuffer: 1 << 28 });
  return result.status === 0 ? result.stdout.trim() : undefined;
}

/** The name of the npm program: a script on Windows, which needs a shell to start it. */
export function npm(args, options) {
  if (process.platform === 'win32') run('cmd', ['/c', 'npm', ...args], options);
  else run('npm', args, options);
}
