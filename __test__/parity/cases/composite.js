// name, input, calls, extra
const { bytes } = require('../run');
const png = ['png'];
/** Neighbourhood operations. */
const near = { tolerance: 2, sizeRatio: 1.2 };
const interpolators = ['nearest', 'bilinear', 'bicubic', 'lbb', 'nohalo', 'vsqbs'];
const exact = { tolerance: 0 };
const bases = ['grey-8.png', 'rgb-8.png', 'rgba-8.png', 'rgb-16.png', 'baseline.jpg', 'cutout.png', 'photo.png'];
const modes = [
  'clear', 'source', 'over', 'in', 'out', 'atop', 'dest', 'dest-over', 'dest-in', 'dest-out', 'dest-atop', 'xor', 'add', 'saturate', 'multiply',
  'screen', 'overlay', 'darken', 'lighten', 'colour-dodge', 'color-dodge', 'colour-burn', 'color-burn', 'hard-light', 'soft-light', 'difference',
  'exclusion'
];
const gravities = ['north', 'northeast', 'east', 'southeast', 'south', 'southwest', 'west', 'northwest', 'centre'];

/** Raw RGBA in which every channel runs through all values at its own pace. */
const gradient = (width, height) => {
  const data = Buffer.alloc(width * height * 4);
  for (let at = 0; at < width * height; at++) data.set([at * 7, at * 3 + 40, 255 - at * 5, at * 11], at * 4);
  return { input: data, raw: { width, height, channels: 4 } };
};
const watermark = alpha => ({ input: Buffer.from([255, 255, 255, alpha]), raw: { width: 1, height: 1, channels: 4 }, tile: true, blend: 'dest-in' });
const colour = (width, height, background) => ({ input: { create: { width, height, channels: 4, background } } });
/** sharp clears colours that no alpha shows in those of its tiles that an overlay touches: they are compared as they are seen. */
const seen = input => (input === 'cutout.png' ? { afar: 1 } : {});
/** Opaque, where blend modes have one meaning. */
const opaque = (width, height) => {
  const { input, raw } = gradient(width, height);
  return { input: input.map((value, at) => (at % 4 === 3 ? 255 : value)), raw };
};
/** Of translucent pixels sharp mixes colours that are multiplied by alpha. */
const differs = 'Blend modes follow the formulas of the W3C where the overlay or the image is translucent';
const separable = modes.slice(modes.indexOf('multiply'));
const soft = blend => (separable.includes(blend) || blend === 'dest-atop' ? { differs } : {});
const composite = (...images) => ['composite', images];

module.exports = [
  ...modes.flatMap(blend => [
    [`blend ${blend}`, 'rgba-8.png', [composite({ ...gradient(41, 29), blend }), png], ['atop', 'saturate'].includes(blend) ? { differs } : soft(blend)],
    [`blend ${blend} on an opaque picture`, 'photo.png', [composite({ ...gradient(113, 67), blend }), png], { sizeRatio: 1.1, ...soft(blend) }],
    [`blend ${blend} of opaque pictures`, 'photo.png', [composite({ ...opaque(113, 67), blend }), png], { sizeRatio: 1.1 }]
  ]),
  ...bases.flatMap(input => [
    [`over, ${input}`, input, [composite({ ...gradient(23, 17), left: 5, top: 3 }), png], seen(input)],
    [`watermark, ${input}`, input, [composite(watermark(102)), png], seen(input)],
    [`multiply, ${input}`, input, [composite({ ...gradient(23, 17), blend: 'multiply' }), png], { ...seen(input), differs }],
    [`two overlays, ${input}`, input, [composite(gradient(23, 17), { ...gradient(31, 9), gravity: 'south', blend: 'screen' }), png], { ...seen(input), differs }],
    [`resize and composite, ${input}`, input, [['resize', 40], composite(gradient(23, 17)), png], seen(input)],
    [`composite and greyscale output, ${input}`, input, [composite(gradient(23, 17)), ['toColourspace', 'b-w'], png], seen(input)],
    [`composite and remove alpha, ${input}`, input, [['flatten'], composite({ ...gradient(23, 17), blend: 'xor' }), ['removeAlpha'], png]]
  ]),
  ...['baseline.jpg', 'alpha.webp', 'grey-alpha-8.png', 'rgba-16.png', 'grey-16.png', 'palette-trns.png', 'exif.png'].map(name => [
    `overlay of ${name}`, 'large.jpg', [['resize', 300], composite({ input: bytes(name), left: 11, top: 7 }), png]
  ]),
  ...gravities.map(gravity => [`gravity ${gravity}`, 'photo.png', [composite({ ...gradient(22, 18), gravity }), png]]),
  ...gravities.map(gravity => [`tiles with gravity ${gravity}`, 'photo.png', [composite({ ...gradient(22, 18), gravity, tile: true }), png]]),
  ...[[0, 0], [-7, -9], [250, 170], [-100, 3], [300, 300], [-1e8, 1e8]].map(([left, top]) => [
    `offset ${left} ${top}`, 'photo.png', [composite({ ...gradient(22, 18), left, top }), png]
  ]),
  ...[[0, 0], [4, 7], [-1, 2], [500, 500]].map(([left, top]) => [
    `tiles with offset ${left} ${top}`, 'photo.png', [composite({ ...gradient(22, 18), left, top, tile: true }), png]
  ]),
  ...['in', 'dest-in', 'dest-atop', 'source', 'clear'].map(blend => [
    `${blend} leaves nothing outside`, 'photo.png', [composite({ ...gradient(22, 18), left: 9, top: -4, blend }), png], soft(blend)
  ]),
  ['premultiplied overlay', 'photo.png', [composite({ ...colour(60, 40, { r: 90, g: 20, b: 0, alpha: 0.5 }), premultiplied: true }), png]],
  ['premultiplied overlay, multiply', 'cutout.png', [
    composite({ ...colour(60, 40, { r: 90, g: 20, b: 0, alpha: 0.5 }), premultiplied: true, blend: 'multiply' }), png], { ...seen('cutout.png'), differs }],
  ['opaque overlay', 'photo.png', [composite({ input: { create: { width: 50, height: 40, channels: 3, background: '#fa0' } } }), png], exact],
  ['raw overlay of one channel', 'photo.png', [composite({ input: Buffer.alloc(200, 77), raw: { width: 20, height: 10, channels: 1 } }), png], exact],
  ['overlay that is to be turned', 'photo.png', [composite({ input: bytes('orientation-6.jpg'), autoOrient: true }), png]],
  ['overlay of the same size', 'photo.png', [composite(gradient(269, 181)), png]],
  ['overlay that is too wide', 'rgb-8.png', [composite(gradient(54, 3)), png]],
  ['overlay that is too high', 'rgb-8.png', [composite(gradient(3, 38)), png]],
  ['overlay that is too large for tiles', 'rgb-8.png', [composite({ ...gradient(54, 3), tile: true }), png]],
  ['overlay that is no picture', 'rgb-8.png', [composite({ input: Buffer.from('not a picture') }), png]],
  ['no overlays', 'rgb-8.png', [composite(), png], exact],
  ['watermark as the image handler makes it', 'cutout.png', [['resize', 90], composite(watermark(77)), png]],
  ['composite onto JPEG', 'baseline.jpg', [composite(gradient(23, 17)), ['jpeg']]],
  ['composite onto WebP', 'alpha.webp', [composite({ ...gradient(23, 17), gravity: 'southeast' }), ['webp', { lossless: true }]]],
  ['composite onto frames', 'animated.webp', [composite({ ...gradient(10, 9), tile: true }), png], { open: { animated: true } }],
  ...['rgb-8.png', 'rgba-16.png', 'grey-8.png'].flatMap(input => ['rgb16', 'scrgb'].flatMap(space => [
    ...['over', 'multiply', 'dest-in', 'soft-light'].map(blend => [`${blend} onto ${input} in ${space}`, input, [
      ['pipelineColourspace', space], composite({ ...gradient(23, 17), blend }), ['toColourspace', 'rgb16'], png], space === 'scrgb' && (blend === 'multiply' || input === 'rgb-8.png') ? {} : soft(blend)]),
    [`tiles onto ${input} in ${space}`, input, [['pipelineColourspace', space], composite({ ...gradient(10, 9), tile: true }), png]]
  ])),
  ['composite in Lab', 'rgb-8.png', [['pipelineColourspace', 'lab'], composite({ ...gradient(23, 17), tile: true }), png],
    { differs: 'A composite is made in 8-bit sRGB, or in 16 bits or linear light where `pipelineColourspace` names them' }],
  ['composite onto 16 bits', 'rgba-16.png', [composite(gradient(23, 17)), ['toColourspace', 'rgb16'], png]],
  ['composite, extend and flatten', 'rgba-8.png', [
    ['flatten', { background: '#0f0' }], ['extend', { left: 9, right: 2, background: '#f008' }], composite(gradient(23, 17)), png]],
  ...[0.5, 1, 33, 45, -30, 137.25, 390.5].map(angle => [`rotate by ${angle}`, 'photo.png', [['rotate', angle], png], near]),
  ...bases.flatMap(input => [
    [`rotate, ${input}`, input, [['rotate', 25, { background: '#f80' }], png], near],
    [`rotate on a translucent background, ${input}`, input, [['rotate', 25, { background: 'rgba(90, 40, 20, 0.5)' }], png], near],
    [`rotate on a transparent background, ${input}`, input, [['rotate', 25, { background: '#0000' }], png], near],
    [`resize and rotate, ${input}`, input, [['resize', 45], ['rotate', -50, { background: '#08f' }], png], near],
    [`rotate and resize, ${input}`, input, [['rotate', 12.5], ['resize', 45], png], near],
    ...interpolators.map(interpolator => [
      `affine, ${interpolator}, ${input}`, input, [['affine', [1.3, 0.4, -0.2, 1.1], { interpolator, background: '#28c' }], png],
      // Where alpha is nearly none, one level of it is many of the colour: colours are compared as they are seen.
      { ...near, afar: 1 }])
  ]),
  ...interpolators.flatMap(interpolator => [
    [`enlarge by affine, ${interpolator}`, 'photo.png', [['affine', [3.1, 0, 0, 2.7], { interpolator, background: 'white' }], png], near],
    [`affine by half a pixel, ${interpolator}`, 'photo.png', [['affine', [1, 0, 0, 1], { interpolator, idx: 0.5, idy: 0.25 }], png], near],
    [`affine that does nothing, ${interpolator}`, 'photo.png', [['affine', [1, 0, 0, 1], { interpolator }], png], near]
  ]),
  ...[{ idx: 7, idy: -3 }, { odx: 7.5, ody: -3 }, { idx: 7, idy: -3.25, odx: -20, ody: 9.5 }].map(offsets => [
    `affine with ${Object.keys(offsets)}`, 'photo.png', [['affine', [0.8, -0.3, 0.5, 0.7], { ...offsets, background: '#333' }], png], near
  ]),
  ['affine, two rows', 'photo.png', [['affine', [[1, 0.3], [0.1, 0.7]], { background: 'white', interpolator: 'nohalo' }], png], near],
  ['affine that mirrors', 'photo.png', [['affine', [-1, 0, 0, 1]], png], near],
  ['affine to one pixel', 'photo.png', [['affine', [0.004, 0, 0, 0.006]], png], near],
  ['affine to nothing', 'rgb-8.png', [['affine', [0.001, 0, 0, 0.001]], png]],
  ['affine beyond all bounds', 'rgb-8.png', [['affine', [1e9, 0, 0, 1e9]], png]],
  ['affine without an inverse', 'rgb-8.png', [['affine', [1, 1, 1, 1]], png]],
  ['affine of one pixel', 'tiny.jpg', [['extract', { left: 0, top: 0, width: 1, height: 1 }], ['affine', [5, 0, 0, 5], { interpolator: 'lbb' }], png], near],
  ['affine of frames', 'animated.webp', [['affine', [1, 0, 0, 1]]], { open: { animated: true }, differs: 'Every operation works on each frame of an animation' }],
  ['rotate frames', 'animated.webp', [['rotate', 10]], { open: { animated: true }, differs: 'Every operation works on each frame of an animation' }],
  ['rotate, then extract', 'photo.png', [['rotate', 20], ['extract', { left: 20, top: 30, width: 90, height: 80 }], png], near],
  ['resize, rotate, then extract', 'photo.png', [['resize', 120], ['rotate', 20], ['extract', { left: 20, top: 30, width: 60, height: 50 }], png], near],
  ['rotate and trim', 'border.png', [['rotate', 10, { background: '#c81e28' }], ['trim', { threshold: 60 }], png], near],
  ['turn upright and rotate', 'orientation-6.jpg', [['autoOrient'], ['rotate', 15], png], near],
  ['affine and extend', 'photo.png', [['affine', [1, 0.2, 0, 1], { background: '#0f0' }], ['extend', { left: 9, background: 'red' }], png], near],
  ['flip and rotate', 'photo.png', [['flip'], ['rotate', 15], png], near],
  ['rotate and composite', 'photo.png', [['rotate', 15], composite({ ...gradient(40, 30), gravity: 'northwest' }), png], near]
];
