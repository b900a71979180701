// Recipes: optimizers, schedules, averages and beginnings, from options to a model and back.
'use strict';

const path = require('node:path');
const { Model, trainSync } = require('..');

const IRIS = path.join(__dirname, '..', 'data', 'iris.csv');

const RECIPE = {
  epochs: 40,
  model: {
    hidden: [32, 32],
    activation: 'selu',
    parametric: true,
    parametrization: 'ntk',
    init: 'data',
    rates: { bias: 0.1, activation: 0.1 },
  },
  optimizer: { method: 'adamw', betas: [0.9, 0.95] },
  learningRate: 0.04,
  schedule: 'coslog4',
  weightDecay: 0.02,
  weightDecaySchedule: 'flat-cosine',
  dropoutSchedule: 'flat-cosine',
  ema: 0.9,
  earlyStopping: { patience: false, ties: 'last' },
};

test('a recipe trains, is told as it was said, and answers alike once loaded', async () => {
  const model = trainSync(IRIS, RECIPE);
  expect(model.history).toHaveLength(40);
  expect(model.options).toMatchObject(RECIPE);
  expect((await model.evaluate(IRIS)).species.accuracy).toBeGreaterThan(0.9);
  // Of equally good epochs the last is kept.
  const losses = model.history.map((report) => report.validation.loss);
  const best = model.history.findLast((report) => report.best).epoch;
  expect(best - 1).toBe(losses.lastIndexOf(Math.min(...losses)));
  const row = [{ sepal_length: 6, sepal_width: 3, petal_length: 5, petal_width: 1.7 }];
  expect(Model.fromBuffer(model.toBuffer()).predict(row)).toEqual(model.predict(row));
  // Whatever the number of threads.
  const alone = trainSync(IRIS, { ...RECIPE, threads: 1 }).history.map((it) => it.validation.loss);
  expect(alone).toEqual(losses);
});

test('schedules and momentum show in what reports tell', () => {
  const { history, options } = trainSync(IRIS, {
    epochs: 4,
    learningRate: 0.1,
    batchSize: 30,
    optimizer: { method: 'sgd', momentum: 0.9, nesterov: true },
    schedule: { method: 'flat-cosine', warmup: 1 },
  });
  expect(options.optimizer).toEqual({ method: 'sgd', momentum: 0.9, nesterov: true });
  expect(options.schedule).toEqual({ method: 'flat-cosine', warmup: 1 });
  // Four steps an epoch: the rate of the next step, 0, a third, two and three thirds of three
  // epochs after the warm-up.
  const rates = history.map((report) => Number(report.learningRate.toFixed(12)));
  expect(rates).toEqual([0.1, 0.1, 0.075, 0]);
});

test('what makes no sense is refused', () => {
  const refused = (options) => () => trainSync(IRIS, options);
  expect(refused({ optimizer: { momentum: 0.9 } })).toThrow("not of 'adamw'");
  expect(refused({ model: { parametrization: 'ntk' }, optimizer: 'sgd' })).toThrow('not for');
  expect(refused({ schedule: 'coslog' })).toThrow("did you mean 'coslog4'?");
});
