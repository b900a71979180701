// The 120 rows of iris as the peers in JavaScript want them.
'use strict';

const fs = require('node:fs');
const { table } = require('../harness/places');

/** `[rows, class indices]`; the numbers standardised. */
function readIris() {
  const lines = fs.readFileSync(table('iris.csv'), 'utf8').trim().split('\n').slice(1);
  const cells = lines.map((line) => line.split(','));
  const rows = cells.map((row) => row.slice(0, 4).map(Number));
  for (let j = 0; j < 4; j++) {
    const mean = rows.reduce((sum, row) => sum + row[j], 0) / rows.length;
    const square = rows.reduce((sum, row) => sum + (row[j] - mean) ** 2, 0) / rows.length;
    for (const row of rows) row[j] = (row[j] - mean) / Math.sqrt(square);
  }
  const names = [...new Set(cells.map((row) => row[4]))].sort();
  return [rows, cells.map((row) => names.indexOf(row[4]))];
}

module.exports = { readIris };
