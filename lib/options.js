'use strict';

// The options bag of a pipeline: created, copied, and compared with the defaults.

const binding = require('./binding.js');

const tables = binding.tables();
const { defaults, input, optional } = tables;

const keys = Object.keys(defaults);
const values = Object.values(defaults);
const lists = keys.filter((key) => Array.isArray(defaults[key]));

// Created by a spread with every key: V8 copies such an object fastest.
const template = { ...defaults, debuglog: null, queueListener: null, input: null };
const inputTemplate = { ...input };

function create (debuglog, queueListener) {
  const options = { ...template };
  for (let index = 0; index < lists.length; index++) {
    options[lists[index]] = [...defaults[lists[index]]];
  }
  options.withExif = {};
  options.debuglog = debuglog;
  options.queueListener = queueListener;
  options.input = { ...inputTemplate };
  return options;
}

// Byte arrays are shared: they are large, and nothing writes to them.
function copy (value) {
  if (Array.isArray(value)) {
    return value.map(copy);
  }
  if (Object.prototype.toString.call(value) !== '[object Object]') {
    return value;
  }
  const result = {};
  for (const key of Object.keys(value)) {
    result[key] = copy(value[key]);
  }
  return result;
}

function isSameList (list, standard) {
  return Array.isArray(list) &&
    list.length === standard.length &&
    list.every((value, index) => value === standard[index]);
}

// Returns the options that differ from the defaults, which the engine has too.
function changes (options) {
  const result = {};
  // Keys are in template order unless a program changed them; reading all values in order is much faster than one look-up per key.
  const own = Object.keys(options);
  const current = Object.values(options);
  for (let index = 0; index < keys.length; index++) {
    const key = keys[index];
    const value = own[index] === key ? current[index] : options[key];
    const standard = values[index];
    if (value !== standard && !(Array.isArray(standard) && isSameList(value, standard))) {
      result[key] = value;
    }
  }
  for (const key of optional) {
    if (options[key] !== undefined) {
      result[key] = options[key];
    }
  }
  return result;
}

// Whether an input is bytes in memory with default options.
function isPlainBytes (input) {
  if (!Buffer.isBuffer(input.buffer)) {
    return false;
  }
  for (const key of Object.keys(input)) {
    if (key !== 'buffer' && input[key] !== inputTemplate[key]) {
      return false;
    }
  }
  return true;
}

module.exports = { create, isPlainBytes, copy, changes, tables };
