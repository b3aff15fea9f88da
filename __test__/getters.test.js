// An exception that an option's getter or a proxy's trap throws is the caller's own, and what was called before still works.
const sharp = require('..');

const mine = new Error('mine');
const thrower = () => { throw mine; };
const trap = new Proxy({}, { get: thrower, has: thrower, ownKeys: thrower, getOwnPropertyDescriptor: thrower });
const getter = name => Object.defineProperty({}, name, { get: thrower, enumerable: true });
const pixels = Buffer.from([1, 2, 3]);
const image = () => sharp(pixels, { raw: { width: 1, height: 1, channels: 3 } });

const calls = {
  constructor: options => sharp(pixels, options),
  resize: options => image().resize(options),
  extract: options => image().extract(options),
  blur: options => image().blur(options),
  sharpen: options => image().sharpen(options),
  recomb: options => image().recomb(options),
  jpeg: options => image().jpeg(options),
  png: options => image().png(options)
};

describe('exceptions of getters', () => {
  test.each(Object.keys(calls))('%s passes on what a proxy throws', name => {
    let thrown;
    try {
      calls[name](trap);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBe(mine);
  });

  test('inputs of a composite', () => {
    expect(() => image().composite([getter('input')])).toThrow(mine);
  });

  test('a getter in `options` fails the task, and only that', async () => {
    const broken = image();
    Object.defineProperty(broken.options, 'width', { get: thrower, enumerable: true, configurable: true });
    await expect((async () => broken.toBuffer())()).rejects.toThrow('mine');
    expect(await image().raw().toBuffer()).toEqual(pixels);
  });
});
