'use strict';

// Finds and loads the native addon: the file built beside the package, else the platform package.

const { join } = require('node:path');
const { existsSync } = require('node:fs');

// Literal names, so that bundlers and file tracers find them.
const packages = {
  'linux-x64-gnu': () => require('lancet-linux-x64-gnu'),
  'linux-x64-musl': () => require('lancet-linux-x64-musl'),
  'linux-arm64-gnu': () => require('lancet-linux-arm64-gnu'),
  'linux-arm64-musl': () => require('lancet-linux-arm64-musl'),
  'darwin-x64': () => require('lancet-darwin-x64'),
  'darwin-arm64': () => require('lancet-darwin-arm64'),
  'win32-x64-msvc': () => require('lancet-win32-x64-msvc')
};

const host = `${process.platform}-${process.arch}`;

// Detecting the C library on Linux is slow. npm installs the package of one C library only, and the other does not load.
const targets = Object.keys(packages).filter((name) => name === host || name.startsWith(`${host}-`));

function load () {
  const errors = [];
  for (const target of targets) {
    const local = join(__dirname, '..', `lancet.${target}.node`);
    try {
      return existsSync(local) ? require(local) : packages[target]();
    } catch (error) {
      errors.push(error);
    }
  }
  throw require('./load-error.js')(host, Object.keys(packages), targets, errors);
}

module.exports = load();
