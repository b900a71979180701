// The wide net and its training, as the rows that use it say them.
'use strict';

/** Nothing beside the plain loop that the peers run, too. */
const PLAIN = {
  schedule: 'constant',
  weightDecay: 0,
  gradientClip: false,
  validation: false,
  earlyStopping: false,
};

const WIDE = {
  ...PLAIN,
  targets: { bin: 'classification', cls: 'classification', reg: 'regression' },
  model: { preset: 'fast', hidden: [256, 128], activation: 'relu', dropout: 0 },
  optimizer: 'adam',
  learningRate: 1e-3,
};

module.exports = { PLAIN, WIDE };
