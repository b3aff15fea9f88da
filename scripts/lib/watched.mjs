// Child processes that may crash or hang on what they are given.
import { spawn } from 'node:child_process';
import readline from 'node:readline';

/**
 * Runs a script of node, with `input` on its standard input, which writes lines of JSON to its descriptor 3: `heard` is called
 * with each, and with the end of its standard error, which is forgotten when it answers true. Kills the script when there is
 * no line for `patience` ms. Resolves with the signal or code that it ended with, whether it hung, and its standard error.
 */
export function watched(args, { input = '', patience, heard }) {
  return new Promise((resolve, reject) => {
    // One thread for work, so that only one case at a time can be what it dies of.
    const env = { ...process.env, UV_THREADPOOL_SIZE: '1', LANCET_PRINT_PANICS: '1' };
    const running = spawn(process.execPath, args, { stdio: ['pipe', 'ignore', 'pipe', 'pipe'], env });
    running.on('error', reject);
    running.stdin.on('error', () => {}).end(input);
    let hangs = false;
    let log = '';
    let timer;
    const watch = () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        hangs = true;
        running.kill('SIGKILL');
      }, patience);
    };
    watch();
    running.stderr.setEncoding('utf8').on('data', text => {
      log = (log + text).slice(-4000);
    });
    readline.createInterface({ input: running.stdio[3] }).on('line', line => {
      watch();
      if (heard(JSON.parse(line), log)) log = '';
    });
    running.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ end: signal ?? code, hangs, log });
    });
  });
}
