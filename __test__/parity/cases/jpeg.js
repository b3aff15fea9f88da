// name, input, calls, extra. What a JPEG file can be beside the usual, made of the fixtures by changing a few bytes.
const { bytes } = require('../run');

const png = ['png'];
const levels = ['none', 'truncated', 'error', 'warning'];
const [baseline, progressive, restart, adobe, inks] = ['baseline.jpg', 'progressive.jpg', 'restart.jpg', 'rgb-adobe.jpg', 'cmyk.jpg'].map(bytes);

/** A copy with `bytes` written at an offset from the first place where `mark` stands. */
function changed(file, mark, offset, ...values) {
  const copy = Buffer.from(file);
  Buffer.from(values).copy(copy, copy.indexOf(Buffer.from(mark)) + offset);
  return copy;
}
const FRAME = [0xff, 0xc0];
const ADOBE = Buffer.from('Adobe');
/** Where the restart markers stand. */
const restarts = [...restart.keys()].filter(at => at > restart.indexOf(Buffer.from([0xff, 0xda])) && restart[at] === 0xff && (restart[at + 1] & 0xf8) === 0xd0);
const without = (from, to) => Buffer.concat([restart.subarray(0, from), restart.subarray(to)]);
const marker = Buffer.from(restart);
marker[restarts[4] + 1] = 0xd0 | ((marker[restarts[4] + 1] + 3) & 7);

/** Read, or refused in the same words. */
const variants = {
  'of 12 bits': changed(restart, FRAME, 4, 12),
  'of 12 bits in an extended process': changed(restart, FRAME, 1, 0xc1, 0, 17, 12),
  'of 16 bits': changed(restart, FRAME, 4, 16),
  'of a hierarchical process': changed(restart, FRAME, 1, 0xc5),
  // Any bits are an arithmetic code of something.
  'with arithmetic coding': changed(restart, FRAME, 1, 0xc9),
  'of no width': changed(restart, FRAME, 7, 0, 0),
  'of no height': changed(restart, FRAME, 5, 0, 0),
  'of a sampling factor of nothing': changed(restart, FRAME, 11, 0),
  'of a sampling factor that is too large': changed(restart, FRAME, 11, 0x55),
  'with luma and chroma by its marker': changed(adobe, ADOBE, 11, 1),
  'with a transform that is none': changed(adobe, ADOBE, 11, 7),
  'of YCCK': changed(inks, ADOBE, 11, 2),
  'of four components with the transform of three': changed(inks, ADOBE, 11, 1),
  'with a marker of another name': changed(inks, ADOBE, 0, 0x61),
  'with a restart marker that is zero': changed(restart, restart.subarray(restarts[4], restarts[4] + 2), 0, 0, 0),
  'with the wrong restart marker': marker,
  'without one restart interval': without(restarts[3], restarts[4]),
  'without one restart marker': without(restarts[3], restarts[3] + 2),
  'with bytes before its frame': Buffer.concat([restart.subarray(0, restart.indexOf(Buffer.from(FRAME))), Buffer.from([1, 2, 3]), restart.subarray(restart.indexOf(Buffer.from(FRAME)))]),
  'with bytes after its end': Buffer.concat([restart, Buffer.from('beyond')])
};

/** With codes that no table has in its last scan, which refines luma. */
const torn = Buffer.from(progressive).fill(0xfe, 9000, 9100);
const passedOver = { differs: 'scans that cannot affect that size are skipped, and damage in them is not reported' };
const cut = { baseline, progressive, restart };
const shares = [0.05, 0.2, 0.35, 0.65, 0.8, 0.95];

module.exports = [
  ...Object.entries(variants).flatMap(([name, value]) => [
    [`metadata of a file ${name}`, { value }, [], { to: 'metadata' }],
    ...levels.map(failOn => [`a file ${name}, failOn ${failOn}`, { value }, [png], { open: { failOn }, tolerance: /YCCK|four/.test(name) ? 4 : 2 }]),
    [`a file ${name}, resized`, { value }, [['resize', 30], png], { open: { failOn: 'none' }, tolerance: /YCCK|four/.test(name) ? 4 : 2 }]
  ]),
  ...Object.entries(cut).flatMap(([name, file]) => shares.flatMap(share => {
    const value = file.subarray(0, Math.floor(file.length * share));
    return levels.map(failOn => [`${name} cut at ${share}, failOn ${failOn}`, { value }, [png], { open: { failOn } }]);
  })),
  ['progressive with a damaged last scan', { value: torn }, [png]],
  ['progressive with a damaged last scan, halved', { value: torn }, [['resize', 110], png]],
  ['progressive with a damaged last scan, shrunk by 8', { value: torn }, [['resize', 12], png], passedOver],
  ['progressive with a damaged last scan, shrunk by 8, failOn none', { value: torn }, [['resize', 12], png], { open: { failOn: 'none' } }],
  ...[1, 2, 3].map(bytes => [`baseline without its last ${bytes}`, { value: baseline.subarray(0, baseline.length - bytes) }, [png]]),
  ...['jpeg', 'webp', 'tiff', 'gif', 'raw'].map(format => [`two components as ${format}`, 'two-components.jpg', [[format]], { sizeRatio: 1.5 }]),
  ['the second of two components', 'two-components.jpg', [['extractChannel', 1], ['raw']], { tolerance: 0 }]
];
