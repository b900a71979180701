// End to end: from the call of `train` on a file to the model.
'use strict';

const { ours } = require('../harness/contenders');

module.exports = {
  title: 'End to end',
  tables: [
    {
      title: "`train('data/iris.csv', 100)` to the model",
      measure: { key: 'ms', unit: 'ms', less: true },
      compare: false,
      shows: [
        { key: 'first_ms', title: 'first call in a process, ms' },
        { key: 'epochs', title: 'epochs until it stopped' },
        { key: 'accuracy', title: 'accuracy' },
        { key: 'peak_rss_mb', title: 'peak MB' },
      ],
      contenders: [ours('polytask', 'iris.js')],
      bars: [{ most: 60 }],
    },
  ],
};
