'use strict';

// Random calls that are valid: edits of an image and ways to ask for it.

const OUTPUTS = [
  ['raw'], ['raw'], ['raw'], ['jpeg'], ['jpeg', { mozjpeg: true }], ['png'], ['png', { palette: true, colours: 16 }], ['png', { progressive: true }],
  ['webp', { effort: 0 }], ['webp', { effort: 0, lossless: true }], ['gif', { effort: 1 }], ['tiff', { compression: 'lzw', predictor: 'horizontal' }],
  ['tiff', { compression: 'jpeg', tile: true, pyramid: true }], ['avif', { effort: 0 }]
];

/** Options of an input. */
function opening(random, limitInputPixels) {
  return {
    limitInputPixels,
    failOn: random.pick(['none', 'truncated', 'error', 'warning']),
    animated: random.once(3),
    ...(random.once(6) && { page: random.below(4) }),
    ...(random.once(6) && { pages: random.pick([-1, 1, 2, 3]) }),
    ...(random.once(8) && { tiff: { subifd: random.below(3) - 1 } }),
    ...(random.once(8) && { density: random.pick([1, 30, 300, 1000]) }),
    ...(random.once(10) && { unlimited: true }),
    ...(random.once(10) && { ignoreIcc: true }),
    ...(random.once(3) && { autoOrient: true })
  };
}

/** Small enough that decoders, not encoders, take the time. */
function resize(random) {
  const fit = random.pick(['cover', 'contain', 'fill', 'inside', 'outside']);
  const kernel = random.pick(['nearest', 'linear', 'cubic', 'mitchell', 'lanczos2', 'lanczos3']);
  const position = random.pick(['centre', 'entropy', 'attention', 'left top']);
  const [width, height] = [1 + random.below(90), random.once(2) ? null : 1 + random.below(90)];
  return ['resize', width, height, { fit, kernel, ...(random.once(4) && { position }), ...((height === null || fit === 'outside') && { withoutEnlargement: true }) }];
}

const EDITS = [
  ['rotate', 90], ['flip'], ['rotate', 13, { background: '#1234' }], ['trim'], ['blur', 2], ['median', 3], ['sharpen', { sigma: 2 }], ['greyscale'],
  ['negate'], ['normalise'], ['flatten', { background: 'red' }], ['modulate', { hue: 40 }], ['tint', 'blue'], ['toColourspace', 'cmyk'],
  ['toColourspace', 'rgb16'], ['toColourspace', 'lab'], ['pipelineColourspace', 'scrgb'], ['extend', 3], ['threshold'],
  ['clahe', { width: 4, height: 4 }], ['ensureAlpha', 0.5], ['withIccProfile', 'p3'], ['keepMetadata'], ['withExif', { IFD0: { Copyright: 'x' } }],
  ['composite', [{ input: { create: { width: 1, height: 1, channels: 4, background: '#1238' } }, tile: true }]]
];

/** Calls that make an image ready for an output: a resize and edits, sometimes, and a format. */
function calls(random) {
  const edits = Array.from({ length: random.below(3) }, () => random.pick(EDITS));
  return [...(random.once(2) ? [resize(random)] : []), ...edits, random.pick(OUTPUTS)];
}

module.exports = { opening, calls };
