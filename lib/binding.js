'use strict';

// Finds and loads the native addon: the file built beside the package, else the platform package.

const { join } = require('node:path');
const { existsSync } = require('node:fs');

// Literal names, so that bundlers and file tracers find them. Each call stands in a try block of its own: there, bundlers accept
// that a package is missing, which all but one are.
const packages = {
  'linux-x64-gnu': () => { try { return { addon: require('lancet-linux-x64-gnu') }; } catch (error) { return { error }; } },
  'linux-x64-musl': () => { try { return { addon: require('lancet-linux-x64-musl') }; } catch (error) { return { error }; } },
  'linux-arm64-gnu': () => { try { return { addon: require('lancet-linux-arm64-gnu') }; } catch (error) { return { error }; } },
  'linux-arm64-musl': () => { try { return { addon: require('lancet-linux-arm64-musl') }; } catch (error) { return { error }; } },
  'darwin-x64': () => { try { return { addon: require('lancet-darwin-x64') }; } catch (error) { return { error }; } },
  'darwin-arm64': () => { try { return { addon: require('lancet-darwin-arm64') }; } catch (error) { return { error }; } },
  'win32-x64-msvc': () => { try { return { addon: require('lancet-win32-x64-msvc') }; } catch (error) { return { error }; } }
};

const host = `${process.platform}-${process.arch}`;

// Detecting the C library on Linux is slow. npm installs the package of one C library only, and the other does not load.
const targets = Object.keys(packages).filter((name) => name === host || name.startsWith(`${host}-`));

const loadFile = (file) => { try { return { addon: require(file) }; } catch (error) { return { error }; } };

function load () {
  const errors = [];
  for (const target of targets) {
    const local = join(__dirname, '..', `lancet.${target}.node`);
    const { addon, error } = existsSync(local) ? loadFile(local) : packages[target]();
    if (addon) return addon;
    errors.push(error);
  }
  throw require('./load-error.js')(host, Object.keys(packages), targets, errors);
}

module.exports = load();
