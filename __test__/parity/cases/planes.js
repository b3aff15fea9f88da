// name, input, calls, extra. JPEG to JPEG by planes: chroma is not what it is by way of RGB, and nothing is equal after another
// quantization. At the best quality that is small enough to see that every sample is in its place: photos differ by less than 1
// of 255 on average, these fixtures, whose chroma is noise, by a little more.
const best = ['jpeg', { quality: 100 }];
const whole = ['jpeg', { quality: 100, chromaSubsampling: '4:4:4' }];
const lime = { background: 'lime' };

const calls = {
  'the same size': [],
  'a half': [['resize', 113]],
  'a third': [['resize', 80]],
  'a tenth': [['resize', 24]],
  'narrower': [['resize', { width: 100, height: 140, fit: 'fill' }]],
  'by cubic': [['resize', 100, null, { kernel: 'cubic' }]],
  'by mitchell': [['resize', 100, null, { kernel: 'mitchell' }]],
  'by lanczos2': [['resize', 100, null, { kernel: 'lanczos2' }]],
  'by linear': [['resize', 100, null, { kernel: 'linear' }]],
  'without a fast load': [['resize', 50, null, { fastShrinkOnLoad: false }]],
  covered: [['resize', 75, 75]],
  'covered from the south-east': [['resize', 75, 99, { position: 'southeast' }]],
  contained: [['resize', 95, 95, { fit: 'contain', ...lime }]],
  'contained on the left': [['resize', 121, 60, { fit: 'contain', position: 'left', ...lime }]],
  inside: [['resize', 90, 61, { fit: 'inside' }]],
  outside: [['resize', 90, 61, { fit: 'outside' }]],
  extended: [['extend', { top: 3, bottom: 8, left: 5, right: 2, background: '#123456' }]],
  'resized and extended': [['resize', 101], ['extend', { top: 3, left: 5, background: '#123456' }]],
  'cut at even places': [['extract', { left: 16, top: 32, width: 100, height: 60 }]],
  'cut at odd places': [['extract', { left: 17, top: 31, width: 101, height: 59 }]],
  'cut and resized': [['extract', { left: 17, top: 31, width: 151, height: 99 }], ['resize', 60]],
  'resized and cut': [['resize', 120], ['extract', { left: 17, top: 13, width: 51, height: 39 }]],
  flipped: [['resize', 101], ['flip']],
  flopped: [['resize', 101], ['flop']],
  'a quarter turn': [['rotate', 90], ['resize', 71]],
  'a half turn': [['resize', 101], ['rotate', 180]],
  'three quarters': [['rotate', 270], ['resize', 80, 80, { fit: 'contain', ...lime }]],
  upright: [['autoOrient'], ['resize', 77]],
  'upright and covered': [['autoOrient'], ['resize', 77, 77]]
};

/** Of a thumbnail of few pixels, hardly any is inside one colour. */
const extra = name => ({ tolerance: name === 'a tenth' ? 1.6 : 1.2, sizeRatio: 1.1 });

module.exports = [
  ...['baseline.jpg', 'orientation-6.jpg', 'progressive.jpg'].flatMap(input =>
    Object.entries(calls).map(([name, list]) => [`${input}, ${name}`, input, [...list, best], extra(name)])),
  ...Object.entries(calls).map(([name, list]) => [`444.jpg, ${name}`, '444.jpg', [...list, best], extra(name)]),
  ...Object.entries(calls).map(([name, list]) => [`444.jpg, ${name}, chroma kept`, '444.jpg', [...list, whole], extra(name)]),
  ...Object.entries(calls).map(([name, list]) => [`baseline.jpg, ${name}, chroma kept`, 'baseline.jpg', [...list, whole], extra(name)])
];
