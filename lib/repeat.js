'use strict';

// Remembers the effect of method calls with simple arguments, so that the same call is parsed once per process.

// Maximum number of remembered calls; further calls are parsed every time.
const MOST = 500;
// Maximum length of a string argument: names and colours are shorter.
const LONGEST = 40;

const calls = new Map();

// A key for a primitive value; undefined if it has none.
function keyOfPrimitive (value) {
  switch (typeof value) {
    case 'number':
      return `n${value}`;
    case 'string':
      return value.length <= LONGEST ? `s${value.length}:${value}` : undefined;
    case 'boolean':
      return value ? 't' : 'f';
    case 'undefined':
      return 'u';
    default:
      return value === null ? '0' : undefined;
  }
}

function keyOfValue (value) {
  if (typeof value !== 'object' || value === null) {
    return keyOfPrimitive(value);
  }
  // Other objects may have getters.
  if (Object.getPrototypeOf(value) !== Object.prototype) {
    return undefined;
  }
  let key = '{';
  for (const name in value) {
    const part = keyOfPrimitive(value[name]);
    if (part === undefined) {
      return undefined;
    }
    key += `${name.length}:${name}${part},`;
  }
  return key;
}

// A unique key of a call; undefined if an argument is not simple.
function keyOf (index, first, second, third) {
  const one = keyOfValue(first);
  if (one === undefined) {
    return undefined;
  }
  if (second === undefined && third === undefined) {
    return `${index}|${one}`;
  }
  const [two, three] = [keyOfValue(second), keyOfValue(third)];
  return two === undefined || three === undefined ? undefined : `${index}|${one}|${two}|${three}`;
}

// Lists alternate names and values. A dot in a name separates an object and its key.
function read (options, name) {
  const dot = name.indexOf('.');
  return dot < 0 ? options[name] : options[name.slice(0, dot)]?.[name.slice(dot + 1)];
}

function write (options, name, value) {
  const dot = name.indexOf('.');
  if (dot < 0) {
    options[name] = value;
  } else {
    options[name.slice(0, dot)][name.slice(dot + 1)] = value;
  }
}

// Repeats a call; returns false if its effect on these options is not known.
function apply (key, options) {
  const call = calls.get(key);
  if (call === undefined) {
    return false;
  }
  const { reads, patch } = call;
  for (let index = 0; index < reads.length; index += 2) {
    if (!Object.is(read(options, reads[index]), reads[index + 1])) {
      return false;
    }
  }
  for (let index = 0; index < patch.length; index += 2) {
    write(options, patch[index], patch[index + 1]);
  }
  return true;
}

function remember (key, { reads, patch }) {
  if (calls.size < MOST) {
    calls.set(key, { reads, patch });
  }
}

module.exports = { keyOf, apply, remember };
