// Every public data set polytask is measured on, each with one call: trains on one part, scores on
// rows it never saw, and writes the table into docs/datasets.md.
//
//     node benches/datasets.js            all of them
//     node benches/datasets.js wine iris  those whose name holds one of these; writes no file
//
// The data sets lie beside the checkout, in ../shared/data; without them this says so and ends.
'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { inspect } = require('node:util');
const { train, version } = require('polytask');
const { mulberry32 } = require('./random');

const DATA = path.join(__dirname, '..', '..', 'shared', 'data');
const TABLE = path.join(__dirname, '..', 'docs', 'datasets.md');
const SEED = 0;

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
function holdOut(lines, group) {
  const groups = [...new Set(lines.map(group))];
  const random = mulberry32(SEED);
  const keyed = groups.map((name) => [random(), name]).sort(([a], [b]) => a - b);
  const held = new Set(keyed.slice(0, Math.round(groups.length / 5)).map(([, name]) => name));
  const out = (line, index) => held.has(group(line, index));
  return [lines.filter((line, index) => !out(line, index)), lines.filter(out)];
}

/** Writes the two parts of a data set; their paths. */
function parts(folder, file, { header = true, group = (_, index) => index, test, stack }) {
  const lines = stack ? stack() : readLines(file);
  const head = header ? lines.splice(0, 1) : [];
  const [training, held] = test ? [lines, test()] : holdOut(lines, group);
  return [training, held].map((part, index) => {
    const whole = path.join(folder, `${index ? 'test' : 'train'}-${path.basename(file)}`);
    fs.writeFileSync(whole, `${[...head, ...part].join('\n')}\n`);
    return whole;
  });
}

/** The call as a user would write it. */
function call(file, options) {
  const names = Object.keys(options);
  if (names.length > 3) throw new Error(`${file} takes ${names.length} options`);
  if (names.length === 0) return `train('${file}')`;
  // Of many targets, the first and the last.
  const all = Object.entries(options.targets);
  const shown = [all[0], all.at(-1)].map(([name, what]) =>
    Array.isArray(options.targets) ? `'${what}'` : `'${name}': '${what}'`,
  );
  const [open, close] = Array.isArray(options.targets) ? '[]' : '{}';
  const text = inspect(options, { breakLength: Number.POSITIVE_INFINITY, depth: null });
  const targets = `${open} ${shown.join(', …, ')} ${close}`;
  return `train('${file}', ${all.length > 4 ? `{ targets: ${targets} }` : text})`;
}

const mean = (numbers) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
const digits = (number) => (Math.abs(number) < 1000 ? number.toPrecision(3) : number.toFixed(0));

/** The scores of each task in words; of more than four tasks of a kind, the means. */
function scores(evaluation) {
  const kinds = [
    ['accuracy', 'log loss', (score) => score.accuracy, (score) => score.logLoss],
    ['RMSE', 'R²', (score) => score.rmse, (score) => score.r2],
  ];
  return kinds.flatMap(([first, second, one, two]) => {
    const tasks = Object.entries(evaluation).filter(([, score]) => one(score) !== undefined);
    const words = (name, a, b) => `${name}: ${first} ${digits(a)}, ${second} ${digits(b)}`;
    if (tasks.length <= 4) {
      return tasks.map(([name, score]) => words(`\`${name}\``, one(score), two(score) ?? NaN));
    }
    const means = [one, two].map((read) => mean(tasks.map(([, score]) => read(score))));
    return [words(`${tasks.length} tasks, the means`, ...means)];
  });
}

/** Trains and scores one data set; its row of the table. */
async function measure(folder, [file, options, how = {}]) {
  const text = `\`${call(file, options)}\``;
  try {
    const [training, test] = parts(folder, file, how);
    const began = performance.now();
    const model = await train(training, options);
    const seconds = (performance.now() - began) / 1000;
    const evaluation = await model.evaluate(test);
    const held = readCount(test, how);
    const rows = `${model.toJSON().data.rows} + ${held}`;
    const results = scores(evaluation).join('; ') + (how.note ? ` (${how.note})` : '');
    return [text, rows, String(model.tasks.length), results, seconds.toFixed(1)];
  } catch (error) {
    if (!error.code) throw error;
    const message = error.message.replaceAll(folder + path.sep, '');
    return [text, '', '', `\`${error.code}\` ${message}`, ''];
  }
}

function readCount(file, { header = true }) {
  return fs.readFileSync(file, 'utf8').trimEnd().split('\n').length - (header ? 1 : 0);
}

async function main() {
  if (!fs.existsSync(DATA)) {
    console.log('skipped: there is no folder shared/data beside the checkout');
    return;
  }
  const [{ model }] = os.cpus();
  const wanted = process.argv.slice(2);
  const command = `node benches/datasets.js${wanted.map((name) => ` ${name}`).join('')}`;
  const machine = `${model}, ${os.availableParallelism()} cores, Node ${process.version}, polytask ${version}`;
  console.log(`${machine}\n${command}\n`);

  const lines = [
    ['call', 'rows, trained + held out', 'tasks', 'scores on the rows held out', 'seconds'],
    ['---', '---', '---', '---', '---'],
  ];
  const print = (cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  for (const cells of lines) console.log(print(cells));
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'polytask-datasets-'));
  try {
    for (const set of SETS) {
      if (wanted.length > 0 && !wanted.some((name) => set[0].includes(name))) continue;
      const cells = await measure(folder, set);
      lines.push(cells);
      console.log(print(cells));
    }
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
  if (wanted.length === 0) write(`${machine}; \`${command}\`\n\n${aligned(lines)}`);
}

/** The table with its columns in line, as the formatter wants it. */
function aligned(lines) {
  const cells = lines.map((line) => line.map((cell) => cell.replaceAll('|', '\\|')));
  const widths = cells[0].map((_, at) => Math.max(...cells.map((line) => line[at].length)));
  const padded = cells.map((line, row) =>
    line.map((cell, at) => (row === 1 ? '-'.repeat(widths[at]) : cell.padEnd(widths[at]))),
  );
  return padded.map((line) => `| ${line.join(' | ')} |\n`).join('');
}

/** Puts the table between the marks of its document. */
function write(table) {
  const [begin, end] = ['<!-- datasets: begin -->', '<!-- datasets: end -->'];
  const text = fs.readFileSync(TABLE, 'utf8');
  const [before, rest] = text.split(begin);
  const after = rest.split(end)[1];
  fs.writeFileSync(TABLE, `${before}${begin}\n\n${table}\n${end}${after}`);
}

main();
