// polytask: the public list. The reference is index.d.ts.
'use strict';

const { PolytaskError } = require('./lib/error');
const { crossValidate } = require('./lib/folds');
const { Model, load, predict, version } = require('./lib/model');
const { train, trainSync } = require('./lib/training');
const { tune } = require('./lib/tuning');

module.exports = {
  Model,
  PolytaskError,
  crossValidate,
  load,
  predict,
  train,
  trainSync,
  tune,
  version,
};
