// name, input, calls, extra
const png = ['png'];
const exact = { tolerance: 0 };
const sides = { top: 5, bottom: 7, left: 11, right: 3 };
const modes = ['background', 'copy', 'repeat', 'mirror'];

const frames = { differs: 'Every operation works on each frame of an animation' };

module.exports = [
  ['extract', 'photo.png', [['extract', { left: 31, top: 17, width: 100, height: 71 }], png], exact],
  ['extract the last pixel', 'photo.png', [['extract', { left: 268, top: 180, width: 1, height: 1 }], png], exact],
  ['extract of a JPEG', 'baseline.jpg', [['extract', { left: 31, top: 17, width: 100, height: 71 }], png]],
  ['extract of an interlaced PNG', 'rgba-8-interlaced.png', [['extract', { left: 3, top: 5, width: 20, height: 11 }], png], exact],
  ['extract of a WebP', 'lossless.webp', [['extract', { left: 3, top: 5, width: 20, height: 11 }], png], exact],
  ['extract before resize', 'photo.png', [['extract', { left: 31, top: 17, width: 140, height: 90 }], ['resize', 70], png]],
  ['extract before resize of a JPEG', 'large.jpg', [['extract', { left: 333, top: 111, width: 777, height: 666 }], ['resize', 99], png]],
  ['enlarged 158, where the height is half a pixel above an integer', 'border.png', [['resize', 158], ['raw']], { tolerance: 1 }],
  ['enlarged 130, where the height is half a pixel above an integer', 'dispose-2.gif', [['resize', 130], ['raw']], { tolerance: 1 }],
  ['extract after resize', 'photo.png', [['resize', 140], ['extract', { left: 9, top: 8, width: 70, height: 33 }], png]],
  ['extract before and after resize', 'photo.png', [
    ['extract', { left: 10, top: 10, width: 200, height: 150 }], ['resize', 100, 60], ['extract', { left: 5, top: 6, width: 50, height: 40 }], png]],
  ['extract and rotate', 'photo.png', [['extract', { left: 31, top: 17, width: 100, height: 71 }], ['rotate', 90], png], exact],
  ['rotate and extract', 'photo.png', [['rotate', 90], ['extract', { left: 31, top: 17, width: 100, height: 71 }], png], exact],
  ['rotate, resize and extract', 'photo.png', [['rotate', 270], ['resize', 90], ['extract', { left: 3, top: 4, width: 50, height: 60 }], png]],
  ['extract outside', 'photo.png', [['extract', { left: 200, top: 0, width: 100, height: 10 }], png]],
  ['extract outside after resize', 'photo.png', [['resize', 50], ['extract', { left: 0, top: 0, width: 51, height: 10 }], png]],
  ...modes.map(extendWith => [`extend with ${extendWith}`, 'rgb-8.png', [['extend', { ...sides, extendWith, background: '#fa0' }], png], exact]),
  ...modes.map(extendWith => [`extend with ${extendWith}, alpha`, 'rgba-8.png', [['extend', { ...sides, extendWith, background: '#fa08' }], png], exact]),
  ...modes.map(extendWith => [`extend with ${extendWith}, grey`, 'grey-8.png', [['extend', { ...sides, extendWith, background: '#888' }], png], exact]),
  ...modes.map(extendWith => [`extend with ${extendWith}, 16 bit`, 'rgb-16.png', [['extend', { ...sides, extendWith, background: '#fa0' }], png], exact]),
  ...modes.map(extendWith => [`extend far with ${extendWith}`, 'rgb-8.png', [['extend', { left: 120, top: 80, extendWith }], png], exact]),
  ['extend by a number', 'rgb-8.png', [['extend', 4], png], exact],
  ['extend an opaque picture by transparency', 'rgb-8.png', [['extend', { ...sides, background: { r: 0, g: 9, b: 0, alpha: 0 } }], png], exact],
  ['extend after resize', 'photo.png', [['resize', 60], ['extend', { ...sides, background: 'red' }], png]],
  ['extend a grey picture by a colour', 'grey-8.png', [['extend', { ...sides, background: '#f00' }], png], exact],
  ['trim a border', 'border.png', [['trim'], png], exact],
  ['trim, threshold 0', 'border.png', [['trim', { threshold: 0 }], png], exact],
  ['trim, threshold 50', 'border.png', [['trim', { threshold: 50 }], png], exact],
  ['trim, background', 'border.png', [['trim', { background: '#c81e28', threshold: 20 }], png], exact],
  ['trim, wrong background', 'border.png', [['trim', { background: '#00ff00' }], png], exact],
  ['trim, margin', 'border.png', [['trim', { margin: 4 }], png], exact],
  ['trim, large margin', 'border.png', [['trim', { margin: 40 }], png], exact],
  ['trim transparency', 'border-alpha.png', [['trim'], png], exact],
  ['trim line art', 'line-art.png', [['trim', { lineArt: true }], png], exact],
  ['trim, not line art', 'line-art.png', [['trim'], png], exact],
  ['trim leaves nothing', 'flat.png', [['trim'], png], exact],
  ['trim of a picture that is too small', 'two-pixels.png', [['trim'], png]],
  ['trim and resize', 'border.png', [['trim'], ['resize', 40], png]],
  ['resize and trim', 'border.png', [['resize', 60], ['trim'], png]],
  ['trim and rotate', 'border.png', [['rotate', 90], ['trim'], png], exact],
  ['trim, then extract', 'border.png', [['trim'], ['extract', { left: 2, top: 3, width: 20, height: 10 }], png], exact],
  ['trim of a JPEG', 'baseline.jpg', [['trim', { threshold: 60 }], png]],
  ...[0, 90, 180, 270, 360, 450, -90, -180].map(angle => [`rotate by ${angle}`, 'photo.png', [['rotate', angle], png], exact]),
  ['rotate and resize', 'photo.png', [['rotate', 90], ['resize', 60], png]],
  ['rotate and fit a box', 'photo.png', [['rotate', 90], ['resize', 60, 40, { fit: 'contain' }], png]],
  ['rotate twice', 'photo.png', [['rotate', 90], ['rotate', 180], png], exact],
  ['flip', 'photo.png', [['flip'], png], exact],
  ['flop', 'photo.png', [['flop'], png], exact],
  ['flip and flop', 'photo.png', [['flip'], ['flop'], png], exact],
  ['flip false', 'photo.png', [['flip', false], png], exact],
  ['flip and resize', 'photo.png', [['flip'], ['resize', 60, 60], png]],
  ['flop and rotate', 'photo.png', [['flop'], ['rotate', 90], png], exact],
  ['flip, 16 bit alpha', 'rgba-16.png', [['flip'], png], exact],
  ['rotate, one bit', 'grey-1.png', [['rotate', 90], png], exact],
  ...[1, 2, 3, 4, 5, 6, 7, 8, 9].flatMap(orientation => {
    const input = `orientation-${orientation}.jpg`;
    return [
      [`orientation ${orientation} left alone`, input, [png]],
      [`autoOrient, orientation ${orientation}`, input, [['autoOrient'], png]],
      [`autoOrient and resize, orientation ${orientation}`, input, [['autoOrient'], ['resize', 60, 80], png]]
    ];
  }),
  ...[3, 5, 6, 8].flatMap(orientation => {
    const input = `orientation-${orientation}.jpg`;
    return [
      [`rotate() without an angle, orientation ${orientation}`, input, [['rotate'], png]],
      [`autoOrient as an option, orientation ${orientation}`, input, [['resize', 50], png], { open: { autoOrient: true } }],
      [`autoOrient and rotate, orientation ${orientation}`, input, [['autoOrient'], ['rotate', 90], png]],
      [`autoOrient, flip and flop, orientation ${orientation}`, input, [['autoOrient'], ['flip'], ['flop'], png]],
      [`autoOrient and extract, orientation ${orientation}`, input, [['autoOrient'], ['extract', { left: 7, top: 9, width: 90, height: 70 }], png]],
      [`autoOrient and trim, orientation ${orientation}`, input, [['autoOrient'], ['trim', { threshold: 40 }], png]],
      [`resize, then rotate(), orientation ${orientation}`, input, [['resize', 60, 30], ['rotate'], png]]
    ];
  }),
  ['orientation is kept with the metadata', 'orientation-6.jpg', [['resize', 60], ['keepMetadata'], ['jpeg']], { tolerance: 3 }],
  ['orientation after autoOrient with the metadata', 'orientation-6.jpg', [['autoOrient'], ['resize', 60], ['keepMetadata'], ['jpeg']]],
  ['orientation is set', 'orientation-6.jpg', [['resize', 60], ['withMetadata', { orientation: 3 }], ['jpeg']], { tolerance: 3 }],
  ['orientation of a PNG', 'exif.png', [['autoOrient'], png], exact],
  ['orientation of a WebP', 'exif.webp', [['autoOrient'], png]],
  ['flatten', 'cutout.png', [['flatten'], png]],
  ['flatten on a colour', 'cutout.png', [['flatten', { background: '#ff8800' }], png]],
  ['flatten and resize', 'cutout.png', [['flatten', { background: 'white' }], ['resize', 70], png]],
  ['flatten, 16 bit', 'rgba-16.png', [['flatten', { background: '#0f8' }], png]],
  ['flatten, grey', 'grey-alpha-8.png', [['flatten', { background: '#888' }], png]],
  ['flatten, opaque already', 'rgb-8.png', [['flatten', { background: '#f00' }], png], exact],
  ['flatten false', 'cutout.png', [['flatten', false], png], exact],
  ['removeAlpha', 'cutout.png', [['removeAlpha'], png], exact],
  ['removeAlpha, opaque already', 'rgb-8.png', [['removeAlpha'], png], exact],
  ['removeAlpha, 16 bit', 'rgba-16.png', [['removeAlpha'], png], exact],
  ['ensureAlpha', 'rgb-8.png', [['ensureAlpha'], png], exact],
  ['ensureAlpha, half', 'rgb-8.png', [['ensureAlpha', 0.5], png], exact],
  ['ensureAlpha, 16 bit', 'rgb-16.png', [['ensureAlpha', 0.25], png], exact],
  ['ensureAlpha, has one', 'cutout.png', [['ensureAlpha', 0], png], exact],
  ['ensureAlpha, grey', 'grey-8.png', [['ensureAlpha', 0], png], exact],
  ['greyscale', 'photo.png', [['greyscale'], png]],
  ['grayscale', 'photo.png', [['grayscale'], png]],
  ['greyscale of a JPEG', 'baseline.jpg', [['greyscale'], ['jpeg']]],
  ['greyscale with alpha', 'cutout.png', [['greyscale'], png]],
  ['greyscale, 16 bit', 'rgb-16.png', [['greyscale'], png]],
  ['greyscale and resize', 'large.jpg', [['greyscale'], ['resize', 100], png]],
  ['greyscale false', 'photo.png', [['greyscale', false], png], exact],
  ['greyscale in black and white', 'photo.png', [['greyscale'], ['toColourspace', 'b-w'], png]],
  ['everything at once', 'orientation-6.jpg', [
    ['autoOrient'], ['extract', { left: 5, top: 10, width: 120, height: 180 }], ['resize', 60, 60, { fit: 'contain', background: '#fff' }],
    ['flip'], ['extend', { ...sides, background: '#00f' }], ['greyscale'], png]],
  ['flatten grey onto a colour', 'grey-alpha-8.png', [['flatten', { background: '#f00' }], png], {
    differs: '`flatten` puts a grey image on the grey of a background colour' }],
  ['resize, extract and affine', 'photo.png', [['resize', 60], ['extract', { left: 3, top: 3, width: 20, height: 20 }], ['affine', [1, 0.2, 0.2, 1]], png], {
    differs: 'After `extract` and `affine`, `info` has the size of the image' }],
  // Frames of an animation are cut, padded and resized each by itself.
  ...[
    ['all frames', []],
    ['frames resized', [['resize', 20]], { tolerance: 6.5 }],
    ['frames resized and cut', [['resize', 20, 15]], { tolerance: 6.5 }],
    ['frames contained', [['resize', 20, 30, { fit: 'contain', background: 'red' }]]],
    ['frames cut', [['extract', { left: 3, top: 4, width: 10, height: 9 }]]],
    ['frames resized, then cut', [['resize', 30], ['extract', { left: 3, top: 4, width: 10, height: 9 }]]],
    ['frames extended', [['extend', { top: 2, left: 3, bottom: 1, right: 0, background: 'blue' }]], { tolerance: 6.5 }],
    ['frames mirrored outwards', [['extend', { top: 2, left: 3, bottom: 1, right: 0, extendWith: 'mirror' }]]],
    ['frames turned by 90', [['rotate', 90]], frames],
    ['frames turned by 180', [['rotate', 180]], frames],
    ['frames flipped', [['flip']], frames],
    ['frames trimmed', [['trim']], frames],
    ['frames cut by attention', [['resize', 10, 10, { position: 'attention' }]], frames],
    ['frames as PNG', [['png']]],
    ['frames as JPEG', [['jpeg']]],
    ['frames with one delay', [['webp', { delay: 200, loop: 3 }]]],
    ['frames with delays', [['webp', { delay: [10, 200] }]]]
  ].map(([name, calls, extra]) => [name, 'animated.webp', calls, { open: { animated: true }, ...extra }]),
  ['two frames of three', 'animated.webp', [['resize', 10]], { open: { pages: 2 } }],
  ['the second frame', 'animated.webp', [['resize', 10]], { open: { page: 1 } }]
];
