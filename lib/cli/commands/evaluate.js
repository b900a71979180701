// polytask evaluate: the scores of a model on labelled rows, or of networks in folds.
'use strict';

const { Usage } = require('../problem');
const { progress, waiting } = require('../progress');
const scores = require('../scores');
const { count, figure } = require('../text');
const { FLAGS } = require('../training');

module.exports = {
  name: 'evaluate',
  summary: 'score a model on labelled rows, or a training by folds',
  use: [
    'polytask evaluate MODEL DATA.csv …',
    'polytask evaluate --folds 5 DATA.csv … [options of train]',
  ],
  explains: [
    'With a model: every score of every task on the rows of files that have the target columns too. Give it rows that the model was not trained on.',
    'With --folds no model is needed: that many networks are trained, each on all folds but one and scored on that one; the table is the mean and the standard deviation. Any option of train can be given.',
  ],
  examples: [
    ['a model on rows kept apart', 'polytask evaluate model.safetensors test.csv'],
    [
      'one figure for a script',
      `polytask evaluate iris.safetensors test.csv --json | jq .species.accuracy`,
    ],
    ['by group', 'polytask evaluate model.safetensors test.csv --by region'],
    ['by five folds', 'polytask evaluate --folds 5 data.csv --target species --epochs 50'],
  ],
  takes: [
    { what: 'a model file and a CSV file, or --folds and a CSV file' },
    { what: 'a CSV file', optional: true, many: true },
  ],
  flags: {
    by: { type: 'string', value: 'COLUMN', help: 'the scores of each group of this column, too' },
    folds: { type: 'string', value: 'K', help: 'train and score K networks instead of a model' },
    ...FLAGS,
  },
  options: 'reading',

  check({ flags, files, options }) {
    if (flags.folds !== undefined) {
      if (flags.by !== undefined) throw new Usage('--by goes with a model, not with --folds');
      if (!/^\d+$/.test(flags.folds)) {
        throw new Usage(`--folds: expected a whole number, found ${JSON.stringify(flags.folds)}`);
      }
      return;
    }
    if (files.length < 2) throw new Usage('evaluate needs a model file and a CSV file');
    if (flags.target || Object.hasOwn(options, 'targets')) {
      throw new Usage('--target goes with --folds; a model knows its targets');
    }
  },

  async run(call) {
    if (call.flags.folds !== undefined) return byFolds(call);
    const { output, interrupt } = call;
    const model = await call.polytask.load(call.files[0]);
    const source = await call.data(call.files.slice(1));
    const { quiet } = output;
    const work = interrupt.leaving(model.evaluate(source, { ...call.options, by: call.flags.by }));
    const evaluation = await waiting(process.stderr, `scoring ${source}`, work, { quiet });
    output.data(evaluation);
    output.lines(scores.lines(evaluation, model.tasks, output.paint, call.flags.by));
  },
};

async function byFolds(call) {
  const { output, interrupt } = call;
  call.written.set('k', '--folds');
  const source = await call.data(call.files);
  const bar = progress(process.stderr, fold, { quiet: output.quiet || output.json });
  bar.start(`reading ${source.join(', ')}`);
  const began = Date.now();
  const options = {
    ...call.options,
    signal: interrupt.aborted,
    onFold: (report) => {
      bar.show({ ...report, since: (Date.now() - began) / 1000 });
      output.data({ event: 'fold', ...report });
    },
  };
  try {
    const found = await call.polytask.crossValidate(source, options, Number(call.flags.folds));
    bar.end();
    output.data({ event: 'result', ...found });
    output.note(`mean and standard deviation of ${count(found.folds.length, 'fold')}`);
    output.lines(scores.folds(found, output.paint));
  } catch (error) {
    bar.end();
    throw error;
  }
}

/** A fold for the progress. */
function fold({ fold, folds, scores, epochs, since }) {
  const figures = Object.entries(scores).map(([task, { accuracy, rmse }]) =>
    accuracy === undefined
      ? `${task} rmse ${figure(rmse)}`
      : `${task} accuracy ${figure(accuracy)}`,
  );
  return {
    done: fold,
    many: folds,
    seconds: since,
    unit: 'fold',
    figures,
    line: `fold ${fold}/${folds}  ${count(epochs, 'epoch')}  ${figures.join('  ')}`,
  };
}
