// Tuning: the promise of the best model of a search and of all its trials, which also tells each
// trial as it ends, and can be stopped. `tune` starts one.
'use strict';

const { Course } = require('./course');
const { PolytaskError, found } = require('./error');
const { adopt } = require('./model');
const { OF_TUNING, forgottenAwait } = require('./promised');
const shape = require('./shape');

class Tuning extends Course {
  static kind = {
    name: 'tune',
    callback: 'onTrial',
    settings,
    check: (module, options) => module.checkTune(options),
    begin: (module, ...given) => module.tune(...given),
    shape: shape.trial,
    result: (bytes) => {
      const model = adopt(bytes);
      return { model, trials: model.tuning };
    },
  };
}

forgottenAwait(Tuning, 'tune', OF_TUNING);

/** Options as an object: a number might mean trials or epochs. */
function settings(options = {}) {
  if (typeof options === 'object' && options !== null && !Array.isArray(options)) return options;
  throw new PolytaskError(
    'ERR_OPTIONS',
    `tune takes options as an object; found ${found(options)}`,
  );
}

/** Searches for the best options on threads of its own. */
function tune(source, options) {
  return Tuning.start(source, options, tune);
}

module.exports = { tune };
