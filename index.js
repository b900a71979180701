// polytask: the public list. The reference is index.d.ts.
'use strict';

const { PolytaskError } = require('./lib/error');
const { crossValidate } = require('./lib/folds');
const { Model, load, predict, version } = require('./lib/model');
const { train, trainSync } = require('./lib/training');

module.exports = {
  Model,
  PolytaskError,
  crossValidate,
  load,
  predict,
  train,
  trainSync,
  version,
};
