'use strict';

// Settings of the process: what they take, what they answer, what they do; here and in the peer.

const fs = require('node:fs');
const path = require('node:path');
const { spawnSync } = require('node:child_process');

const lancet = require('../');
const peer = require('sharp');

const fixtures = path.join(__dirname, 'fixtures');
const anything = [
  undefined, null, true, false, 1, 2, 4, -1, 1.5, NaN, Infinity, '2', 'x', {}, [], 10n, Symbol('q'), () => 1, 1024, 1025, 5000, 2 ** 31, -5
];

/** The answer of a call, or its error; what JavaScript itself throws in the peer is no sentence to keep. */
function answer (module, name, value) {
  try {
    const result = module[name](value);
    // What is in the cache differs, not what is told about it.
    return name === 'cache' ? JSON.stringify(result, (key, inner) => (key === 'current' || key === 'high' ? 0 : inner)) : result;
  } catch (error) {
    return error.constructor === Error ? error.message : 'any error';
  }
}

function compare (name, value) {
  const [ours, theirs] = [lancet, peer].map((module) => answer(module, name, value));
  if (theirs !== 'any error') {
    expect([name, value, ours]).toEqual([name, value, theirs]);
  }
}

afterEach(() => {
  for (const module of [lancet, peer]) {
    module.cache(true);
    module.simd(true);
    module.concurrency(1);
    module.unblock({ operation: ['VipsForeign'] });
  }
});

test('concurrency and simd take numbers and booleans, and ignore the rest', () => {
  for (const value of anything) {
    compare('concurrency', value);
    compare('simd', value);
  }
  expect(lancet.concurrency(0)).toBeGreaterThan(0);
});

test('cache takes a boolean or limits', () => {
  for (const value of anything) {
    compare('cache', value);
  }
  for (const key of ['memory', 'files', 'items']) {
    anything.filter((value) => value !== 2 ** 31).forEach((value) => compare('cache', { [key]: value }));
  }
  compare('cache', { memory: 1, files: 2, items: 3 });
  compare('cache', {});
});

test('block and unblock take a list of names', () => {
  const lists = [1, 'x', [1], [], [''], ['x', null], [undefined], new Set(['a']), { 0: 'a', length: 1 }, ['VipsForeignLoadNothing', 'test']];
  for (const name of ['block', 'unblock']) {
    anything.forEach((value) => compare(name, value));
    lists.forEach((operation) => compare(name, { operation }));
  }
});

describe('block', () => {
  /** A picture of each format that lancet has, as bytes and as a path. */
  const inputs = [['jpeg', 'baseline.jpg'], ['png', 'rgb-8.png'], ['webp', 'lossy.webp'], ['gif', 'animated.gif'], ['svg', 'shapes.svg']]
    .filter(([format]) => lancet.format[format].input.buffer)
    .flatMap(([, name]) => {
      const file = path.join(fixtures, name);
      return [[name, file], [`bytes of ${name}`, fs.readFileSync(file)]];
    });

  /** Which pictures can be read. */
  async function readable (module) {
    const outcomes = inputs.map(([name, input]) => module(input).metadata().then(() => `${name}: yes`, (error) => `${name}: ${error.message}`));
    return Promise.all(outcomes);
  }

  const scenes = [
    [['block', 'VipsForeignLoad']],
    [['block', 'VipsForeign']],
    [['block', 'VipsOperation'], ['unblock', 'VipsOperation']],
    [['block', 'VipsForeignLoadJpeg']],
    [['block', 'VipsForeignLoadJpegFile']],
    [['block', 'VipsForeignLoadPngBuffer']],
    [['block', 'VipsForeignLoadPng', 'VipsForeignLoadWebp']],
    [['block', 'VipsForeignLoadNsgif', 'VipsForeignLoadSvg']],
    [['block', 'VipsForeignLoadSvgString', 'jpegload', 'VipsForeignLoadPngSource']],
    [['block', 'VipsForeignLoad'], ['unblock', 'VipsForeignLoadWebpFile']],
    [['block', 'VipsForeignLoad'], ['unblock', 'VipsForeignLoadJpegBuffer', 'VipsForeignLoadPngBuffer']],
    [['block', 'VipsForeignLoad'], ['unblock', 'VipsForeignLoadJpeg'], ['block', 'VipsForeignLoadJpegFile']],
    [['block', 'VipsForeignLoadWebp'], ['unblock', 'VipsForeignLoad']],
    [['block', 'VipsForeignLoad', 'VipsForeignLoadPng'], ['block', 'VipsForeignLoadPng'], ['unblock', 'VipsForeignLoadPng']]
  ];

  test.each(scenes.map((scene) => [JSON.stringify(scene), scene]))('%s', async (_name, scene) => {
    for (const [name, ...operation] of scene) {
      for (const module of [lancet, peer]) expect(module[name]({ operation })).toBeUndefined();
    }
    const [ours, theirs] = [await readable(lancet), await readable(peer)];
    expect(ours).toEqual(theirs);
  });

  test('raw pixels and plain colours are no files', async () => {
    lancet.block({ operation: ['VipsForeignLoad'] });
    const raw = { width: 1, height: 1, channels: 3 };
    expect(await lancet(Buffer.alloc(3), { raw }).raw().toBuffer()).toHaveLength(3);
    expect(await lancet({ create: { ...raw, background: 'red' } }).raw().toBuffer()).toHaveLength(3);
  });

  test('by the environment, for pictures that are programs', () => {
    const program = `
      const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="2" height="2"/>');
      require(process.argv[1])(svg).metadata().then(() => console.log('yes'), (error) => console.log(error.message));`;
    const run = (name) => spawnSync(process.execPath, ['-e', program, name], {
      cwd: path.join(__dirname, '..'), encoding: 'utf8', env: { ...process.env, VIPS_BLOCK_UNTRUSTED: '1' }
    }).stdout.trim();
    expect(run('./index.js')).toBe(run('sharp'));
  });
});

test('queue tells of tasks as they come and go', async () => {
  const lengths = [];
  const listen = (length) => lengths.push(length);
  lancet.queue.on('change', listen);
  const picture = lancet({ create: { width: 9, height: 9, channels: 3, background: 'red' } });
  await Promise.all([picture.png().toBuffer(), picture.clone().webp().toBuffer(), picture.clone().metadata()]);
  lancet.queue.off('change', listen);
  // Metadata is no task of the queue.
  expect(lengths).toHaveLength(4);
  expect(lancet.counters()).toEqual({ queue: 0, process: 0 });
});
