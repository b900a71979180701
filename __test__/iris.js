// The iris rows as objects, and a seeded split of them, for tests that hold rows out.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { mulberry32 } = require('../benches/random');

const CSV = path.join(__dirname, '..', 'data', 'iris.csv');

/** The three rows of the article's example; only the first is a setosa. */
const ARTICLE_ROWS = [
  [5.1, 3.5, 1.4, 0.2],
  [5.9, 3.0, 5.1, 1.8],
  [6.9, 3.1, 5.4, 2.1],
];

/** Every row of the file, its cells still text. */
function rows() {
  const [names, ...lines] = fs
    .readFileSync(CSV, 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(','));
  return lines.map((cells) => Object.fromEntries(names.map((name, i) => [name, cells[i]])));
}

/** The rows in a random order of this seed: four fifths to train on, one fifth held out. */
function split(seed) {
  const random = mulberry32(seed);
  const keyed = rows().map((row) => [random(), row]);
  const shuffled = keyed.sort(([a], [b]) => a - b).map(([, row]) => row);
  return { heldOut: shuffled.slice(0, 30), training: shuffled.slice(30) };
}

module.exports = { ARTICLE_ROWS, CSV, rows, split };
