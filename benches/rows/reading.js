// Reading: a CSV of a million rows to a matrix of float32.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { node, python } = require('../harness/contenders');
const { POLYTASK, table } = require('../harness/places');
const { runProcess } = require('../harness/process');

const bench = path.join(POLYTASK, 'benches', 'reading.rs');
const cargo = ['cargo', 'bench', '--quiet', '--no-default-features', '--bench', 'reading'];

/** Ours is the reader itself, without Node; the line it prints tells the seconds of its parts. */
const reader = {
  name: 'polytask',
  ours: true,
  command: [...cargo, '--', table('big.csv')],
  cwd: POLYTASK,
  absent: () => (fs.existsSync(bench) ? null : 'its checkout has no benches/reading.rs'),
  read: ({ seconds, ...rest }) => ({ ...rest, seconds: seconds?.total ?? seconds ?? rest.total }),
};

const csv = ['csv', 'csv-parse'];
const inPython = (library) => python(library, library, 'reading_python.py', { library });
const inNode = (library, needs, more) =>
  node(library, needs, 'reading_node.js', { library }, { rounds: 2, ...more });

module.exports = {
  title: 'Reading',
  tables: [
    {
      title: '1,000,000 × 20 numbers (196 MB of CSV) to a float32 matrix',
      threads: 2,
      // So that no round waits for the compiler.
      prepare: async () => {
        if (!reader.absent()) await runProcess({ command: [...cargo, '--no-run'], cwd: POLYTASK });
      },
      measure: { key: 'seconds', unit: 's', less: true },
      shows: [{ key: 'peak_rss_mb', title: 'peak MB' }],
      contenders: [
        reader,
        ...['pandas', 'polars', 'pyarrow'].map(inPython),
        node('a loop in JavaScript', null, 'reading_node.js', { library: 'byhand' }),
        inNode('csv-parse', csv),
        inNode('papaparse', ['csv', 'papaparse']),
      ],
      bars: [
        { than: 'pandas', times: 1 },
        { than: 'polars', times: 1 },
        { than: 'pyarrow', times: 1 },
      ],
    },
  ],
};
