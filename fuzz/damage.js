'use strict';

// Damages files: anywhere, and in the parts that a format is made of, with lengths and checksums that are right again.

const zlib = require('node:zlib');

/** Numbers that counts, lengths and offsets go wrong at. */
const EDGES = [0, 1, 2, 3, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff];

/** Numbers as they stand in texts. */
const WORDS = ['0', '-1', '1e9', '1e-9', '-1e30', 'NaN', '4294967296', '1000000', '100%', '0.5', 'url(#a)', '#a', ''];

function writeNumber(bytes, at, value, width, little) {
  for (let byte = 0; byte < width && at + byte < bytes.length; byte++) {
    const shift = little ? byte : width - 1 - byte;
    bytes[at + byte] = shift < 4 ? (value >>> (8 * shift)) & 0xff : 0;
  }
}

/** Changes bytes where they are; more often near the start, where headers are. */
function scratch(bytes, random) {
  if (bytes.length === 0) return bytes;
  for (let change = random.below(6); change >= 0; change--) {
    const at = random.below(random.once(2) ? bytes.length : Math.min(bytes.length, 600));
    const kind = random.below(4);
    if (kind === 0) bytes[at] ^= 1 << random.below(8);
    else if (kind === 1) bytes[at] = random.below(256);
    else writeNumber(bytes, at, random.pick(EDGES), random.pick([1, 2, 2, 4, 4, 8]), random.once(2));
  }
  return bytes;
}

/** Cuts off, cuts out, repeats, appends, or puts the end of another file in. */
function splice(bytes, random, other) {
  const at = random.below(bytes.length + 1);
  const to = Math.min(bytes.length, at + random.below(random.once(2) ? 64 : 4096));
  const [before, part, after] = [bytes.subarray(0, at), bytes.subarray(at, to), bytes.subarray(to)];
  const kind = random.below(5);
  if (kind === 0) return before;
  if (kind === 1) return Buffer.concat([before, after]);
  if (kind === 2) return Buffer.concat([before, ...Array.from({ length: 2 + random.below(50) }, () => part), after]);
  if (kind === 3) return Buffer.concat([bytes, other.subarray(0, random.below(other.length + 1))]);
  return Buffer.concat([before, other.subarray(Math.min(other.length, at))]);
}

/** Changes the parts of a file, each `{ name, body }`: one is damaged, dropped, repeated, moved, or taken from another file. */
function shuffle(parts, random, others) {
  for (let change = random.below(3); change >= 0 && parts.length > 0; change--) {
    const at = random.below(parts.length);
    const kind = random.below(8);
    if (kind === 0) parts.splice(at, 1);
    else if (kind === 1) parts.splice(at, 0, ...Array(1 + random.below(random.once(20) ? 2000 : 4)).fill(parts[at]));
    else if (kind === 2) parts.splice(random.below(parts.length), 0, ...parts.splice(at, 1));
    else if (kind === 3 && others.length > 0) parts.splice(at, 0, random.pick(others));
    else parts[at] = { ...parts[at], body: (random.once(5) ? splice : scratch)(Buffer.from(parts[at].body), random, parts[at].body) };
  }
  return parts;
}

const png = {
  parts(bytes) {
    const parts = [];
    for (let at = 8; at + 12 <= bytes.length; ) {
      const end = at + 8 + bytes.readUInt32BE(at);
      parts.push({ name: bytes.toString('latin1', at + 4, at + 8), body: bytes.subarray(at + 8, end) });
      at = end + 4;
    }
    return parts;
  },
  join(bytes, parts, random) {
    const chunks = parts.map(({ name, body }) => {
      const chunk = Buffer.alloc(body.length + 12);
      chunk.writeUInt32BE(body.length, 0);
      chunk.write(name, 4, 'latin1');
      body.copy(chunk, 8);
      chunk.writeUInt32BE(random.once(20) ? 0 : zlib.crc32(chunk.subarray(4, body.length + 8)), body.length + 8);
      return chunk;
    });
    return Buffer.concat([bytes.subarray(0, 8), ...chunks]);
  },
  /** Damages rows rather than the compressed stream of them. */
  inner(parts, random) {
    const data = parts.filter(({ name }) => name === 'IDAT');
    if (data.length === 0 || !random.once(3)) return parts;
    try {
      const rows = zlib.inflateSync(Buffer.concat(data.map(({ body }) => body)));
      const at = parts.indexOf(data[0]);
      const rest = parts.filter(({ name }) => name !== 'IDAT');
      rest.splice(at, 0, { name: 'IDAT', body: zlib.deflateSync(splice(scratch(rows, random), random, rows), { level: 1 }) });
      return rest;
    } catch {
      return parts;
    }
  }
};

const jpeg = {
  parts(bytes) {
    const parts = [];
    let at = 2;
    while (at + 4 <= bytes.length && bytes[at] === 0xff) {
      let end = at + 2 + bytes.readUInt16BE(at + 2);
      if (bytes[at + 1] === 0xda) {
        while (end < bytes.length && (bytes[end] !== 0xff || bytes[end + 1] === 0 || (bytes[end + 1] & 0xf8) === 0xd0)) end++;
      }
      parts.push({ name: bytes[at + 1], scan: bytes.subarray(at + 2 + bytes.readUInt16BE(at + 2), end), body: bytes.subarray(at + 4, at + 2 + bytes.readUInt16BE(at + 2)) });
      at = end;
    }
    return parts;
  },
  join(bytes, parts) {
    const segments = parts.flatMap(({ name, scan, body }) => {
      const head = Buffer.from([0xff, name, 0, 0]);
      head.writeUInt16BE((body.length + 2) & 0xffff, 2);
      return [head, body, scan];
    });
    return Buffer.concat([bytes.subarray(0, 2), ...segments, Buffer.from([0xff, 0xd9])]);
  },
  inner(parts, random) {
    return parts.map(part => (part.scan.length > 0 && random.once(3) ? { ...part, scan: scratch(Buffer.from(part.scan), random) } : part));
  }
};

const riff = {
  parts(bytes) {
    const parts = [];
    for (let at = 12; at + 8 <= bytes.length; ) {
      const end = at + 8 + bytes.readUInt32LE(at + 4);
      parts.push({ name: bytes.toString('latin1', at, at + 4), body: bytes.subarray(at + 8, end) });
      at = end + (end & 1);
    }
    return parts;
  },
  join(_bytes, parts) {
    const chunks = parts.flatMap(({ name, body }) => {
      const head = Buffer.alloc(8);
      head.write(name, 'latin1');
      head.writeUInt32LE(body.length, 4);
      return [head, body, Buffer.alloc(body.length & 1)];
    });
    const body = Buffer.concat([Buffer.from('WEBP'), ...chunks]);
    const head = Buffer.from('RIFF\0\0\0\0');
    head.writeUInt32LE(body.length, 4);
    return Buffer.concat([head, body]);
  }
};

/** Boxes that hold boxes, after how many bytes. */
const CONTAINERS = { meta: 4, iprp: 0, ipco: 0, moov: 0, trak: 0, mdia: 0, minf: 0, stbl: 0, dinf: 0, iinf: 6, jp2h: 0 };

const boxes = {
  parts(bytes) {
    const parts = [];
    for (let at = 0; at + 8 <= bytes.length; ) {
      const size = bytes.readUInt32BE(at) || bytes.length - at;
      const end = Math.min(bytes.length, at + Math.max(8, size));
      parts.push({ name: bytes.toString('latin1', at + 4, at + 8), body: bytes.subarray(at + 8, end) });
      at = end;
    }
    return parts;
  },
  join(_bytes, parts) {
    return Buffer.concat(
      parts.flatMap(({ name, body }) => {
        const head = Buffer.alloc(8);
        head.writeUInt32BE(body.length + 8);
        head.write(name, 4, 'latin1');
        return [head, body];
      })
    );
  },
  inner(parts, random) {
    return parts.map(part => {
      const skip = CONTAINERS[part.name];
      if (skip === undefined || !random.once(2)) return part;
      const inside = part.body.subarray(skip);
      const changed = boxes.join(inside, shuffle(boxes.inner(boxes.parts(inside), random), random, boxes.parts(inside)));
      return { ...part, body: Buffer.concat([part.body.subarray(0, skip), changed]) };
    });
  }
};

/** Entries of the directories of a TIFF, each of which is damaged where it is. */
function tiff(bytes, random) {
  if (bytes.length < 8) return bytes;
  const little = bytes[0] === 0x49;
  const [read16, read32] = little ? ['readUInt16LE', 'readUInt32LE'] : ['readUInt16BE', 'readUInt32BE'];
  const entries = [];
  for (let at = bytes[read32](4), pages = 0; pages < 8 && at + 2 < bytes.length; pages++) {
    const count = bytes[read16](at);
    for (let entry = 0; entry < count && at + 14 + entry * 12 <= bytes.length; entry++) entries.push(at + 2 + entry * 12);
    const next = at + 2 + count * 12;
    if (next + 4 > bytes.length) break;
    entries.push(next - 8);
    at = bytes[read32](next);
  }
  for (let change = random.below(4); change >= 0 && entries.length > 0; change--) {
    const at = random.pick(entries);
    const kind = random.below(5);
    if (kind === 0) writeNumber(bytes, at, 254 + random.below(100), 2, little);
    else if (kind === 1) writeNumber(bytes, at + 2, random.below(19), 2, little);
    else if (kind === 2) writeNumber(bytes, at + 4, random.once(2) ? random.pick(EDGES) : random.below(70), 4, little);
    else writeNumber(bytes, at + 8, random.once(2) ? random.pick(EDGES) : random.below(bytes.length), 4, little);
  }
  return bytes;
}

/** Numbers, elements and references of a text. */
function text(bytes, random) {
  let words = bytes.toString('latin1');
  for (let change = random.below(4); change >= 0; change--) {
    const kind = random.below(4);
    const numbers = [...words.matchAll(/-?\d[\d.]*/g)];
    const elements = [...words.matchAll(/<[^>]+>/g)];
    if (kind === 0 && elements.length > 0) {
      const [{ index, 0: from }, { 0: by }] = [random.pick(elements), random.pick(elements)];
      words = words.slice(0, index) + by.repeat(1 + random.below(20)) + words.slice(index + from.length);
    } else if (numbers.length > 0) {
      const { index, 0: from } = random.pick(numbers);
      words = words.slice(0, index) + random.pick(WORDS) + words.slice(index + from.length);
    }
  }
  return Buffer.from(words, 'latin1');
}

/** How the parts of a format are reached, by how its files start. */
function partsOf(bytes) {
  const start = bytes.toString('latin1', 0, 16);
  if (start.startsWith('\x89PNG')) return png;
  if (start.startsWith('\xff\xd8')) return jpeg;
  if (start.startsWith('RIFF') && start.includes('WEBP')) return riff;
  if (start.includes('ftyp') || start.slice(4, 8) === 'jP  ' || start.slice(4, 8) === 'JXL ') return boxes;
  return undefined;
}

/** A damaged copy of a file; parts of `other` may come into it. */
function damage(file, other, random) {
  const bytes = Buffer.from(file);
  const kind = random.below(10);
  if (kind < 2) return scratch(bytes, random);
  if (kind < 4) return splice(random.once(2) ? scratch(bytes, random) : bytes, random, other);
  const start = bytes.toString('latin1', 0, 4);
  if (start.startsWith('II') || start.startsWith('MM')) return tiff(random.once(3) ? scratch(bytes, random) : bytes, random);
  if (/^(<|P[1-7])/.test(start)) return text(bytes, random);
  const format = partsOf(bytes);
  if (!format) return scratch(scratch(bytes, random), random);
  const others = partsOf(other) === format ? format.parts(other) : [];
  const parts = format.inner ? format.inner(format.parts(bytes), random) : format.parts(bytes);
  return format.join(bytes, shuffle(parts, random, others), random);
}

module.exports = { damage };
