// name, input, calls, extra
const width = 24;
const height = 18;
const plane = seed => Buffer.from(Array.from({ length: width * height }, (_, at) => (at * 7 + seed * 40 + (at % width) * 5) & 255));
const grey = { raw: { width, height, channels: 1 } };

/** Calls on an image of so many channels. */
const joined = (name, count, calls, extra = {}) => [
  `${count} channels: ${name}`,
  { value: plane(0) },
  [['joinChannel', Array.from({ length: count - 1 }, (_, at) => plane(at + 1)), grey], ...calls],
  { open: grey, ...extra }
];

const raw = ['raw'];
const kept = { differs: 'Channels of an image beyond colour and alpha are kept by every operation' };
/** The operations after which sharp has colours and the last channel only. */
const dropping = ['linear', 'negate without alpha'];
const operations = [
  ['as they are', []],
  ['mirrored edges', [['extend', { top: 3, left: 2, extendWith: 'mirror' }]]],
  ['edges', [['extend', { top: 1, bottom: 2, left: 3, right: 4, background: { r: 10, g: 20, b: 30 } }]]],
  ['turned', [['rotate', 90]]],
  ['median', [['median', 3]]],
  ['threshold', [['threshold', 90, { greyscale: false }]]],
  ['blur', [['blur', 1.2]]],
  ['mild blur', [['blur']]],
  ['convolve', [['convolve', { width: 3, height: 3, kernel: [1, 2, 1, 0, 0, 0, -1, -2, -1], offset: 128 }]]],
  ['linear', [['linear', 0.7, 11]]],
  ['bandbool', [['bandbool', 'and']]],
  ['boolean', [['boolean', plane(9), 'eor', grey]]],
  ['without alpha', [['removeAlpha']]],
  ['with alpha', [['ensureAlpha', 0.5]]],
  ['the first', [['extractChannel', 0]]],
  ['the second', [['extractChannel', 1]]],
  ['the fifth', [['extractChannel', 4]]],
  ['alpha', [['extractChannel', 'alpha']]],
  ['negate', [['negate']]],
  ['negate without alpha', [['negate', { alpha: false }]]],
  ['composite', [['composite', [{ input: { create: { width: 5, height: 5, channels: 4, background: '#f008' } } }]]]],
  ['recomb', [['recomb', [[0, 1, 0], [1, 0, 0], [0, 0, 1]]]]]
];

module.exports = [
  // Faint colours differ by more than can be seen.
  ...[2, 3, 4, 5, 6].flatMap(count =>
    operations.map(([name, calls]) => joined(name, count, [...calls, raw], name === 'composite' && count === 3 ? { afar: 1 } : count > 4 && dropping.includes(name) ? kept : {}))
  ),
  ...[5, 6].flatMap(count => [
    joined('gamma', count, [['gamma'], raw], kept),
    joined('modulate', count, [['modulate', { brightness: 1.1 }], raw], kept),
    joined('tint', count, [['tint', '#f80'], raw], kept),
    joined('normalise', count, [['normalise'], raw], kept),
    joined('unflatten', count, [['unflatten'], raw], kept)
  ]),
  ...[2, 5, 6].map(count => joined('PNG', count, [['png']])),
  joined('CMYK', 4, [['toColourspace', 'cmyk'], ['jpeg']], { sizeRatio: 1.2 }),
  joined('CMYK, raw', 4, [['toColourspace', 'cmyk'], raw]),
  joined('grey', 3, [['toColourspace', 'b-w'], raw], { differs: '`info.channels` and `info.hasAlpha` are those that a reader of the output finds' })
];
