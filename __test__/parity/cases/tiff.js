// name, input, calls, extra
const fs = require('node:fs');
const path = require('node:path');

const png = ['png'];
const fixtures = fs.readdirSync(path.join(__dirname, '..', '..', 'fixtures')).filter(name => /\.tif$/.test(name)).sort();
const tiff = (options, ...before) => [...before, ['tiff', options]];
const grey = ['toColourspace', 'b-w'];
const lossless = { tolerance: 0 };

/** Where sharp cannot, or is wrong. */
const more = { differs: 'TIFF files with planes in tiles, luma and chroma in blocks, or a zstd compression are read and written' };
const blurredCodes = { differs: 'is blurred in 16 bits of sRGB' };
const depths = { differs: 'TIFF files with samples of any number of bits' };
const depthOf = /^(rgb-planar-tile|ycbcr|zstd)/;
const special = name => {
  if (depthOf.test(name)) return more;
  if (/^rgb-4/.test(name)) return depths;
  // The PNG encoder's guess at filters costs bytes in black and white.
  if (/^fax/.test(name)) return { ...lossless, sizeRatio: 1.5 };
  return /cmyk|lab|float|ycbcr|jpeg|webp|icc/.test(name) ? { tolerance: 2 } : lossless;
};
const elsewhere = { differs: 'An error about a damaged TIFF names the row at which lancet noticed it' };
const iptc = { differs: 'The IPTC block of a TIFF is kept whole' };
/** Damage leaves nothing of the strips behind it; what is left of the damaged one is not the same. */
const damaged = fixtures.filter(name => /^(corrupt|truncated)/.test(name));
const whole = fixtures.filter(name => !damaged.includes(name));

module.exports = [
  ...fixtures.map(name => [`metadata of ${name}`, name, [], { to: 'metadata', ...(/^ycbcr/.test(name) ? more : /^rgb-4/.test(name) ? depths : {}) }]),
  ...whole.map(name => [`pixels of ${name}`, name, [png], special(name)]),
  ...whole.filter(name => /strips|tile|planar/.test(name) && !depthOf.test(name)).map(name => [`path of ${name}`, { path: name }, [['resize', 20], png], { tolerance: 2 }]),
  ...damaged.flatMap(name => ['error', 'warning'].map(failOn => [`${name}, failOn ${failOn}`, name, [png], { open: { failOn }, ...(/deflate/.test(name) ? elsewhere : {}) }])),
  ...damaged.flatMap(name => ['none', 'truncated'].map(failOn => [`${name}, failOn ${failOn}`, name, [['resize', 6], png], { open: { failOn }, tolerance: 60 }])),
  ['a path that is cut off', { path: 'truncated.tif' }, [png]],

  ['all pages', 'pages.tif', [png], { open: { animated: true } }],
  ['all pages, metadata', 'pages.tif', [], { to: 'metadata', open: { pages: -1 } }],
  ['all pages as WebP', 'pages.tif', [['webp', { lossless: true }]], { open: { animated: true }, sizeRatio: 1.2 }],
  ['two pages as GIF', 'pages.tif', [['gif']], { open: { pages: 2 }, afar: 4, tolerance: 3, sizeRatio: 1.2 }],
  ['second page', 'pages.tif', [png], { open: { page: 1 } }],
  ['second and third page', 'pages.tif', [png], { open: { page: 1, pages: 2 } }],
  ['second page and all that follow, metadata', 'pages.tif', [], { to: 'metadata', open: { page: 1, pages: -1 } }],
  ['a page that is not there', 'pages.tif', [png], { open: { page: 3 } }],
  ['more pages than there are', 'pages.tif', [png], { open: { page: 1, pages: 5 } }],
  ['pages that differ', 'pages-differ.tif', [png], { open: { pages: -1 } }],
  ['one of pages that differ', 'pages-differ.tif', [png], { open: { page: 1 } }],
  ...['gif', 'webp'].map(format => [`pages as ${format} go round for ever`, 'pages.tif', [[format]], { open: { pages: -1 }, afar: 8, sizeRatio: 1.1 }]),
  ['pages, resized', 'pages.tif', [['resize', 20], png], { open: { animated: true } }],
  ['metadata of 16 bits of L*a*b*', 'lab-16.tif', [], { to: 'metadata' }],
  ...['rgb-float.tif', 'grey-float.tif', 'lab-16.tif'].flatMap(name => [
    [`${name} resized`, name, [['resize', 20], png], { tolerance: 2 }],
    [`${name} cut and turned`, name, [['rotate', 90], ['extract', { left: 1, top: 2, width: 9, height: 8 }], png], { tolerance: 2 }],
    [`${name} blurred`, name, [['blur', 2], png], /^lab/.test(name) ? blurredCodes : { tolerance: 2 }],
    [`${name} trimmed`, name, [['trim'], png], { tolerance: 2 }],
    [`${name} raw`, name, [['raw']], { tolerance: 2 }],
    [`${name} as L*a*b*`, name, tiff({ compression: 'lzw' }, ['toColourspace', 'lab']), { tolerance: 2, sizeRatio: 1.6 }]
  ]),
  ...['rgb-8.png', 'rgba-8.png'].flatMap(name => ['rgb16', 'scrgb', 'lab', 'labs', 'yxy', 'lch', 'cmc', 'oklab', 'oklch', 'hsv', 'grey16'].flatMap(space => [
    [`${name} in ${space}`, name, tiff({ compression: 'lzw' }, ['toColourspace', space]), { tolerance: 2, sizeRatio: 1.2 }],
    [`${name} in ${space} by floating point`, name, tiff({ compression: 'deflate', predictor: 'float' }, ['toColourspace', space]), { tolerance: 2, sizeRatio: 1.2 }]
  ])),
  ['pyramid of light', 'photo.png', tiff({ compression: 'deflate', pyramid: true, tileWidth: 64, tileHeight: 64 }, ['toColourspace', 'scrgb']), { sizeRatio: 1.2 }],
  ['light as XYZ', 'rgb-8.png', tiff({ compression: 'lzw' }, ['toColourspace', 'xyz']), { differs: "A TIFF file of `toColourspace('xyz')` is one of sRGB" }],
  ['JPEG of light', 'photo.png', tiff({}, ['toColourspace', 'scrgb'])],
  ['JPEG of L*a*b*', 'photo.png', tiff({}, ['toColourspace', 'lab'])],
  ['pages to pages', 'pages.tif', tiff({ compression: 'lzw' }), { open: { animated: true }, ...lossless }],
  ['first sub-directory', 'subifd.tif', [png], { open: { tiff: { subifd: 0 } } }],
  ['second sub-directory, metadata', 'subifd.tif', [], { to: 'metadata', open: { subifd: 1 } }],
  ['a sub-directory that is not there', 'subifd.tif', [png], { open: { subifd: 2 } }],
  ['a sub-directory where there are none', 'grey-2.tif', [png], { open: { subifd: 0 } }],
  ['no sub-directory', 'subifd.tif', [png], { open: { subifd: -1 } }],
  ['limitInputPixels', 'rgb-tile.tif', [png], { open: { limitInputPixels: 100 } }],
  ['limitInputChannels', 'cmyk.tif', [png], { open: { limitInputChannels: 3 } }],
  ['auto-orient', 'metadata.tif', [['autoOrient'], png]],
  ['extract', 'rgb-strips.tif', [['extract', { left: 3, top: 12, width: 20, height: 9 }], png]],
  ['extract from tiles', 'rgb-tile.tif', [['extract', { left: 3, top: 12, width: 20, height: 9 }], png]],
  ['16 bits stay', 'rgba-16.tif', [['toColourspace', 'rgb16'], png]],
  ['the input format', 'rgb-strips.tif', [['resize', 20]]],

  ...['none', 'deflate', 'packbits', 'lzw'].flatMap(compression => [
    [`${compression}`, 'photo.png', tiff({ compression }), { ...lossless, sizeRatio: 1.05 }],
    [`${compression}, alpha`, 'cutout.png', tiff({ compression }), { ...lossless, sizeRatio: 1.05 }],
    [`${compression}, tiles`, 'cutout.png', tiff({ compression, tile: true, tileWidth: 64, tileHeight: 32 }), { ...lossless, sizeRatio: 1.1 }],
    [`${compression}, 16 bits`, 'rgba-16.png', tiff({ compression }, ['toColourspace', 'rgb16']), { ...lossless, sizeRatio: 1.05 }],
    [`${compression}, grey`, 'grey-8.png', tiff({ compression }, grey), { ...lossless, sizeRatio: 1.05 }],
    [`${compression}, BigTIFF`, 'rgb-8.png', tiff({ compression, bigtiff: true }), { ...lossless, sizeRatio: 1.05 }]
  ]),
  ['deflate without a predictor', 'photo.png', tiff({ compression: 'deflate', predictor: 'none' }), { ...lossless, sizeRatio: 1.05 }],
  ['LZW without a predictor', 'photo.png', tiff({ compression: 'lzw', predictor: 'none' }), { ...lossless, sizeRatio: 1.05 }],
  ['floating point', 'rgb-8.png', tiff({ compression: 'deflate', predictor: 'float' }), { tolerance: 1, sizeRatio: 1.05 }],
  ['floating point without compression', 'rgb-8.png', tiff({ compression: 'none', predictor: 'float' }), { tolerance: 1 }],
  ...[20, 50, 80, 89, 90, 100].map(quality => [`JPEG quality ${quality}`, 'photo.png', tiff({ quality })]),
  ['JPEG of alpha', 'cutout.png', tiff({})],
  ['JPEG of grey', 'photo.png', tiff({}, grey)],
  ['JPEG of grey and alpha', 'grey-alpha-8.png', tiff({}, grey)],
  ['JPEG of 16 bits', 'rgb-16.png', tiff({}, ['toColourspace', 'rgb16'])],
  ['JPEG of inks', 'cmyk.jpg', tiff({}, ['toColourspace', 'cmyk'])],
  ['JPEG in tiles', 'photo.png', tiff({ tile: true, tileWidth: 64, tileHeight: 64 })],
  ['JPEG in strips', 'photo.png', tiff({ tileHeight: 32 }), { sizeRatio: 1.1 }],
  ['WebP', 'photo.png', tiff({ compression: 'webp' }), { tolerance: 5, sizeRatio: 1.1 }],
  ['WebP, alpha', 'cutout.png', tiff({ compression: 'webp', quality: 60 }), { differs: 'Transparent pixels of lossy WebP get other colours, unless `exact` is set' }],
  ['pyramid', 'large.jpg', tiff({ compression: 'jpeg', pyramid: true })],
  ['pyramid of small tiles', 'baseline.jpg', tiff({ compression: 'deflate', pyramid: true, tileWidth: 64, tileHeight: 64 }), { sizeRatio: 1.1 }],
  ['pyramid, alpha', 'cutout.png', tiff({ compression: 'lzw', pyramid: true, tileWidth: 64, tileHeight: 64 }), { ...lossless, sizeRatio: 1.1 }],
  ['tiles of a wrong size', 'photo.png', tiff({ compression: 'lzw', tile: true, tileWidth: 100 })],
  ...[1, 2, 4].flatMap(bitdepth => [
    [`${bitdepth} bits`, 'photo.png', tiff({ compression: 'none', bitdepth }, grey), { tolerance: 0.5 }],
    [`${bitdepth} bits with a predictor`, 'photo.png', tiff({ compression: 'lzw', bitdepth }, grey)],
    [`${bitdepth} bits without a predictor`, 'photo.png', tiff({ compression: 'deflate', predictor: 'none', bitdepth }, grey), { tolerance: 0.5, sizeRatio: 1.05 }],
    [`${bitdepth} bits of colour`, 'rgb-8.png', tiff({ compression: 'none', bitdepth }), lossless],
    [`${bitdepth} bits, white is 0`, 'grey-8.png', tiff({ compression: 'none', bitdepth, miniswhite: true }, grey), { tolerance: 1 }]
  ]),
  ['white is 0', 'grey-8.png', tiff({ compression: 'lzw', miniswhite: true }, grey), lossless],
  ['white is 0, colour', 'rgb-8.png', tiff({ compression: 'lzw', miniswhite: true }), lossless],
  ['Group 4', 'photo.png', tiff({ compression: 'ccittfax4', bitdepth: 1 }, grey), lossless],
  ['Group 4, white is 0', 'photo.png', tiff({ compression: 'ccittfax4', bitdepth: 1, miniswhite: true }, grey), lossless],
  ['Group 4 of 8 bits', 'photo.png', tiff({ compression: 'ccittfax4' }, grey)],
  ['JPEG 2000', 'photo.png', tiff({ compression: 'jp2k' })],
  ['zstd', 'photo.png', tiff({ compression: 'zstd' }), more],
  ['density', 'photo.png', tiff({ compression: 'deflate', xres: 10, yres: 20.5 }), { sizeRatio: 1.05 }],
  ['density in cm', 'photo.png', tiff({ compression: 'deflate', xres: 10, yres: 20.5, resolutionUnit: 'cm' }), { sizeRatio: 1.05 }],
  ['withDensity', 'rgb-8.png', tiff({ compression: 'deflate' }, ['withDensity', 150]), { sizeRatio: 1.05 }],
  ['density of the input', 'density.png', tiff({ compression: 'deflate' }, ['keepMetadata']), { sizeRatio: 1.05 }],
  ['withMetadata', 'exif-rich.jpg', tiff({ compression: 'deflate' }, ['withMetadata', { orientation: 3 }]), { sizeRatio: 1.05 }],
  ['the orientation of the input', 'orientation-6.jpg', tiff({ compression: 'deflate' }), { sizeRatio: 1.05 }],
  ['the orientation that was applied', 'orientation-6.jpg', tiff({ compression: 'deflate' }, ['autoOrient']), { sizeRatio: 1.05 }],
  ['withXmp', 'rgb-8.png', tiff({ compression: 'deflate' }, ['withXmp', '<x/>']), { sizeRatio: 1.05 }],
  ['keepIccProfile', 'icc-p3.jpg', tiff({ compression: 'deflate' }, ['keepIccProfile']), { sizeRatio: 1.07 }],
  ['keepMetadata', 'metadata.tif', tiff({ compression: 'deflate' }, ['keepMetadata']), { ...iptc, sizeRatio: 1.05 }],
  ['CMYK', 'cmyk.jpg', tiff({ compression: 'deflate' }), { tolerance: 2, sizeRatio: 1.1 }],
  ['animation', 'animated.webp', tiff({ compression: 'deflate' }), { open: { animated: true }, sizeRatio: 1.1 }],
  ['animation as JPEG', 'animated.webp', tiff({}), { open: { animated: true }, sizeRatio: 1.1 }],
  ['animation in tiles', 'animated.webp', tiff({ compression: 'lzw', tile: true, tileWidth: 32, tileHeight: 32 }), { open: { animated: true }, sizeRatio: 1.1 }],
  ['two pixels', 'two-pixels.png', tiff({ compression: 'lzw' }), lossless],
  ['two pixels as JPEG', 'two-pixels.png', tiff({})],
  ['to a file', 'rgb-8.png', tiff({ compression: 'lzw' }), { to: '.tiff', ...lossless }],
  ['by a file name', 'rgb-8.png', [], { to: '.tif' }],
  ['toFormat tif', 'rgb-8.png', [['toFormat', 'tif', { compression: 'lzw' }]], lossless],
  ['force false', 'rgb-8.png', tiff({ force: false })],
  ...[
    ['quality', 0], ['quality', 'zoinks'], ['bitdepth', 3], ['bitdepth', 8], ['tile', 'yes'], ['tileWidth', 0], ['tileHeight', 40000], ['miniswhite', 1], ['pyramid', 'true'],
    ['xres', 0], ['xres', '1'], ['yres', -1], ['compression', 'zoinks'], ['compression', 0], ['bigtiff', 'true'], ['predictor', 'zoinks'], ['resolutionUnit', 'mm']
  ].map(([name, value]) => [`${name} ${value}`, 'rgb-8.png', tiff({ [name]: value })])
];
