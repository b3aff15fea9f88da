// A cold start: a fresh process loads the bundled handler and answers its first request, with lancet and with sharp, in turns,
// under the share of a processor that Lambda gives to 1024 MB where this machine lets us set it.
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, rmdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { inRoot } from '../scripts/lib/shell.mjs';
import { table } from '../scripts/lib/table.mjs';
import { freshFolder, write } from './lib.mjs';
import { startFakeS3 } from './s3.mjs';

const ROUNDS = 9;
const SHARE = 0.58;
const PERIOD = 100_000;

const request = Buffer.from(JSON.stringify({ key: 'rocket.jpg', edits: { resize: { width: 320 } } })).toString('base64');
const ask = `
require('./index.js').handler({ path: '/${request}', headers: { accept: 'image/webp' } }).then(answer => {
  const { user, system } = process.resourceUsage ? { user: process.resourceUsage().userCPUTime, system: process.resourceUsage().systemCPUTime } : {};
  process.stdout.write(JSON.stringify({ status: answer.statusCode, cpu: (user + system) / 1000 }));
  process.exit();
});
`;

/** The files of a control group that limit its CPU time, in both versions of Linux control groups. */
const CONTROLLERS = [
  { root: '/sys/fs/cgroup', files: { 'cpu.max': `${Math.round(SHARE * PERIOD)} ${PERIOD}` } },
  { root: '/sys/fs/cgroup/cpu', files: { 'cpu.cfs_period_us': `${PERIOD}`, 'cpu.cfs_quota_us': `${Math.round(SHARE * PERIOD)}` } }
];

/** A group of processes that gets a share of one processor, where the system lets us make one. */
function limitedGroup() {
  for (const { root, files } of CONTROLLERS) {
    const group = `${root}/lancet-cold-start-${process.pid}`;
    const names = Object.keys(files);
    try {
      mkdirSync(group);
    } catch {
      continue;
    }
    if (names.every(name => existsSync(`${group}/${name}`))) {
      names.forEach(name => writeFileSync(`${group}/${name}`, files[name]));
      return { group, remove: () => rmdirSync(group) };
    }
    rmdirSync(group);
  }
  return undefined;
}

/** Milliseconds from the start of a process to its answer, and of CPU time in between. */
function once(folder, env, limit) {
  return new Promise((resolve, reject) => {
    // The shell joins the group before it becomes Node.
    const command = limit ? ['sh', ['-c', `echo $$ > ${limit.group}/cgroup.procs && exec ${process.execPath} ask.js`]] : [process.execPath, ['ask.js']];
    const start = process.hrtime.bigint();
    const child = spawn(...command, { cwd: folder, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.on('data', part => { text += part; });
    child.on('close', status => {
      const wall = Number(process.hrtime.bigint() - start) / 1e6;
      if (status !== 0 || !text.includes('"status":200')) reject(new Error(`The handler ended with ${status}: ${text}`));
      else resolve({ wall, cpu: JSON.parse(text).cpu });
    });
  });
}

const median = values => values.sort((a, b) => a - b)[values.length >> 1];

/** Prints the cold start of the asset that `cdk synth` made beside the same asset with sharp in it. */
export async function coldStart(asset) {
  const example = inRoot('examples', 'image-handler', 'node_modules');
  const folders = Object.fromEntries(['lancet', 'peer'].map(name => {
    const home = freshFolder(`cold-${name}`);
    const task = join(home, 'task');
    cpSync(asset, task, { recursive: true });
    write(task, { 'ask.js': ask });
    mkdirSync(join(home, 'node_modules'));
    symlinkSync(join(example, '@aws-sdk'), join(home, 'node_modules', '@aws-sdk'));
    if (name === 'peer') {
      rmSync(join(task, 'node_modules'), { recursive: true });
      for (const part of ['sharp', '@img', 'detect-libc', 'semver']) {
        const from = inRoot('node_modules', part);
        if (existsSync(from)) cpSync(from, join(task, 'node_modules', part), { recursive: true });
      }
    }
    return [name, task];
  }));
  const s3 = await startFakeS3({ '/pictures/rocket.jpg': readFileSync(inRoot('examples', 'photos', 'rocket.jpg')) });
  const env = { SOURCE_BUCKETS: 'pictures', AUTO_WEBP: 'Yes', AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b', AWS_ENDPOINT_URL_S3: s3.url };
  const limit = limitedGroup();
  const runs = { lancet: [], peer: [] };
  try {
    for (let round = 0; round <= ROUNDS; round++) {
      for (const name of ['lancet', 'peer']) {
        const result = await once(folders[name], env, limit);
        // The first round brings the files into the cache.
        if (round > 0) runs[name].push(result);
      }
    }
  } finally {
    limit?.remove();
    s3.close();
  }
  const row = name => [name, median(runs[name].map(({ wall }) => wall)).toFixed(0), median(runs[name].map(({ cpu }) => cpu)).toFixed(0)];
  const where = limit ? `on ${SHARE} of a processor` : 'on a whole processor (no control group could be made)';
  console.log(`\nCold start of the bundled handler to its first answer, ${where}, median of ${ROUNDS}:`);
  console.log(table(['with', 'wall ms', 'CPU ms'], ['lancet', 'peer'].map(row), ['left', 'right', 'right']));
}
