'use strict';

// Small files of the formats that are read only: written here or, of JPEG XL and JPEG 2000, by their reference encoders.

const [width, height] = [9, 7];
const pixels = Buffer.from(
  'YDAVrVMjw4Ne16mH2qSAxG47w2kyxHhIzZVqs00bxHFPz5xvuHBA0Z954Lubx3I+umo8zo5fqDUTtEw2041W23wk3os8z49uvFcvxXlFyYhatDsbnSkPlE05v35SqnRPlj' +
    'YivDMRtGY4qGI6pjgcdBMFYhYKLgAAVzcsdi8cvTMSl0smolMobCwYfRYHSRAJHgAAVDMmjzIchygPkkkjp1QmroZkQhcNQg8IVxYMYBQHTBAEbDccq18yp1Uo',
  'base64'
);
const jxl = Buffer.from(
  '/wowMBBQXAgIAgEAtAJLGIsVAJRqHYYhdAAx0t8BAGz7M0AmqX6ZXUfsPxbxqrjxvyE+TjikzxCd3a3J2hY3YNN7jyoK9wSUqw0S64ocXCDAdVD2x2w51fou68G2PLwmdf' +
    'UTsrcEbSBcDnxYUdVkTDWJK6SHRQod14eBaKGhtOBlnMGNSBYgNZOejgBsEKnB/rQ4AIB68xNDIGkbWZuY7dh9WGVhBXTZaw8wZYnnUnak/e4gz6cWkNN6Aw==',
  'base64'
);
const j2k = Buffer.from(
  '/0//UQAvAAAAAAAJAAAABwAAAAAAAAAAAAAACQAAAAcAAAAAAAAAAAADBwEBBwEBBwEB/1IADAAAAAEBAQQEAAH/XAAHQEBISFD/ZAAlAAFDcmVhdGVkIGJ5IE9wZW5KUE' +
    'VHIHZlcnNpb24gMi41LjD/kAAKAAAAAADkAAH/k8+0VAb1yd5IHlFbxIy58fzZrFOhpZqUP8+0TBsaUeP3RCezKcuk2rulKde+0W/fgLgPTRZWhbTjtUxw5cBCFu75/w13' +
    '/b+Ff8HzjYfUHQfUGgJf4iQ8d72lN9UvXVACyBAmiTfckKGxYDmwnwxjcBMo8aSIYuMQtV/B842D5xcB8gkO+HtAZBLBndQ3cwN/FdsPMtIGf0GlQRsAhuwa2Gdb58/D6h' +
    'CD5x0H1Bgi4+TfMheeWnmj+WV+M4uvC3wiwfqoJmv4FKWWGH8MyrkIoHycZNTwpn//2Q==',
  'base64'
);

/** Rows from the bottom, blue first, padded to four bytes. */
function bmp() {
  const row = (width * 3 + 3) & ~3;
  const file = Buffer.alloc(54 + row * height);
  file.write('BM');
  [[file.length, 2], [54, 10], [40, 14], [width, 18], [height, 22]].forEach(([value, at]) => file.writeUInt32LE(value, at));
  file.writeUInt16LE(1, 26);
  file.writeUInt16LE(24, 28);
  for (let at = 0; at < pixels.length; at++) {
    const [pixel, channel] = [Math.floor(at / 3), at % 3];
    file[54 + (height - 1 - Math.floor(pixel / width)) * row + (pixel % width) * 3 + 2 - channel] = pixels[at];
  }
  return file;
}

/** 16 bits and alpha, big endian. */
function farbfeld() {
  const file = Buffer.alloc(16 + width * height * 8, 0xff);
  file.write('farbfeld');
  file.writeUInt32BE(width, 8);
  file.writeUInt32BE(height, 12);
  pixels.forEach((value, at) => file.writeUInt16BE(value * 257, 16 + Math.floor(at / 3) * 8 + (at % 3) * 2));
  return file;
}

/** Every pixel in full. */
function qoi() {
  const body = [];
  for (let at = 0; at < pixels.length; at += 3) body.push(0xfe, ...pixels.subarray(at, at + 3));
  return Buffer.from([...Buffer.from('qoif'), 0, 0, 0, width, 0, 0, 0, height, 3, 0, ...body, 0, 0, 0, 0, 0, 0, 0, 1]);
}

/** `kind` 2 or 10 has colours, 3 or 11 grey, 1 or 9 a map of colours; kinds from 9 on are runs. Rows from the bottom, or the top. */
function tga(kind, { top = false, alpha } = {}) {
  const mapped = kind % 8 === 1;
  const step = kind % 8 === 2 ? (alpha === undefined ? 3 : 4) : 1;
  const header = Buffer.alloc(18);
  [header[1], header[2], header[16], header[17]] = [mapped ? 1 : 0, kind, step * 8, (top ? 0x20 : 0) | (alpha === undefined ? 0 : 8)];
  if (mapped) [header[5], header[7]] = [width * height, 24];
  header.writeUInt16LE(width, 12);
  header.writeUInt16LE(height, 14);
  const stored = Array.from({ length: width * height }, (_, at) => {
    const pixel = top ? at : (height - 1 - Math.floor(at / width)) * width + (at % width);
    const [r, g, b] = pixels.subarray(pixel * 3);
    if (mapped) return [pixel];
    return step === 1 ? [g] : [b, g, r, ...(alpha === undefined ? [] : [alpha])];
  });
  const map = mapped ? Array.from({ length: width * height }, (_, at) => [...pixels.subarray(at * 3, at * 3 + 3)].reverse()) : [];
  // A run of one pixel, then packets of pixels as they are; none goes over the end of a row.
  const packets = row => [0x80, ...row[0], row.length - 2, ...row.slice(1).flat()];
  const rows = Array.from({ length: height }, (_, y) => stored.slice(y * width, (y + 1) * width));
  return Buffer.concat([header, Buffer.from([...map.flat(), ...(kind < 8 ? stored.flat() : rows.flatMap(packets))])]);
}

/** Light in single precision, in rows without compression; colours are multiplied by alpha, if there is one. Source: OpenEXR File Layout. */
function exr(across, down, light, names = 'BGR') {
  const text = (...parts) => Buffer.from(parts.map(part => `${part}\0`).join(''), 'latin1');
  const int = (...values) => Buffer.from(Int32Array.from(values).buffer);
  const float = (...values) => Buffer.from(Float32Array.from(values).buffer);
  const attribute = (name, type, ...data) => {
    const value = Buffer.concat(data);
    return Buffer.concat([text(name, type), int(value.length), value]);
  };
  const window = int(0, 0, across - 1, down - 1);
  const channels = [...names].map(name => Buffer.concat([text(name), int(2, 0, 1, 1)]));
  const head = Buffer.concat([
    Buffer.from([0x76, 0x2f, 0x31, 0x01, 2, 0, 0, 0]),
    attribute('channels', 'chlist', ...channels, Buffer.from([0])),
    attribute('compression', 'compression', Buffer.from([0])),
    attribute('dataWindow', 'box2i', window),
    attribute('displayWindow', 'box2i', window),
    attribute('lineOrder', 'lineOrder', Buffer.from([0])),
    attribute('pixelAspectRatio', 'float', float(1)),
    attribute('screenWindowCenter', 'v2f', float(0, 0)),
    attribute('screenWindowWidth', 'float', float(1)),
    Buffer.from([0])
  ]);
  const row = across * names.length * 4;
  const offsets = Buffer.alloc(down * 8);
  const rows = Array.from({ length: light ? down : 0 }, (_, y) => {
    offsets.writeBigUInt64LE(BigInt(head.length + offsets.length + y * (row + 8)), y * 8);
    const samples = [...names].flatMap(name => Array.from({ length: across }, (_, x) => light(x, y, 'RGBA'.indexOf(name))));
    return Buffer.concat([int(y, row), float(...samples)]);
  });
  return Buffer.concat([head, offsets, ...rows]);
}

/** Linear light of a code of sRGB. */
const lightOf = code => (code <= 10.31475 ? code / 255 / 12.92 : ((code / 255 + 0.055) / 1.055) ** 2.4);

const files = {
  ppm: Buffer.concat([Buffer.from(`P6\n${width} ${height}\n255\n`), pixels]),
  bmp: bmp(),
  farbfeld: farbfeld(),
  qoi: qoi(),
  tga: tga(2),
  exr: exr(width, height, (x, y, channel) => lightOf(pixels[(y * width + x) * 3 + channel])),
  jxl,
  jp2: j2k
};

module.exports = { width, height, pixels, files, tga, exr, lightOf };
