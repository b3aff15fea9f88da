'use strict';

// Pixels that are written without loss are the same when they are read.

const WRITERS = [
  ['png', {}], ['png', { adaptiveFiltering: true }], ['png', { compressionLevel: 9 }], ['png', { progressive: true }],
  ['webp', { lossless: true, exact: true, effort: 0 }], ['tiff', { compression: 'lzw', predictor: 'horizontal' }],
  ['tiff', { compression: 'deflate', predictor: 'none' }], ['tiff', { compression: 'packbits' }], ['tiff', { compression: 'zstd', tile: true, tileWidth: 16, tileHeight: 16 }]
];

/** Rows of noise, of gradients, or of one colour, as they come in images. */
function pixels(random, length) {
  const kind = random.below(3);
  const bytes = Buffer.alloc(length, random.below(256));
  if (kind > 0) for (let at = 0; at < length; at++) bytes[at] = kind === 1 ? random.below(256) : at * 3;
  return bytes;
}

/** Raw pixels are told of in colour, grey ones too. */
function inColour(bytes, channels) {
  if (channels > 2) return bytes;
  return Buffer.from(Array.from({ length: bytes.length / channels }, (_, at) => {
    const [grey, ...alpha] = bytes.subarray(at * channels, (at + 1) * channels);
    return [grey, grey, grey, ...alpha];
  }).flat());
}

async function roundtrip(lancet, random) {
  const [width, height, channels] = [1 + random.below(70), 1 + random.below(70), 1 + random.below(4)];
  const raw = { width, height, channels };
  const bytes = pixels(random, width * height * channels);
  const [format, options] = random.pick(WRITERS);
  return {
    about: `${format} ${JSON.stringify({ ...raw, ...options })}`,
    bytes,
    async run() {
      const file = await lancet(bytes, { raw })[format](options).toBuffer();
      const { data, info } = await lancet(file).raw().toBuffer({ resolveWithObject: true });
      if (info.width !== width || info.height !== height) throw new TypeError(`Read as ${JSON.stringify(info)}`);
      const expected = inColour(bytes, channels);
      // WebP has no alpha where all of it is opaque.
      const same = info.channels * width * height === expected.length ? expected : await lancet(expected, { raw: { width, height, channels: 4 } }).removeAlpha().raw().toBuffer();
      if (!data.equals(same)) throw new TypeError('Other pixels');
    }
  };
}

module.exports = roundtrip;
