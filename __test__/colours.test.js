'use strict';

// Every form of a colour, here and in sharp: the same channels or the same error.

const lancet = require('../');
const peer = require('sharp');

const channels = [
  '1', '1,2', '1,2,3', '1 2 3', '10%,20%,30%', '120,50%,50%', '120 50% 50%', '120deg,50%,50%', '120, 50%, 50%, 0.3', '120 50% 50% / 0.3',
  '120 50% 50% / 30%', '1,2,3,0.5', '1 2 3 / 0.5', '1 2 3 0.5', '1,2,3,50%', '-20,50%,50%', '400,50%,50%', '1.5,2.5,3.5', '+1,+2,+3',
  '1e2,1,1', '300,-5,256', '50% 20% 10%', '1 , 2 , 3', ' 1,2,3 ', 'none none none', '120.5,50.5%,50.5%', '120,150%,50%', '120,-50%,50%',
  '1,2,3,2', '1,2,3,-1', '1,2,3,', '1,,2,3', '1/2/3', '1|2|3', '1,2,3|0.5', '360,100%,100%', '120 0.5 0.5', '120,50,50', '1e-1,2,3', '1e+1 20% 30%', '1E2,1,1', '.5,5.,0', '1\t2\t3', '00012,1,1',
  '1e-1,10%,20%', '1,2,3,1e-1', '33.333%,0%,1%', '360 0% 0%', '1;2;3', '1 2%,3', '-1,+2,-0'
];
const functions = ['rgb', 'rgba', 'hsl', 'hsla', 'hwb', 'hsv', 'lab', 'lch', 'oklab', 'color', 'RGB', 'Hsl'];

const texts = [
  ...functions.flatMap((name) => channels.map((list) => `${name}(${list})`)),
  '#12', '#123', '#1234', '#12345', '#123456', '#1234567', '#12345678', '#xyz', '#ABC', '#AbCdEf', '123', 'fff', 'red', 'RED', 'transparent',
  'rebeccapurple', 'currentcolor', 'inherit', '', ' red', 'red ', 'constructor', '__proto__', 'grey', 'lightgrey', '#fff ', 'rgb (1,2,3)',
  'rgb(1,2,3) ', 'a'.repeat(200), 'a'.repeat(201), 'ab', '😀😀'
];

const models = {
  rgb: ['r', 'g', 'b'],
  hsl: ['h', 's', 'l'],
  hsv: ['h', 's', 'v'],
  hwb: ['h', 'w', 'b'],
  hcg: ['h', 'c', 'g'],
  cmyk: ['c', 'm', 'y', 'k'],
  xyz: ['x', 'y', 'z'],
  lab: ['l', 'a', 'b'],
  lch: ['l', 'c', 'h'],
  oklab: ['okl', 'oka', 'okb'],
  oklch: ['okl', 'okc', 'okh'],
  apple: ['r16', 'g16', 'b16'],
  gray: ['gray'],
  ansi16: ['ansi16'],
  ansi256: ['ansi256']
};
const numbers = [
  [0, 0, 0, 0], [10, 20, 30, 40], [120, 50, 50, 20], [-10, 500, 70, 2], [300.5, 12.25, 99.9, 0], [0.5, 0.1, -0.2, 0], [95, 20, -80, 1],
  [360, 100, 100, 0], [53.2, 80.1, 67.2, 0], [65535, 32768, 1, 0], [31, 1, 1, 1], [97, 1, 1, 1], [196, 1, 1, 1]
];
const objects = Object.values(models).flatMap((keys) => numbers.flatMap((values) => {
  const colour = Object.fromEntries(keys.map((key, index) => [key, values[index]]));
  return [colour, { ...colour, alpha: 0.5 }, { ...colour, alpha: 'x' }, { ...colour, extra: 1 }];
}));

const others = [
  { hex: undefined }, { hex: null }, { hex: true }, { hex: '' }, { hex: '#ff8000' }, { hex: 'f80' }, { hex: 'no digits' }, { hex: 'x12345' }, { hex: '#FF8000', alpha: 0.5 }, { hex: 0xff8000 },
  { keyword: 'red' }, { keyword: 'teal', alpha: 0.2 },
  [], [1], [1, 2], [1, 2, 3], [1, 2, 3, 4], [1, 2, 3, 0.5], [1, 2, 3, 0.5, 6], ['1', '2', '3'], [null], [[1, 2, 3]], [NaN, 1, 2], [300, -1, 5],
  { r: 1, g: 2, b: 3, alpha: null }, { r: 1, g: 2, b: 3, alpha: undefined }, { r: 1, g: 2, b: 3, alpha: -1 }, { r: 1, g: 2, b: 3, alpha: 2 },
  { r: '1', g: '2', b: '3' }, { r: true, g: false, b: null }, { r: [1], g: {}, b: 2 }, { r: '', g: ' ', b: '0x10' }, { r: '1e2', g: '-5', b: '1px' },
  { r: 1, g: 2, b: 3, h: 1, s: 2, l: 3 }, { R: 1, G: 2, B: 3 }, { b: 1, g: 2, r: 3 }, {}, { alpha: 1 }, { a: 'b' }, { a: undefined },
  { a: () => 1, b: Symbol('q') }, { a: 'q"\\é\n\u2028\u0001' }, { a: NaN, b: Infinity, c: -0, d: 1e21 }, { a: [1, [2, { b: null }]] },
  new Map(), /x/, new Error('x'), null, undefined, 0, 255, 0xff0000, -1, 1.5, NaN, true, false, Symbol('x'), 10n
];

function outcome (module, colour) {
  try {
    return module('a.png').tint(colour).options.tint.map((channel) => Number(channel.toFixed(6)) + 0);
  } catch (error) {
    return `${error.constructor.name}: ${error.message}`;
  }
}

test.each([['texts', texts], ['objects', objects], ['others', others]])('%s', (_name, colours) => {
  for (const colour of colours) {
    const theirs = outcome(peer, colour);
    if (!String(theirs).startsWith('TypeError')) {
      expect([colour, outcome(lancet, colour)]).toEqual([colour, theirs]);
    }
  }
});
