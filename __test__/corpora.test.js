// Images that others made to test decoders with, as npm packages carry them: a part of PngSuite (node-png), and animations and
// photos (gifwrap). Both modules must see the same in each, without exception.
const fs = require('node:fs');
const path = require('node:path');
const peer = require('sharp');
const lancet = require('..');
const { differences } = require('./parity/compare');
const { outcome } = require('./parity/run');

peer.cache(false);
peer.concurrency(1);

// An image is read eight times, which a busy machine takes seconds for.
jest.setTimeout(60_000);

/** Folders of images, and how many there are. */
const corpora = [['node-png/examples/test/img', 20], ['gifwrap/test/fixtures', 20]];

/** Larger images take too long for what they show. */
const MAX_BYTES = 500_000;

/** Two decoders of JPEG round in other ways; of other formats every sample is the same. */
const TOLERANCE = 1;
const MOVED = 4;

function picturesIn(folder) {
  const root = path.join(__dirname, '..', 'node_modules', folder);
  const names = fs.readdirSync(root).filter(name => /\.(gif|jpg|png)$/.test(name));
  return names.sort().map(name => [name, path.join(root, name)]);
}

const cases = [
  ['metadata', [], { to: 'metadata' }],
  ['pixels', [['raw']], { to: 'buffer' }],
  ['pixels of all frames', [['ensureAlpha'], ['raw']], { to: 'buffer', open: { animated: true } }],
  ['a thumbnail', [['resize', 20], ['raw']], { to: 'buffer', open: { failOn: 'none' }, tolerance: TOLERANCE }]
];

describe.each(corpora)('%s', (folder, count) => {
  const pictures = picturesIn(folder).filter(([, file]) => fs.statSync(file).size <= MAX_BYTES);

  test('is whole', () => expect(pictures).toHaveLength(count));

  test.each(pictures)('%s', async (name, file) => {
    const input = { value: fs.readFileSync(file) };
    for (const [what, calls, how] of cases) {
      const [ours, theirs] = [await outcome(lancet, { input, calls, ...how }), await outcome(peer, { input, calls, ...how })];
      expect(theirs.error).toBeUndefined();
      // sharp moves what is in a JPEG that it shrinks on load (docs/differences.md).
      const isMoved = name.endsWith('.jpg') && what === 'a thumbnail';
      const tolerance = isMoved ? MOVED : how.tolerance ?? (name.endsWith('.jpg') ? TOLERANCE : 0);
      expect([what, ...differences(ours, theirs, { tolerance, sizeRatio: 1 })]).toEqual([what]);
    }
  });
});
