'use strict';

module.exports = require('./lib/sharp.js');
