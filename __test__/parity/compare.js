// Says in words how two outcomes differ.
const { inspect, isDeepStrictEqual } = require('node:util');
const { parseExif } = require('./exif');

const show = value => inspect(value, { depth: 6, breakLength: 120, maxArrayLength: 24, maxStringLength: 300 });

/** Mean and largest absolute difference of two lists of 8-bit samples. */
function pixelDifference(a, b) {
  let sum = 0;
  let max = 0;
  for (let at = 0; at < a.length; at++) {
    const difference = Math.abs(a[at] - b[at]);
    sum += difference;
    if (difference > max) max = difference;
  }
  return { mean: a.length === 0 ? 0 : sum / a.length, max };
}

const keys = object => Object.keys(object);

/** The lines that tell two objects apart: their keys in order, then each value. */
function objectDifferences(what, ours, theirs) {
  const lines = [];
  if (!isDeepStrictEqual(keys(ours), keys(theirs))) {
    lines.push(`${what} keys: ours ${keys(ours).join(' ')}`, `${what} keys: peer ${keys(theirs).join(' ')}`);
  }
  for (const key of new Set([...keys(ours), ...keys(theirs)])) {
    if (!isDeepStrictEqual(ours[key], theirs[key])) {
      lines.push(`${what}.${key}: ours ${show(ours[key])}, peer ${show(theirs[key])}`);
    }
  }
  return lines;
}

/** The peer's first line says what is wrong; those that follow are the log of the functions that passed it on. */
const headline = text => text?.split('\n')[0];

/** Whether two errors say the same. Where the peer has a colon and no detail after it, ours may have one. */
function sameError(ours, theirs) {
  const [a, b] = [headline(ours), headline(theirs)];
  return a === b || (b?.endsWith(':') && a?.startsWith(b));
}

/** Metadata with its EXIF block as what that says: the order of the values behind its directories is free. */
const readable = metadata => (metadata.exif ? { ...metadata, exif: parseExif(metadata.exif) } : metadata);

/**
 * Every difference between two outcomes as a line of text.
 * `tolerance` is the mean absolute difference allowed, of 255; `sizeRatio` how much larger than the peer's an output may be.
 */
function differences(ours, theirs, { tolerance, sizeRatio }) {
  if (ours.error !== undefined || theirs.error !== undefined) {
    if (sameError(ours.error, theirs.error)) return [];
    return [`error: ours ${show(ours.error)}, peer ${show(theirs.error)}`];
  }
  const lines = [];
  if (ours.info) {
    const { size: ourSize, ...ourInfo } = ours.info;
    const { size: theirSize, ...theirInfo } = theirs.info;
    lines.push(...objectDifferences('info', ourInfo, theirInfo));
    if (!isDeepStrictEqual(keys(ours.info), keys(theirs.info))) {
      lines.push(`info keys: ours ${keys(ours.info).join(' ')}, peer ${keys(theirs.info).join(' ')}`);
    }
    // A few bytes of headers weigh much in a small picture.
    const limit = theirSize * sizeRatio + 64;
    if (!(ourSize <= limit)) lines.push(`info.size: ours ${ourSize}, peer ${theirSize}, allowed ${Math.floor(limit)}`);
  }
  lines.push(...objectDifferences('metadata', readable(ours.metadata), readable(theirs.metadata)));
  if (ours.pixels) {
    if (ours.pixels.length !== theirs.pixels.length) {
      lines.push(`pixels: ours ${ours.pixels.length} samples, peer ${theirs.pixels.length}`);
    } else {
      const { mean, max } = pixelDifference(ours.pixels, theirs.pixels);
      if (mean > tolerance) lines.push(`pixels: mean difference ${mean.toFixed(3)} of 255, allowed ${tolerance}; largest ${max}`);
    }
  }
  return lines;
}

module.exports = { differences };
