// Company: what a second training at the same time costs the first one. On two cores two trainings
// that each use both take twice as long at best.
'use strict';

const { ours, python } = require('../harness/contenders');

const torch = (mode) =>
  python('torch, best eager loop', 'torch', 'company_torch.py', { mode }, { rounds: 2 });

const both = (mode, title) => ({
  title,
  measure: { key: 'times', unit: 'times as long as alone', less: true },
  shows: [
    { key: 'alone_s', title: 'alone, s' },
    { key: 'together_s', title: 'together, s' },
  ],
  contenders: [ours('polytask', 'company.js', { mode }), torch(mode)],
  bars: [{ most: 2.2, unit: 'times' }],
});

module.exports = {
  title: 'Company',
  tables: [
    both('one', 'two trainings in one process, the wide net on 32,000 rows, 5 epochs'),
    both('two', 'the same in two processes'),
  ],
};
