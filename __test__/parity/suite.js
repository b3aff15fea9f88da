// Runs the same calls on lancet and on the installed peer and compares all that a program can see.
//
// Two files of tests share the groups, for they run beside each other.
//
//   LANCET_UNDER_TEST=sharp npm run parity     sharp against itself: the harness's own test
//   npm run parity -- -t 'resize'              only the cases with that name
const fs = require('node:fs');
const path = require('node:path');
const peer = require('sharp');
const { differences } = require('./compare');
const { outcome, fixture } = require('./run');

const root = path.join(__dirname, '..', '..');
const lancet = require(process.env.LANCET_UNDER_TEST || root);

peer.cache(false);
peer.concurrency(1);

/**
 * Mean absolute difference of 255: what resampling by other arithmetic may cost, what a second lossy encoder may, and what two
 * WebP encoders that share nothing may, each of which is about as far from the source.
 */
const LOSSLESS = 1;
const LOSSY = 2.5;
const LOSSY_WEBP = 5;
/** How much larger than sharp's a file may be; our WebP files are smaller on photos, but not on every small fixture. */
const SIZE_RATIO = 1.03;
const WEBP_SIZE_RATIO = 1.15;

/** A line of a table: name, input, calls, and what is special about it. */
const parse = group => ([name, input, calls = [], extra = {}]) => ({ to: 'buffer', ...extra, group, name, input, calls });

const cases = fs
  .readdirSync(path.join(__dirname, 'cases'))
  .filter(file => file.endsWith('.js'))
  .sort()
  .flatMap(file => require(`./cases/${file}`).map(parse(path.basename(file, '.js'))));

const formatCalls = calls => calls.filter(([method]) => ['png', 'raw', 'gif', 'jpeg', 'webp', 'tiff', 'avif', 'heif', 'toFormat'].includes(method));

const isLossy = ({ calls, to, input }) => {
  const formats = formatCalls(calls);
  if (formats.length === 0) return typeof input === 'string' ? !/\.(png|gif)$/.test(input) : /jpe?g|webp|avif|hei[cf]/.test(to);
  const [method, options] = formats.at(-1);
  return !['png', 'raw'].includes(method) && !options?.lossless;
};

const isWebp = ({ calls, to, input }) => {
  const formats = formatCalls(calls);
  if (formats.length === 0) return /webp$/.test(typeof input === 'string' ? input : to);
  const [method, options] = formats.at(-1);
  return method === 'webp' || options === 'webp' || options?.id === 'webp';
};

/** A TypeError from inside sharp is no answer that a program can rely on; ours is a sentence, or no options for null. */
const CRASH = /^Cannot read properties of (null|undefined)/;
const crashed = 'Some errors have a sentence of their own, or `null` counts as no options, where sharp throws an internal TypeError';

/** A JPEG whose decoder shrinks it on the way: sharp moves what is in it, by up to half a pixel of the result. */
const MOVED = 'A JPEG that is shrunk while it is decoded stays in place';
const MOVED_TOLERANCE = 12;
const isJpeg = ({ input }) => [input, input?.path, input?.value].flat().some(one => (Buffer.isBuffer(one) ? one.readUInt16BE() === 0xffd8 : /\.jpe?g$/.test(one)));
const isResized = ({ calls }) => calls.some(([method]) => method === 'resize' || method === 'composite');

/** Cases that differ on purpose must go on differing, and docs/differences.md must have them. */
function expectDocumented(differs, lines) {
  expect(differs.length).toBeGreaterThan(10);
  expect(fs.readFileSync(path.join(root, 'docs', 'differences.md'), 'utf8')).toContain(differs);
  if (lancet !== peer) expect(lines).not.toEqual([]);
}

/** Tests that hold for the tables as a whole. */
exports.checkTables = () => {
  test('there are enough cases and no two have the same name', () => {
    expect(cases.length).toBeGreaterThanOrEqual(150);
    const names = cases.map(({ group, name }) => `${group}: ${name}`);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  test('every fixture is used', () => {
    const used = new Set(cases.map(({ input }) => input?.path ?? input));
    expect(fs.readdirSync(path.dirname(fixture('x'))).filter(name => !used.has(name))).toEqual([]);
  });
};

/** Makes a test of each case in the groups for which `isWanted` says so. */
exports.compare = isWanted => {
  describe.each([...new Set(cases.map(({ group }) => group))].filter(isWanted))('%s', name => {
    const group = cases.filter(item => item.group === name);
    test.each(group.map(item => [item.name, item]))('%s', async (_, item) => {
      const theirs = await outcome(peer, item);
      const ours = await outcome(lancet, item);
      const lossyWebp = isLossy(item) && isWebp(item);
      const { tolerance = lossyWebp ? LOSSY_WEBP : isLossy(item) ? LOSSY : LOSSLESS } = item;
      const { sizeRatio = lossyWebp ? WEBP_SIZE_RATIO : SIZE_RATIO, afar, gains } = item;
      let lines = differences(ours, theirs, { tolerance, sizeRatio, afar, gains });
      if (!item.differs && lines.length > 0 && isJpeg(item) && isResized(item)) {
        expectDocumented(MOVED, lines);
        lines = differences(ours, theirs, { tolerance: MOVED_TOLERANCE, sizeRatio: Math.max(sizeRatio, 1.15), afar, gains });
      }
      const differs = item.differs ?? (CRASH.test(theirs.error) ? crashed : undefined);
      if (differs) expectDocumented(differs, lines);
      else if (lines.length > 0) throw new Error(`${item.group}: ${item.name}\n${lines.map(line => `  ${line}`).join('\n')}`);
    });
  });
};
