// Tiny training: the net of the article on Iris, where a step is 1 µs of arithmetic and all the rest
// is what it takes to get there.
'use strict';

const { node, ours, python } = require('../harness/contenders');
const { PLAIN } = require('../ours/wide');

const options = {
  ...PLAIN,
  epochs: 200,
  model: { preset: 'fast', hidden: [10, 10], activation: 'relu', dropout: 0 },
  optimizer: 'sgd',
  learningRate: 0.1,
  batchSize: 32,
  threads: 1,
};

const torch = (name, variant) => python(`torch, ${name}`, 'torch', 'tiny_torch.py', { variant });
const tfjs = (name, ...rest) => node(name, ['tfjs-node', '@tensorflow/tfjs-node'], ...rest);

module.exports = {
  title: 'Tiny training',
  tables: [
    {
      title: '4-10-10-3, ReLU, Iris (120 rows), batch 32, plain SGD, 200 epochs',
      threads: 1,
      measure: { key: 'us_per_step', unit: 'µs a step', less: true },
      shows: [
        { key: 'loss', title: 'final loss' },
        { key: 'accuracy', title: 'accuracy' },
        { key: 'peak_rss_mb', title: 'peak MB' },
      ],
      contenders: [
        ours('polytask', 'train.js', { file: 'iris.csv', scored: 'iris.csv', options }),
        torch('DataLoader', 'dataloader'),
        torch('slices', 'slices'),
        torch('best eager loop', 'foreach'),
        torch('backward by hand', 'byhand'),
        torch('whole step compiled', 'compiled'),
        python('scikit-learn', 'scikit-learn', 'tiny_sklearn.py'),
        tfjs('tfjs-node, fit', 'tiny_tfjs.js', { variant: 'fit' }, { rounds: 2 }),
        tfjs('tfjs-node, core', 'tiny_tfjs.js', { variant: 'core' }, { rounds: 2 }),
        node('tfjs in JavaScript', ['tfjs', '@tensorflow/tfjs'], 'tiny_tfjs.js', {
          backend: 'cpu',
        }),
        node('brain.js, row by row', ['brain1', 'brain.js'], 'tiny_brain.js'),
      ],
      bars: [
        { than: 'torch, best eager loop', times: 10 },
        { than: 'torch, backward by hand', times: 1 },
        { than: 'brain.js, row by row', times: 1 },
      ],
    },
  ],
};
