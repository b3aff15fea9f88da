// A damaged block in a good image never fails the image where sharp's would not.
const fs = require('node:fs');
const path = require('node:path');
const { crc32, deflateSync } = require('node:zlib');
const peer = require('sharp');
const lancet = require('..');

const fixture = name => fs.readFileSync(path.join(__dirname, 'fixtures', name));
const latin = text => Buffer.from(text, 'latin1');

/** Hosts: the same image with a block of a kind in it. */
const jpeg = prefix => block => {
  const [file, content] = [fixture('baseline.jpg'), Buffer.concat([latin(prefix), block]).subarray(0, 65533)];
  const marker = { E: 0xe1, h: 0xe1, I: 0xe2, P: 0xed }[prefix[0]];
  return Buffer.concat([file.subarray(0, 2), Buffer.from([0xff, marker, (content.length + 2) >> 8, (content.length + 2) & 255]), content, file.subarray(2)]);
};
const png = (name, prefix = '', pack = block => block) => block => {
  const [file, body] = [fixture('rgb-8.png'), Buffer.concat([latin(name + prefix), pack(block)])];
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(body.length - 4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([file.subarray(0, 33), length, body, sum, file.subarray(33)]);
};
const webp = (name, flag) => block => {
  const head = latin(`${name}\0\0\0\0`);
  head.writeUInt32LE(block.length, 4);
  const file = Buffer.concat([fixture('alpha.webp'), head, block, Buffer.alloc(block.length % 2)]);
  file[20] |= flag;
  file.writeUInt32LE(file.length - 8, 4);
  return file;
};
const hosts = {
  'EXIF in JPEG': [jpeg('Exif\0\0'), 'exif'],
  'XMP in JPEG': [jpeg('http://ns.adobe.com/xap/1.0/\0'), 'xmp'],
  'ICC in JPEG': [jpeg('ICC_PROFILE\0\x01\x01'), 'icc'],
  'ICC in JPEG, second of three': [jpeg('ICC_PROFILE\0\x02\x03'), 'icc'],
  'IPTC in JPEG': [jpeg('Photoshop 3.0\0'), 'iptc'],
  'EXIF in PNG': [png('eXIf'), 'exif'],
  'XMP in PNG': [png('iTXt', 'XML:com.adobe.xmp\0\0\0\0\0'), 'xmp'],
  'ICC in PNG': [png('iCCP', 'name\0\0', deflateSync), 'icc'],
  'ICC in PNG, not compressed': [png('iCCP', 'name\0\0'), 'icc'],
  'EXIF in WebP': [webp('EXIF', 8), 'exif'],
  'XMP in WebP': [webp('XMP ', 4), 'xmp'],
  'ICC in WebP': [webp('ICCP', 32), 'icc']
};

const rich = fixture('exif-rich.jpg');
const profile = fixture('icc-p3.jpg');
const start = profile.indexOf('ICC_PROFILE') + 14;
const whole = {
  exif: rich.subarray(12, 4 + rich.readUInt16BE(4)),
  icc: profile.subarray(start, start + profile.readUInt32BE(start)),
  xmp: latin('<x:xmpmeta xmlns:x="adobe:ns:meta/"><a>words</a></x:xmpmeta>'),
  iptc: latin('8BIM\x04\x04\0\0\0\0\0\x0a\x1c\x02\x05\0\x05title8BIM\x03\xed\0\0\0\0\0\x10\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0')
};
const patched = (block, at, bytes) => {
  const copy = Buffer.from(block);
  Buffer.from(bytes).copy(copy, at);
  return copy;
};
const MOST = [0x7f, 0xff, 0xff, 0xff];

/** Damages: cut, lengths of gigabytes, circles, other bytes. */
const damages = kind => {
  const block = whole[kind];
  return {
    empty: block.subarray(0, 0),
    'a byte': block.subarray(0, 1),
    ...Object.fromEntries([0.1, 0.3, 0.6, 0.9].map(share => [`cut at ${share}`, block.subarray(0, Math.floor(block.length * share))])),
    ...Object.fromEntries([0, 4, 8, 10, 12, 16, 128, 132].filter(at => at + 4 <= block.length).map(at => [`gigabytes at ${at}`, patched(block, at, MOST)])),
    'all ones': Buffer.alloc(block.length, 255),
    'all zeros': Buffer.alloc(block.length),
    'its own next directory': patched(latin('II*\0\x08\0\0\0\x01\0\x69\x87\x04\0\x01\0\0\0\x08\0\0\0\x08\0\0\0'), 0, [])
  };
};

async function made(module, file, keep) {
  try {
    const image = module(file).resize(8);
    const { data } = await (keep ? image.keepMetadata() : image).png().toBuffer({ resolveWithObject: true });
    await module(file).metadata();
    return data.length > 0;
  } catch (error) {
    return error.message;
  }
}

const cases = Object.entries(hosts).flatMap(([name, [host, kind]]) => Object.entries(damages(kind)).map(([damage, block]) => [name, damage, host(block)]));
test.each(cases)('%s: %s', async (_name, _damage, file) => {
  for (const keep of [false, true]) {
    const theirs = await made(peer, file, keep);
    if (theirs === true) expect(await made(lancet, file, keep)).toBe(true);
  }
});
