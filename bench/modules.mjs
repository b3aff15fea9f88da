// The two modules that are compared, and how long their work takes.
import { createRequire } from 'node:module';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { root } from '../scripts/lib/shell.mjs';

const require = createRequire(import.meta.url);

/** Where they are; the variable LANCET_UNDER_TEST puts another in lancet's place. */
export const paths = { ours: require.resolve(process.env.LANCET_UNDER_TEST ?? root), peer: require.resolve('sharp') };

/** Both with one thread. sharp caches results, which would save it the work that is measured; lancet caches none. */
export const modules = { ours: require(paths.ours), peer: require(paths.peer) };
modules.peer.cache(false);
for (const module of Object.values(modules)) module.concurrency(1);

const now = () => Number(process.hrtime.bigint()) / 1e6;
const cpuNow = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc');

/** Runs `work` `times` times; CPU and wall time of one, in ms. What was measured before leaves it no memory to give back. */
export async function measure(work, times) {
  collectGarbage();
  // Memory that was outside of the heap is given back in a later turn.
  await new Promise(setImmediate);
  const [cpu, wall] = [cpuNow(), now()];
  for (let i = 0; i < times; i++) await work();
  return { cpu: (cpuNow() - cpu) / times, wall: (now() - wall) / times };
}
