// name, input, calls, extra
const small = ['resize', 60];
const damaged = 'An error about a HEIF file says in one line what is wrong with it.';
// Another encoder: as like the original at the same quality, less alike each other.
const encoded = { tolerance: 7, sizeRatio: 1.6 };

/** Pixels as they are, for what is read. */
const read = (name, input = `${name}.avif`, extra = {}) => [`AVIF in: ${name}`, input, [['png']], { tolerance: 1, ...extra }];

module.exports = [
  ...['lossy', '420', 'alpha', 'lossless', 'metadata', 'mono', 'irot-1', 'imir-0', 'imir-1', 'turned', 'turned-2', 'clap', 'clap-irot', 'alpha-irot', 'grid', 'grid-profile',
    'pages', 'primary-second', 'extents', 'inline', 'limited-range', 'bt709', 'unknown-essential', 'exif', '10', '12', '420-12', 'alpha-10'].map(name => read(name)),
  ...['10', '12', '420-12', 'alpha-10'].map(name => [`AVIF in: ${name} at 16 bits`, `${name}.avif`, [['toColourspace', 'rgb16'], ['raw', { depth: 'ushort' }]], { tolerance: 1 }]),
  read('premultiplied', undefined, { differs: 'Colours that a HEIF file has premultiplied are unpremultiplied.' }),
  ...['lossy', '420', 'alpha', '10', '12', 'mono', 'grid', 'grid-profile', 'metadata', 'exif', 'pages', 'primary-second', 'hevc', 'hevc-10', 'clap-irot', 'turned', 'huge-size'].map(name => [
    `AVIF metadata: ${name}`, `${name}.avif`, [], { to: 'metadata' }]),
  ['AVIF metadata of all pages', 'pages.avif', [], { to: 'metadata', open: { pages: -1 } }],
  ['AVIF metadata of a path', { path: 'alpha.avif' }, [], { to: 'metadata' }],
  ['AVIF all pages', 'pages.avif', [['png']], { open: { pages: -1 } }],
  ['AVIF second page', 'pages.avif', [['png']], { open: { page: 1 } }],
  ['AVIF first page where the second is primary', 'primary-second.avif', [['png']], { open: { page: 0 } }],
  ['AVIF limitInputPixels', 'lossy.avif', [['png']], { open: { limitInputPixels: 269 * 181 - 1 } }],
  ['AVIF of a path resized', { path: 'grid.avif' }, [small, ['png']]],
  ['AVIF autoOrient', 'metadata.avif', [['autoOrient'], small, ['png']]],
  ['AVIF in and out', 'lossy.avif', [small], encoded],
  ...['beyond', 'grid-short', 'truncated', 'wrong-size', 'hevc'].map(name => [`AVIF damaged: ${name}`, `${name}.avif`, [['png']], { differs: damaged }]),
  ...['grid-of-itself', 'no-config', 'no-primary', 'no-size', 'truncated-header'].map(name => [`AVIF damaged: ${name}`, `${name}.avif`, [], { to: 'metadata', differs: damaged }]),
  ['AVIF sequence', 'sequence.avif', [], { to: 'metadata' }],
  ['AVIF corrupt', 'corrupt.avif', [['png']], { differs: 'An AVIF image with damaged bits is shown as far as it can be decoded.' }],

  ['AVIF', 'photo.png', [['avif']], encoded],
  ...[1, 20, 35, 65, 80, 95, 100].map(quality => [`AVIF quality ${quality}`, 'photo.png', [['avif', { quality }]], { ...encoded, tolerance: quality < 30 ? 9 : 7 }]),
  ['AVIF lossless', 'rgb-8.png', [['avif', { lossless: true }]], { tolerance: 0, sizeRatio: 1.1 }],
  ['AVIF lossless, alpha', 'rgba-8.png', [['avif', { lossless: true }]], { tolerance: 0, sizeRatio: 1.1 }],
  ['AVIF lossless, 10 bit', 'rgb-8.png', [['avif', { lossless: true, bitdepth: 10 }]], { tolerance: 0, sizeRatio: 1.1 }],
  ['AVIF lossless, 12 bit of 16', 'rgb-16.png', [['toColourspace', 'rgb16'], ['avif', { lossless: true, bitdepth: 12 }]], { tolerance: 0, sizeRatio: 1.1 }],
  ['AVIF lossless of tune iq', 'rgb-8.png', [['avif', { lossless: true, tune: 'iq' }]], { tolerance: 0, sizeRatio: 1.1 }],
  ['AVIF 4:2:0', 'photo.png', [['avif', { chromaSubsampling: '4:2:0' }]], encoded],
  ['AVIF 4:2:0 of odd sides', 'rgb-8.png', [['avif', { chromaSubsampling: '4:2:0', quality: 90 }]], encoded],
  ['AVIF 4:2:0 lossless', 'rgb-8.png', [['avif', { chromaSubsampling: '4:2:0', lossless: true }]], { tolerance: 0, sizeRatio: 1.1 }],
  ...[10, 12].map(bitdepth => [`AVIF ${bitdepth} bit`, 'photo.png', [['avif', { bitdepth }]], encoded]),
  ['AVIF 10 bit of 16', 'rgb-16.png', [['toColourspace', 'rgb16'], ['avif', { bitdepth: 10, quality: 90 }]], encoded],
  ['AVIF 8 bit of 16', 'rgb-16.png', [['toColourspace', 'rgb16'], ['avif', { quality: 90 }]], encoded],
  ...[0, 2, 9].map(effort => [`AVIF effort ${effort}`, 'photo.png', [small, ['avif', { effort }]], { ...encoded, tolerance: 8 }]),
  ...['auto', 'iq', 'psnr', 'ssim'].map(tune => [`AVIF tune ${tune}`, 'photo.png', [['avif', { tune }]], encoded]),
  ['AVIF alpha', 'cutout.png', [['avif']], encoded],
  ['AVIF alpha, 10 bit', 'cutout.png', [['avif', { bitdepth: 10 }]], encoded],
  ['AVIF of grey', 'grey-8.png', [['avif', { quality: 90 }]], encoded],
  ['AVIF of grey alone', 'photo.png', [['toColourspace', 'b-w'], ['avif', { quality: 90 }]], encoded],
  ['AVIF of one pixel', 'tiny.jpg', [['avif']], encoded],
  ['AVIF of an animation', 'animated.webp', [['avif', { quality: 90 }]], { ...encoded, open: { animated: true } }],
  ['AVIF of P3', 'icc-p3.jpg', [['keepIccProfile'], ['avif', { quality: 90 }]], encoded],
  ['AVIF withMetadata', 'orientation-6.jpg', [small, ['withMetadata'], ['avif', { quality: 90 }]], encoded],
  ['AVIF withXmp', 'rgb-8.png', [['withXmp', '<x/>'], ['avif', { quality: 90 }]], encoded],
  ...[2, 3, 4, 5, 6, 7, 8].map(orientation => [`AVIF of orientation ${orientation}`, `orientation-${orientation}.jpg`, [small, ['keepExif'], ['avif', { quality: 90 }]], encoded]),
  ['AVIF of orientation 6 without EXIF', 'orientation-6.jpg', [small, ['avif', { quality: 90 }]], encoded],
  ['AVIF autoOrient out', 'orientation-6.jpg', [['autoOrient'], small, ['avif', { quality: 90 }]], encoded],
  ['AVIF toFormat', 'photo.png', [small, ['toFormat', 'avif', { quality: 90 }]], encoded],
  ['AVIF to a file', 'photo.png', [small], { ...encoded, to: '.avif' }],
  ['HEIF to a file', 'photo.png', [small], { ...encoded, to: '.heif' }],
  ['HEIC to a file', 'photo.png', [small], { ...encoded, to: '.heic' }],
  ['HEIF with AV1', 'photo.png', [small, ['heif', { compression: 'av1', quality: 90 }]], encoded],
  ['HEIF with HEVC', 'photo.png', [small, ['heif', { compression: 'hevc' }]]],
  ['AVIF too wide', undefined, [['avif']], { open: { create: { width: 16385, height: 1, channels: 3, background: 'red' } } }],
  ['AVIF not forced', 'photo.png', [small, ['avif', { force: false }]], { tolerance: 1 }],
  ...[
    ['quality', 0], ['quality', 101], ['quality', 1.5], ['lossless', 1], ['effort', -1], ['effort', 10], ['chromaSubsampling', '4:2:2'],
    ['bitdepth', 9], ['bitdepth', '10'], ['tune', 'vmaf'], ['tune', 1]
  ].map(([name, value]) => [`AVIF ${name} ${JSON.stringify(value)}`, 'photo.png', [['avif', { [name]: value }]]]),
  ['HEIF without options', 'photo.png', [['heif']]],
  ['HEIF without compression', 'photo.png', [['heif', {}]]],
  ['HEIF of another compression', 'photo.png', [['heif', { compression: 'vvc' }]]],
  ['AVIF null', 'photo.png', [small, ['avif', null]], encoded]
];
