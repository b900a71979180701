// polytask: the public list. The reference is index.d.ts.
'use strict';

const { PolytaskError } = require('./lib/error');
const { Model, load, predict, version } = require('./lib/model');
const { train, trainSync } = require('./lib/training');

module.exports = { Model, PolytaskError, load, predict, train, trainSync, version };
