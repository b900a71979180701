// polytask compare: what learning tasks together gains or costs each of them.
'use strict';

const { isObject } = require('../values');
const training = require('../training');
const { clean, count, figure, table } = require('../text');

module.exports = {
  name: 'compare',
  summary: 'tell what learning tasks together gains or costs',
  use: ['polytask compare DATA.csv … --target A --target B [options of train]'],
  explains: [
    'Trains the tasks together and each alone, several times, on the same rows and with the same seeds, and compares them on rows held out. It takes as long as seeds × (1 + tasks) trainings; three seeds by default. With few seeds a difference is a hint, not a proof.',
  ],
  examples: [
    ['two tasks', 'polytask compare data.csv --target species --target petal_width'],
    [
      'more seeds, and the model of all tasks kept',
      'polytask compare data.csv -t a -t b --compare.seeds 5 --out both.safetensors',
    ],
  ],
  takes: [{ what: 'a CSV file, or - for standard input', many: true }],
  flags: { out: training.OUT, ...training.FLAGS },
  options: 'training',

  check: ({ flags, files }) => training.checkOut(flags.out, 'compare', files),

  async run(call) {
    const { flags, options, output, interrupt } = call;
    const source = await call.data(call.files);
    const compare = isObject(options.compare) ? options.compare : 'single-task';
    const { model, seconds } = await training.train(
      call,
      source,
      { ...options, compare },
      'comparing',
    );
    if (flags.out !== undefined) await model.save(call.path(flags.out));
    const { comparison } = model;
    const interrupted = interrupt.signal !== null;
    output.data({ event: 'result', out: flags.out, interrupted, comparison });
    if (comparison) output.lines(lines(comparison, output.paint));
    else output.note('ended before the comparison');
    if (flags.out === undefined) return;
    output.done(`${flags.out}: ${training.chosen(model, interrupt, seconds)}`);
  },
};

function lines(comparison, paint) {
  const { seeds, heldOutRows, meanDelta, deviation } = comparison;
  const rows = Object.entries(comparison.tasks).map(
    ([task, { metric, multi, single, delta, ...found }]) => [
      clean(task),
      metric,
      figure(multi?.mean),
      figure(single?.mean),
      gain(delta),
      found.gained ? 'gained' : found.suffered ? 'suffered' : 'no clear difference',
    ],
  );
  const mean = [
    'all tasks',
    '',
    '',
    '',
    gain(meanDelta === null ? null : { mean: meanDelta, deviation }),
    '',
  ];
  const head = ['task', 'figure', 'together', 'alone', 'gain', ''];
  const [first, ...others] = table([head, ...rows, mean], { right: [2, 3, 4] });
  const of = `${count(seeds.length, 'seed')}, ${count(heldOutRows, 'row')} held out; ± is the standard deviation over seeds`;
  return [paint.dim(first), ...others, paint.dim(of)];
}

const percent = (share) => `${(100 * share).toFixed(1)} %`;

function gain(delta) {
  if (!delta) return '–';
  const sign = delta.mean > 0 ? '+' : '';
  const around = delta.deviation === null ? '' : ` ± ${percent(delta.deviation)}`;
  return `${sign}${percent(delta.mean)}${around}`;
}
