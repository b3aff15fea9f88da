'use strict';

// What makes a picture: into a Buffer, a file, or the readable side of the instance.

const path = require('node:path');
const { withCallback, withPromise } = require('./task.js');

function toFile (fileOut, callback) {
  const { input } = this.options;
  let error;
  if (typeof fileOut !== 'string' || fileOut === '') {
    error = new Error('Missing output file path');
  } else if (typeof input.file === 'string' && path.resolve(input.file) === path.resolve(fileOut)) {
    error = new Error('Cannot use same file for input and output');
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
  // Memory of the engine cannot be transferred to another thread, that of a fresh array can.
  const value = ({ data, info }) => ({ data: new Uint8Array(data), info });
  return withPromise(this, 'pipeline', { fileOut: '' }, new Error(), value);
}

function _read () {
  if (this.options.streamOut) {
    return;
  }
  this.options.streamOut = true;
  const done = (error, data, info) => {
    if (error) {
      this.emit('error', error);
    } else {
      this.emit('info', info);
      this.push(data);
    }
    this.push(null);
    // A Duplex closes itself when both of its sides have ended; without stream input one never does.
    this.once('end', () => this.writableFinished || this.destroy());
  };
  withCallback(this, 'pipeline', { fileOut: '' }, new Error(), done, ({ data, info }) => [data, info]);
}

module.exports = { toFile, toBuffer, toUint8Array, _read };
