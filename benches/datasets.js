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
const { DATA, parts, SETS } = require('./sets');

const TABLE = path.join(__dirname, '..', 'docs', 'datasets.md');
const SEED = 0;

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
    const [training, test] = parts(folder, [file, options, how], SEED);
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
