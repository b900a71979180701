// What the scores of many seeds come to: errors task by task, ranks, and who is ahead beyond noise.
'use strict';

const average = (numbers) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;

/** To twelve digits: what two models score on other seeds may add up to the same. */
const mean = (numbers) => Number(average(numbers).toPrecision(12));

/** Sample standard deviation; 0 of one number. */
function deviation(numbers) {
  const middle = average(numbers);
  const squares = numbers.map((number) => (number - middle) ** 2);
  return numbers.length > 1
    ? Math.sqrt(squares.reduce((sum, number) => sum + number, 0) / (numbers.length - 1))
    : 0;
}

/** What is to be small: the share of wrong classes, or the RMSE. */
const errorOf = (scores) => ('accuracy' in scores ? 1 - scores.accuracy : scores.rmse);

/**
 * `{ [set, task]: { [model]: { [seed]: scores } } }` from records `{ set, seed, model, tasks }`.
 * Keys are JSON, since names of tasks are data.
 */
function byTask(records) {
  const tasks = new Map();
  for (const { set, seed, model, tasks: scored } of records) {
    for (const [task, scores] of Object.entries(scored)) {
      const key = JSON.stringify([set, task]);
      if (!tasks.has(key)) tasks.set(key, new Map());
      const models = tasks.get(key);
      if (!models.has(model)) models.set(model, new Map());
      models.get(model).set(seed, scores);
    }
  }
  return tasks;
}

/** The errors of two models over the seeds that both have, by pairs. */
function pairs(ours, theirs) {
  const seeds = [...ours.keys()].filter((seed) => theirs.has(seed));
  return seeds.map((seed) => [errorOf(ours.get(seed)), errorOf(theirs.get(seed))]);
}

/**
 * How a model stands to another over all tasks that both have: on how many it is better in the
 * mean, and on which it is worse by more than noise, that is by more than two standard errors of
 * the difference over seeds.
 */
function duel(tasks, ours, theirs) {
  const found = { tasks: 0, better: 0, equal: 0, clearlyWorse: [] };
  for (const [key, models] of tasks) {
    if (!models.has(ours) || !models.has(theirs)) continue;
    const errors = pairs(models.get(ours), models.get(theirs));
    if (errors.length === 0) continue;
    const gaps = errors.map(([our, their]) => our - their);
    const gap = mean(errors.map(([our]) => our)) - mean(errors.map(([, their]) => their));
    found.tasks += 1;
    if (gap < 0) found.better += 1;
    if (gap === 0) found.equal += 1;
    const noise = (2 * deviation(gaps)) / Math.sqrt(gaps.length);
    if (gap > noise && errors.length > 1) found.clearlyWorse.push(JSON.parse(key));
  }
  return found;
}

/** The mean rank of each model over the tasks that all of them have; ties share a rank. */
function meanRanks(tasks, models) {
  const ranks = Object.fromEntries(models.map((model) => [model, []]));
  for (const scored of tasks.values()) {
    if (!models.every((model) => scored.has(model))) continue;
    const errors = models.map((model) => mean([...scored.get(model).values()].map(errorOf)));
    models.forEach((model, at) => {
      const below = errors.filter((error) => error < errors[at]).length;
      const same = errors.filter((error) => error === errors[at]).length;
      ranks[model].push(below + (same + 1) / 2);
    });
  }
  const count = ranks[models[0]].length;
  return {
    tasks: count,
    ranks: Object.fromEntries(models.map((model) => [model, count ? mean(ranks[model]) : null])),
  };
}

/** The mean over tasks of the error as a share of that of `constant`, for tasks that all have. */
function normalisedErrors(tasks, models) {
  const errors = Object.fromEntries(models.map((model) => [model, []]));
  for (const scored of tasks.values()) {
    if (![...models, 'constant'].every((model) => scored.has(model))) continue;
    const all = (model) => mean([...scored.get(model).values()].map(errorOf));
    const constant = all('constant');
    if (constant > 0) for (const model of models) errors[model].push(all(model) / constant);
  }
  const count = errors[models[0]].length;
  return {
    tasks: count,
    errors: Object.fromEntries(models.map((model) => [model, count ? mean(errors[model]) : null])),
  };
}

module.exports = { byTask, deviation, duel, errorOf, mean, meanRanks, normalisedErrors };
