'use strict';

const lancet = require('../');
const sharp = require('sharp');

describe('statics of the module function', () => {
  test('are own and enumerable, so that a mock takes them over', () => {
    const mock = Object.assign(jest.fn(), lancet);
    const names = [
      'align', 'gravity', 'strategy', 'kernel', 'fit', 'position', 'blend', 'colourspace', 'colorspace', 'bool',
      'cache', 'concurrency', 'counters', 'simd', 'format', 'interpolators', 'versions', 'queue', 'block', 'unblock'
    ];
    expect(Object.keys(mock)).toEqual(expect.arrayContaining(names));
    for (const name of names) expect(mock[name]).toBe(lancet[name]);
    expect(mock.fit.cover).toBe('cover');
    expect(mock.format.jpeg.input.buffer).toBe(true);
  });

  test('have the names of sharp', () => {
    expect(Object.keys(lancet).sort()).toEqual(Object.keys(sharp).sort());
  });

  test('a spread and a copy have them too', () => {
    expect({ ...lancet }).toMatchObject({ kernel: lancet.kernel, cache: lancet.cache });
  });
});
