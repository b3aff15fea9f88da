'use strict';

// Input and output of a pipeline: both sides of its stream, Buffers, files, metadata.
// One file, because each file costs a third of a millisecond at start-up.

const path = require('node:path');
// Not the global one, which test environments replace.
const { setTimeout } = require('node:timers');
const binding = require('./binding.js');
const bag = require('./options.js');

// The kind of task that makes an image; `queue` reports these tasks.
const PIPELINE = 'pipeline';

function reportQueue (sharp, length) {
  sharp.options.queueListener?.(length);
}

// The result of a task: the output, its info as JSON, and names and values of the byte arrays in the info.
function unpack ([data, text, _warnings, ...blocks]) {
  const info = JSON.parse(text);
  for (let index = 0; index < blocks.length; index += 2) {
    info[blocks[index]] = blocks[index + 1];
  }
  return { data, info };
}

// The engine keeps freed memory for the next task. While it does, an unreferenced timer returns idle memory to the system.
const TICK_MS = 1000;
let timer;
let isBusy = false;

function keepTicking () {
  timer ??= setTimeout(() => {
    const wasBusy = isBusy;
    isBusy = false;
    binding.tick().then((holdsMemory) => {
      timer = undefined;
      if (holdsMemory || wasBusy || isBusy) {
        keepTicking();
      }
    });
  }, TICK_MS).unref();
}

// Calls `done(error, result)`. `overrides` are options of this task alone. `context` is an error created at the call, so that its stack shows the caller.
function start (sharp, kind, overrides, context, done) {
  const fail = (message) => {
    context.message = message;
    done(context);
  };
  const run = () => {
    isBusy = true;
    keepTicking();
    const isPipeline = kind === PIPELINE;
    // Counted before a thread can take the task from the queue.
    const queued = isPipeline && binding.queued() + 1;
    let task;
    try {
      // Other tasks use the input only.
      const options = isPipeline
        ? Object.assign(bag.changes(sharp.options), overrides)
        : { input: sharp.options.input };
      task = binding[kind](options);
    } catch (error) {
      fail(error.message);
      return;
    }
    if (isPipeline) {
      reportQueue(sharp, queued);
    }
    task.then(
      (result) => {
        if (isPipeline) {
          reportQueue(sharp, binding.queued());
        }
        if (typeof result === 'string') {
          fail(result);
          return;
        }
        for (const warning of result[2]) {
          sharp.options.debuglog?.(warning);
        }
        done(null, unpack(result));
      },
      (error) => fail(error.message)
    );
  };
  if (sharp._isStreamInput()) {
    whenStreamEnded(sharp, () => {
      sharp._flattenBufferIn();
      run();
    }, fail);
  } else {
    run();
  }
}

// Calls `ended()` when all input was written, or `failed(message)` if the stream closes first.
function whenStreamEnded (sharp, ended, failed) {
  if (sharp.writableFinished) {
    ended();
    return;
  }
  const closed = () => {
    sharp.off('finish', finished);
    failed(sharp.errored?.message ?? 'Premature close');
  };
  const finished = () => {
    sharp.off('close', closed);
    ended();
  };
  if (sharp.destroyed) {
    process.nextTick(closed);
  } else {
    sharp.once('finish', finished).once('close', closed);
  }
}

// Calls `callback(error, ...values(result))` outside of the promise, so that an exception in the callback is uncaught and not a rejection.
function withCallback (sharp, kind, overrides, context, callback, values) {
  start(sharp, kind, overrides, context, (error, result) => {
    process.nextTick(() => error ? callback(error) : callback(null, ...values(result)));
  });
  return sharp;
}

// Returns a promise of `value(result)`.
function withPromise (sharp, kind, overrides, context, value) {
  return new Promise((resolve, reject) => {
    start(sharp, kind, overrides, context, (error, result) => error ? reject(error) : resolve(value(result)));
  });
}

function _write (chunk, _encoding, callback) {
  const { input } = this.options;
  if (!Array.isArray(input.buffer)) {
    callback(new Error('Unexpected data on Writable Stream'));
  } else if (!Buffer.isBuffer(chunk)) {
    callback(new Error('Non-Buffer data on Writable Stream'));
  } else {
    input.buffer.push(chunk);
    callback();
  }
}

function _isStreamInput () {
  return Array.isArray(this.options.input?.buffer);
}

function _flattenBufferIn () {
  if (this._isStreamInput()) {
    const chunks = this.options.input.buffer;
    this.options.input.buffer = chunks.length === 1 ? chunks[0] : Buffer.concat(chunks);
  }
}

function _whenStreamInFinished (fn) {
  if (this.writableFinished) {
    fn();
  } else {
    this.once('finish', fn);
  }
}

function read (sharp, kind, callback, context, value) {
  return typeof callback === 'function'
    ? withCallback(sharp, kind, {}, context, callback, (result) => [value(result)])
    : withPromise(sharp, kind, {}, context, value);
}

// sharp 0.32's name for `bitsPerSample` of a palette image. Not enumerable, since programs print the keys.
function withPaletteBitDepth ({ info }) {
  if (info.isPalette) {
    Object.defineProperty(info, 'paletteBitDepth', { value: info.bitsPerSample, writable: true, configurable: true });
  }
  return info;
}

function metadata (callback) {
  // A header in memory is read faster here than on another thread.
  if (callback === undefined && bag.isPlainBytes(this.options.input)) {
    const answer = binding.briefMetadata(this.options.input.buffer);
    if (answer !== null) {
      return Promise.resolve(withPaletteBitDepth(unpack(answer)));
    }
  }
  return read(this, 'metadata', callback, new Error(), withPaletteBitDepth);
}

// JSON has no NaN, which is the standard deviation of a single pixel.
function withNotANumber ({ info }) {
  for (const channel of info.channels) {
    for (const key of Object.keys(channel)) {
      channel[key] ??= NaN;
    }
  }
  return info;
}

function stats (callback) {
  return read(this, 'stats', callback, new Error(), withNotANumber);
}

function toFile (fileOut, callback) {
  const { input } = this.options;
  let error;
  if (typeof fileOut !== 'string' || fileOut === '') {
    error = new Error('Missing output file path');
  } else if (typeof input?.file === 'string' && path.resolve(input.file) === path.resolve(fileOut)) {
    error = new Error('Cannot use same file for input and output');
  } else if (/\.(jp[2x]|j2[kc])$/i.test(fileOut) && !this.constructor.format.jp2.output.file) {
    error = new Error('JP2 output requires libvips with support for OpenJPEG');
  }
  if (error) {
    if (typeof callback !== 'function') {
      return Promise.reject(error);
    }
    callback(error);
    return this;
  }
  this.options.fileOut = fileOut;
  const context = new Error();
  return typeof callback === 'function'
    ? withCallback(this, 'pipeline', { fileOut }, context, callback, ({ info }) => [info])
    : withPromise(this, 'pipeline', { fileOut }, context, ({ info }) => info);
}

function toBuffer (options, callback) {
  let resolveWithObject = false;
  if (typeof options === 'object' && options !== null) {
    resolveWithObject = options.resolveWithObject;
    if (typeof resolveWithObject !== 'boolean') {
      const received = `${resolveWithObject} of type ${typeof resolveWithObject}`;
      throw new Error(`Expected boolean for resolveWithObject but received ${received}`);
    }
  }
  this.options.resolveWithObject = resolveWithObject;
  this.options.fileOut = '';
  const context = new Error();
  const done = typeof options === 'function' ? options : callback;
  if (typeof done === 'function') {
    return withCallback(this, 'pipeline', { fileOut: '' }, context, done, ({ data, info }) => [data, info]);
  }
  const value = resolveWithObject ? ({ data, info }) => ({ data, info }) : ({ data }) => data;
  return withPromise(this, 'pipeline', { fileOut: '' }, context, value);
}

function toUint8Array () {
  this.options.resolveWithObject = true;
  this.options.typedArrayOut = true;
  // The engine's memory cannot be transferred to a worker; the memory of a new array can.
  const value = ({ data, info }) => ({ data: new Uint8Array(data), info });
  return withPromise(this, 'pipeline', { fileOut: '' }, new Error(), value);
}

function _read () {
  if (this.options.streamOut) {
    return;
  }
  this.options.streamOut = true;
  const done = (error, data, info) => {
    if (this.destroyed) {
      return;
    }
    if (error) {
      this.emit('error', error);
    } else {
      this.emit('info', info);
      this.push(data);
    }
    this.push(null);
    // A Duplex closes itself when both sides have ended. Without stream input, the writable side never ends.
    this.once('end', () => this.writableFinished || this.destroy());
  };
  withCallback(this, 'pipeline', { fileOut: '' }, new Error(), done, ({ data, info }) => [data, info]);
}

module.exports = {
  _write,
  _isStreamInput,
  _flattenBufferIn,
  _whenStreamInFinished,
  metadata,
  stats,
  toFile,
  toBuffer,
  toUint8Array,
  _read
};
