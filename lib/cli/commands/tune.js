// polytask tune: a search for better options.
'use strict';

const { flag } = require('../names');
const { progress } = require('../progress');
const { isObject } = require('../values');
const training = require('../training');
const { clean, count, figure, table, took } = require('../text');

module.exports = {
  name: 'tune',
  summary: 'search for better options',
  use: ['polytask tune DATA.csv … [--trials N] [--seconds S] [--out MODEL.safetensors] [options]'],
  explains: [
    'Trains many times with other options and scores each on the same validation rows; lower is better. What the options say is fixed for all trials; --space.OPTION says what is tried. The best trial is printed as flags for polytask train, and saved with --out.',
    'Ctrl-C ends the search with the best so far and exits with 130. With --path every trial is kept, and the same command goes on after them.',
  ],
  examples: [
    [
      'two minutes of it',
      'polytask tune data.csv --target price --seconds 120 --out best.safetensors',
    ],
    [
      'what is tried, chosen by hand',
      `polytask tune data.csv -t price --trials 20 --space.learning-rate 0.001,0.003,0.01 --space.model.dropout 0,0.2`,
    ],
    ['a search to go on with', 'polytask tune data.csv -t price --trials 100 --path trials.jsonl'],
  ],
  takes: [{ what: 'a CSV file, or - for standard input', many: true }],
  flags: { out: training.OUT, ...training.FLAGS },
  options: 'search',

  check: ({ flags, files }) => training.checkOut(flags.out, 'tune', files),

  async run(call) {
    const { flags, output, interrupt } = call;
    const source = await call.data(call.files);
    const { model, trials } = await search(call, source);
    if (flags.out !== undefined) await model.save(call.path(flags.out));
    const best = trials.find(({ best }) => best);
    const interrupted = interrupt.signal !== null;
    output.data({ event: 'result', out: flags.out, interrupted, best, trials });
    output.lines(lines(trials, best, output.paint));
    if (flags.out !== undefined) {
      output.done(
        `${flags.out}: trial ${best.trial}, ${training.chosen(model, interrupt, best.seconds)}`,
        [...training.standing(model), ...training.advice(model)],
      );
    }
  },
};

async function search(call, source) {
  const { options, output, interrupt } = call;
  const began = Date.now();
  const many = typeof options.trials === 'number' ? options.trials : 30;
  let done = 0;
  let best = null;
  const about = (report) => ({
    done,
    many,
    seconds: (Date.now() - began) / 1000,
    limit: typeof options.seconds === 'number' ? options.seconds : undefined,
    unit: 'trial',
    figures: best ? [`best ${figure(best.score)}, trial ${best.trial}`] : [],
    line: `trial ${report.trial}: ${told(report)}`,
  });
  const bar = progress(process.stderr, about, { quiet: output.quiet || output.json });
  const tuning = call.polytask.tune(source, {
    ...options,
    signal: interrupt.aborted,
    onTrial: (report) => {
      done += 1;
      if (report.best) best = report;
      bar.show(report);
      output.data({ event: 'trial', ...report });
    },
  });
  bar.start(`reading ${source.join(', ')}`);
  try {
    return await interrupt.stoppable(tuning, () => {
      bar.note('stopping; the best trial so far is kept (once more to drop it)');
      tuning.stop();
    });
  } finally {
    bar.end();
  }
}

/** A trial in words. */
function told({ score, error, options, epochs, seconds }) {
  const how = asFlags(options).join(' ') || 'the options as given';
  if (score === null) return `failed: ${error?.message ?? 'no score'}  ${how}`;
  return `score ${figure(score)}  ${count(epochs, 'epoch')} in ${took(seconds)}  ${how}`;
}

/** Options as the flags that say them. */
function asFlags(options, above = '') {
  return Object.entries(options).flatMap(([name, value]) => {
    const path = above + name;
    if (isObject(value)) return asFlags(value, `${path}.`);
    const text = Array.isArray(value) ? value.join(',') : String(value);
    return [`${flag(path)} ${/^[\w.,:/+-]+$/.test(text) ? text : `'${text}'`}`];
  });
}

const SHOWN = 5;

function lines(trials, best, paint) {
  const scored = trials.filter(({ score }) => score !== null);
  scored.sort((one, other) => one.score - other.score);
  const rows = scored
    .slice(0, SHOWN)
    .map(({ trial, score, epochs, options }) => [
      String(trial),
      figure(score),
      String(epochs),
      clean(asFlags(options).join(' ')) || 'the options as given',
    ]);
  const [head, ...body] = table([['trial', 'score', 'epochs', 'options'], ...rows], {
    right: [0, 1, 2],
  });
  const failed = trials.length - scored.length;
  return [
    paint.dim(head),
    ...body,
    paint.dim(
      `${count(trials.length, 'trial')}${failed ? `, of which ${failed} failed` : ''}; lower is better`,
    ),
    `best: ${paint.bold(clean(asFlags(best.options).join(' ')) || 'the options as given')}`,
  ];
}
