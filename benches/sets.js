// The public data sets polytask is measured on, what is to be learnt from each, and how rows are held
// out. They lie beside the checkout, in ../shared/data.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { mulberry32 } = require('./random');

const DATA = path.join(__dirname, '..', '..', 'shared', 'data');

const range = (count, name) => Array.from({ length: count }, (_, i) => name(i + 1));
const regressions = (names) => Object.fromEntries(names.map((name) => [name, 'regression']));
// The first line of mtr_wq ends with the names of its 14 species.
const species =
  '25400 29600 30400 33400 17300 19400 34500 38100 49700 50390 55800 57500 59300 37880';

/** File, options, and what is special: `header: false`, `group`, `test`, `stack`, `note`. */
const SETS = [
  ['iris/iris.data', { targets: ['c4', 'c3'] }, { header: false }],
  ['iris/bezdekIris.data', { targets: ['c4', 'c3'] }, { header: false }],
  ['iris/iris_seaborn.csv', { targets: ['species', 'petal_width'] }],
  ['iris/iris_sklearn_frame.csv', {}],
  ['adult/adult.data', { targets: ['c14', 'c5', 'c12'] }, { header: false, test: adultTest }],
  ['enb2012/ENB2012_data.csv', { targets: ['Y1', 'Y2'] }],
  ['student/student-mat.csv', { targets: ['G1', 'G2', 'G3'] }],
  ['wine_quality/winequality-red.csv', { targets: { quality: 'regression' } }],
  ['wine_quality/winequality-white.csv', { targets: { quality: 'regression' } }],
  [
    'wine_quality/winequality-both.csv',
    { targets: { quality: 'regression', colour: 'classification' } },
    { stack: wines, note: 'red and white stacked, with a column that says which' },
  ],
  [
    'parkinsons/parkinsons_updrs.data',
    { targets: ['motor_UPDRS', 'total_UPDRS'], validation: { groupBy: 'subject#' } },
    { group: (line) => line.split(',')[0], note: 'held out by subject' },
  ],
  ['california_housing/housing.csv', { targets: ['median_house_value', 'ocean_proximity'] }],
  ...['hour', 'hour_asfound', 'day'].map((name) => [
    `bike_sharing/${name}.csv`,
    { targets: ['casual', 'registered'], features: { exclude: ['cnt'] } },
  ]),
  ['titanic/titanic_kaggle_train.csv', { targets: ['Survived', 'Pclass', 'Fare'] }],
  [
    'heart_disease/processed.cleveland.data',
    { targets: ['c13', 'c2', 'c7'] },
    { header: false, note: '`c13` as its five classes' },
  ],
  ['auto_mpg/auto_mpg.csv', { targets: ['mpg', 'horsepower', 'origin'] }],
  ['auto_mpg/auto-mpg.data', {}, { header: false }],
  ['auto_mpg/auto-mpg_null.data', {}, { header: false }],
  ['abalone/abalone.data', { targets: ['c8', 'c0'] }, { header: false }],
  [
    'covertype/covtype_kaggle_train.csv',
    { targets: ['Cover_Type', 'Elevation'], features: { exclude: ['Id'] } },
  ],
  ['multilabel/yeast.csv', { targets: range(14, (i) => `Class${i}`) }],
  ['multitarget/mtr_enb.csv', { targets: ['Y1', 'Y2'] }],
  [
    'multitarget/mtr_slump.csv',
    { targets: regressions(['SLUMP_cm', 'FLOW_cm', 'Compressive_Strength_Mpa']) },
  ],
  ['multitarget/mtr_edm.csv', { targets: regressions(['DFlow', 'DGap']) }],
  ['multitarget/mtr_wq.csv', { targets: regressions(species.split(' ')) }],
];

/** The official test file. Its labels end in a full stop, which those of the training file do not. */
function adultTest() {
  const [, ...lines] = readLines('adult/adult.test');
  return lines.map((line) => line.replace(/\.$/, ''));
}

/** Both wines, each with its colour. */
function wines() {
  const coloured = ['red', 'white'].map((colour) => {
    const [header, ...lines] = readLines(`wine_quality/winequality-${colour}.csv`);
    return { header: `${header};colour`, lines: lines.map((line) => `${line};${colour}`) };
  });
  return [coloured[0].header, ...coloured.flatMap(({ lines }) => lines)];
}

// No cell of these files holds a line end.
function readLines(file) {
  const text = fs.readFileSync(path.join(DATA, file), 'utf8');
  return text.split(/\r\n|\n|\r/).filter((line) => line.trim() !== '');
}

/** One fifth of the lines, or of their groups, by the seed. */
function holdOut(lines, group, seed) {
  const groups = [...new Set(lines.map(group))];
  const random = mulberry32(seed);
  const keyed = groups.map((name) => [random(), name]).sort(([a], [b]) => a - b);
  const held = new Set(keyed.slice(0, Math.round(groups.length / 5)).map(([, name]) => name));
  const out = (line, index) => held.has(group(line, index));
  return [lines.filter((line, index) => !out(line, index)), lines.filter(out)];
}

/** Writes the two parts of a data set, drawn by the seed where there are no official ones; their paths. */
function parts(folder, [file, , how = {}], seed) {
  const { header = true, group = (_, index) => index, test, stack } = how;
  const lines = stack ? stack() : readLines(file);
  const head = header ? lines.splice(0, 1) : [];
  const [training, held] = test ? [lines, test()] : holdOut(lines, group, seed);
  return [training, held].map((part, index) => {
    const whole = path.join(folder, `${index ? 'test' : 'train'}-${path.basename(file)}`);
    fs.writeFileSync(whole, `${[...head, ...part].join('\n')}\n`);
    return whole;
  });
}

module.exports = { DATA, parts, readLines, SETS };
