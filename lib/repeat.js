'use strict';

// What calls of edit methods with simple arguments do, so that the same call is parsed once for a process.

// Calls that are remembered; a program that makes more different ones goes on as if there were no memory.
const MOST = 500;
// Strings that are options: names and colours.
const LONGEST = 40;

const calls = new Map();

// A text for a primitive value; undefined when there is none.
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
  // No other objects, which may have getters of their own.
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

// A text that stands for a call and no other; undefined when an argument is not simple.
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

// Lists have names and values in turns. A dot in a name leads into an object.
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

// Does a call again; false when it is not known what it does to these options.
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
