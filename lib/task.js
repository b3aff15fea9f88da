'use strict';

// One task of the engine: started when the input is complete, its result given to a callback or a promise.

const binding = require('./binding.js');
const bag = require('./options.js');

const TELLS_QUEUE = 'pipeline';

function tellQueue (sharp, kind) {
  if (kind === TELLS_QUEUE) {
    sharp.options.queueListener?.(binding.counters().queue);
  }
}

// Calls `done(error, result)`. `overrides` are options of this task alone; `context` is an error made where the task was
// asked for, so that the stack shows the caller.
function start (sharp, kind, overrides, context, done) {
  const fail = (message) => {
    context.message = message;
    done(context);
  };
  const run = () => {
    let task;
    try {
      task = binding[kind]({ ...bag.changes(sharp.options), ...overrides });
    } catch (error) {
      fail(error.message);
      return;
    }
    tellQueue(sharp, kind);
    task.then(
      (result) => {
        tellQueue(sharp, kind);
        typeof result === 'string' ? fail(result) : done(null, result);
      },
      (error) => fail(error.message)
    );
  };
  if (sharp._isStreamInput()) {
    sharp._whenStreamInFinished(() => {
      sharp._flattenBufferIn();
      run();
    });
  } else {
    run();
  }
}

// Calls `callback(error, ...values(result))`, not from within a promise: what it throws is uncaught, and no rejection.
function withCallback (sharp, kind, overrides, context, callback, values) {
  start(sharp, kind, overrides, context, (error, result) => {
    process.nextTick(() => error ? callback(error) : callback(null, ...values(result)));
  });
  return sharp;
}

// Gives a promise of `value(result)`.
function withPromise (sharp, kind, overrides, context, value) {
  return new Promise((resolve, reject) => {
    start(sharp, kind, overrides, context, (error, result) => error ? reject(error) : resolve(value(result)));
  });
}

module.exports = { withCallback, withPromise };
