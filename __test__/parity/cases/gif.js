// name, input, calls, extra
const animated = { animated: true };
const half = ['resize', 24];
const png = ['png'];
const webp = ['webp', { lossless: true }];
// Two palettes and their dithering agree in the means of squares only.
const palettes = { afar: 4, tolerance: 3, sizeRatio: 1.1 };
const few = { afar: 4, tolerance: 8, sizeRatio: 1.1 };
const palette = { differs: 'keeps the palette of its input only as far as it fits the colours' };
// Small images of few colours are where a wrong guess at filters would cost most bytes.
const filtered = { sizeRatio: 1.05 };
const layouts = ['part', 'beyond', 'local-palette', 'animated', ...[1, 2, 3, 4, 5].flatMap(way => [`dispose-${way}`, `dispose-${way}-transparent`])];

module.exports = [
  ...layouts.flatMap(name => [
    [`${name}, all frames`, `${name}.gif`, [png], { open: animated, tolerance: 0, ...filtered }],
    [`${name}, metadata of all frames`, `${name}.gif`, [], { open: animated, to: 'metadata' }],
    [`${name}, second frame`, `${name}.gif`, [png], { open: { page: 1 }, tolerance: 0, ...filtered }],
    [`${name}, to GIF`, `${name}.gif`, [['gif']], { open: animated, tolerance: name === 'animated' ? 2.5 : 0, ...(name === 'part' ? palette : {}) }]
  ]),
  ['third and fourth frame', 'dispose-3.gif', [png], { open: { page: 2, pages: 2 }, tolerance: 0 }],
  ['a page that is not there', 'dispose-3.gif', [png], { open: { page: 4 } }],
  ['more pages than there are', 'dispose-3.gif', [png], { open: { page: 1, pages: 4 } }],
  ['path of a page that is not there', { path: 'dispose-3.gif' }, [png], { open: { page: 4 } }],
  ['all frames of a cut file', 'truncated-second.gif', [png], { open: animated, tolerance: 0 }],
  ...['still', 'interlaced', 'transparent', 'no-palette', 'screen', 'comment'].map(name => [`${name}, to GIF`, `${name}.gif`, [['gif']], { tolerance: 0, ...(name === 'screen' ? palette : {}) }]),

  ['GIF of a photo', 'photo.png', [['gif']], palettes],
  ['GIF of alpha', 'cutout.png', [['gif']], palettes],
  ['GIF of a grey picture', 'grey-8.png', [['gif']], palettes],
  ['GIF of 16 bit', 'rgb-16.png', [['gif']], palettes],
  ['GIF of CMYK', 'cmyk.jpg', [['gif']], palettes],
  ['GIF of one colour', 'flat.png', [['gif']], { tolerance: 0 }],
  ['GIF of two pixels', 'two-pixels.png', [['gif']]],
  ['GIF by name', 'photo.png', [['toFormat', 'gif']], palettes],
  ['GIF by file name', 'photo.png', [], { to: '.gif', ...palettes }],
  ['GIF, progressive', 'photo.png', [['gif', { progressive: true }]], { ...palettes, sizeRatio: 1.15 }],
  ...[1, 4, 10].map(effort => [`GIF, effort ${effort}`, 'photo.png', [['gif', { effort }]], palettes]),
  ...[2, 3, 4, 16, 17, 64, 256].map(colours => [`GIF, ${colours} colours`, 'photo.png', [['gif', { colours }]], few]),
  ['GIF, 16 colors', 'photo.png', [['gif', { colors: 16 }]], few],
  ...[0, 0.3].map(dither => [`GIF, dither ${dither}`, 'photo.png', [['gif', { dither }]], palettes]),
  ['GIF keeps no metadata', 'exif-rich.jpg', [['keepMetadata'], ['gif']], palettes],
  ['GIF, not forced', 'photo.png', [['gif', { force: false }]], { tolerance: 0 }],

  ['resized', 'animated.gif', [half, ['gif']], { open: animated, ...palettes }],
  ['resized, palette not reused', 'animated.gif', [half, ['gif', { reuse: false }]], { open: animated, ...palettes }],
  ['one palette for all frames', 'animated.gif', [half, ['gif', { reuse: false, interPaletteMaxError: 256 }]], { open: animated, ...few, tolerance: 40 }],
  ['palettes of their own', 'animated.webp', [['gif', { interPaletteMaxError: 0 }]], { open: animated, ...palettes }],
  ['frames alike', 'dispose-1.gif', [['gif', { interFrameMaxError: 8 }]], { open: animated, tolerance: 0 }],
  ['loop', 'animated.gif', [['gif', { loop: 7 }]], { open: animated }],
  ['loop once', 'animated.gif', [['gif', { loop: 1 }]], { open: animated }],
  ['loop for ever', 'animated.gif', [['gif', { loop: 0 }]], { open: animated }],
  ['most loops', 'animated.gif', [['gif', { loop: 65535 }]], { open: animated }],
  ['one delay', 'animated.gif', [['gif', { delay: 250 }]], { open: animated }],
  ['short delays', 'animated.gif', [['gif', { delay: [4, 5, 16] }]], { open: animated }],
  ['delay of nothing', 'animated.gif', [['gif', { delay: 0 }]], { open: animated }],
  ['too few delays', 'animated.gif', [['gif', { delay: [50, 70] }]], { open: animated }],
  ['too many delays', 'animated.gif', [['gif', { delay: [50, 70, 90, 110] }]], { open: animated }],
  ['loop and delay of a still picture', 'still.gif', [['gif', { loop: 3, delay: 120 }]], { tolerance: 0 }],
  ['duplicate frames', undefined, [['gif', { delay: [100, 200, 300] }]], { open: { create: { width: 20, height: 60, channels: 3, background: 'teal', pageHeight: 20 } }, tolerance: 0 }],
  ['duplicate frames, kept', undefined, [['gif', { keepDuplicateFrames: true, delay: [100, 200, 300] }]], { open: { create: { width: 20, height: 60, channels: 3, background: 'teal', pageHeight: 20 } }, tolerance: 0 }],

  ['GIF to WebP', 'animated.gif', [webp], { open: animated, tolerance: 0, sizeRatio: 1.1 }],
  ['transparent GIF to WebP', 'dispose-2-transparent.gif', [webp], { open: animated, tolerance: 0, sizeRatio: 1.1 }],
  ['WebP to GIF', 'animated.webp', [['gif']], { open: animated, ...palettes }],
  ['second page of WebP to GIF', 'animated.webp', [['gif']], { open: { page: 1 }, ...palettes }],
  ['first frame to JPEG', 'animated.gif', [['jpeg']]],
  ['all frames to JPEG', 'animated.gif', [['jpeg']], { open: animated }],
  ['all frames to PNG', 'animated.gif', [png], { open: animated, tolerance: 0, ...filtered }],
  ['cropped', 'animated.gif', [['extract', { left: 5, top: 6, width: 20, height: 10 }], png], { open: animated, tolerance: 0 }],
  ['cover', 'animated.gif', [['resize', 20, 20], png], { open: animated }],
  ['contain', 'animated.gif', [['resize', { width: 40, height: 40, fit: 'contain', background: '#0000' }], png], { open: animated }],
  ['extended', 'animated.gif', [['extend', { top: 3, left: 2, right: 1, bottom: 4, background: 'red' }], png], { open: animated }],
  ['composited', 'animated.gif', [['composite', [{ input: { create: { width: 10, height: 10, channels: 4, background: '#f008' } } }]], png], { open: animated, ...filtered }],
  ['flipped', 'animated.gif', [['flop'], png], { open: animated, tolerance: 0, ...filtered }],
  ['turned', 'animated.gif', [['rotate', 90], png], { open: animated, differs: 'Every operation works on each frame of an animation' }],
  ['raw', 'animated.gif', [['raw']], { open: animated, tolerance: 0 }],

  ...[
    { reuse: 1 }, { progressive: 'yes' }, { colours: 1 }, { colours: 257 }, { colors: 2.5 }, { effort: 0 }, { effort: 11 }, { effort: 1.5 },
    { dither: -0.1 }, { dither: 1.1 }, { dither: 'x' }, { interFrameMaxError: -1 }, { interFrameMaxError: 33 }, { interPaletteMaxError: 257 },
    { interPaletteMaxError: 'x' }, { keepDuplicateFrames: -1 }, { keepDuplicateFrames: 'x' }, { loop: -1 }, { loop: 65536 }, { loop: 1.5 },
    { delay: -1 }, { delay: 65536 }, { delay: [] }, { delay: [1.5] }, { delay: 'x' }, { delay: [0, 65536] }, { force: 1 }
  ].map(options => [`gif(${JSON.stringify(options)})`, 'still.gif', [['gif', options]], { tolerance: 0 }])
];
