// Growth: how the time of a call grows with rows and with epochs; drawn into docs/.
'use strict';

const { ours } = require('../harness/contenders');
const { plot } = require('../harness/plot');

const files = { 10000: 'big-10000.csv', 100000: 'big-100000.csv', 1000000: 'big.csv' };
const measure = { key: 'seconds', unit: 's', less: true };
const shows = [{ key: 'training_s', title: 'of it training, s' }];
const more = { rounds: 3 };

const byRows = Object.entries(files).map(([rows, file]) => {
  const name = `${Number(rows).toLocaleString('en')} rows`;
  return ours(name, 'growth.js', { file, epochs: 3 }, more);
});
const byEpochs = [1, 3, 10, 30].map((epochs) => {
  const told = { file: files[100000], epochs };
  return ours(`${epochs} ${epochs === 1 ? 'epoch' : 'epochs'}`, 'growth.js', told, more);
});

/** The plots of the measured row: file names under docs/ and their SVG. */
function plots({ tables }) {
  const median = (samples, key) =>
    samples.map((sample) => sample[key]).sort((a, b) => a - b)[samples.length >> 1];
  const line = (name, table, x, y) => ({
    name,
    points: table.contenders
      .filter(({ samples }) => samples.length > 0)
      .map(({ samples }) => [median(samples, x), median(samples, y)]),
  });
  const measured = tables.every(({ contenders }) => contenders.some((it) => it.samples.length > 0));
  if (!measured) return {};
  const draw = (table, x, title) =>
    plot({
      title,
      x: x === 'rows' ? 'rows' : 'epochs',
      y: 'seconds',
      lines: [
        line('whole call', table, x, 'seconds'),
        line('of it training', table, x, 'training_s'),
      ],
    });
  return {
    'growth-rows.svg': draw(tables[0], 'rows', 'Time by rows, 3 epochs'),
    'growth-epochs.svg': draw(tables[1], 'epochs', 'Time by epochs, 100,000 rows'),
  };
}

module.exports = {
  title: 'Growth',
  tables: [
    {
      title: 'one call of `train` by rows: 20 columns, 128-128, batch 512, 3 epochs',
      compare: false,
      measure,
      shows,
      contenders: byRows,
    },
    {
      title: 'the same by epochs, 100,000 rows',
      compare: false,
      measure,
      shows,
      contenders: byEpochs,
    },
  ],
  plots,
};
