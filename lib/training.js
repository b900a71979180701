// Training: the promise of a model that also tells its epochs while they happen, and can be
// stopped. `train` and `trainSync` start one.
'use strict';

const { Course } = require('./course');
const { PolytaskError, attempt } = require('./error');
const { adopt } = require('./model');
const { trainer } = require('./native');
const { encode, settings } = require('./options');
const { OF_MODEL, forgottenAwait } = require('./promised');
const shape = require('./shape');
const { checkRows, checkSource } = require('./source');
const { clockOfSource, writtenByClock } = require('./zone');

class Training extends Course {
  static kind = {
    name: 'train',
    callback: 'onEpoch',
    settings,
    check: (module, options) => module.check(options),
    begin: (module, ...given) => module.start(...given),
    shape: shape.report,
    result: adopt,
  };
}

forgottenAwait(Training, 'train', OF_MODEL);

/** Trains a model on a thread of its own. */
function train(source, epochsOrOptions) {
  return Training.start(source, epochsOrOptions, train);
}

/** Trains a model and returns it; the event loop stands still meanwhile. */
function trainSync(source, epochsOrOptions) {
  return attempt(trainSync, () => {
    const options = settings(epochsOrOptions);
    checkSource(source, 'trainSync');
    const event = ['signal', 'onEpoch'].find((name) => options[name] !== undefined);
    if (event) {
      const message = `option "${event}" needs the event loop, which stands still in trainSync; use train`;
      throw new PolytaskError('ERR_OPTIONS', message, { option: event });
    }
    if (Array.isArray(source) && typeof source[0] !== 'string') checkRows(source);
    const json = encode(writtenByClock(options));
    const clock = clockOfSource(options.timeZone);
    return adopt(trainer().trainSync(source, json, clock));
  });
}

module.exports = { train, trainSync };
