// Memory: the peak of a large training, and what stays of a thousand small ones.
'use strict';

const { ours } = require('../harness/contenders');

const ROWS = 1_000_000;
const COLUMNS = 20;
const matrix = (ROWS * COLUMNS * 4) / 1e6;

module.exports = {
  title: 'Memory',
  tables: [
    {
      title: `training on ${ROWS.toLocaleString('en')} × ${COLUMNS} (a matrix of ${matrix} MB), 1 epoch`,
      measure: { key: 'peak_rss_mb', unit: 'MB at most', less: true },
      compare: false,
      contenders: [ours('polytask', 'memory.js', { mode: 'training' }, { rounds: 2 })],
      // Numbers, their standardised copy and half a matrix for the rest, above libtorch.
      bars: [{ most: 2.5 * matrix + 155, unit: 'MB' }],
    },
    {
      title: '1,000 models trained, asked and dropped, after 1,500 to warm up',
      measure: { key: 'grown_percent', unit: '% more than before', less: true },
      compare: false,
      shows: [
        { key: 'before_mb', title: 'before, MB' },
        { key: 'after_mb', title: 'after, MB' },
      ],
      contenders: [
        ours('polytask', 'memory.js', { mode: 'cycles' }, { flags: ['--expose-gc'], rounds: 2 }),
      ],
      bars: [{ most: 5, unit: ' %' }],
    },
  ],
};
