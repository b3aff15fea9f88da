// name, input, calls, extra
const { bytes } = require('../run');

const raw = ['raw'];
const png = ['png'];
const float = ['raw', { depth: 'float' }];
const inputs = ['rgb-8.png', 'rgba-8.png', 'grey-8.png', 'rgb-16.png', 'cmyk.jpg'];
const spaces = ['srgb', 'b-w', 'rgb16', 'grey16', 'scrgb', 'xyz', 'yxy', 'lab', 'labs', 'lch', 'cmc', 'oklab', 'oklch', 'hsv', 'cmyk'];
const without = ['multiband', 'histogram', 'rgb', 'fourier', 'matrix', 'nonsense', 'last'];

/** Hue and steps of a colour make much of the little by which CMYK without a profile differs, and of dark greys. */
const wide = { tolerance: 4 };
/** The same where a hue of hardly any chroma is anywhere on the circle. */
const wild = { tolerance: 40 };

const gainMap = 'lancet writes no EXIF block unless one was requested';
const reader = { differs: '`info.channels` and `info.hasAlpha` are those that a reader of the output finds' };
const named = 'and similar spaces are converted to the profile that is attached.';
const inks = 'A CMYK image can be processed in any colour space.';

const converted = inputs.flatMap(input =>
  spaces.flatMap(space => [
    [`${input} to ${space}, PNG`, input, [['toColourspace', space], png], space === 'cmyk' || input === 'cmyk.jpg' ? wide : {}],
    [`${input} to ${space}, JPEG`, input, [['toColourspace', space], ['jpeg']], { sizeRatio: 1.1, ...(input === 'cmyk.jpg' && wide), ...(space === 'scrgb' && { differs: gainMap }) }],
    [`${input} to ${space}, raw`, input, [['toColourspace', space], raw], input === 'rgba-8.png' && space === 'b-w' ? reader : ['hsv', 'lch', 'cmc', 'oklch'].includes(space) || input === 'cmyk.jpg' ? wild : wide]
  ])
);

const worked = inputs.flatMap(input =>
  spaces.map(space => {
    const differs = input === 'cmyk.jpg' && /scrgb|xyz|yxy|lab$|lch|cmc|hsv/.test(space) ? { differs: inks } : {};
    return [`${input} through ${space}`, input, [['pipelineColourspace', space], ['resize', 30], png], { ...wide, ...(input === 'cmyk.jpg' && { tolerance: 7 }), ...differs }];
  })
);

module.exports = [
  ...converted,
  ...worked,
  ...without.map(space => [`no way to ${space}`, 'rgb-8.png', [['toColourspace', space], png]]),
  ...without.map(space => [`no way through ${space}`, 'rgb-8.png', [['pipelineColourspace', space], png]]),
  ['WebP of Lab', 'rgba-8.png', [['toColourspace', 'lab'], ['webp', { lossless: true }]], { sizeRatio: 1.3 }],
  ['WebP of grey', 'grey-8.png', [['toColourspace', 'b-w'], ['webp', { lossless: true }]], { sizeRatio: 1.3 }],
  ['floating point of linear light', 'rgb-8.png', [['toColourspace', 'scrgb'], float]],
  ['floating point of 16 bits', 'rgb-16.png', [['toColourspace', 'rgb16'], float], { tolerance: 1 }],
  ['a channel of LCh', 'rgb-8.png', [['toColourspace', 'lch'], ['extractChannel', 1], raw]],
  ['a channel of LCh, PNG', 'rgb-8.png', [['toColourspace', 'lch'], ['extractChannel', 0], png]],
  ['raw pixels of greyscale', 'rgb-8.png', [['greyscale'], raw]],
  ['raw pixels of greyscale with alpha', 'rgba-8.png', [['greyscale'], raw], reader],
  ['raw pixels of grey with alpha', 'grey-alpha-8.png', [['toColourspace', 'b-w'], raw], reader],
  ['16 bits through gamma', 'rgb-8.png', [['pipelineColourspace', 'rgb16'], ['resize', 30], ['gamma'], ['toColourspace', 'srgb'], png]],
  ['linear of linear light', 'rgb-8.png', [['pipelineColourspace', 'scrgb'], ['linear', 1.1], png], { differs: '`linear` works on the scale of 8 bits in linear light too' }],
  ...['cmyk.jpg', 'rgb-8.png', 'rgba-8.png'].flatMap(input => ['avif', 'webp', 'gif', 'png', 'jpeg', 'raw'].flatMap(format => [
    [`info of ${input} as ${format}`, input, [[format]], { tolerance: 8, sizeRatio: 1.5 }],
    [`info of ${input} in inks as ${format}`, input, [['toColourspace', 'cmyk'], [format]], { tolerance: 8, sizeRatio: 1.5 }]
  ])),
  ...['rgb-8.png', 'rgba-8.png', 'grey-8.png', 'rgb-16.png', 'cmyk.jpg'].flatMap(input => [
    [`inks of ${input} with metadata, PNG`, input, [['withMetadata'], ['toColourspace', 'cmyk'], png], wide],
    [`inks of ${input} with metadata, WebP`, input, [['withMetadata'], ['toColourspace', 'cmyk'], ['webp', { lossless: true }]], { ...wide, sizeRatio: 1.5 }]
  ]),
  ['inks with metadata, JPEG', 'rgb-8.png', [['withMetadata'], ['toColourspace', 'cmyk'], ['jpeg']], { tolerance: 3, sizeRatio: 1.1 }],
  ['Lab with metadata', 'rgb-8.png', [['withMetadata'], ['toColourspace', 'lab'], png], { differs: named }],
  ['recomb with metadata', 'rgb-8.png', [['withMetadata'], ['recomb', [[0.9, 0.1, 0], [0.1, 0.8, 0.1], [0, 0.1, 0.9]]], png]],
  ['inks turned round', 'cmyk.jpg', [['pipelineColourspace', 'cmyk'], ['toColourspace', 'cmyk'], ['negate'], ['jpeg']], { sizeRatio: 1.1 }],
  ['inks kept', 'cmyk.jpg', [['pipelineColourspace', 'cmyk'], ['toColourspace', 'cmyk'], ['jpeg']], { sizeRatio: 1.1 }],
  ...['char', 'uchar', 'short', 'ushort', 'int', 'uint', 'float', 'complex', 'double', 'dpcomplex'].flatMap(depth => [
    [`raw ${depth}`, 'rgb-8.png', [['raw', { depth }]], { tolerance: 0 }],
    [`raw ${depth} of 16 bits`, 'rgb-16.png', [['toColourspace', 'rgb16'], ['raw', { depth }]], { tolerance: 0 }],
    [`raw ${depth} of Lab`, 'rgb-8.png', [['toColourspace', 'lab'], ['raw', { depth }]], { tolerance: 30 }]
  ])
];
