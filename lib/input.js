'use strict';

// The writable side of an instance, and what reads the input without making a picture.

const { withCallback, withPromise } = require('./task.js');

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
  return Array.isArray(this.options.input.buffer);
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

function read (sharp, kind, callback, context) {
  return typeof callback === 'function'
    ? withCallback(sharp, kind, {}, context, callback, ({ info }) => [info])
    : withPromise(sharp, kind, {}, context, ({ info }) => info);
}

function metadata (callback) {
  return read(this, 'metadata', callback, new Error());
}

function stats (callback) {
  return read(this, 'stats', callback, new Error());
}

module.exports = { _write, _isStreamInput, _flattenBufferIn, _whenStreamInFinished, metadata, stats };
