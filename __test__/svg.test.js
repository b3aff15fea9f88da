'use strict';

// SVG as browsers draw it, by the public interface; where sharp's librsvg draws the same, against that.

const zlib = require('node:zlib');
const lancet = require('../');
const sharp = require('sharp');

const open = 'xmlns="http://www.w3.org/2000/svg" width="60" height="40" viewBox="0 0 60 40"';
const svg = body => `<svg ${open}>${body}</svg>`;

async function drawn (input, module = lancet, options = {}) {
  const image = module(Buffer.isBuffer(input) ? input : Buffer.from(input), options).flatten({ background: '#fff' }).removeAlpha();
  const { data, info } = await image.raw().toBuffer({ resolveWithObject: true });
  const at = (x, y) => `#${data.subarray((y * info.width + x) * 3, (y * info.width + x) * 3 + 3).toString('hex')}`;
  const dark = (left, right) => {
    let count = 0;
    for (let y = 0; y < info.height; y++) for (let x = left; x < right; x++) count += data[(y * info.width + x) * 3] < 128;
    return count;
  };
  return { at, dark, data, info };
}

/** The mean difference, and that of the worst block of 16×16 samples a side. */
function difference (a, b, { width, height }) {
  const sums = new Map();
  let sum = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width * 3; x++) {
      const apart = Math.abs(a[y * width * 3 + x] - b[y * width * 3 + x]);
      const block = `${y >> 4} ${Math.floor(x / 48)}`;
      sums.set(block, (sums.get(block) ?? 0) + apart / 768);
      sum += apart;
    }
  }
  return { mean: sum / a.length, block: Math.max(...sums.values()) };
}

describe('style', () => {
  const square = '<rect class="a" width="20" height="20"/>';
  it.each([
    [':root', ':root{fill:#0a0}', square],
    [':not()', 'rect:not(.b){fill:#0a0}', square],
    [':is()', ':is(circle,rect){fill:#0a0}', square],
    [':nth-child()', 'g rect:nth-child(2n+1){fill:#0a0}', `<g>${square}<path/></g>`],
    [':last-child', 'g :last-child{fill:#0a0}', `<g><path/>${square}</g>`],
    ['an attribute', '[class^=a]{fill:#0a0}', square],
    ['specificity', 'rect.a{fill:#0a0}.a{fill:#a00}', square],
    ['!important', 'rect{fill:#0a0!important}', '<rect width="20" height="20" style="fill:#a00"/>'],
    ['a dark theme', 'rect{fill:#0a0}@media (prefers-color-scheme:dark){rect{fill:#fff}}', square],
    ['a variable', 'svg{--c:#0a0}rect{fill:var(--c,#a00)}', square],
    ['a fallback', 'rect{fill:var(--c,#0a0)}', square],
    ['geometry', '.g{x:5px;y:5px;width:50%;height:20px;fill:#0a0}', '<rect class="g"/>'],
    ['a path', '.g{d:path("M0 0H20V20H0Z");fill:#0a0}', '<path class="g"/>'],
    ['a transform', '.g{transform:translate(-30px,0) ;fill:#0a0}', '<rect class="g" x="30" width="20" height="20"/>'],
    ['a transform in a box', '.g{transform:rotate(90deg);transform-box:fill-box;transform-origin:center;fill:#0a0}', '<rect class="g" x="9" y="-5" width="2" height="30"/><path fill="#0a0" d="M9 0h2v20h-2z"/>']
  ])('has %s', async (_, css, body) => {
    expect((await drawn(svg(`<style>${css}</style>${body}`))).at(10, 10)).toBe('#00aa00');
  });

  it('has what is given beside the document, which yields to it', async () => {
    const text = svg('<style>.b{fill:#00f}</style><rect class="a" width="20" height="20"/><rect class="b" x="20" width="20" height="20"/>');
    const { at } = await drawn(text, lancet, { svg: { stylesheet: 'rect.a{fill:#0a0}rect{fill:#a00}' } });
    expect([at(10, 10), at(30, 10)]).toEqual(['#00aa00', '#0000ff']);
  });
});

it('draws strokes that are not scaled with their width', async () => {
  const line = 'd="M0 5H15" stroke="#000" stroke-width="2" vector-effect="non-scaling-stroke"';
  expect((await drawn(svg(`<path ${line} transform="scale(4)"/>`))).dark(20, 21)).toBe(2);
  expect((await drawn(`<svg ${open.replace('60 40"', '15 10"')}><path ${line}/></svg>`)).dark(20, 21)).toBe(2);
});

it('starts text that runs from right to left on the right', async () => {
  const text = more => svg(`<text x="30" y="25" font-size="14" font-family="DejaVu Sans" ${more}>\u05e9\u05dc</text>`);
  for (const [more, isLeft] of [['direction="rtl"', true], ['direction="rtl" text-anchor="end"', false], ['style="direction:rtl"', true], ['', false]]) {
    const { dark } = await drawn(text(more));
    expect([more, dark(0, 30) > dark(30, 60)]).toEqual([more, isLeft]);
  }
});

describe('is recognised', () => {
  const body = svg('<rect width="20" height="20" fill="#0a0"/>');
  const utf16 = Buffer.from(`\ufeff${body}`, 'utf16le');
  it.each([
    ['after a long comment', `<?xml version="1.0"?><!-- ${'\u30ec long '.repeat(2000)} -->${body}`],
    ['after a document type', `<!DOCTYPE svg [${'<!ENTITY ns "http://ns.example.org/>">'.repeat(99)}]>${body}`],
    ['in UTF-16', utf16],
    ['in UTF-16 of the other order', Buffer.from(utf16).swap16()],
    ['in Latin-1', Buffer.from(`<?xml version="1.0" encoding="ISO-8859-1"?><!-- \u00e9 -->${body}`, 'latin1')],
    ['with a prefix', '<s:svg xmlns:s="http://www.w3.org/2000/svg" width="60" height="40"><s:rect width="20" height="20" fill="#0a0"/></s:svg>'],
    ['compressed', zlib.gzipSync(`<!-- ${'x'.repeat(9000)} -->${body}`)]
  ])('%s', async (_, input) => {
    expect((await drawn(input)).at(10, 10)).toBe('#00aa00');
  });

  it('and HTML with a drawing in it is not', () =>
    expect(lancet(Buffer.from(`<html>${' '.repeat(5000)}${body}</html>`)).metadata()).rejects.toThrow('unsupported image format'));
});

describe('images inside', () => {
  const side = 256;
  const photo = Buffer.from(Array.from({ length: side * side * 3 }, (_, at) => {
    const [x, y] = [Math.floor(at / 3) % side, Math.floor(at / 3 / side)];
    return Math.round(128 + 60 * Math.sin(x / 0.5) + 60 * Math.cos(y / 0.6) + (at % 3) * 3);
  }));
  const raw = { raw: { width: side, height: side, channels: 3 } };
  const image = (file, size, more = '') =>
    `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}"><image width="${size}" height="${size}" ${more} href="data:;base64,${file.toString('base64')}"/></svg>`;

  it.each(['png', 'jpeg', 'webp', 'gif', 'avif', 'tiff'])('are read as %s and made smaller without aliasing', async format => {
    const file = await lancet(photo, raw).toFormat(format).toBuffer();
    const { data, info } = await drawn(image(file, 32));
    const whole = await lancet(file).removeAlpha().raw().toBuffer();
    const means = data.map((_, at) => {
      const [x, y] = [Math.floor(at / 3) % 32, Math.floor(at / 96)];
      let sum = 0;
      for (let block = 0; block < 64; block++) sum += whole[((y * 8 + (block >> 3)) * side + x * 8 + (block & 7)) * 3 + at % 3];
      return sum / 64;
    });
    expect(difference(data, means, info).mean).toBeLessThan(4);
  });

  it('are drawn under filters', async () => {
    const file = await lancet(photo, raw).png().toBuffer();
    const filter = '<filter id="f"><feColorMatrix type="saturate" values="1"/></filter>';
    const filtered = image(file, 64, 'filter="url(#f)"').replace('<image', `${filter}<image`);
    const [{ data, info }, plain] = [await drawn(filtered), await drawn(image(file, 64))];
    expect(difference(data, plain.data, info).mean).toBeLessThan(3);
  });

  it('do not stop a drawing when they are damaged', async () => {
    const { at } = await drawn(svg('<rect width="20" height="20" fill="#0a0"/><image width="60" height="40" href="data:image/png;base64,iVBORw0KGgo="/>'));
    expect(at(10, 10)).toBe('#00aa00');
  });
});

it.each([16, 24, 48, 100, 600])('draws the lines of icons at %i pixels as librsvg does', async size => {
  const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="#000" stroke-width="1" stroke-linecap="round" stroke-linejoin="round">
    <path d="M7.9 20A9 9 0 1 0 4 16.1L2 22Z"/><circle cx="12" cy="12" r="3.3"/><path d="M8 9l8 6.2" stroke-width="0.3"/></svg>`;
  const lines = module => module(Buffer.from(icon)).resize(size, size).flatten({ background: '#fff' }).removeAlpha().raw().toBuffer();
  const { mean, block } = difference(await lines(lancet), await lines(sharp), { width: size, height: size });
  expect(mean).toBeLessThan(2);
  expect(block).toBeLessThan(6);
});
