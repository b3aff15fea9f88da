'use strict';

/** Stands in a call where the wrong value goes. */
module.exports = Symbol('place');
