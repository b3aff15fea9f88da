'use strict';

// The engine's table of edit methods, the entries of a new options bag and the keys beside them, its version.

module.exports = require('./binding.js').tables();
