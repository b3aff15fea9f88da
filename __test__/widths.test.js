// Kernels that work in blocks or vectors, at every width that a block can end in. What is done to each pixel by itself must
// not depend on where the pixel stands; what mixes neighbours must give the mirror image of a mirrored image, and the same
// without vectors.
const lancet = require('..');

const MOST = 130;
const HEIGHT = 3;
const WIDTHS = [...Array(MOST)].map((_, index) => index + 1);

/** Samples that look random, with runs of the two ends of the scale, and pixels of no and of full alpha. */
function noise(count, channels, bytes = 1) {
  const out = bytes === 2 ? new Uint16Array(count * channels) : Buffer.alloc(count * channels);
  const most = bytes === 2 ? 65535 : 255;
  let state = 7;
  for (let at = 0; at < out.length; at++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const value = bytes === 2 ? state >>> 16 : state >>> 24;
    const end = (state >>> 3) % 11;
    out[at] = end === 0 ? 0 : end === 1 ? most : value;
  }
  return out;
}

const FORMATS = { grey: [1], 'grey with alpha': [2], RGB: [3], RGBA: [4], 'deep grey': [1, 2], 'deep RGB': [3, 2], 'deep RGBA': [4, 2] };
const pixels = Object.fromEntries(Object.entries(FORMATS).map(([name, [channels, bytes]]) => [name, noise(MOST * HEIGHT, channels, bytes)]));

FORMATS['three colours'] = [3];
pixels['three colours'] = Buffer.from([...noise(MOST * HEIGHT, 1)].flatMap(value => [[9, 90, 200], [250, 3, 60], [128, 128, 7]][value % 3]));

/** The left part of the noise. */
function part(name, width) {
  const all = pixels[name];
  const row = all.length / HEIGHT;
  const length = (row / MOST) * width;
  const out = all.constructor.name === 'Buffer' ? Buffer.alloc(length * HEIGHT) : new Uint16Array(length * HEIGHT);
  for (let y = 0; y < HEIGHT; y++) out.set(all.subarray(y * row, y * row + length), y * length);
  return out;
}

/** An image of these samples in its own space, as raw input is taken for sRGB otherwise. */
function open(name, samples, width, height) {
  const [channels, bytes = 1] = FORMATS[name];
  const image = lancet(samples, { raw: { width, height, channels } });
  if (bytes === 2) return image.pipelineColourspace(channels < 3 ? 'grey16' : 'rgb16').toColourspace(channels < 3 ? 'grey16' : 'rgb16');
  return channels < 3 ? image.pipelineColourspace('b-w').toColourspace('b-w') : image;
}

const applied = (image, calls) => calls.reduce((so_far, [method, ...args]) => so_far[method](...args), image);
const bytesOf = (image, depth) => image.raw(depth ? { depth } : undefined).toBuffer({ resolveWithObject: true });

/** The first `width` pixels of each row. */
function cut(data, width) {
  const row = data.length / HEIGHT;
  const length = (row / MOST) * width;
  return Buffer.concat([...Array(HEIGHT)].map((_, y) => data.subarray(y * row, y * row + length)));
}

/** Each row from right to left. */
const mirrored = (data, width) => {
  const row = data.length / HEIGHT;
  const pixel = row / width;
  const out = Buffer.alloc(data.length);
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < width; x++) data.copy(out, y * row + x * pixel, y * row + (width - 1 - x) * pixel, y * row + (width - x) * pixel);
  }
  return out;
};

const words = (data, bytes) => (bytes === 2 ? new Uint16Array(new Uint8Array(data).buffer) : data);

function farthest(a, b) {
  if (a.length !== b.length) return Infinity;
  let most = 0;
  for (let at = 0; at < a.length; at++) most = Math.max(most, Math.abs(a[at] - b[at]));
  return most;
}

const withoutVectors = async work => {
  lancet.simd(false);
  try {
    return await work();
  } finally {
    lancet.simd(true);
  }
};

afterAll(() => lancet.simd(true));

const SHALLOW = ['grey', 'grey with alpha', 'RGB', 'RGBA'];
const DEEP = ['deep grey', 'deep RGB', 'deep RGBA'];
const ALL = [...SHALLOW, ...DEEP];
const overlay = blend => [['composite', [{ input: { create: { width: 1, height: 1, channels: 4, background: { r: 90, g: 200, b: 30, alpha: 0.6 } } }, tile: true, blend }]]];
const BLENDS = ['over', 'in', 'out', 'atop', 'dest-over', 'dest-in', 'dest-out', 'dest-atop', 'xor', 'add', 'saturate', 'multiply', 'screen', 'overlay', 'darken', 'lighten', 'colour-dodge', 'colour-burn', 'hard-light', 'soft-light', 'difference', 'exclusion'];

/** What is done to each pixel by itself: name, calls, formats, depth of the samples that come out. */
const points = [
  ['nothing', [], ALL],
  ['linear', [['linear', 1.3, -20]], ALL],
  ['linear by channel', [['linear', [1.3, 0.8, 1.1], [-20, 5, 9]]], ['RGB', 'deep RGB']],
  ['negate', [['negate']], ALL],
  ['negate without alpha', [['negate', { alpha: false }]], ALL],
  ['gamma', [['gamma', 2.2]], SHALLOW],
  ['greyscale', [['greyscale'], ['toColourspace', 'b-w']], SHALLOW],
  ['tint', [['tint', '#c84010']], SHALLOW],
  ['modulate', [['modulate', { brightness: 1.1, saturation: 1.7, hue: 77, lightness: 4 }]], ALL],
  ['recomb', [['recomb', [[0.4, 0.7, 0.2], [0.3, 0.6, 0.2], [0.2, 0.5, 0.1]]]], ['RGB', 'RGBA']],
  ['threshold', [['threshold', 99]], SHALLOW],
  ['threshold by channel', [['threshold', 99, { greyscale: false }]], SHALLOW],
  ['flatten', [['flatten', { background: '#3080c0' }]], ALL],
  ['unflatten', [['unflatten']], SHALLOW],
  ['remove alpha', [['removeAlpha']], ALL],
  ['ensure alpha', [['ensureAlpha', 0.3]], ALL],
  ['bandbool', [['bandbool', 'eor']], ['RGB', 'RGBA']],
  ['gamma and linear', [['gamma', 1.8, 2.4], ['linear', 0.9, 3]], ['RGB', 'RGBA']],
  ['extract channel', [['extractChannel', 1]], ['RGB', 'RGBA', 'deep RGB']],
  ...BLENDS.map(blend => [`blend ${blend}`, overlay(blend), ['RGB', 'RGBA', ...(blend === 'over' || blend === 'soft-light' ? ['deep RGBA'] : [])]]),
  ...['rgb16', 'grey16', 'b-w', 'cmyk', 'hsv', 'srgb'].map(space => [`to ${space}`, [['toColourspace', space]], ['RGB', 'RGBA', 'deep RGB'], /16/.test(space) ? 'ushort' : undefined]),
  ...['lab', 'labs', 'lch', 'xyz', 'yxy', 'scrgb', 'cmc'].map(space => [`to ${space}`, [['toColourspace', space]], ['RGB', 'RGBA', 'deep RGBA'], 'float']),
  ['in lab and back', [['pipelineColourspace', 'lab'], ['toColourspace', 'srgb']], ['RGB', 'RGBA']],
  ['in linear light', [['pipelineColourspace', 'scrgb'], ['modulate', { saturation: 0.4 }], ['toColourspace', 'srgb']], ['RGB', 'RGBA']],
  ['to Display P3', [['withIccProfile', 'p3']], ['RGB', 'RGBA', 'deep RGB']],
  ['to inks', [['withIccProfile', 'cmyk']], ['RGB', 'RGBA']]
];

describe.each(points)('%s', (what, calls, formats, depth) => {
  test.each(formats)('%s', async name => {
    const samples = depth ?? (DEEP.includes(name) && !/srgb|to b-w|cmyk|hsv/.test(what) ? 'ushort' : undefined);
    // All pixels below each other, without vectors.
    const tall = await withoutVectors(() => bytesOf(applied(open(name, pixels[name], 1, MOST * HEIGHT), calls), samples));
    for (const width of WIDTHS) {
      const { data, info } = await bytesOf(applied(open(name, part(name, width), width, HEIGHT), calls), samples);
      expect([info.width, info.height, info.channels]).toEqual([width, HEIGHT, tall.info.channels]);
      const wanted = cut(tall.data, width);
      if (!data.equals(wanted)) throw new Error(`${width} wide: ${data.findIndex((value, at) => value !== wanted[at])} is the first of ${data.length} bytes that differs`);
    }
  });
});

/** What mixes neighbours, alike to both sides: name, calls, formats, by how much samples may differ from the mirror's. */
const areas = [
  ['blur', [['blur', 1.5]], SHALLOW, 1],
  ['mild blur', [['blur']], SHALLOW, 0],
  ['sharpen', [['sharpen']], SHALLOW, 1],
  ['sharpen by sigma', [['sharpen', { sigma: 2 }]], ['RGB', 'RGBA'], 1],
  ['median', [['median', 3]], SHALLOW, 0],
  ['dilate', [['dilate', 2]], SHALLOW, 0],
  ['erode', [['erode', 1]], SHALLOW, 0],
  ['convolve', [['convolve', { width: 3, height: 3, kernel: [1, 2, 1, 2, 4, 2, 1, 2, 1] }]], SHALLOW, 1],
  ['clahe', [['clahe', { width: 1, height: 3 }]], ['grey', 'RGB'], 0],
  ['normalise', [['normalise']], SHALLOW, 0],
  ['extend by a mirror', [['extend', { left: 1, right: 1, extendWith: 'mirror' }]], SHALLOW, 0],
  ['extend by a colour', [['extend', { left: 3, right: 3, background: '#102030' }]], SHALLOW, 0]
];

describe.each(areas)('%s', (what, calls, formats, tolerance) => {
  test.each(formats)('%s', async name => {
    for (const width of WIDTHS.slice(what === 'median' ? 2 : 0)) {
      const samples = part(name, width);
      const run = bytes => bytesOf(applied(open(name, bytes, width, HEIGHT), calls));
      const { data, info } = await run(samples);
      const plain = await withoutVectors(() => run(samples));
      if (!data.equals(plain.data)) throw new Error(`${width} wide: vectors differ by ${farthest(data, plain.data)}`);
      const back = await run(mirrored(samples, width));
      const apart = farthest(data, mirrored(back.data, info.width));
      if (apart > tolerance) throw new Error(`${width} wide: the mirror image differs by ${apart}`);
    }
  });
});

describe.each(areas)('%s, of each height', (what, calls, formats, tolerance) => {
  test.each(formats)('%s', async name => {
    const row = HEIGHT * FORMATS[name][0];
    for (const height of WIDTHS.slice(what === 'median' ? 2 : 0)) {
      if (/clahe|extend/.test(what)) continue;
      const samples = pixels[name].subarray(0, height * row);
      const run = bytes => bytesOf(applied(open(name, bytes, HEIGHT, height), calls));
      const { data } = await run(samples);
      const plain = await withoutVectors(() => run(samples));
      if (!data.equals(plain.data)) throw new Error(`${height} high: vectors differ by ${farthest(data, plain.data)}`);
      const upside = (bytes, length) => Buffer.concat([...Array(height)].map((_, y) => bytes.subarray((height - 1 - y) * length, (height - y) * length)));
      const back = await run(upside(samples, row));
      const apart = farthest(data, upside(back.data, back.data.length / height));
      if (apart > tolerance) throw new Error(`${height} high: the mirror image differs by ${apart}`);
    }
  });
});

describe('turns and mirrors', () => {
  test.each(ALL)('%s', async name => {
    const depth = DEEP.includes(name) ? 'ushort' : undefined;
    const alpha = name === 'grey with alpha';
    for (const width of WIDTHS) {
      const samples = part(name, width);
      const run = (bytes, calls, across = width, down = HEIGHT) => bytesOf(applied(open(name, bytes, across, down), calls), depth);
      const own = await run(samples, []);
      const flop = await run(samples, [['flop']]);
      if (!flop.data.equals(mirrored(own.data, width))) throw new Error(`flop, ${width} wide`);
      if (alpha) continue;
      const back = words(own.data, depth ? 2 : 1);
      const quarter = await run(samples, [['rotate', 90]]);
      const again = await run(words(quarter.data, depth ? 2 : 1), [['rotate', 270]], HEIGHT, width);
      if (!again.data.equals(own.data)) throw new Error(`90 and 270, ${width} wide`);
      const half = await run(back, [['rotate', 180], ['flip']]);
      if (!half.data.equals(flop.data)) throw new Error(`180 and flip, ${width} wide`);
    }
  });
});

describe('turned by an angle, by each interpolator', () => {
  test.each(['nearest', 'bilinear', 'bicubic', 'locallyBoundedBicubic', 'nohalo', 'vertexSplitQuadraticBasisSpline'])('%s', async interpolator => {
    for (const name of ALL) {
      const depth = DEEP.includes(name) ? 'ushort' : undefined;
      for (const width of WIDTHS) {
        const run = () => bytesOf(open(name, part(name, width), width, HEIGHT).affine([0.9, 0.3, -0.2, 1.1], { interpolator: lancet.interpolators[interpolator] }), depth);
        const { data } = await run();
        const plain = await withoutVectors(run);
        if (!data.equals(plain.data)) throw new Error(`${name}, ${width} wide: vectors differ by ${farthest(data, plain.data)}`);
      }
    }
  });
});

describe('statistics', () => {
  test.each(SHALLOW)('%s', async name => {
    for (const width of WIDTHS) {
      const samples = part(name, width);
      const stats = (across, down) => lancet(samples, { raw: { width: across, height: down, channels: FORMATS[name][0] } }).stats();
      const { channels, entropy, isOpaque } = await stats(width, HEIGHT);
      const tall = await withoutVectors(() => stats(1, width * HEIGHT));
      const sums = list => list.map(({ min, max, sum, squaresSum, mean, stdev }) => ({ min, max, sum, squaresSum, mean, stdev }));
      expect({ width, sums: sums(channels), entropy, isOpaque }).toEqual({ width, sums: sums(tall.channels), entropy: tall.entropy, isOpaque: tall.isOpaque });
    }
  });
});

/** Sizes to resize to, for each size to resize from. Filters round their places, so that a mirror image may differ. */
const sizes = {
  'half as wide': (width, kernel) => [Math.max(1, width >> 1), HEIGHT, kernel],
  'a third wider and higher': (width, kernel) => [Math.ceil(width * 1.3), HEIGHT + 2, kernel],
  smaller: (width, kernel) => [Math.max(1, Math.round(width * 0.7)), 2, kernel]
};
const KERNELS = ['nearest', 'linear', 'cubic', 'mitchell', 'lanczos2', 'lanczos3', 'mks2013', 'mks2021'];

describe.each(Object.entries(sizes))('%s', (what, size) => {
  test.each(KERNELS)('by %s', async kernel => {
    for (const name of ALL) {
      const [channels, bytes = 1] = FORMATS[name];
      const depth = bytes === 2 ? 'ushort' : undefined;
      for (const width of WIDTHS) {
        const run = (as, samples) => bytesOf(open(as, samples, width, HEIGHT).resize(...size(width), { fit: 'fill', kernel }), depth);
        const samples = part(name, width);
        const { data } = await run(name, samples);
        const plain = await withoutVectors(() => run(name, samples));
        if (!data.equals(plain.data)) throw new Error(`${name}, ${width} wide: vectors differ by ${farthest(data, plain.data)}`);
        if (channels !== 3) continue;
        // Channels by themselves.
        for (let channel = 0; channel < 3; channel++) {
          const one = await run(bytes === 2 ? 'deep grey' : 'grey', samples.filter((_, at) => at % 3 === channel));
          const own = words(data, bytes).filter((_, at) => at % 3 === channel);
          const apart = farthest(own, words(one.data, bytes));
          if (apart > 0) throw new Error(`${name}, ${width} wide: channel ${channel} by itself differs by ${apart}`);
        }
      }
    }
  });
});

/** Codecs that lose nothing: name, encoding, formats. */
const codecs = [
  ['png', image => image.png({ compressionLevel: 3 }), ALL],
  ['png, filtered', image => image.png({ adaptiveFiltering: true }), ALL],
  ['png, interlaced', image => image.png({ progressive: true, compressionLevel: 1 }), ALL],
  ...['none', 'lzw', 'deflate', 'packbits', 'zstd'].flatMap(compression => ['none', 'horizontal'].map(predictor => [
    `tiff, ${compression}, ${predictor}`, image => image.tiff({ compression, predictor }), predictor === 'horizontal' && compression !== 'lzw' ? ['RGB', 'deep RGBA'] : ALL
  ])),
  ['tiff in tiles', image => image.tiff({ compression: 'deflate', tile: true, tileWidth: 16, tileHeight: 16, predictor: 'horizontal' }), ALL],
  ['gif', image => image.gif({ dither: 0 }), ['three colours']],
  ['png of a palette', image => image.png({ palette: true, dither: 0 }), ['three colours']],
  ['png of few colours', image => image.png({ palette: true, colours: 3, dither: 0, progressive: true }), ['three colours']],
  ['webp', image => image.webp({ lossless: true, exact: true, effort: 0 }), ['RGB', 'RGBA']],
  ['avif', image => image.avif({ lossless: true, effort: 0 }), ['grey', 'RGB', 'RGBA']]
];

describe.each(codecs)('%s loses nothing', (what, encode, formats) => {
  test.each(formats)('%s', async name => {
    const depth = DEEP.includes(name) ? 'ushort' : undefined;
    const channels = FORMATS[name][0];
    for (const width of what === 'avif' ? [1, 2, 3, 31, 63, 64, 65, 66, 127, 128, 129, 130] : WIDTHS) {
      const samples = part(name, width);
      const file = await encode(open(name, samples, width, HEIGHT)).toBuffer();
      let image = lancet(file);
      if (depth) image = image.toColourspace(channels < 3 ? 'grey16' : 'rgb16');
      else if (channels === 1) image = image.toColourspace('b-w');
      const back = await bytesOf(image, depth);
      // Raw grey has no alpha, so grey with alpha is read as colour.
      const colour = channels === 2 ? Buffer.from([...samples].flatMap((value, at) => (at % 2 ? [value] : [value, value, value]))) : samples;
      const wanted = Buffer.from(colour.buffer, colour.byteOffset, colour.byteLength);
      if (farthest(back.data, wanted) > 0) throw new Error(`${width} wide: differs by ${farthest(back.data, wanted)}, ${back.data.length} bytes of ${wanted.length}`);
    }
  });
});
