// Wide training: a net with three heads on 200,000 rows, where arithmetic counts.
'use strict';

const { table } = require('../harness/training');

module.exports = {
  title: 'Wide training',
  tables: [2, 1].map((threads) =>
    table({
      title: '64-256-128, ReLU, three heads, 200,000 rows, batch 512, Adam, 4 epochs',
      measure: { key: 'rows_per_s', unit: 'rows/s', less: false },
      file: 'wide.csv',
      rows: 200_000,
      batch: 512,
      threads,
      bars: [
        { than: 'torch, best eager loop', times: 1.4 },
        { than: 'torch, backward by hand', times: 1 },
        { than: 'tfjs-node, core', times: 8 },
      ],
    }),
  ),
};
