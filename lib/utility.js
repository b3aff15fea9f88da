'use strict';

// Settings of the whole process.

const binding = require('./binding.js');
const { version } = require('./tables.js');

function setting (name, value) {
  const answer = binding.setting(name, value);
  if (typeof answer === 'string') {
    throw new Error(answer);
  }
  return answer;
}

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

// `sharp` and `vips` tell the versions whose API and behaviour this package has.
const versions = { vips: '8.18.7', lancet: version, sharp: '0.35.5' };

module.exports = { cache, concurrency, counters, simd, versions, block, unblock };
