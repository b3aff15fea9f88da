// Reads an EXIF block, for comparing what two blocks say. Source: TIFF 6.0, Exif 2.32.

/** Bytes of a value, by the number of its type. */
const SIZES = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8];
const RATIONALS = { 5: 'UInt32', 10: 'Int32' };
const NUMBERS = { 3: 'UInt16', 4: 'UInt32', 8: 'Int16', 9: 'Int32' };
/** Tags that hold the offset of another directory, by the directory that they stand in. */
const LINKS = { ifd0: { 0x8769: 'exif', 0x8825: 'gps' }, exif: { 0xa005: 'interoperability' } };
const THUMBNAIL_OFFSET = 0x201;
const THUMBNAIL_LENGTH = 0x202;

/**
 * What a block says: its byte order, `thumbnail`, and for each directory its tags as `{ type, value }`. A value is a
 * string of hexadecimal digits for text and bytes, and else a list of numbers; a fraction has three digits, as sharp
 * cuts where we round; a zero denominator gives NaN or Infinity. Offsets are followed, not told.
 */
function parseExif(block) {
  const tiff = block.toString('latin1', 0, 6) === 'Exif\0\0' ? block.subarray(6) : block;
  const order = tiff.toString('latin1', 0, 2);
  const end = order === 'II' ? 'LE' : 'BE';
  const read = (kind, at) => tiff[`read${kind}${end}`](at);
  const told = { order };

  function value(type, count, at) {
    const size = SIZES[type];
    const each = what => Array.from({ length: count }, (_, index) => what(at + index * size));
    if (NUMBERS[type]) return each(from => read(NUMBERS[type], from));
    const kind = RATIONALS[type];
    if (kind) return each(from => Number((read(kind, from) / read(kind, from + 4)).toPrecision(3)));
    return tiff.toString('hex', at, at + size * count);
  }

  function directory(name, at) {
    const entries = (told[name] = {});
    const count = read('UInt16', at);
    const pointers = {};
    for (let entry = at + 2; entry < at + 2 + count * 12; entry += 12) {
      const [tag, type, length] = [read('UInt16', entry), read('UInt16', entry + 2), read('UInt32', entry + 4)];
      const inside = SIZES[type] * length <= 4;
      const link = LINKS[name]?.[tag];
      if (link) directory(link, read('UInt32', entry + 8));
      else if (tag === THUMBNAIL_OFFSET || tag === THUMBNAIL_LENGTH) pointers[tag] = value(type, length, entry + 8)[0];
      else entries[tag.toString(16)] = { type, value: value(type, length, inside ? entry + 8 : read('UInt32', entry + 8)) };
    }
    const from = pointers[THUMBNAIL_OFFSET];
    if (from) told.thumbnail = tiff.toString('hex', from, from + pointers[THUMBNAIL_LENGTH]);
    return read('UInt32', at + 2 + count * 12);
  }

  const next = directory('ifd0', read('UInt32', 4));
  if (next) directory('ifd1', next);
  return told;
}

module.exports = { parseExif };
