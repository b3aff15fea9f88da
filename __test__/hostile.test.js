// Damaged pictures, at random but repeatable: each gives a picture or an Error, and the next call works.
const fs = require('node:fs');
const path = require('node:path');
const lancet = require('..');

const fixtures = path.join(__dirname, 'fixtures');
const pictures = fs.readdirSync(fixtures).filter(name => /\.(avif|gif|jpg|png|webp|tif|svg)$/.test(name));

/** Most rounds for one picture; `HOSTILE_ROUNDS` asks for more. */
const ROUNDS = Number(process.env.HOSTILE_ROUNDS || 12);

/** A generator of numbers below a bound that gives the same ones each time. Source: Steele and Vigna, splitmix. */
function generator(seed) {
  let state = seed;
  return bound => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return ((mixed ^ (mixed >>> 16)) >>> 0) % bound;
  };
}

/** A copy of a file with some bytes changed, cut out, or cut off. */
function damage(file, random) {
  const bytes = Buffer.from(file);
  for (let change = random(8); change >= 0; change--) bytes[random(bytes.length)] = random(256);
  if (random(4) === 0) return bytes.subarray(0, 1 + random(bytes.length));
  if (random(4) === 0) {
    const start = random(bytes.length);
    return Buffer.concat([bytes.subarray(0, start), bytes.subarray(Math.min(bytes.length, start + random(64)))]);
  }
  return bytes;
}

const outputs = ['gif', 'jpeg', 'png', 'webp', 'raw'];
const levels = ['none', 'truncated', 'error', 'warning'];

async function outcome(bytes, random) {
  const options = { failOn: levels[random(4)], limitInputPixels: 4e6, animated: random(2) === 0, autoOrient: random(2) === 0 };
  try {
    await lancet(bytes, options).metadata();
    const picture = lancet(bytes, options).resize(1 + random(90), random(2) ? 1 + random(90) : null);
    const { data, info } = await picture[outputs[random(outputs.length)]]().toBuffer({ resolveWithObject: true });
    expect(info.width * info.height).toBeGreaterThan(0);
    expect(data.length).toBe(info.size);
    return 'picture';
  } catch (error) {
    expect(error).toBeInstanceOf(Error);
    expect(error.message).not.toMatch(/^$|internal error|panic/i);
    return 'error';
  }
}

test.each(pictures)('%s survives damage', async name => {
  const file = fs.readFileSync(path.join(fixtures, name));
  const random = generator(name.length + file.length);
  for (let round = 0; round < ROUNDS; round++) {
    if (file.length > 0) await outcome(damage(file, random), random);
  }
  const pixel = { create: { width: 1, height: 1, channels: 3, background: 'red' } };
  expect(await lancet(pixel).raw().toBuffer()).toEqual(Buffer.from([255, 0, 0]));
});
