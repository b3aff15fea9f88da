// name, input, calls, extra
// Two rasterisers cover the pixels along an edge differently, and some of them compress better than others; inside and outside
// of shapes they agree.
const fs = require('node:fs');
const path = require('node:path');
const zlib = require('node:zlib');

const png = ['png'];
const fixture = name => fs.readFileSync(path.join(__dirname, '..', '..', 'fixtures', name));
const svg = (attributes, content = '<rect x="5" y="4" width="50" height="30" fill="#c33"/>') =>
  `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" ${attributes}>${content}</svg>`;
const value = text => ({ value: Buffer.from(text) });
const edges = { tolerance: 1.5, sizeRatio: 1.5 };
// A thin line on a fraction of a pixel is all edge.
const rough = { tolerance: 5, sizeRatio: 1.5 };
const soft = { tolerance: 2, sizeRatio: 1.5 };
const data = (name, type) => `data:${type};base64,${fixture(name).toString('base64')}`;

const sizes = {
  'width and height': 'width="60" height="40"',
  'view box alone': 'viewBox="0 0 60 40"',
  'view box and width': 'viewBox="0 0 60 40" width="120"',
  'view box and height': 'viewBox="0 0 60 40" height="120"',
  'view box and shares': 'viewBox="0 0 60 40" width="100%" height="50%"',
  'view box, height and a share': 'viewBox="0 0 60 40" width="100%" height="80"',
  'view box of another shape': 'viewBox="0 0 60 40" width="100" height="100"',
  'view box that is moved': 'viewBox="-10 -20 90 80"',
  'no size': '',
  'width alone': 'width="70"',
  'shares alone': 'width="100%" height="100%"',
  inches: 'width="1in" height="0.5in" viewBox="0 0 60 40"',
  millimetres: 'width="20mm" height="15mm"',
  points: 'width="45pt" height="30pt"',
  fractions: 'width="60.4" height="40.6"',
  'unknown unit': 'width="60zz" height="40"'
};

const shapes = {
  ellipse: '<ellipse cx="50" cy="40" rx="45" ry="30"/>',
  'half transparent': '<circle cx="50" cy="40" r="35" fill="#06c" fill-opacity="0.4"/>',
  strokes: '<path d="M5 5 L95 75 M5 75 C30 0 70 80 95 5" fill="none" stroke="#272" stroke-width="7" stroke-linecap="round"/>',
  dashes: '<path d="M5 40 H95" stroke="#000" stroke-width="9" stroke-dasharray="11 5 2"/>',
  'linear gradient': '<linearGradient id="g"><stop stop-color="#f00"/><stop offset="1" stop-color="#00f" stop-opacity="0.3"/></linearGradient><rect width="100" height="80" fill="url(#g)"/>',
  'radial gradient': '<radialGradient id="g"><stop stop-color="#ff0"/><stop offset="1" stop-color="#070"/></radialGradient><rect width="100" height="80" fill="url(#g)"/>',
  'clip path': '<clipPath id="c"><circle cx="50" cy="40" r="30"/></clipPath><rect width="100" height="80" fill="#a3a" clip-path="url(#c)"/>',
  mask: '<mask id="m"><rect width="100" height="80" fill="#888"/></mask><rect width="100" height="80" fill="#3aa" mask="url(#m)"/>',
  pattern: '<pattern id="p" width="20" height="20" patternUnits="userSpaceOnUse"><rect width="10" height="10"/></pattern><rect width="100" height="80" fill="url(#p)"/>',
  'group opacity': '<g opacity="0.5"><rect width="60" height="60" fill="red"/><rect x="30" y="20" width="60" height="60" fill="blue"/></g>',
  use: '<defs><rect id="r" width="20" height="20"/></defs><use href="#r" x="5"/><use xlink:href="#r" x="50" y="40" fill="red"/>',
  transforms: '<g transform="translate(50 40) rotate(30) scale(1.5 0.8) skewX(10)"><rect x="-20" y="-20" width="40" height="40" fill="#555"/></g>',
  'style sheet': '<style>rect { fill: #183; } .b { fill: #e80 }</style><rect width="50" height="80"/><rect class="b" x="50" width="50" height="80"/>',
  blur: '<filter id="f"><feGaussianBlur stdDeviation="4"/></filter><rect x="20" y="20" width="60" height="40" filter="url(#f)"/>'
};

const drawing = svg('viewBox="0 0 100 80"', `${shapes.ellipse}${shapes.strokes}`);
const canvas = shape => value(svg('width="100" height="80"', shape));
const words = { differs: 'An error about a damaged SVG is in the words of its parser' };

const prolog = { differs: 'An SVG is recognised in UTF-16, with a namespace prefix and after a prolog of any length' };
const styles = { differs: 'SVG styles have custom properties, the selectors of level 4 and transform boxes' };

const unscaled = { differs: 'An SVG without a size is drawn at the scale of its content' };
const unsized = ['no size', 'width alone', 'shares alone', 'unknown unit'];

module.exports = [
  ...Object.entries(sizes).flatMap(([name, attributes]) => [
    [`${name}, metadata`, value(svg(attributes)), [], { to: 'metadata' }],
    [name, value(svg(attributes)), [png], ['width alone', 'unknown unit'].includes(name) ? unscaled : rough],
    [`${name} at 144 dpi`, value(svg(attributes)), [png], { open: { density: 144 }, ...(unsized.includes(name) ? unscaled : rough) }]
  ]),
  ...Object.entries(shapes).flatMap(([name, shape]) => [
    [name, canvas(shape), [png], name === 'blur' ? soft : edges],
    [`${name}, three times as wide`, canvas(shape), [['resize', 300], png], name === 'blur' ? soft : edges]
  ]),
  ['shapes', 'shapes.svg', [png], edges],
  ['path', { path: 'shapes.svg' }, [['resize', 70], png], edges],
  ['format is PNG', canvas(shapes.ellipse), []],
  ['file without a format of its own', canvas(shapes.ellipse), [], { to: 'out.svg' }],
  ['smaller, stretched', value(drawing), [['resize', { width: 33, height: 20, fit: 'fill' }], png], rough],
  ['cover', value(drawing), [['resize', 64, 64], png], edges],
  ['contain', value(drawing), [['resize', { width: 64, height: 64, fit: 'contain', background: '#0af' }], png], edges],
  ['low density', value(drawing), [png], { open: { density: 14.4 }, tolerance: 2 }],
  ['low density, metadata', value(drawing), [], { to: 'metadata', open: { density: 14.4 } }],
  ['high density, resized', value(drawing), [['resize', 50], png], { open: { density: 300 }, ...rough }],
  ['extract before resize', value(drawing), [['extract', { left: 10, top: 10, width: 50, height: 40 }], ['resize', 100], png], edges],
  ['flatten', value(drawing), [['flatten', { background: '#fff' }], png], edges],
  ['JPEG', value(drawing), [['flatten', { background: '#fff' }], ['jpeg']]],
  ['style sheet option', value(svg('width="60" height="40"', '<rect class="a" width="50" height="30"/>')), [png], { open: { svg: { stylesheet: '.a { fill: #36c }' } }, tolerance: 0 }],
  ['composite', 'rgb-8.png', [['composite', [{ input: Buffer.from(svg('viewBox="0 0 40 30"', '<ellipse cx="20" cy="15" rx="18" ry="12" fill="#fa0"/>')), gravity: 'northwest' }]], png], edges],
  ['composite with density', 'rgb-8.png', [['composite', [{ input: Buffer.from(svg('viewBox="0 0 20 15"')), density: 144, left: 3, top: 2 }]], png], edges],
  ['round crop', 'rgb-8.png', [['composite', [{ input: Buffer.from('<svg viewBox="0 0 53 37"> <ellipse cx="26" cy="18" rx="18" ry="18" /></svg>'), blend: 'dest-in' }]], png], edges],
  ['composite that is too large', 'rgb-8.png', [['composite', [{ input: Buffer.from(svg('width="80" height="20"')) }]], png]],
  ['embedded PNG', canvas(`<image width="100" height="80" href="${data('rgb-8.png', 'image/png')}"/>`), [png], { tolerance: 3 }],
  ['embedded JPEG', canvas(`<image width="100" height="80" preserveAspectRatio="none" xlink:href="${data('444.jpg', 'image/jpeg')}"/>`), [png], { tolerance: 3 }],
  ['file that is linked to is not read', canvas(`${shapes.ellipse}<image width="100" height="80" href="file://${path.join(__dirname, '..', '..', 'fixtures', 'rgb-8.png')}"/>`), [png], edges],
  ['gzip', { value: zlib.gzipSync(drawing) }, [png], edges],
  ['byte order mark', value(`\ufeff${drawing}`), [png], edges],
  ['declaration and document type', value(`<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">\n${drawing}`), [png], edges],
  ['Latin-1', { value: Buffer.from(`<?xml version="1.0" encoding="ISO-8859-1"?>${svg('width="9" height="9"', '<title>\xe9</title><rect width="9" height="9"/>')}`, 'latin1') }, [png], { tolerance: 0 }],
  ['entity', value(`<!DOCTYPE svg [<!ENTITY a "#36c">]>${svg('width="9" height="9"', '<rect width="9" height="9" fill="&a;"/>')}`), [png], { tolerance: 0 }],
  ['UTF-16', { value: Buffer.from(`\ufeff${drawing}`, 'utf16le') }, [png], prolog],
  ['prefix', value(drawing.replaceAll(/<(?=\/?\w)/g, '$&s:').replace('xmlns=', 'xmlns:s=')), [png], prolog],
  ['variables', canvas(`<style>:root{--c:#06c}ellipse{fill:var(--c)}</style>${shapes.ellipse}`), [png], styles],
  ['thin strokes', value(svg('width="64" height="64"', '<g fill="none" stroke="#000" stroke-width="0.3"><circle cx="32" cy="32" r="25"/><path d="M5 9L60 50M5 20.5H60"/></g>')), [png], edges],
  ['no name space', value('<svg width="10" height="10"><rect width="5" height="5"/></svg>'), [png], { tolerance: 0 }],
  ['long comment before', value(`<!--${'x'.repeat(900)}-->${drawing}`), [], { to: 'metadata' }],
  ['nothing that is drawn and no size', value(svg('', '')), [png]],
  ['zero size', value(svg('width="0" height="10"')), [png]],
  ['less than half a pixel', value(svg('width="10" height="0.4"')), [png]],
  ['too large', value(svg('width="40000" height="2"')), [png]],
  ['too large for limitInputPixels', value(svg('width="400" height="200"')), [png], { open: { limitInputPixels: 1000 } }],
  ['too large when scaled', value(svg('width="10" height="10"')), [['resize', 40000], png]],
  ['no end', value(drawing.slice(0, 120)), [png], words],
  ['wrong end', value(svg('width="10" height="10"', '<g>')), [png], words],
  ['text after the end', value(`${drawing}x`), [png], words],
  ['billion laughs', value(`<!DOCTYPE svg [<!ENTITY a0 "ha">${Array.from({ length: 12 }, (_, at) => `<!ENTITY a${at + 1} "${`&a${at};`.repeat(10)}">`).join('')}]>${svg('width="9" height="9"', '<text>&a12;</text>')}`), [png], words],
  ['deep nesting', value(svg('width="9" height="9"', `${'<g>'.repeat(2000)}${'</g>'.repeat(2000)}`)), [png], words]
];
