// The data sets of the table of methods: small, public, of different kinds. Each is read into rows
// of text, and written as two files, one to train and choose epochs with, one held out.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { mulberry32 } = require('../random');

const all = (type, names) => Object.fromEntries(names.map((name) => [name, type]));
// The first line of mtr_wq ends with the names of its 14 species.
const SPECIES =
  '25400 29600 30400 33400 17300 19400 34500 38100 49700 50390 55800 57500 59300 37880';
const CLASSES = Array.from({ length: 14 }, (_, i) => `Class${i + 1}`);

/** By name: file, tasks, and what is special: `delimiter`, `header: false`, `drop`, `change`. */
const SETS = {
  enb2012: { file: 'multitarget/mtr_enb.csv', tasks: all('regression', ['Y1', 'Y2']) },
  student: {
    file: 'student/student-mat.csv',
    delimiter: ';',
    tasks: all('regression', ['G1', 'G2', 'G3']),
  },
  titanic: {
    file: 'titanic/titanic_kaggle_train.csv',
    tasks: { Survived: 'classification', Pclass: 'classification', Fare: 'regression' },
    drop: ['PassengerId', 'Name', 'Ticket', 'Cabin'],
  },
  heart: {
    file: 'heart_disease/processed.cleveland.data',
    header: false,
    tasks: { c13: 'classification', c2: 'classification', c7: 'regression' },
    change: (row) => ({ ...row, c13: row.c13 === '0' ? 'no' : 'yes' }),
  },
  abalone: {
    file: 'abalone/abalone.data',
    header: false,
    tasks: { c8: 'regression', c0: 'classification' },
  },
  wq: { file: 'multitarget/mtr_wq.csv', tasks: all('regression', SPECIES.split(' ')) },
  yeast: { file: 'multilabel/yeast.csv', tasks: all('classification', CLASSES) },
};

/** The cells of a line; quotes may hold delimiters. */
function cells(line, delimiter) {
  const found = [];
  let at = 0;
  while (at <= line.length) {
    const quoted = line[at] === '"' ? /"((?:[^"]|"")*)"/y : null;
    if (quoted) quoted.lastIndex = at;
    const cell = quoted?.exec(line);
    const end = cell ? quoted.lastIndex : line.indexOf(delimiter, at);
    const stop = end < 0 ? line.length : end;
    found.push(cell ? cell[1].replaceAll('""', '"') : line.slice(at, stop));
    at = stop + 1;
  }
  return found;
}

/** The rows of a set, by column. */
function readSet(folder, { file, delimiter = ',', header = true, drop = [], change }) {
  const text = fs.readFileSync(path.join(folder, file), 'utf8');
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  const first = cells(lines[0], delimiter);
  const names = header ? first : first.map((_, at) => `c${at}`);
  return lines.slice(header ? 1 : 0).map((line) => {
    const pairs = cells(line, delimiter).map((cell, at) => [names[at], cell.trim()]);
    const row = Object.fromEntries(pairs.filter(([name]) => !drop.includes(name)));
    return change ? change(row) : row;
  });
}

/** Rows with their parts by the seed: a fifth `test`, of the others a fifth `validation`. */
function split(rows, seed) {
  const random = mulberry32(seed);
  const order = rows.map((_, at) => [random(), at]).sort(([a], [b]) => a - b);
  const tests = Math.round(rows.length / 5);
  const until = tests + Math.round((rows.length - tests) / 5);
  const parts = new Array(rows.length);
  order.forEach(([, at], place) => {
    parts[at] = place < tests ? 'test' : place < until ? 'validation' : 'train';
  });
  return parts;
}

/** Rows as CSV. */
function csv(rows) {
  const names = Object.keys(rows[0]);
  const quote = (cell) => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
  const lines = rows.map((row) => names.map((name) => quote(`${row[name]}`)).join(','));
  return `${[names.join(','), ...lines].join('\n')}\n`;
}

/** Writes the two files of a split; their paths. The column `part` says what a row is for. */
function writeParts(folder, name, rows, seed) {
  const parts = split(rows, seed);
  const known = rows.map((row, at) => ({ ...row, part: parts[at] }));
  const files = { training: known.filter((row) => row.part !== 'test') };
  files.test = known.filter((row) => row.part === 'test').map(({ part, ...row }) => row);
  return Object.fromEntries(
    Object.entries(files).map(([use, some]) => {
      const file = path.join(folder, `${name}-${seed}-${use}.csv`);
      fs.writeFileSync(file, csv(some));
      return [use, file];
    }),
  );
}

module.exports = { cells, csv, readSet, SETS, split, writeParts };
