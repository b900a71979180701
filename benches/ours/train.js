// Trains through the public interface and tells the time of a step from the epochs' own clock, the
// first epoch left out. Told in JSON: `file`, `options` of `train`, the rows to be `scored` on, and
// the least `seconds` to measure for.
'use strict';

const { emit, watch } = require('../harness/meter');
const { POLYTASK, table } = require('../harness/places');
const { median } = require('../harness/statistics');
const { train } = require(POLYTASK);

const { file, scored, options, seconds = 1 } = JSON.parse(process.argv[2]);

/** Mean log loss or squared error summed over the tasks, and what is shown beside it. */
function scores(evaluation) {
  const tasks = Object.entries(evaluation);
  const losses = tasks.map(([, task]) => task.logLoss ?? task.rmse ** 2);
  const shown = tasks.map(([name, task]) => [`${name}_score`, task.accuracy ?? task.r2]);
  const loss = losses.reduce((sum, loss) => sum + loss, 0);
  return { loss, accuracy: tasks[0][1].accuracy, ...Object.fromEntries(shown) };
}

async function main() {
  const runs = [];
  let model;
  const stop = watch();
  for (let total = 0; total < seconds; ) {
    model = await train(table(file), options);
    const { history } = model;
    runs.push((history.at(-1).seconds - history[0].seconds) / (history.length - 1));
    total += history.at(-1).seconds;
  }
  const { others } = stop();
  const { trainRows } = model.toJSON().data;
  const epoch = median(runs);
  emit({
    us_per_step: (1e6 * epoch) / Math.ceil(trainRows / options.batchSize),
    rows_per_s: trainRows / epoch,
    ...scores(await model.evaluate(table(scored))),
    other_cores_busy: others,
  });
}

main();
