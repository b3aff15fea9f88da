'use strict';

// Wrong values. Every place of `calls/*.js` is tried with each of them.

class Options {}

/** [name, function that makes the value] */
module.exports = [
  ['undefined', () => undefined],
  ['null', () => null],
  ['true', () => true],
  ['false', () => false],
  ['0', () => 0],
  ['-0', () => -0],
  ['1', () => 1],
  ['-1', () => -1],
  ['1.5', () => 1.5],
  ['1e-9', () => 1e-9],
  ['1e21', () => 1e21],
  ['2 ** 53', () => 2 ** 53],
  ['NaN', () => NaN],
  ['Infinity', () => Infinity],
  ['-Infinity', () => -Infinity],
  ['empty string', () => ''],
  ['string', () => 'zoinks'],
  ['string of a digit', () => '1'],
  ['long string', () => 'é'.repeat(150)],
  ['inherited name', () => 'constructor'],
  ['empty array', () => []],
  ['array of a number', () => [1]],
  ['array of anything', () => [null, 'x', [1, -2.5], { a: 1 }]],
  ['empty object', () => ({})],
  ['object', () => ({ zoinks: 1 })],
  ['instance of a class', () => new Options()],
  ['Symbol', () => Symbol('mine')],
  ['BigInt', () => 10n],
  ['function', () => (a) => a],
  ['class', () => Options],
  ['Buffer', () => Buffer.from('ab')],
  ['Uint16Array', () => new Uint16Array([1, 2])],
  ['BigInt64Array', () => new BigInt64Array(2)],
  ['ArrayBuffer', () => new ArrayBuffer(4)],
  ['DataView', () => new DataView(new ArrayBuffer(4))],
  ['Date', () => new Date(0)],
  ['RegExp', () => /x/g],
  ['Map', () => new Map([[1, 2]])],
  ['Set', () => new Set('a')],
  ['Error', () => new RangeError('mine')],
  ['Promise', () => Promise.resolve(1)],
  ['String object', () => new String('x')],
  ['Number object', () => new Number(3)]
];
