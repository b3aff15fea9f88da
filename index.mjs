import sharp from './index.js';

export default sharp;
export const {
  align,
  gravity,
  strategy,
  kernel,
  fit,
  position,
  blend,
  colourspace,
  colorspace,
  bool,
  cache,
  concurrency,
  counters,
  simd,
  format,
  interpolators,
  versions,
  vendor,
  queue,
  block,
  unblock
} = sharp;
