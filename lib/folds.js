// Cross-validation: the promise of the scores of k folds, trained one after another on a thread, which
// also tells each fold as it ends, and can be stopped.
'use strict';

const { Course } = require('./course');
const { encode, settings } = require('./options');
const { OF_FOLDS, forgottenAwait } = require('./promised');
const shape = require('./shape');

class Folds extends Course {
  static kind = {
    name: 'crossValidate',
    callback: 'onFold',
    settings,
    check: (module, options, folds) => module.checkFolds(options, folds),
    begin: (module, source, options, hear, clock, folds) =>
      module.crossValidate(source, options, folds, hear, clock),
    shape: shape.foldReport,
    result: shape.crossValidation,
  };
}

forgottenAwait(Folds, 'crossValidate', OF_FOLDS);

/** Trains on all folds but one, scores on that one, for each of `k` folds. */
function crossValidate(source, epochsOrOptions, k = 5) {
  return Folds.start(source, epochsOrOptions, crossValidate, () => encode({ k }));
}

module.exports = { crossValidate };
