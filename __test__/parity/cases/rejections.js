// Calls that are fine by themselves and fail when the image is made, or when its file is opened or written: the same sentence, as a rejection.
const small = { create: { width: 8, height: 6, channels: 3, background: '#336699' } };
const overlay = (width, height) => ({ create: { width, height, channels: 4, background: '#ff000080' } });
const png = ['png'];

const area = (left, top, width, height) => ({ left, top, width, height });
const raw = (width, height, channels) => ({ raw: { width, height, channels } });

module.exports = [
  ...[[9, 0, 1, 1], [0, 7, 1, 1], [0, 0, 9, 6], [0, 0, 8, 7], [4, 0, 5, 1], [0, 0, 0, 1], [0, 0, 1, 0], [8, 6, 1, 1], [100, 100, 100, 100]].flatMap(edges => [
    [`extract ${edges}`, undefined, [['extract', area(...edges)], png], { open: small }],
    [`extract ${edges} after resize`, undefined, [['resize', 8, 6], ['extract', area(...edges)], png], { open: small }]
  ]),
  ...[[9, 6], [8, 7], [100, 1]].flatMap(size => [
    [`overlay of ${size}`, undefined, [['composite', [{ input: overlay(...size) }]], png], { open: small }],
    [`overlay of ${size} with gravity`, undefined, [['composite', [{ input: overlay(...size), gravity: 'west' }]], png], { open: small }],
    [`overlay of ${size}, tiled`, undefined, [['composite', [{ input: overlay(...size), tile: true }]], png], { open: small }]
  ]),
  ...['none.png', ' ', '<svg>', '<svg></svg>', 'a'.repeat(300), 'no/such/folder/a.png', '.', '..', 'http://example.com/a.png', 'package.json/a.png'].flatMap(path => [
    [`a path to ${path.slice(0, 30)}`, { value: path }, [png]],
    [`metadata of ${path.slice(0, 30)}`, { value: path }, [], { to: 'metadata' }],
    [`overlay at ${path.slice(0, 30)}`, undefined, [['composite', [{ input: path }]], png], { open: small }],
    [`channel at ${path.slice(0, 30)}`, undefined, [['joinChannel', path], png], { open: small }],
    [`operand at ${path.slice(0, 30)}`, undefined, [['boolean', path, 'and'], png], { open: small }]
  ]),
  ...['x', '<html></html>', 'BM', '%PDF-1.4', '\0\0\0\0'].flatMap(text => {
    const value = Buffer.from(text, 'latin1');
    const name = JSON.stringify(text);
    return [
      [`bytes ${name}`, { value }, [png]],
      [`metadata of bytes ${name}`, { value }, [], { to: 'metadata' }],
      [`overlay of bytes ${name}`, undefined, [['composite', [{ input: value }]], png], { open: small }]
    ];
  }),
  ...[[2, 2, 3, 11], [2, 2, 3, 13], [1, 1, 4, 3], [100, 100, 3, 9], [1, 1, 1, 2]].map(([width, height, channels, length]) =>
    [`${length} raw bytes for ${width}x${height}x${channels}`, { value: Buffer.alloc(length) }, [png], { open: raw(width, height, channels) }]),
  ...['', 'none/such/folder/a.png', 'a.zoinks', 'a.svg', 'a.pdf', 'a.jp2', 'a.j2c', 'a.JPX'].map(to =>
    [`to ${to || 'no name'}`, undefined, [], { open: small, to }]),
  ...['lab', 'zoinks', 'constructor', '__proto__'].map(space =>
    [`to the colour space ${space}, extracting a channel that is not there`, undefined, [['toColourspace', space], ['extractChannel', 4], png], { open: small }]),
  ...[1, 2, 3, 4].map(channel => [`channel ${channel} of three`, undefined, [['extractChannel', channel], png], { open: small }]),
  ['the alpha channel of three', undefined, [['extractChannel', 'alpha'], png], { open: small }],
  ['too many pixels', 'rgb-8.png', [png], { open: { limitInputPixels: 3 } }],
  ['metadata of too many pixels', 'rgb-8.png', [], { open: { limitInputPixels: 3 }, to: 'metadata' }],
  ['too many channels', 'rgba-8.png', [png], { open: { limitInputChannels: 3 } }],
  ['an affine matrix that cannot be inverted', undefined, [['affine', [1, 1, 1, 1]], png], { open: small }],
  ['an affine matrix of zeros', undefined, [['affine', [0, 0, 0, 0]], png], { open: small }],
  ['a 4x4 matrix on three channels', undefined, [['recomb', [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]], png], { open: small }],
  ['linear with more numbers than channels', undefined, [['linear', [1, 2, 3, 4, 5], [1, 2, 3, 4, 5]], png], { open: small }],
  ['linear with fewer numbers than channels', undefined, [['linear', [1, 2], [1, 2]], png], { open: small }],
  ['operands of other channels', undefined, [['boolean', Buffer.alloc(96), 'and', raw(8, 6, 2)], png], { open: small }],
  ['a window larger than the picture', undefined, [['clahe', { width: 20, height: 20 }], png], { open: small }],
  ...[1e9, -1e9, 10000001, 10000000, 2 ** 31].map(angle => [`an angle of ${angle}`, undefined, [['rotate', angle], png], { open: small }]),
  ['an angle too large for pages', 'animated.webp', [['rotate', 1e9], png], { open: { animated: true }, differs: 'Every operation works on each frame of an animation' }],
  ...[['32767', '1', 1], ['1', '1', 1], ['0', '5', 72], ['-5', '5', 72]].flatMap(([width, height, density]) => {
    const value = Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"/>`);
    return [
      [`a drawing of ${width}x${height} at ${density} dots per inch`, { value }, [png], { open: { density } }],
      [`metadata of a drawing of ${width}x${height} at ${density} dots per inch`, { value }, [], { to: 'metadata', open: { density } }]
    ];
  }),
  ['a picture too small to trim', undefined, [['trim'], png], { open: { create: { width: 2, height: 2, channels: 3, background: 'red' } } }]
];
