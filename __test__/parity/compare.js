// Says in words how two outcomes differ.
const { inspect, isDeepStrictEqual } = require('node:util');
const { parseExif } = require('./exif');

const show = value => inspect(value, { depth: 6, breakLength: 120, maxArrayLength: 24, maxStringLength: 300 });

/** Side of the squares, in pixels, whose mean difference is looked at beside that of the whole image. */
const SQUARE = 8;
/** How many times the tolerance of the whole a single square may differ. */
const SQUARE_FACTOR = 4;

/**
 * Mean and largest absolute difference of two images of 8-bit samples, and the mean in the square where it is largest: what is
 * wrong in one place only, a border or transparent pixels, hardly shows in the mean of all.
 */
function pixelDifference(a, b, { width, channels }) {
  const across = Math.ceil(width / SQUARE);
  const rows = Math.ceil(a.length / (width * channels));
  const sums = new Float64Array(across * Math.ceil(rows / SQUARE));
  const counts = new Float64Array(sums.length);
  let sum = 0;
  let max = 0;
  for (let at = 0; at < a.length; at++) {
    const difference = Math.abs(a[at] - b[at]);
    sum += difference;
    if (difference > max) max = difference;
    const pixel = Math.floor(at / channels);
    const square = Math.floor(pixel / width / SQUARE) * across + Math.floor((pixel % width) / SQUARE);
    sums[square] += difference;
    counts[square]++;
  }
  return { mean: a.length === 0 ? 0 : sum / a.length, max, worst: sums.reduce((most, total, at) => Math.max(most, total / counts[at]), 0) };
}

/**
 * An image as it is seen from afar: colours multiplied by alpha, and the mean of each square of `side` pixels. Two palettes
 * with their dithering agree only in this.
 */
function fromAfar(pixels, { width, channels }, side) {
  const height = pixels.length / (width * channels);
  const hasAlpha = channels % 2 === 0;
  const value = (x, y, channel) => {
    const at = (y * width + x) * channels;
    const isColour = hasAlpha && channel < channels - 1;
    return isColour ? (pixels[at + channel] * pixels[at + channels - 1]) / 255 : pixels[at + channel];
  };
  const means = [];
  for (let top = 0; top + side <= height; top += side) {
    for (let left = 0; left + side <= width; left += side) {
      for (let channel = 0; channel < channels; channel++) {
        let sum = 0;
        for (let at = 0; at < side * side; at++) sum += value(left + (at % side), top + Math.floor(at / side), channel);
        means.push(sum / (side * side));
      }
    }
  }
  return { pixels: means, layout: { width: Math.floor(width / side), channels } };
}

/** What a profile of three primaries says: its colour space, the primaries and white to a hundredth, the kind of curve. */
function profileFacts(icc) {
  const facts = { space: icc.toString('latin1', 16, 20) };
  for (let at = 132; at < 132 + 12 * icc.readUInt32BE(128); at += 12) {
    const name = icc.toString('latin1', at, at + 4);
    const data = icc.subarray(icc.readUInt32BE(at + 4));
    if (/^([rgb]XYZ|wtpt)$/.test(name)) facts[name] = [8, 12, 16].map(place => (data.readInt32BE(place) / 65536).toFixed(2).replace('-0.00', '0.00'));
    if (/TRC$/.test(name)) facts[name] = data.toString('latin1', 0, 4);
  }
  return facts;
}

/** Profiles that the modules write themselves have no more bytes. */
const OWN_PROFILE = 600;

/** A plain value with the prototypes of this file: jest gives what it loads others than sharp's native code has. */
const plain = value => {
  if (Array.isArray(value)) return Array.from(value, plain);
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, plain(part)]));
};

/** Whether two values of a key are the same. Profiles that both modules wrote themselves may differ in their bytes. */
const sameValue = (key, ours, theirs) =>
  isDeepStrictEqual(plain(ours), plain(theirs)) ||
  (key === 'icc' && ours?.length <= OWN_PROFILE && theirs?.length <= OWN_PROFILE && isDeepStrictEqual(profileFacts(ours), profileFacts(theirs)));

const keys = object => Object.keys(object);

/** The lines that tell two objects apart: their keys in order, then each value. */
function objectDifferences(what, ours, theirs) {
  const lines = [];
  if (!isDeepStrictEqual(keys(ours), keys(theirs))) {
    lines.push(`${what} keys: ours ${keys(ours).join(' ')}`, `${what} keys: peer ${keys(theirs).join(' ')}`);
  }
  for (const key of new Set([...keys(ours), ...keys(theirs)])) {
    if (!sameValue(key, ours[key], theirs[key])) {
      lines.push(`${what}.${key}: ours ${show(ours[key])}, peer ${show(theirs[key])}`);
    }
  }
  return lines;
}

/** sharp's first line says what is wrong; those that follow are the log of the functions that passed it on. */
const headline = text => text?.split('\n')[0];

/** Whether two errors say the same. Where sharp has a colon and no detail after it, ours may have one. */
function sameError(ours, theirs) {
  const [a, b] = [headline(ours), headline(theirs)];
  return a === b || (b?.endsWith(':') && a?.startsWith(b));
}

/** Metadata with its EXIF block as what that says: the order of the values behind its directories is free. */
function readable(metadata) {
  if (!metadata.exif) return metadata;
  try {
    return { ...metadata, exif: parseExif(metadata.exif) };
  } catch (error) {
    // A damaged block is compared as it is.
    if (error.name === 'RangeError') return metadata;
    throw error;
  }
}

/** The line that tells two images of one layout apart, if they are. */
function pixelDifferences(what, ours, theirs, layout, { tolerance, afar }) {
  if (ours.length !== theirs.length) return [`${what}: ours ${ours.length} samples, peer ${theirs.length}`];
  const seen = pixels => (afar ? fromAfar(pixels, layout, afar) : { pixels, layout });
  const [a, b] = [seen(ours), seen(theirs)];
  const { mean, max, worst } = pixelDifference(a.pixels, b.pixels, b.layout);
  if (mean <= tolerance && worst <= tolerance * SQUARE_FACTOR) return [];
  return [
    `${what}: mean difference ${mean.toFixed(3)} of 255, allowed ${tolerance}; in the worst square ${worst.toFixed(1)}, allowed ` +
      `${tolerance * SQUARE_FACTOR}; largest ${max}`
  ];
}

/**
 * Every difference between two outcomes as a line of text.
 * `tolerance` is the mean absolute difference allowed, of 255; `sizeRatio` how much larger than sharp's an output may be;
 * `afar` the side of the squares whose means are compared in place of pixels; `gains` the same as `tolerance` for a gain map.
 */
function differences(ours, theirs, { tolerance, sizeRatio, afar, gains = tolerance }) {
  if (ours.error !== undefined || theirs.error !== undefined) {
    if (sameError(ours.error, theirs.error)) return [];
    return [`error: ours ${show(ours.error)}, peer ${show(theirs.error)}`];
  }
  const lines = [];
  if (ours.info) {
    const { size: ourSize, ...ourInfo } = ours.info;
    const { size: theirSize, ...theirInfo } = theirs.info;
    // sharp reports channels before the encoder, lancet those that a reader finds.
    for (const key of ['channels', 'hasAlpha']) if (ourInfo[key] === ours.read?.[key]) theirInfo[key] = ourInfo[key];
    lines.push(...objectDifferences('info', ourInfo, theirInfo));
    if (!isDeepStrictEqual(keys(ours.info), keys(theirs.info))) {
      lines.push(`info keys: ours ${keys(ours.info).join(' ')}, peer ${keys(theirs.info).join(' ')}`);
    }
    // A few bytes of headers weigh much in a small image.
    const limit = theirSize * sizeRatio + 64;
    if (!(ourSize <= limit)) lines.push(`info.size: ours ${ourSize}, peer ${theirSize}, allowed ${Math.floor(limit)}`);
  }
  lines.push(...objectDifferences('metadata', readable(ours.metadata), readable(theirs.metadata)));
  if (ours.pixels) lines.push(...pixelDifferences('pixels', ours.pixels, theirs.pixels, theirs.layout, { tolerance, afar }));
  if (ours.gains && theirs.gains) lines.push(...pixelDifferences('gain map', ours.gains, theirs.gains, theirs.gainLayout, { tolerance: gains }));
  return lines;
}

module.exports = { differences };
