// The arithmetic of the accuracy bench.
'use strict';

const { byTask, duel, meanRanks, normalisedErrors } = require('../benches/accuracy/compare');

/** Records of one task by model and seed, from errors. */
const records = (errors) =>
  Object.entries(errors).flatMap(([model, all]) =>
    all.map((error, seed) => ({
      set: 's',
      seed,
      model,
      tasks: { __proto__task: { rmse: error } },
    })),
  );

const classes = (model, accuracy) => ({ set: 'c', seed: 0, model, tasks: { y: { accuracy } } });

test('a model is clearly worse where the gap is beyond noise', () => {
  const tasks = byTask(records({ ours: [2, 2.1, 2.2], theirs: [1, 1.2, 1.1], noisy: [1, 3, 2.2] }));
  expect(duel(tasks, 'ours', 'theirs')).toEqual({
    tasks: 1,
    better: 0,
    equal: 0,
    clearlyWorse: [['s', '__proto__task']],
  });
  expect(duel(tasks, 'theirs', 'ours').better).toBe(1);
  expect(duel(tasks, 'ours', 'noisy').clearlyWorse).toEqual([]);
  expect(duel(tasks, 'ours', 'absent').tasks).toBe(0);
});

test('the same errors on other seeds are equal, in whatever order they add up', () => {
  const tasks = byTask(records({ ours: [0.1, 0.2, 0.3], theirs: [0.3, 0.2, 0.1] }));
  expect(duel(tasks, 'ours', 'theirs')).toMatchObject({ better: 0, equal: 1, clearlyWorse: [] });
  expect(meanRanks(tasks, ['ours', 'theirs']).ranks).toEqual({ ours: 1.5, theirs: 1.5 });
});

test('ranks are shared by ties, and errors are shares of the constant model’s', () => {
  const all = [
    ...records({ a: [1], b: [1], c: [3], constant: [4] }),
    ...[classes('a', 0.9), classes('b', 0.8), classes('c', 0.95), classes('constant', 0.5)],
  ];
  const tasks = byTask(all);
  expect(meanRanks(tasks, ['a', 'b', 'c'])).toEqual({
    tasks: 2,
    ranks: { a: 1.75, b: 2.25, c: 2 },
  });
  const { errors } = normalisedErrors(tasks, ['a', 'c']);
  expect(errors.a).toBeCloseTo((1 / 4 + 0.1 / 0.5) / 2, 12);
  expect(errors.c).toBeCloseTo((3 / 4 + 0.05 / 0.5) / 2, 12);
});
