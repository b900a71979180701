// polytask predict: answers for the rows of a CSV file, or for rows in the command line.
'use strict';

const fs = require('node:fs');
const { pipeline } = require('node:stream/promises');
const { Usage } = require('../problem');
const { waiting } = require('../progress');
const { clean, count, figure, table } = require('../text');
const { readRow } = require('../rows');
const { checkOut } = require('../training');

module.exports = {
  name: 'predict',
  summary: 'answer the rows of a CSV file',
  use: [
    'polytask predict MODEL DATA.csv [--out ANSWERS.csv] [--keep COLUMN,…]',
    'polytask predict MODEL --row CELL,CELL,…',
  ],
  explains: [
    'Writes a CSV file with a line for each row: for a task with classes its label and the probability of each class, for another its value. Columns are found by name. The output appears whole or not at all; without --out, or with -, it goes to standard output.',
    'DATA.csv may be - for standard input. A row in the command line is cells in the order of the columns, or a JSON object by column.',
  ],
  examples: [
    [
      'to a file, with a column to know rows by',
      'polytask predict model.safetensors new.csv --keep id --out answers.csv',
    ],
    ['within a pipe', 'cat new.csv | polytask predict model.safetensors - > answers.csv'],
    ['a single row', 'polytask predict iris.safetensors --row 5.9,3.0,5.1,1.8'],
    [
      'the same for a program',
      `polytask predict iris.safetensors --json --row '{"sepal_length":5.9}'`,
    ],
  ],
  takes: [
    { what: 'a model file' },
    { what: 'a CSV file, - for standard input, or --row', optional: true },
  ],
  flags: {
    out: { type: 'string', short: 'o', value: 'FILE', help: 'where the answers go' },
    row: { type: 'string', short: 'r', multiple: true, value: 'CELLS', help: 'a row to answer' },
  },
  options: 'prediction',

  check({ flags, files }) {
    if (flags.row && files.length > 1) throw new Usage('give a CSV file or --row, not both');
    if (!flags.row && files.length < 2) {
      throw new Usage('predict needs a CSV file, - for standard input, or --row');
    }
    if (flags.row && flags.out !== undefined) throw new Usage('--row answers on standard output');
    const toOutput = flags.out === undefined || flags.out === '-';
    // The rows may be written over: the answers appear when all of them are read.
    if (!toOutput) checkOut(flags.out, 'predict', files.slice(0, 1));
    if (flags.json && !flags.row && toOutput) {
      throw new Usage('the answers on standard output are CSV; --json needs --out or --row');
    }
  },

  async run(call) {
    const model = await call.polytask.load(call.files[0]);
    if (call.flags.row) answerRows(call, model);
    else await answerFile(call, model);
  },
};

function answerRows({ flags, output, options }, model) {
  const [name] = Object.keys(options);
  if (name !== undefined) throw new Usage(`--${name} does not go with --row`);
  const predictions = model.predict(flags.row.map(readRow));
  for (const prediction of predictions) output.data(prediction);
  for (const [at, prediction] of predictions.entries()) {
    if (at > 0) output.lines(['']);
    output.lines(table(Object.entries(prediction).map(answer)));
  }
}

/** One task's answer as cells. */
function answer([task, { label, probability, probabilities, value, low, high }]) {
  if (label === undefined) {
    const ends = low === undefined ? '' : `from ${figure(low)} to ${figure(high)}`;
    return [clean(task), figure(value), ends];
  }
  const others = Object.entries(probabilities)
    .filter(([name]) => name !== label)
    .map(([name, share]) => `${name} ${percent(share)}`);
  return [clean(task), clean(label), `${percent(probability)}   ${clean(others.join(', '))}`];
}

const percent = (share) => `${(100 * share).toFixed(1)} %`;

async function answerFile(call, model) {
  const { flags, output, interrupt, options } = call;
  const [input] = await call.data(call.files.slice(1));
  const toOutput = flags.out === undefined || flags.out === '-';
  const out = toOutput ? call.scratch.file('answers.csv') : call.path(flags.out);
  const work = model.predictFile(input, out, { ...options, signal: interrupt.aborted });
  const { quiet } = output;
  const done = await waiting(process.stderr, `predicting ${input}`, work, { quiet });
  if (toOutput) {
    await pipeline(fs.createReadStream(out), process.stdout, { end: false });
  } else {
    output.data({ event: 'result', out: flags.out, ...done });
    output.done(`${flags.out}: ${count(done.rows, 'row')}`);
  }
  if (done.skipped > 0) output.note(`${count(done.skipped, 'row')} could not be read and left out`);
}
