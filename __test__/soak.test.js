'use strict';

// A short form of `npm run soak`.

const { spawnSync } = require('node:child_process');
const path = require('node:path');
const os = require('node:os');

test('resident memory stays level over thousands of mixed calls', () => {
  const script = path.join(__dirname, '..', 'fuzz', 'soak.mjs');
  const out = path.join(os.tmpdir(), `lancet-soak-${process.pid}.png`);
  const { status, stdout } = spawnSync(process.execPath, [script, '--calls', '8000', '--out', out], { encoding: 'utf8' });
  expect({ status, stdout }).toMatchObject({ status: 0 });
}, 120_000);

test('memory of large buffers returns to the system when lancet is idle', () => {
  const source = `
    const lancet = require(${JSON.stringify(path.join(__dirname, '..'))});
    const create = { width: 4000, height: 3000, channels: 3, background: 'red' };
    (async () => {
      await lancet({ create }).resize(2000).blur(3).raw().toBuffer();
      const { current, high } = lancet.cache().memory;
      await new Promise(resolve => setTimeout(resolve, 4000));
      console.log(JSON.stringify({ current, high, later: lancet.cache().memory.current, off: lancet.cache(false).memory }));
    })();`;
  const { stdout } = spawnSync(process.execPath, ['-e', source], { encoding: 'utf8' });
  const { high, later, off } = JSON.parse(stdout);
  expect(high).toBeGreaterThan(0);
  expect(high).toBeLessThanOrEqual(50);
  expect(later).toBe(0);
  expect(off).toMatchObject({ current: 0, max: 0 });
}, 30_000);
