// name, input, calls, extra
const png = ['png'];
const exact = { tolerance: 0 };
const fits = ['cover', 'contain', 'fill', 'inside', 'outside'];
const positions = ['top', 'right top', 'right', 'right bottom', 'bottom', 'left bottom', 'left', 'left top', 'centre'];
const gravities = ['north', 'northeast', 'east', 'southeast', 'south', 'southwest', 'west', 'northwest', 'center'];
const kernels = ['nearest', 'linear', 'cubic', 'mitchell', 'lanczos2', 'lanczos3', 'mks2013', 'mks2021'];

module.exports = [
  ...fits.map(fit => [`fit ${fit}, landscape box`, 'photo.png', [['resize', 120, 50, { fit }], png]]),
  ...fits.map(fit => [`fit ${fit}, portrait box`, 'photo.png', [['resize', 61, 120, { fit }], png]]),
  ...fits.map(fit => [`fit ${fit}, enlarging`, 'rgb-8.png', [['resize', 120, 111, { fit }], png]]),
  ...fits.map(fit => [`fit ${fit}, with alpha`, 'cutout.png', [['resize', 90, 70, { fit, background: '#08f8' }], png]]),
  ...fits.map(fit => [`fit ${fit}, withoutEnlargement`, 'rgb-8.png', [['resize', 80, 30, { fit, withoutEnlargement: true }], png]]),
  ...fits.map(fit => [`fit ${fit}, withoutReduction`, 'rgb-8.png', [['resize', 80, 30, { fit, withoutReduction: true }], png]]),
  ...fits.map(fit => [`fit ${fit}, odd sizes of a JPEG`, 'large.jpg', [['resize', 333, 222, { fit }], png]]),
  ...positions.map(position => [`cover, position ${position}`, 'photo.png', [['resize', 77, 120, { position }], png]]),
  ...gravities.map(gravity => [`cover, gravity ${gravity}`, 'photo.png', [['resize', 200, 61, { position: gravity }], png]]),
  ...positions.map(position => [
    `contain, position ${position}`, 'photo.png', [['resize', 150, 150, { fit: 'contain', position, background: '#123456' }], png]
  ]),
  ['cover, entropy, too wide', 'photo.png', [['resize', 70, 120, { position: 'entropy' }], png]],
  ['cover, entropy, too high', 'baseline.jpg', [['resize', 200, 50, { position: 'entropy' }], png]],
  ['cover, entropy, alpha', 'cutout.png', [['resize', 60, 100, { position: 'entropy' }], png]],
  ['cover, attention, too wide', 'photo.png', [['resize', 70, 120, { position: 'attention' }], png]],
  ['cover, attention, too high', 'baseline.jpg', [['resize', 200, 50, { position: 'attention' }], png]],
  ['cover, attention, alpha', 'cutout.png', [['resize', 60, 100, { position: 'attention' }], png]],
  ['cover, attention as a number', 'large.jpg', [['resize', 100, 300, { position: 17 }], png]],
  ['cover, entropy as a number', 'large.jpg', [['resize', 100, 300, { position: 16 }], png]],
  ...kernels.map(kernel => [`kernel ${kernel}, reducing`, 'photo.png', [['resize', 101, null, { kernel }], png]]),
  ...kernels.map(kernel => [`kernel ${kernel}, reducing a lot`, 'large.jpg', [['resize', 60, null, { kernel }], png]]),
  ...kernels.map(kernel => [`kernel ${kernel}, enlarging`, 'rgb-8.png', [['resize', 133, null, { kernel }], png]]),
  ...kernels.map(kernel => [`kernel ${kernel}, alpha`, 'cutout.png', [['resize', 55, null, { kernel }], png]]),
  ['width alone', 'photo.png', [['resize', 100], png]],
  ['width alone, null height', 'photo.png', [['resize', 100, null, {}], png]],
  ['height alone', 'photo.png', [['resize', null, 100], png]],
  ['height alone as an option', 'photo.png', [['resize', { height: 70 }], png]],
  ['both as options', 'photo.png', [['resize', { width: 90, height: 50, fit: 'inside' }], png]],
  ['the same size', 'photo.png', [['resize', 269, 181], png], exact],
  ['one pixel wide', 'photo.png', [['resize', 1], png]],
  ['one pixel each way', 'photo.png', [['resize', 1, 1], png]],
  ['one pixel, filled', 'large.jpg', [['resize', 1, 1, { fit: 'fill' }], png]],
  ['a single pixel enlarged', 'tiny.jpg', [['resize', 40, 30], png]],
  ['a wide picture', 'wide.jpg', [['resize', 50], png]],
  ['two pixels, alpha', 'two-pixels.png', [['resize', 9, 9, { fit: 'contain' }], png]],
  ['fill, only wider', 'photo.png', [['resize', 400, 181, { fit: 'fill' }], png]],
  ['fill, wider and lower', 'photo.png', [['resize', 400, 60, { fit: 'fill' }], png]],
  ['fill, no size but a fit', 'photo.png', [['resize', 100, undefined, { fit: 'fill' }], png]],
  ['the second resize counts', 'photo.png', [['resize', 200], ['resize', 50], png]],
  ['contain, opaque picture, transparent background', 'photo.png', [['resize', 90, 90, { fit: 'contain', background: '#0000' }], png]],
  ['contain, grey', 'grey-8.png', [['resize', 60, 60, { fit: 'contain', background: '#f00' }], png]],
  ['contain, 16 bit', 'rgb-16.png', [['resize', 60, 60, { fit: 'contain', background: '#fa5' }], png]],
  ['16 bit, reducing', 'rgb-16.png', [['resize', 30], png]],
  ['16 bit alpha, reducing', 'rgba-16.png', [['resize', 30], png]],
  ['grey and alpha, reducing', 'grey-alpha-8.png', [['resize', 30], png]],
  ['one bit, reducing', 'grey-1.png', [['resize', 30], png]],
  ['palette, reducing', 'palette-trns.png', [['resize', 30], png]],
  ...[680, 341, 340, 200, 171, 170, 100, 85].map(width => [`JPEG shrinks on load to ${width}`, 'large.jpg', [['resize', width], png]]),
  ...[680, 340, 170].map(width => [`JPEG without fastShrinkOnLoad to ${width}`, 'large.jpg', [['resize', width, null, { fastShrinkOnLoad: false }], png]]),
  ...[200, 134, 60, 20].map(width => [`WebP scales on load to ${width}`, 'lossy.webp', [['resize', width], png]]),
  ['WebP without fastShrinkOnLoad', 'lossy.webp', [['resize', 60, null, { fastShrinkOnLoad: false }], png]],
  ['WebP with alpha', 'alpha.webp', [['resize', 60], png]],
  ['progressive JPEG', 'progressive.jpg', [['resize', 60], png]],
  ['grey JPEG', 'grey.jpg', [['resize', 60], png]],
  ['CMYK JPEG', 'cmyk.jpg', [['resize', 60], png], { tolerance: 2 }],
  ['4:4:4 JPEG', '444.jpg', [['resize', 100], png]],
  ['from a path', { path: 'large.jpg' }, [['resize', 123], png]],
  ['from pixels', undefined, [['resize', 7], png], { open: { create: { width: 30, height: 20, channels: 4, background: '#ff880080' } } }]
];
