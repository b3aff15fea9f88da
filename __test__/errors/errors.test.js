'use strict';

// Each place of `calls/` with each wrong value, here and in sharp: the same error at the same moment, or the same options.

const lancet = require('../..');
const peer = require('sharp');

const { difference } = require('./run.js');
const place = require('./place.js');
const values = require('./values.js');

const calls = {
  ...require('./calls/edits.js'),
  ...require('./calls/inputs.js'),
  ...require('./calls/outputs.js'),
  ...require('./calls/formats.js'),
  ...require('./calls/gif.js'),
  ...require('./calls/tiff.js'),
  ...require('./calls/heif.js')
};

/** Where lancet takes a form that sharp 0.32 took, or honours one that sharp 0.35 ignores. */
const isOlderForm = (method, template, value) =>
  template[0] === place && (
    (method === 'sharpen' && (typeof value === 'number' || value === false)) ||
    (method === 'trim' && ['number', 'string'].includes(typeof value)));

const bytes = ['Buffer', 'Uint16Array'];
const boxed = ['BigInt64Array', 'Date', 'String object', 'Number object'];

/** Values that lancet refuses, or quotes in another way, where sharp looks into bytes and boxed values. */
function isForeign (method, template, name) {
  const text = JSON.stringify(template, (_key, value) => (value === place ? '_' : value));
  if (method === 'tint' || /"(background|pdfBackground|exif|IFD\d)":/.test(text) || method.startsWith('withExif')) {
    return [...bytes, ...boxed].includes(name);
  }
  if (method === 'tile' && template[0] === place) {
    return ['Map', 'Set'].includes(name);
  }
  const isInList = /(\[|,)"_"/.test(text.slice(1));
  const isOptions = template[1] === place;
  return (isInList || isOptions) && [...bytes, 'BigInt64Array'].includes(name);
}

const show = (template) => JSON.stringify(template, (_key, value) => (value === place ? '_' : value)).slice(1, -1).replaceAll('"_"', '_');

const lines = Object.entries(calls).flatMap(([method, templates]) => templates.map((template) => ({ method, template })));

test('the table is large and has every method', () => {
  expect(lines.length * values.length).toBeGreaterThan(600);
  const edits = Object.keys(lancet.prototype).filter((name) => !/^_|^(clone|metadata|stats|to(File|Buffer|Uint8Array))$/.test(name));
  expect(Object.keys(calls)).toEqual(expect.arrayContaining(edits));
});

describe.each(Object.keys(calls))('%s', (method) => {
  test.each(calls[method].map((template) => [show(template), template]))('%s', (_name, template) => {
    const differences = values
      .filter(([name, make]) => !isOlderForm(method, template, make()) && !isForeign(method, template, name))
      .map(([name, make]) => [name, difference(lancet, peer, method, template, make)])
      .filter(([, text]) => text);
    expect(differences).toEqual([]);
  });
});
