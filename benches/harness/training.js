// What the rows that train the wide net have in common: one table of ours and the peers.
'use strict';

const { node, ours, python } = require('./contenders');
const { WIDE } = require('../ours/wide');

const EPOCHS = 4;

function table({ file, rows, batch, threads, ...rest }) {
  const told = { rows, batch, threads, epochs: EPOCHS };
  const options = { ...WIDE, epochs: EPOCHS, batchSize: batch, threads };
  const torch = (name, variant) =>
    python(`torch, ${name}`, 'torch', 'wide_torch.py', { variant, ...told });
  // It is an order of magnitude slower, and steady.
  const tfjs = (variant) =>
    node(
      `tfjs-node, ${variant}`,
      ['tfjs-node', '@tensorflow/tfjs-node'],
      'wide_tfjs.js',
      { variant, ...told },
      { rounds: 2 },
    );
  const { threads: _, ...sklearn } = told;
  return {
    threads,
    shows: [
      { key: 'loss', title: 'loss' },
      { key: 'bin_score', title: 'accuracy, 2 classes' },
      { key: 'cls_score', title: 'accuracy, 5 classes' },
      { key: 'reg_score', title: 'R²' },
      { key: 'peak_rss_mb', title: 'peak MB' },
    ],
    contenders: [
      ours('polytask', 'train.js', { file, scored: 'wide-held.csv', options }),
      torch('DataLoader', 'dataloader'),
      torch('slices', 'slices'),
      torch('best eager loop', 'lean'),
      torch('backward by hand', 'byhand'),
      torch('whole step compiled', 'compiled'),
      tfjs('fit'),
      tfjs('core'),
      python('scikit-learn, one task', 'scikit-learn', 'wide_sklearn.py', sklearn),
    ],
    ...rest,
  };
}

module.exports = { table };
