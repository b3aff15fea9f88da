'use strict';

// Makes one call in both modules and says how the outcomes differ.

const place = require('./place.js');

/** The arguments with a value in each place. */
function fill (part, make) {
  if (part === place) return make();
  if (Array.isArray(part)) return part.map((inner) => fill(inner, make));
  if (Object.prototype.toString.call(part) !== '[object Object]') return part;
  return Object.fromEntries(Object.entries(part).map(([key, inner]) => [key, fill(inner, make)]));
}

/** What both bags have, each value as text. */
function plain (options, other) {
  const exact = (_key, value) => {
    if (typeof value === 'number') return Number.isFinite(value) ? Number(value.toPrecision(12)) : String(value);
    if (Object.prototype.toString.call(value) !== '[object Object]') return value;
    return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
  };
  const shared = Object.entries(options).filter(([key, value]) => key in other && typeof value !== 'function');
  return Object.fromEntries(shared.map(([key, value]) => [key, JSON.stringify(value, exact)]));
}

/** `{ error }`, or `{ options, warnings }` of the instance after the call. */
function outcome (module, method, args) {
  const warnings = [];
  try {
    if (method === 'constructor') {
      return { options: module(...args).options, warnings };
    }
    const instance = module('input.jpg').on('warning', (text) => warnings.push(text));
    return { same: instance[method](...args) === instance, options: instance.options, warnings };
  } catch (error) {
    return { error };
  }
}

/** A sentence about how lancet's outcome differs from sharp's, or nothing. */
function difference (lancet, peer, method, template, make) {
  const [ours, theirs] = [lancet, peer].map((module) => outcome(module, method, fill(template, make)));
  // What JavaScript itself throws inside sharp is no sentence to keep: lancet may take the value, or say what is wrong.
  if (theirs.error && theirs.error.constructor !== Error) {
    return !ours.error || ours.error.constructor === Error ? undefined : `throws ${ours.error}`;
  }
  if (ours.error || theirs.error) {
    const [our, their] = [ours, theirs].map(({ error }) => error && `${error.constructor.name}: ${error.message}`);
    return our === their ? undefined : `${our ?? 'takes it'} | ${their ?? 'takes it'}`;
  }
  if (ours.same !== theirs.same || ours.warnings.join() !== theirs.warnings.join()) {
    return `returns ${ours.same}, warns ${ours.warnings} | returns ${theirs.same}, warns ${theirs.warnings}`;
  }
  const [our, their] = [plain(ours.options, theirs.options), plain(theirs.options, ours.options)];
  const key = Object.keys(their).find((key) => our[key] !== their[key]);
  return key && `${key}: ${our[key]} | ${their[key]}`;
}

module.exports = { difference, fill };
