// Reads the images whose paths come as lines on standard input with both modules, and tells the parent on file descriptor 3, at once,
// which image and step it is at and how the image went:
//   node conformance/worker.mjs <module>
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { outcome } = require('../__test__/parity/run.js');
const { differences } = require('../__test__/parity/compare.js');
const peer = require('sharp');
const [module] = process.argv.slice(2);
const lancet = require(module.startsWith('.') ? path.resolve(module) : module);
for (const each of [lancet, peer]) {
  each.cache(false);
  each.concurrency(1);
}

/** Means of 255 that two modules may differ by: decoders of what is lossy and what applies ICC profiles round in other ways. */
const LOSSY = 1;
const PROFILE = 0.25;
/** Another rasteriser draws other edges, of which a small image has little else. */
const DRAWN = 4;

/** How exactly a step is compared, by the metadata that sharp tells. */
function tolerance(step, { format, space, hasProfile } = {}) {
  // A fraction of alpha makes any colour of a drawing: colours are multiplied by it.
  if (format === 'svg') return { tolerance: DRAWN, afar: 1 };
  if (step === 'thumbnail' || ['jpeg', 'webp', 'heif'].includes(format) || space === 'cmyk') return { tolerance: LOSSY };
  return { tolerance: hasProfile ? PROFILE : 0 };
}

/** What sharp says of a format that its binary lacks. */
const UNKNOWN = /contains unsupported image format/;

const steps = {
  metadata: { calls: [], to: 'metadata' },
  pixels: { calls: [['raw']], to: 'buffer' },
  frames: { calls: [['ensureAlpha'], ['raw']], to: 'buffer', open: { animated: true } },
  thumbnail: { calls: [['resize', 20], ['raw']], to: 'buffer', open: { failOn: 'none' } }
};

const tell = message => fs.writeSync(3, `${JSON.stringify(message)}\n`);

/** Upper ends of the mean differences: an expected one is listed with its end, so that it can't become another unseen. */
const ENDS = [1, 4, 16, 64, 255];

/** What differs, in the word that stands in the list of expected differences. */
function label(step, line) {
  const mean = /^pixels: mean difference ([\d.]+)/.exec(line)?.[1];
  if (mean !== undefined) return `${step}≤${ENDS.find(end => mean <= end)}`;
  return /^metadata\.\w+/.exec(line)?.[0] ?? `${step}.layout`;
}

/** How the outcomes of a step differ, as pairs of label and text. Both modules may refuse in other words. */
function compare(step, ours, theirs, exactness) {
  if (ours.error !== undefined && theirs.error !== undefined) return [];
  if (ours.error !== undefined) return [[`${step} refused`, `lancet: ${ours.error}`]];
  if (theirs.error !== undefined) return [[`${step} read`, `the peer: ${theirs.error}`]];
  const lines = differences(ours, theirs, { ...exactness, sizeRatio: 1 });
  // Keys that one has and the other lacks are told by their values too.
  const telling = lines.filter(line => !line.startsWith('metadata keys'));
  return (telling.length > 0 ? telling : lines).map(line => [label(step, line), line]);
}

/** Whether what lancet alone reads is consistent: the header says how many samples there are. */
function inconsistency({ metadata }, { info, pixels }) {
  const { width, height, channels } = info;
  if (pixels.length !== width * height * channels) return `${pixels.length} samples for ${width}×${height}×${channels}`;
  if (width !== metadata.width || height !== metadata.height) return `header ${metadata.width}×${metadata.height}, pixels ${width}×${height}`;
  return undefined;
}

async function examine(file) {
  const input = { value: fs.readFileSync(file) };
  const [ours, theirs, found] = [{}, {}, []];
  for (const [step, how] of Object.entries(steps)) {
    tell({ step: `${step} by lancet` });
    ours[step] = await outcome(lancet, { input, ...how });
    tell({ step: `${step} by the peer` });
    theirs[step] = await outcome(peer, { input, ...how });
    found.push(...compare(step, ours[step], theirs[step], tolerance(step, theirs.metadata.metadata)));
  }
  const isUnknown = UNKNOWN.test(theirs.metadata.error);
  const makesNone = side => [side.pixels, side.frames, side.thumbnail].every(({ error }) => error !== undefined);
  if (makesNone(ours) && makesNone(theirs)) return { kind: 'refused', found: isUnknown ? [] : found };
  if (!isUnknown) return { kind: 'both', found };
  const fault = ours.pixels.error ?? inconsistency(ours.metadata, ours.pixels);
  return { kind: 'alone', found: fault ? [['inconsistent', fault]] : [] };
}

for (const file of fs.readFileSync(0, 'utf8').split('\n').filter(Boolean)) {
  tell({ file });
  tell({ file, result: await examine(file) });
}
