// What missing labels cost: a share of one task's labels is hidden from training, and both tasks
// are scored on rows that were held out. Writes its table into docs/masked-labels.md.
//
//     node benches/masked.js [folder of the data sets, default ../shared/data]
'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { train, version } = require('polytask');
const { mulberry32 } = require('./random');

const ROOT = path.join(__dirname, '..');
const DATA = process.argv[2] ?? path.join(ROOT, '..', 'shared', 'data');
const DOCUMENT = path.join(ROOT, 'docs', 'masked-labels.md');
const SHARES = [0, 0.5, 0.9];

const SETS = [
  {
    name: 'student-mat',
    file: 'student/student-mat.csv',
    delimiter: ';',
    tasks: { G3: ['regression', 'rmse'], sex: ['classification', 'balancedAccuracy'] },
    hide: ['G3', 'sex'],
    options: { features: { exclude: ['G2'] } },
    seeds: 10,
  },
  {
    name: 'parkinsons',
    file: 'parkinsons/parkinsons_updrs.data',
    delimiter: ',',
    tasks: { motor_UPDRS: ['regression', 'rmse'], total_UPDRS: ['regression', 'rmse'] },
    hide: ['total_UPDRS', 'motor_UPDRS'],
    // A subject's rows are alike: none is on both sides. Rows of the training subjects would not
    // tell when to stop for others, so the number of epochs is fixed.
    group: 'subject#',
    options: {
      features: { exclude: ['subject#'] },
      validation: false,
      earlyStopping: false,
      epochs: 20,
    },
    seeds: 10,
  },
];

/** The rows of a file without quoted delimiters. */
function read({ file, delimiter }) {
  const lines = fs.readFileSync(path.join(DATA, file), 'utf8').trim().split(/\r?\n/);
  const cells = (line) => line.split(delimiter).map((cell) => cell.replace(/^"(.*)"$/, '$1'));
  const names = cells(lines[0]);
  return lines
    .slice(1)
    .map((line) => Object.fromEntries(cells(line).map((cell, i) => [names[i], cell])));
}

/** A fifth of the rows, or of the groups, held out. */
function holdOut(rows, group, random) {
  const keys = group ? [...new Set(rows.map((row) => row[group]))] : rows;
  const order = keys.map((key) => [random(), key]).sort(([a], [b]) => a - b);
  const held = new Set(order.slice(0, Math.round(keys.length / 5)).map(([, key]) => key));
  const isHeld = (row) => held.has(group ? row[group] : row);
  return { test: rows.filter(isHeld), training: rows.filter((row) => !isHeld(row)) };
}

/** One training: the scores on the rows held out, the labels seen, the seconds of an epoch. */
async function run(set, rows, tasks, { seed, hidden, share }) {
  const random = mulberry32(seed);
  const { test, training } = holdOut(rows, set.group, random);
  // The lots are drawn whatever the share, so that a larger share hides the same rows and more.
  const masked = training.map((row) => (random() < share ? { ...row, [hidden]: null } : row));
  const targets = Object.fromEntries(tasks.map((task) => [task, set.tasks[task][0]]));
  // Alone or not, no network sees a target as a feature.
  const exclude = [...set.options.features.exclude, ...Object.keys(set.tasks)].filter(
    (name) => !tasks.includes(name),
  );
  const features = { ...set.options.features, exclude };
  const model = await train(masked, { ...set.options, features, targets, seed, model: 'fast' });
  const scores = await model.evaluate(test);
  const epochs = model.history.length;
  return {
    scores: Object.fromEntries(tasks.map((task) => [task, scores[task][set.tasks[task][1]]])),
    labels: Object.fromEntries(model.tasks.map(({ name, labels }) => [name, labels])),
    seconds: model.history[epochs - 1].seconds / epochs,
  };
}

const mean = (xs) => xs.reduce((sum, x) => sum + x, 0) / xs.length;
// Of a sample: over n - 1.
const deviation = (xs) =>
  Math.sqrt(xs.reduce((sum, x) => sum + (x - mean(xs)) ** 2, 0) / (xs.length - 1));
const figure = (xs, digits) => `${mean(xs).toFixed(digits)} ± ${deviation(xs).toFixed(digits)}`;

/** The score of who always answers the mean of the training labels, or always one class. */
function guess(set, rows, task, seed) {
  if (set.tasks[task][0] === 'classification') return 0.5; // balanced accuracy of two classes
  const { test, training } = holdOut(rows, set.group, mulberry32(seed));
  const answer = mean(training.map((row) => Number(row[task])));
  return Math.sqrt(mean(test.map((row) => (Number(row[task]) - answer) ** 2)));
}

/** The lines of one data set's table. */
async function sweep(set) {
  const rows = read(set);
  const names = Object.keys(set.tasks);
  const digits = (task) => (set.tasks[task][1] === 'rmse' ? 2 : 3);
  const columns = [
    'labels hidden of',
    'share',
    ...names.map((name) => `labels of ${name}`),
    ...names.map((name) => `${name}, ${set.tasks[name][1]}`),
    'the hidden task alone',
    'ms per epoch, least',
  ];
  const line = (cells) => `| ${cells.join(' | ')} |`;
  const lines = [
    `### ${set.name}, ${rows.length} rows, ${set.seeds} seeds`,
    '',
    line(columns),
    line(columns.map(() => '---')),
  ];
  const guesses = names.map((name) => {
    const scores = Array.from({ length: set.seeds }, (_, seed) => guess(set, rows, name, seed));
    return figure(scores, digits(name));
  });
  lines.push(line(['a guess', '', ...names.map(() => ''), ...guesses, '', '']));
  console.log(lines.at(-1));
  for (const hidden of set.hide) {
    for (const share of SHARES) {
      const both = [];
      const alone = [];
      for (let seed = 0; seed < set.seeds; seed++) {
        both.push(await run(set, rows, names, { seed, hidden, share }));
        alone.push(await run(set, rows, [hidden], { seed, hidden, share }));
      }
      const cells = [
        hidden,
        `${share * 100} %`,
        ...names.map((name) => mean(both.map(({ labels }) => labels[name])).toFixed(0)),
        ...names.map((name) =>
          figure(
            both.map(({ scores }) => scores[name]),
            digits(name),
          ),
        ),
        figure(
          alone.map(({ scores }) => scores[hidden]),
          digits(hidden),
        ),
        (Math.min(...both.map(({ seconds }) => seconds)) * 1000).toFixed(1),
      ];
      lines.push(line(cells));
      console.log(lines.at(-1));
    }
  }
  return lines.join('\n');
}

/** Puts text between the markers of the document. */
function write(text) {
  const [start, end] = ['<!-- masked:start -->', '<!-- masked:end -->'];
  const document = fs.readFileSync(DOCUMENT, 'utf8');
  const [before, rest] = document.split(start);
  const after = rest.split(end)[1];
  fs.writeFileSync(DOCUMENT, `${before}${start}\n${text}\n${end}${after}`);
}

async function main() {
  const missing = SETS.find(({ file }) => !fs.existsSync(path.join(DATA, file)));
  if (missing) {
    console.log(`skipped: there is no ${path.join(DATA, missing.file)}`);
    return;
  }
  const [{ model }] = os.cpus();
  const machine = `${model}, ${os.availableParallelism()} cores, Node ${process.version}`;
  const command = `\`node benches/masked.js\`, polytask ${version}, ${machine}`;
  console.log(command);
  const tables = [];
  for (const set of SETS) tables.push(await sweep(set));
  write(`${command}\n\n${tables.join('\n\n')}`);
}

main();
