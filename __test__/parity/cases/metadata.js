// name, input, calls, extra
// What is kept, made, replaced and dropped: inputs with every block × calls × formats. Only the metadata counts here.
const fs = require('node:fs');
const path = require('node:path');

const fixture = name => fs.readFileSync(path.join(__dirname, '..', '..', 'fixtures', name));

/** A JPEG with segments, each of marker and content, after its first two bytes. */
const withSegments = (jpeg, ...segments) =>
  Buffer.concat([
    jpeg.subarray(0, 2),
    ...segments.flatMap(([marker, content]) => [Buffer.from([0xff, marker, (content.length + 2) >> 8, (content.length + 2) & 255]), content]),
    jpeg.subarray(2)
  ]);

/** A PNG with chunks, each of name and content, before its pixels. Checksums are not looked at in ancillary chunks. */
const { crc32 } = require('node:zlib');
const withChunks = (png, ...chunks) => {
  const at = 33;
  const made = chunks.flatMap(([name, content]) => {
    const body = Buffer.concat([Buffer.from(name, 'latin1'), content]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(content.length);
    sum.writeUInt32BE(crc32(body));
    return [length, body, sum];
  });
  return Buffer.concat([png.subarray(0, at), ...made, png.subarray(at)]);
};

/** A RIFF file with chunks after the image; VP8X must be there. */
const withRiff = (webp, flags, ...chunks) => {
  const made = chunks.flatMap(([name, content]) => {
    const head = Buffer.from(`${name}\0\0\0\0`, 'latin1');
    head.writeUInt32LE(content.length, 4);
    return [head, content, Buffer.alloc(content.length % 2)];
  });
  const file = Buffer.concat([webp, ...made]);
  file[20] |= flags;
  file.writeUInt32LE(file.length - 8, 4);
  return file;
};

const XMP = '<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><a>ü</a></x:xmpmeta><?xpacket end="w"?>';
const xmpSegment = [0xe1, Buffer.concat([Buffer.from('http://ns.adobe.com/xap/1.0/\0'), Buffer.from(XMP)])];
/** Resource 0x0404 with a title, and 0x03ed, the resolution. */
const iptc = Buffer.concat([
  Buffer.from('Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x0a\x1c\x02\x05\0\x05title8BIM\x03\xed\0\0\0\0\0\x10', 'latin1'),
  Buffer.from([1, 44, 0, 0, 0, 1, 0, 1, 1, 44, 0, 0, 0, 1, 0, 1])
]);
const exifOf = jpeg => jpeg.subarray(6, 4 + jpeg.readUInt16BE(4));
const rich = exifOf(fixture('exif-rich.jpg'));
const blocks = {
  jpeg: withSegments(fixture('icc-p3.jpg'), [0xe1, rich], xmpSegment, [0xed, iptc]),
  png: withChunks(
    fixture('icc-p3.png'),
    ['eXIf', rich.subarray(6)],
    ['iTXt', Buffer.concat([Buffer.from('XML:com.adobe.xmp\0\0\0\0\0', 'latin1'), Buffer.from(XMP)])],
    ['tEXt', Buffer.from('Title\0caf\xe9', 'latin1')],
    ['tEXt', Buffer.from('Comment\0', 'latin1')]
  ),
  webp: withRiff(fixture('icc-p3.webp'), 0x0c, ['EXIF', rich], ['XMP ', Buffer.from(XMP)])
};
/** XMP as programs in C write it, with the zero at its end. */
const xmpWithEnd = withSegments(fixture('icc-p3.jpg'), [xmpSegment[0], Buffer.concat([xmpSegment[1], Buffer.from([0])])]);
/** Blocks as a TIFF has them; made once by the fixtures' script. */
blocks.tiff = fixture('metadata.tif');
const options = { webp: { effort: 0 }, tiff: { compression: 'lzw' }, avif: { effort: 0, lossless: true }, gif: { effort: 1 } };
const formats = ['jpeg', 'png', 'webp'];
/** Formats that few blocks fit in, or all of them in a way of their own. */
const others = ['tiff', 'avif', 'gif'];
const calls = {
  nothing: [],
  keepExif: [['keepExif']],
  keepIccProfile: [['keepIccProfile']],
  keepXmp: [['keepXmp']],
  keepMetadata: [['keepMetadata']],
  withMetadata: [['withMetadata']],
  'withMetadata, orientation': [['withMetadata', { orientation: 4 }]],
  'withMetadata, density': [['withMetadata', { density: 96 }]],
  'withMetadata, icc': [['withMetadata', { icc: 'p3' }]],
  'withMetadata, exif': [['withMetadata', { exif: { IFD0: { Artist: 'someone' }, IFD3: { GPSLatitudeRef: 'N' } } }]],
  withDensity: [['withDensity', 72.5]],
  withXmp: [['withXmp', XMP.replace('ü', 'other')]],
  'withXmp and keepMetadata': [['keepMetadata'], ['withXmp', '<x/>']],
  'withIccProfile, not attached': [['withIccProfile', 'p3', { attach: false }]],
  'keepMetadata, autoOrient': [['autoOrient'], ['keepMetadata']],
  'keepExif, rotated': [['rotate', 90], ['keepExif']],
  'keepExif, resized': [['resize', 20], ['keepExif']],
  'withExifMerge, keepIccProfile': [['withExifMerge', { IFD0: { Copyright: 'x' }, IFD1: { Make: 'y' }, IFD2: { LensModel: 'z' }, IFD3: { GPSMapDatum: 'w' } }], ['keepIccProfile']],
  'keepExif, keepXmp': [['keepExif'], ['keepXmp']]
};
const plain = { ...blocks, 'grey PNG': fixture('grey-8.png'), 'turned JPEG': fixture('orientation-6.jpg'), '16-bit PNG': fixture('rgb-16.png'), 'CMYK JPEG': fixture('cmyk.jpg') };

/** What CMYK costs without a profile, and planes that two quantizations have been through, in a thumbnail of 20 pixels. */
const tolerances = { 'CMYK JPEG': 4, 'turned JPEG': 5 };
// Lossy WebP is written by another encoder than sharp's.
const extra = (name, format) => ({ tolerance: (tolerances[name] ?? 2.5) + (format === 'webp' ? 3.5 : 0), sizeRatio: 1.2 });
/** Dithering never agrees, AVIF is coded by another encoder, and only ours writes EXIF into a TIFF, of 16 pixels here. */
const otherwise = { tiff: { sizeRatio: 1.7 }, avif: { sizeRatio: 2 }, gif: { afar: 8, tolerance: 6, sizeRatio: 2 } };
const iptcWhole = { differs: 'The IPTC block of a TIFF is kept whole.' };
const keepsIptc = (name, list, format) =>
  ['jpeg', 'tiff'].includes(name) && format === 'tiff' && list.some(([method]) => /^(keep|with)Metadata$/.test(method)) ? iptcWhole : {};
const profiles = ['icc-p3.jpg', 'icc-p3.png', 'icc-p3.webp', 'icc-p3.tif', 'gamma.png', 'rgb-16.png', 'lab-16.tif', 'grey-16.png'];
const profileCalls = {
  converted: [['png']],
  kept: [['keepIccProfile'], ['png']],
  'to P3': [['withIccProfile', 'p3'], ['png']],
  'to sRGB': [['withIccProfile', 'srgb'], ['png']],
  'to grey': [['greyscale'], ['keepIccProfile'], ['png']],
  'to 16 bits': [['toColourspace', 'rgb16'], ['png']],
  'to 16 bits in P3': [['toColourspace', 'rgb16'], ['withIccProfile', 'p3'], ['png']]
};

module.exports = [
  ...Object.entries(blocks).map(([name, value]) => [`all blocks of ${name}`, { value }, [], { to: 'metadata' }]),
  ['XMP that ends in a zero', { value: xmpWithEnd }, [], { to: 'metadata' }],
  ...Object.entries(plain).flatMap(([name, value]) =>
    Object.entries(calls).flatMap(([called, list]) =>
      formats.map(format => [`${name}, ${called}, to ${format}`, { value }, [...list, [format, options[format] ?? {}]], extra(name, format)]))),
  ...Object.entries(blocks).flatMap(([name, value]) =>
    Object.entries(calls).flatMap(([called, list]) =>
      others.map(format => [`${name}, ${called}, to ${format}`, { value }, [['resize', 16], ...list, [format, options[format]]], { ...otherwise[format], ...keepsIptc(name, list, format) }]))),
  ...profiles.flatMap(name =>
    Object.entries(profileCalls).flatMap(([called, list]) =>
      [false, true].map(ignoreIcc => [`${name} ${called}${ignoreIcc ? ', ignoreIcc' : ''}`, name, list, { open: { ignoreIcc }, tolerance: 1.5, sizeRatio: 1.3 }]))),
  ...['pages.tif', 'pages.avif'].flatMap(name =>
    ['webp', 'gif'].map(format => [`${name} as an animation in ${format}`, name, [[format, options[format]]], { open: { animated: true }, sizeRatio: 1.3, ...otherwise[format] }])),
  ...[1, 2, 3, 5, 6, 8].flatMap(orientation => [
    [`orientation ${orientation} after autoOrient`, `orientation-${orientation}.jpg`, [['autoOrient'], ['keepMetadata'], ['jpeg']]],
    [`orientation ${orientation} after rotate()`, `orientation-${orientation}.jpg`, [['rotate'], ['withMetadata'], ['webp']]]
  ]),
  ['many comments', { value: withChunks(fixture('rgb-8.png'), ...Array.from({ length: 12 }, (_, at) => ['tEXt', Buffer.from(`k${at}\0v${at}`)])) }, [['keepMetadata'], ['png']]],
  ['compressed and international text', { value: withChunks(fixture('rgb-8.png'), ['iTXt', Buffer.from('Title\0\0\0de\0Titel\0Größe')], ['zTXt', Buffer.concat([Buffer.from('Long\0\0'), require('node:zlib').deflateSync('x'.repeat(300))])]) }, [], { to: 'metadata' }],
  ['profile that is none', { value: withSegments(fixture('baseline.jpg'), [0xe2, Buffer.from('ICC_PROFILE\0\x01\x01nonsense')]) }, [['keepMetadata'], ['jpeg']]],
  ['XMP that is no UTF-8', { value: withSegments(fixture('baseline.jpg'), [0xe1, Buffer.from('http://ns.adobe.com/xap/1.0/\0<a>\xff\xfe</a>', 'latin1')]) }, [], { to: 'metadata' }],
  ['EXIF of six bytes', { value: withSegments(fixture('baseline.jpg'), [0xe1, Buffer.from('Exif\0\0')]) }, [['keepMetadata'], ['jpeg']]],
  ...[1, 8, 9, 13, 30, 60, 200, 400].map(length => [`EXIF cut after ${length}`, { value: withSegments(fixture('baseline.jpg'), [0xe1, rich.subarray(0, 6 + length)]) }, [], { to: 'metadata' }]),
  ...[1, 8, 40, 127, 128, 140, 300].map(length => {
    const icc = fixture('icc-p3.jpg');
    const at = icc.indexOf('ICC_PROFILE');
    return [`profile cut after ${length}`, { value: withSegments(fixture('444.jpg'), [0xe2, icc.subarray(at, at + 14 + length)]) }, [['png']]];
  })
];
