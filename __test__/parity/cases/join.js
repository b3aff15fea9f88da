// name, input, calls, extra
const { fixture } = require('../run');

const png = ['png'];
const create = (width, height, channels, background) => ({ create: { width, height, channels, background } });
const [red, blue, glass] = [create(10, 8, 3, 'red'), create(6, 4, 3, 'blue'), create(5, 7, 4, { r: 0, g: 255, b: 0, alpha: 0.5 })];
const files = (...names) => ({ value: names.map(fixture) });
const frames = 'An animation that is joined keeps its frames when it is resized.';
const layouts = 'Images of any layout can be joined to a grid; all get the depth of the first.';

const aligned = ['left', 'centre', 'right', 'top', 'bottom', 'low', 'high'].flatMap(align => [
  [`halign ${align}`, { value: [red, blue, blue] }, [png], { open: { join: { across: 2, halign: align, shim: 1 } } }],
  [`valign ${align}`, { value: [red, blue, blue] }, [png], { open: { join: { across: 2, valign: align, background: 'lime' } } }]
]);

module.exports = [
  ['below each other', { value: [red, blue] }, [png]],
  ['in the format of none', { value: [red, blue] }],
  ['side by side', { value: [red, blue, red] }, [png], { open: { join: { across: 3 } } }],
  ['more across than there are', { value: [red, blue] }, [png], { open: { join: { across: 7, background: '#123' } } }],
  ['with gaps', { value: [red, blue, red, red] }, [png], { open: { join: { across: 2, shim: 4, background: { r: 1, g: 200, b: 3, alpha: 0.4 } } } }],
  ['with alpha in one', { value: [red, glass, blue] }, [png], { open: { join: { across: 2, shim: 3, background: { r: 1, g: 200, b: 3, alpha: 0.4 } } } }],
  ['files', files('rgb-8.png', 'grey-8.png', 'baseline.jpg'), [png], { open: { join: { across: 2 } }, tolerance: 1 }],
  ['shrunk', files('baseline.jpg', 'baseline.jpg'), [['resize', 50], png]],
  ['an animation', { value: [red, create(10, 8, 3, 'blue')] }, [['webp', { lossless: true }]], { open: { join: { animated: true } }, sizeRatio: 2 }],
  ['an animation, raw', { value: [red, create(10, 8, 3, 'blue')] }, [['raw']], { open: { join: { animated: true } } }],
  ['an animation of unequal frames', { value: [red, blue] }, [['webp', { lossless: true }]], { open: { join: { animated: true } }, sizeRatio: 2 }],
  ['an animation, resized', { value: [red, create(10, 8, 3, 'blue')] }, [['resize', 5], ['webp', { lossless: true }]], { open: { join: { animated: true } }, sizeRatio: 2, differs: frames }],
  ['an animation of all pages, resized', { value: [red, create(10, 8, 3, 'blue')] }, [['resize', 5], ['webp', { lossless: true }]], { open: { pages: -1, join: { animated: true } }, sizeRatio: 2, differs: 'Every operation works on each frame of an animation' }],
  ['turned upright', files('orientation-6.jpg', 'orientation-6.jpg'), [['autoOrient'], png]],
  ['16 bits', files('rgb-16.png', 'rgb-16.png'), [['toColourspace', 'rgb16'], png]],
  ['through grey', files('rgb-8.png', 'rgb-8.png'), [['pipelineColourspace', 'b-w'], ['toColourspace', 'srgb'], ['removeAlpha'], png], { open: { join: { across: 2, background: 'white' } } }],
  ['a file that is missing', files('rgb-8.png', 'missing.png'), [png]],
  ['one alone', files('rgb-8.png'), [png]],
  ['grey and colour with alpha', files('grey-alpha-8.png', 'rgb-8.png'), [png], { differs: layouts }],
  ...aligned
];
