// What must hold of operations whatever the image is.
const fs = require('node:fs');
const path = require('node:path');
const lancet = require('..');

const fixture = name => fs.readFileSync(path.join(__dirname, 'fixtures', name));
const inputs = ['grey-8.png', 'rgb-8.png', 'rgba-8.png', 'rgb-16.png', 'grey-alpha-8.png', 'baseline.jpg'];

/** Raw pixels and what is told of them; 16-bit images stay so. */
async function pixels(name, calls = [], open) {
  let image = lancet(fixture(name), open);
  if (/16/.test(name)) image = image.toColourspace('rgb16');
  for (const [method, ...args] of calls) image = image[method](...args);
  return image.raw({ depth: /16/.test(name) ? 'ushort' : 'uchar' }).toBuffer({ resolveWithObject: true });
}

const mean = data => data.reduce((sum, value) => sum + value, 0) / data.length;

const identities = {
  'linear by 1': [['linear', 1, 0]],
  'an affine identity': [['affine', [1, 0, 0, 1]]],
  'a turn by 360': [['rotate', 360]],
  'a median of 1': [['median', 1]],
  'a convolution by one weight': [['convolve', { width: 3, height: 3, kernel: [0, 0, 0, 0, 1, 0, 0, 0, 0] }]],
  'modulate by 1': [['modulate', { brightness: 1, saturation: 1, hue: 0 }]],
  'a threshold of nothing': [['threshold', 0]]
};

describe.each(inputs)('%s', name => {
  let own;
  beforeAll(async () => {
    own = await pixels(name);
  });
  const expectSame = async calls => {
    const { data, info } = await pixels(name, calls);
    expect(info).toEqual(own.info);
    expect(data.equals(own.data)).toBe(true);
  };

  test.each(Object.entries(identities))('%s changes nothing', async (what, calls) => {
    // Colours that a convolution mixes are multiplied by alpha and divided again.
    if (!/convolution/.test(what) || own.info.channels % 2 === 1) await expectSame(calls);
  });

  test('an extract of all, and a resize to its own size, change nothing', async () => {
    const { width, height } = own.info;
    await expectSame([['extract', { left: 0, top: 0, width, height }]]);
    await expectSame([['resize', width, height]]);
  });

  test('what was added by extend can be cut off again', async () => {
    const { width, height } = own.info;
    const deep = image => (/16/.test(name) ? image.toColourspace('rgb16') : image);
    const extended = lancet(fixture(name)).extend({ top: 3, left: 5, bottom: 7, right: 1, background: 'red' });
    const larger = await deep(extended).png().toBuffer();
    const cut = deep(lancet(larger).extract({ left: 5, top: 3, width, height }));
    const data = await cut.raw({ depth: /16/.test(name) ? 'ushort' : 'uchar' }).toBuffer();
    expect(data.equals(own.data)).toBe(true);
  });

  test.each(['flip', 'flop', 'negate'])('%s twice is the identity', async method => {
    const once = await pixels(name, [[method]]);
    const { width, height, channels } = once.info;
    const data = /16/.test(name) ? new Uint16Array(once.data.buffer, once.data.byteOffset, once.data.length / 2) : once.data;
    let twice = lancet(data, { raw: { width, height, channels } });
    if (/16/.test(name)) twice = twice.toColourspace('rgb16');
    if (channels < 3) twice = twice.toColourspace('b-w');
    const back = await twice[method]().raw({ depth: /16/.test(name) ? 'ushort' : 'uchar' }).toBuffer();
    expect(back.equals(own.data)).toBe(true);
  });

  test('four quarter turns are the identity', async () => {
    let picture = fixture(name);
    for (let turn = 0; turn < 4; turn++) {
      let image = lancet(picture).rotate(90).png();
      if (/16/.test(name)) image = image.toColourspace('rgb16');
      picture = await image.toBuffer();
    }
    let image = lancet(picture);
    if (/16/.test(name)) image = image.toColourspace('rgb16');
    const { data } = await image.raw({ depth: /16/.test(name) ? 'ushort' : 'uchar' }).toBuffer({ resolveWithObject: true });
    expect(data.equals(own.data)).toBe(true);
  });

  test.each([0.5, 2, 'mild'])('blur %p keeps the mean', async sigma => {
    if (/alpha|rgba|16/.test(name)) return;
    // Edges are repeated: what leaves the image there comes back.
    const { data } = await pixels(name, [sigma === 'mild' ? ['blur'] : ['blur', sigma]]);
    expect(Math.abs(mean(data) - mean(own.data))).toBeLessThan(2);
  });

  test('a transparent picture laid over changes nothing', async () => {
    if (/16/.test(name)) return;
    const glass = { create: { width: 5, height: 5, channels: 4, background: { r: 255, g: 0, b: 0, alpha: 0 } } };
    const alone = await pixels(name, [['ensureAlpha']]);
    for (const blend of ['over', 'dest', 'atop', 'xor', 'dest-over', 'add', 'multiply', 'screen']) {
      const { data } = await pixels(name, [['composite', [{ input: glass, blend, left: 2, top: 3 }]]]);
      const at = data.findIndex((value, index) => Math.abs(value - alone.data[index]) > 1 && alone.data[index - (index % 4) + 3] > 0);
      expect([blend, at]).toEqual([blend, -1]);
    }
  });
});

test('grey stays one channel', async () => {
  for (const calls of [[], [['resize', 20]], [['blur', 1]], [['negate']], [['linear', 1.2, 1]], [['sharpen', { sigma: 1 }]], [['median', 3]], [['modulate', { brightness: 1.1 }]]]) {
    const { info } = await pixels('grey-8.png', [...calls, ['toColourspace', 'b-w']]);
    expect([calls, info.channels]).toEqual([calls, 1]);
  }
});

test('a space and back changes hardly anything', async () => {
  const own = await pixels('rgb-8.png');
  for (const space of ['rgb16', 'scrgb', 'xyz', 'yxy', 'lab', 'labs', 'lch', 'cmc', 'oklab', 'oklch']) {
    const { data } = await pixels('rgb-8.png', [['pipelineColourspace', space]]);
    const far = data.reduce((most, value, at) => Math.max(most, Math.abs(value - own.data[at])), 0);
    expect([space, far <= 1]).toEqual([space, true]);
  }
});
