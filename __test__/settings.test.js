'use strict';

// Settings of the process: what they take, what they answer, what they do; here and in sharp.

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { spawnSync } = require('node:child_process');

const lancet = require('../');
const peer = require('sharp');

const fixtures = path.join(__dirname, 'fixtures');
const anything = [
  undefined, null, true, false, 1, 2, 4, -1, 1.5, NaN, Infinity, '2', 'x', {}, [], 10n, Symbol('q'), () => 1, 1024, 1025, 5000, 2 ** 31, -5
];

/** The answer of a call, or its error; what JavaScript itself throws in sharp is no sentence to keep. */
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
    module.unblock({ operation: ['VipsOperation'] });
  }
});

test('concurrency and simd take numbers and booleans, and ignore the rest', () => {
  for (const value of anything) {
    compare('concurrency', value);
    compare('simd', value);
  }
  [3, 0, -1, 2.5].forEach((value) => compare('concurrency', value));
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
  /** An image of each format that lancet has, as bytes and as a path. */
  const inputs = [['jpeg', 'baseline.jpg'], ['png', 'rgb-8.png'], ['webp', 'lossy.webp'], ['gif', 'animated.gif'], ['svg', 'shapes.svg']]
    .filter(([format]) => lancet.format[format].input.buffer)
    .flatMap(([, name]) => {
      const file = path.join(fixtures, name);
      return [[name, file], [`bytes of ${name}`, fs.readFileSync(file)]];
    });

  /** Which images can be read. */
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

  /** What can be made, by operation and format, to memory and to a file. */
  async function possible (module) {
    const input = path.join(fixtures, 'rgb-8.png');
    const outputs = ['jpeg', 'png', 'webp', 'tiff', 'gif', 'raw'].map((format) => [format, (file) => module(file).toFormat(format)]);
    const edits = [
      ['resize', 20], ['extract', { left: 1, top: 1, width: 9, height: 9 }], ['resize', 20, 9, { position: 'entropy' }], ['flip'], ['rotate', 33],
      ['affine', [1, 0.2, 0, 1]], ['blur', 3], ['median'], ['dilate'], ['clahe', { width: 5, height: 5 }], ['gamma'], ['negate'], ['linear', 2],
      ['recomb', [[1, 0, 0], [0, 0, 1], [0, 1, 0]]], ['bandbool', 'and'], ['boolean', input, 'and'], ['composite', [{ input }]], ['extractChannel', 1],
      ['convolve', { width: 3, height: 3, kernel: [1, 1, 1, 1, 2, 1, 1, 1, 1] }], ['sharpen', { sigma: 2 }], ['trim'], ['normalise']
    ].map(([method, ...args]) => [method, (file) => module(file)[method](...args).raw()]);
    const made = [
      ['create', () => module({ create: { width: 2, height: 2, channels: 3, background: 'red' } }).raw()],
      ['noise', () => module({ create: { width: 2, height: 2, channels: 3, noise: { type: 'gaussian', mean: 9, sigma: 3 } } }).raw()],
      ['text', () => module({ text: { text: 'a' } }).raw()]
    ];
    const file = path.join(os.tmpdir(), `lancet-block-${process.pid}`);
    const files = ['jpg', 'png', 'gif', 'dzi', 'v'].map((ending) => [ending, `${file}.${ending}`]);
    const outcomes = [];
    // One after the other: in sharp, the errors of tasks that run at the same time get mixed up.
    const attempt = async (name, made) => outcomes.push(await made.then(() => `${name}: yes`, (error) => `${name}: ${error.message.split('\n')[0]}`));
    try {
      for (const [name, make] of [...outputs, ...edits, ...made]) await attempt(name, make(input).toBuffer());
      for (const [name, file] of files) await attempt(`${name} file`, module(input).toFile(file));
      return outcomes;
    } finally {
      [...files.map(([, file]) => file), `${file}.dzi_files`, `${file}_files`].forEach((name) => fs.rmSync(name, { recursive: true, force: true }));
    }
  }

  let unblocked;

  // Classes whose operations sharp uses for one thing only; it uses others, such as VipsCopy, nearly everywhere.
  test.each([
    'VipsForeignSave', 'VipsForeignSaveJpegBuffer', 'VipsForeignSavePngFile', 'VipsForeignSaveWebp', 'VipsForeignSaveTiff', 'VipsForeignSaveCgif',
    'VipsForeignSaveDz', 'VipsForeignSaveVips', 'VipsForeignSaveRaw', 'VipsGaussnoise', 'VipsText', 'VipsResize', 'VipsSmartcrop', 'VipsFlip', 'VipsGaussblur',
    'VipsMorph', 'VipsHistLocal', 'VipsGamma', 'VipsInvert', 'VipsRecomb', 'VipsBoolean', 'VipsComposite', 'VipsSharpen', 'VipsPercent'
  ])('%s is not done', async (name) => {
    const differs = (all, outcomes) => outcomes.filter((line, at) => line !== all[at]);
    const before = unblocked ??= [await possible(lancet), await possible(peer)];
    for (const module of [lancet, peer]) module.block({ operation: [name] });
    const after = [await possible(lancet), await possible(peer)];
    // What sharp needs the operation for beside that of the same name is not told.
    const ours = differs(before[0], after[0]);
    const theirs = differs(before[1], after[1]);
    expect(theirs).toEqual(expect.arrayContaining(ours));
    const isMeant = (line) => !/^(clahe|dilate|trim|dzi file): (?!find_trim|hist_local|morph|dzsave)/.test(line);
    expect(ours.filter(isMeant)).toEqual(theirs.filter(isMeant));
  }, 60_000);

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
  // The task itself counts, even when a thread was quick to take it.
  expect(lengths[0]).toBeGreaterThan(0);
  // Metadata is no task of the queue.
  expect(lengths).toHaveLength(4);
  expect(lancet.counters()).toEqual({ queue: 0, process: 0 });
});
