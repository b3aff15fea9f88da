'use strict';

// The function itself: constructor, edit methods from the engine's table, enumerations, settings of the process.

const { Duplex } = require('node:stream');
const { EventEmitter } = require('node:events');

const binding = require('./lib/binding.js');
const bag = require('./lib/options.js');
const io = require('./lib/io.js');
const repeat = require('./lib/repeat.js');

const CONSTRUCTOR = -1;

const queue = new EventEmitter();

function queueListener (length) {
  queue.emit('change', length);
}

let log;
function debuglog (warning) {
  // NODE_DEBUG=sharp shows warnings.
  log ??= require('node:util').debuglog('sharp');
  log(warning);
}

function Sharp (input, options) {
  if (arguments.length === 1 && (input === undefined || input === null)) {
    throw new Error('Invalid input');
  }
  // Streams are piped into a pipeline. Another pipeline is a stream too, and has no bytes yet.
  if (typeof input?.pipe === 'function') {
    throw new Error(`Unsupported input '${input.constructor?.name}' of type ${typeof input}`);
  }
  if (!(this instanceof Sharp)) {
    return new Sharp(input, options);
  }
  Duplex.call(this);
  this.options = bag.create((warning) => {
    this.emit('warning', warning);
    debuglog(warning);
  }, queueListener);
  if (options === undefined && Buffer.isBuffer(input) && input.length > 0) {
    // The most frequent form needs no crossing into the engine.
    this.options.input.buffer = input;
  } else {
    edit(this, CONSTRUCTOR, input, options);
  }
}
Object.setPrototypeOf(Sharp.prototype, Duplex.prototype);
Object.setPrototypeOf(Sharp, Duplex);

// The engine parses a call and writes the result into the options. Results of calls with simple arguments are remembered,
// because the crossing into the engine takes longer than most calls.
function edit (sharp, index, first, second, third) {
  const key = repeat.keyOf(index, first, second, third);
  if (key !== undefined && repeat.apply(key, sharp.options)) {
    return sharp;
  }
  const answer = binding.apply(index, sharp.options, first, second, third, key !== undefined);
  if (answer?.patch) {
    repeat.remember(key, answer);
    return sharp;
  }
  if (typeof answer === 'string') {
    throw new Error(answer);
  }
  if (answer?.method) {
    return sharp[answer.method]([first, second, third][answer.first]);
  }
  if (answer) {
    for (const warning of answer) {
      sharp.options.debuglog(warning);
    }
  }
  return sharp;
}

// An independent copy. With stream input, the copy has the data when the stream has ended.
function clone () {
  const clone = new this.constructor();
  clone.options = { ...bag.copy(this.options), debuglog: clone.options.debuglog };
  if (this._isStreamInput()) {
    this._whenStreamInFinished(() => {
      this._flattenBufferIn();
      clone.options.input.buffer = this.options.input.buffer;
      clone.emit('finish');
    });
    this.once('close', () => this.writableFinished || clone.destroy(this.errored));
  }
  return clone;
}

Object.assign(Sharp.prototype, { clone });

bag.tables.methods.forEach(([name, length], index) => {
  const { [name]: method } = {
    [name] (first, second, third) {
      return edit(this, index, first, second, third);
    }
  };
  Sharp.prototype[name] = Object.defineProperty(method, 'length', { value: length });
});

Object.assign(Sharp.prototype, io);

function setting (name, value) {
  const answer = binding.setting(name, value);
  if (typeof answer === 'string') {
    throw new Error(answer);
  }
  return answer;
}

// Without an argument, settings are read.
function cache (options) {
  return setting('cache', options);
}

function concurrency (concurrency) {
  return setting('concurrency', concurrency);
}

function counters () {
  return binding.counters();
}

function simd (simd) {
  return setting('simd', simd);
}

function block (options) {
  setting('block', options);
}

function unblock (options) {
  setting('unblock', options);
}

const { format, interpolators, ...enumerations } = binding.enumerations();
for (const [name, values] of Object.entries(enumerations)) {
  Sharp[name] = values;
  if (name === 'colourspace') {
    Sharp.colorspace = values;
  }
}

// Names of sharp 0.32 that programs look up. Not enumerable.
Object.defineProperty(format, 'jp2k', { value: format.jp2 });
const target = `${process.platform}-${process.arch}`;
Object.defineProperty(Sharp, 'vendor', { value: { current: target, installed: [target] } });

// `sharp` and `vips` are the versions whose API and behaviour this package has.
const versions = { vips: '8.18.7', lancet: bag.tables.version, sharp: '0.35.5' };

Object.assign(Sharp, { cache, concurrency, counters, simd, format, interpolators, versions, queue, block, unblock });

module.exports = Sharp;
