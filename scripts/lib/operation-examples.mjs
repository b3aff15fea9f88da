// What the reference shows before and after: a sample photo and a call for each operation.
const cat = 'chelsea.png';
const coffee = 'coffee.png';
const rocket = 'rocket.jpg';

export const operationExamples = {
  rotate: { photo: cat, call: image => image.rotate(30, { background: '#fff' }) },
  flip: { photo: cat, call: image => image.flip() },
  flop: { photo: cat, call: image => image.flop() },
  affine: { photo: coffee, call: image => image.affine([[1, 0.3], [0.1, 0.7]], { background: '#fff' }) },
  sharpen: { photo: cat, call: image => image.sharpen({ sigma: 2 }) },
  median: { photo: coffee, call: image => image.median(9) },
  blur: { photo: cat, call: image => image.blur(4) },
  dilate: { photo: coffee, call: image => image.threshold(110).dilate(2) },
  erode: { photo: coffee, call: image => image.threshold(110).erode(2) },
  unflatten: { photo: coffee, call: image => image.threshold(110).unflatten() },
  gamma: { photo: rocket, call: image => image.gamma(2.2, 3) },
  negate: { photo: coffee, call: image => image.negate() },
  normalise: { photo: rocket, call: image => image.normalise({ lower: 5, upper: 95 }) },
  clahe: { photo: rocket, call: image => image.clahe({ width: 40, height: 40 }) },
  convolve: { photo: cat, call: image => image.convolve({ width: 3, height: 3, kernel: [-1, -1, 0, -1, 1, 1, 0, 1, 1] }) },
  threshold: { photo: coffee, call: image => image.threshold(110) },
  linear: { photo: coffee, call: image => image.linear(1.4, -30) },
  recomb: { photo: rocket, call: image => image.recomb([[0.3588, 0.7044, 0.1368], [0.299, 0.587, 0.114], [0.2392, 0.4696, 0.0912]]) },
  modulate: { photo: coffee, call: image => image.modulate({ saturation: 0.6, hue: 120 }) },
  tint: { photo: cat, call: image => image.tint({ r: 255, g: 170, b: 40 }) },
  greyscale: { photo: coffee, call: image => image.greyscale() },
  extend: { photo: cat, call: image => image.extend({ top: 20, bottom: 20, left: 30, right: 30, extendWith: 'mirror' }) },
  extract: { photo: cat, call: image => image.extract({ left: 60, top: 20, width: 90, height: 60 }) },
  extractChannel: { photo: coffee, call: image => image.extractChannel('blue') },
  bandbool: { photo: cat, call: image => image.bandbool('eor') }
};
