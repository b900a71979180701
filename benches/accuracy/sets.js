// What accuracy is measured on: the shared data sets, each once, with what would be learnt from it.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { parts, SETS } = require('../sets');

/** Of files that hold the same rows, those left out. */
const TWINS = [
  'iris/iris.data',
  'iris/bezdekIris.data',
  'iris/iris_sklearn_frame.csv',
  'wine_quality/winequality-red.csv',
  'wine_quality/winequality-white.csv',
  'bike_sharing/hour_asfound.csv',
  'auto_mpg/auto-mpg.data',
  'auto_mpg/auto-mpg_null.data',
  'multitarget/mtr_enb.csv',
];

/** Tasks that figures are published of as the only one, from all other columns. */
const ALONE = [
  ['adult/adult.data', 'c14', 'income'],
  ['california_housing/housing.csv', 'median_house_value', 'value'],
  ['covertype/covtype_kaggle_train.csv', 'Cover_Type', 'cover'],
];

const named = (set, task) => {
  const name = path.basename(set[0]).replace(/\.\w+$/, '');
  return { name: task ? `${name}, ${task} alone` : name, set };
};

/** `[file, options, how]`, and a short name. */
const sets = [
  ...SETS.filter(([file]) => !TWINS.includes(file)).map((set) => named(set)),
  ...ALONE.map(([file, target, task]) => {
    const [, options, how] = SETS.find(([name]) => name === file);
    return named([file, { ...options, targets: [target] }, how], task);
  }),
];

/** The files of a data set for a seed; of the training rows the first `most` at most, if given. */
function files(folder, { set }, seed, most) {
  const [training, test] = parts(folder, set, seed);
  if (most) {
    const lines = fs.readFileSync(training, 'utf8').trimEnd().split('\n');
    const head = set[2]?.header === false ? 0 : 1;
    // Lines stand in the file's order, so every nth is taken.
    const step = Math.max(1, (lines.length - head) / most);
    const kept = Array.from({ length: Math.min(most, lines.length - head) }, (_, index) =>
      Math.floor(index * step),
    );
    const some = [...lines.slice(0, head), ...kept.map((at) => lines[head + at])];
    fs.writeFileSync(training, `${some.join('\n')}\n`);
  }
  return { training, test };
}

module.exports = { files, sets };
