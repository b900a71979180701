// What balancing the three tasks of the wide net costs, beside TorchJD; a peer is compared with the
// method of ours that has its name.
'use strict';

const { ours, python } = require('../harness/contenders');
const { WIDE } = require('../ours/wide');

const ROWS = 32_000;
const EPOCHS = 6;
const BATCH = 512;

function table(threads) {
  const told = { rows: ROWS, batch: BATCH, threads, epochs: EPOCHS };
  const polytask = (name, balance) => {
    const options = { ...WIDE, balance, epochs: EPOCHS, batchSize: BATCH, threads };
    const files = { file: `wide-${ROWS}.csv`, scored: 'wide-held.csv' };
    return ours(`polytask, ${name}`, 'train.js', { ...files, options }, { against: null });
  };
  const torch = (name, variant) =>
    python(`torch, ${name}`, 'torch', 'wide_torch.py', { variant, ...told }, EQUAL);
  const torchjd = (name, variant, method) =>
    python(
      `TorchJD, ${name}`,
      'torchjd',
      'balancing_torch.py',
      { variant, ...told },
      {
        against: `polytask, ${method}`,
      },
    );
  return {
    title: '64-256-128, ReLU, three heads, 32,000 rows, batch 512, Adam, 6 epochs',
    measure: { key: 'us_per_step', unit: 'µs a step', less: true },
    threads,
    shows: [
      { key: 'loss', title: 'loss' },
      { key: 'bin_score', title: 'accuracy, 2 classes' },
      { key: 'cls_score', title: 'accuracy, 5 classes' },
      { key: 'reg_score', title: 'R²' },
    ],
    contenders: [
      polytask('equal', 'equal'),
      polytask('upgrad', 'upgrad'),
      polytask('upgrad on the representation', { method: 'upgrad', on: 'representation' }),
      polytask('pcgrad', 'pcgrad'),
      polytask('mgda', 'mgda'),
      polytask('cagrad', 'cagrad'),
      torch('equal', 'slices'),
      torch('equal, best eager loop', 'lean'),
      torchjd('UPGrad', 'upgrad', 'upgrad'),
      torchjd('UPGrad, layer by layer', 'upgrad_lean', 'upgrad'),
      torchjd('PCGrad', 'pcgrad', 'pcgrad'),
      torchjd('MGDA', 'mgda', 'mgda'),
    ],
    bars: [
      { than: 'TorchJD, UPGrad', times: 1 },
      { than: 'TorchJD, UPGrad, layer by layer', times: 1 },
    ],
  };
}

const EQUAL = { against: 'polytask, equal' };

module.exports = { title: 'Balancing', tables: [2, 1].map(table) };
