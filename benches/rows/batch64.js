// The wide net in batches of 64, where calls and arithmetic weigh about the same.
'use strict';

const { table } = require('../harness/training');

module.exports = {
  title: 'Wide training in small batches',
  tables: [2, 1].map((threads) =>
    table({
      title: '64-256-128, ReLU, three heads, 32,000 rows, batch 64, Adam, 4 epochs',
      measure: { key: 'us_per_step', unit: 'µs a step', less: true },
      file: 'wide-32000.csv',
      rows: 32_000,
      batch: 64,
      threads,
      bars: [
        { than: 'torch, best eager loop', times: 2 },
        { than: 'torch, backward by hand', times: 1 },
      ],
    }),
  ),
};
