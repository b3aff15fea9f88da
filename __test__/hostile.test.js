// Damaged images and wild options, at random but repeatable: each gives a result or an Error, and the next call works.
const lancet = require('..');
const { Random } = require('../fuzz/random.js');
const seeds = require('../fuzz/seeds.js').all();

/** Cases of each image, and those of each other target; `HOSTILE_ROUNDS` asks for more. */
const ROUNDS = Number(process.env.HOSTILE_ROUNDS || 10);
const OTHERS = 40 * ROUNDS;

/** Runs a case of a target; a promise that is rejected with an Error of its own is as good as one that is resolved. */
async function survives(target, seed, files) {
  const { about, run } = await require(`../fuzz/targets/${target}.js`)(lancet, new Random(seed), files);
  const error = await run().then(() => undefined, error => error);
  if (error === undefined) return;
  const said = error instanceof Error ? error.message : '';
  expect(`${target} ${seed} ${about}: ${said || 'panic'}`).not.toMatch(/internal error|panic/i);
  if (target !== 'options') expect(error).not.toBeInstanceOf(TypeError);
}

async function works() {
  const pixel = { create: { width: 1, height: 1, channels: 3, background: 'red' } };
  expect(await lancet(pixel).raw().toBuffer()).toEqual(Buffer.from([255, 0, 0]));
}

test.each(seeds)('$name survives damage', async file => {
  for (let seed = 0; seed < ROUNDS; seed++) await survives('decode', seed, [file]);
  await works();
});

test.each(['options', 'split', 'roundtrip'])('%s', async target => {
  for (let seed = 0; seed < OTHERS; seed++) await survives(target, seed, seeds);
  await works();
}, 60_000);
