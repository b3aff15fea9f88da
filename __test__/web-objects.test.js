'use strict';

// What is no input is named in the error, wherever an image is expected.

const { Readable } = require('node:stream');
const lancet = require('..');
const sharp = require('sharp');

const image = { create: { width: 4, height: 4, channels: 3, background: '#936' } };
let png;
beforeAll(async () => { png = await lancet(image).png().toBuffer(); });

const objects = {
  Blob: () => new Blob([png]),
  File: () => new (require('node:buffer').File)([png], 'a.png'),
  Response: () => new Response(png),
  Request: () => new Request('http://a.test/'),
  Headers: () => new Headers({ width: '1' }),
  FormData: () => new FormData(),
  ReadableStream: () => new Blob([png]).stream(),
  URL: () => new URL('file:///a.png'),
  DataView: () => new DataView(new ArrayBuffer(4)),
  SharedArrayBuffer: () => new SharedArrayBuffer(4),
  Date: () => new Date(0),
  Map: () => new Map([['raw', 1]]),
  Set: () => new Set([1]),
  Promise: () => Promise.resolve(png),
  RegExp: () => /a/,
  Error: () => new Error('a'),
  Symbol: () => Symbol('a'),
  function: () => () => png,
  number: () => 1,
  boolean: () => true
};

const message = (call) => { try { call(); return 'accepted'; } catch (error) { return error.message; } };

describe.each(Object.keys(objects))('%s', (name) => {
  const places = {
    constructor: (module, input) => module(input),
    'constructor with options': (module, input) => module(input, { failOn: 'none' }),
    join: (module, input) => module([input, input]),
    composite: (module, input) => module(png).composite([{ input }]),
    joinChannel: (module, input) => module(png).joinChannel(input),
    'joinChannel of a list': (module, input) => module(png).joinChannel([input]),
    boolean: (module, input) => module(png).boolean(input, 'and')
  };
  test.each(Object.keys(places))('%s', (place) => {
    const [ours, theirs] = [lancet, sharp].map((module) => message(() => places[place](module, objects[name]())));
    expect(ours).toMatch(/^Unsupported input '.+' of type (object|function|symbol|number|boolean)/s);
    // sharp cannot print a symbol.
    if (name !== 'Symbol') expect(ours).toBe(theirs);
  });
});

test('a stream and another instance are named', () => {
  expect(message(() => lancet(Readable.from([png])))).toBe("Unsupported input 'Readable' of type object");
  expect(message(() => lancet(lancet(png)))).toBe("Unsupported input 'Sharp' of type object");
});

test('an object of a class of the program is a description', async () => {
  class Description { create = image.create; }
  const { width } = await lancet(new Description()).png().toBuffer({ resolveWithObject: true }).then(({ info }) => info);
  expect(width).toBe(4);
  expect((await lancet(Object.assign(Object.create(null), image)).metadata()).width).toBe(4);
});
