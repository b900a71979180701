// Several tasks in one network.
'use strict';

const { trainSync } = require('..');
const { CSV, split } = require('./iris');

const TARGETS = { species: 'classification', petal_width: 'regression' };

test('species and petal width from the other three columns', async () => {
  const { training, heldOut } = split(1);
  const model = trainSync(training, { targets: TARGETS });
  expect(model.features.map(({ name }) => name)).toEqual([
    'sepal_length',
    'sepal_width',
    'petal_length',
  ]);
  expect(model.tasks.map(({ name, type }) => [name, type])).toEqual(Object.entries(TARGETS));

  const scores = await model.evaluate(heldOut);
  expect(scores.species).toMatchObject({ n: 30 });
  expect(scores.species.accuracy).toBeGreaterThan(0.8);
  expect(scores.petal_width).toMatchObject({ n: 30 });
  // In centimetres, of a column that runs from 0.1 to 2.5.
  expect(scores.petal_width.rmse).toBeLessThan(0.35);
  expect(scores.petal_width.r2).toBeGreaterThan(0.8);

  const [{ species, petal_width }] = model.predict([[5.1, 3.5, 1.4]]);
  expect(species.label).toBe('setosa');
  expect(petal_width.value).toBeGreaterThan(-0.3);
  expect(petal_width.value).toBeLessThan(0.8);
});

test('each epoch reports both tasks', () => {
  const model = trainSync(CSV, { targets: TARGETS, epochs: 2 });
  for (const { tasks, validation } of model.history) {
    expect(Object.keys(tasks)).toEqual(['species', 'petal_width']);
    expect(tasks.petal_width).toMatchObject({ labels: 120, loss: expect.any(Number) });
    expect(validation.tasks.species).toMatchObject({ n: 30, accuracy: expect.any(Number) });
    expect(validation.tasks.petal_width).toMatchObject({ n: 30, rmse: expect.any(Number) });
  }
});

test('a task weighs what it is told to', () => {
  const loss = (weight) => {
    const targets = { species: { weight }, petal_width: 'regression' };
    const { tasks, loss: sum } = trainSync(CSV, { targets, epochs: 1 }).history[0];
    return [sum, weight * tasks.species.loss + tasks.petal_width.loss];
  };
  for (const weight of [0.5, 1, 3]) {
    const [sum, expected] = loss(weight);
    expect(sum).toBeCloseTo(expected, 4);
  }
});

test('a task that weighs a thousand times as much does not silence the other', async () => {
  // Linear congruential, so that the rows are the same everywhere.
  let state = 7;
  const uniform = () => {
    state = (state * 1664525 + 1013904223) % 4294967296;
    return state / 4294967296;
  };
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  const rows = Array.from({ length: 1200 }, () => {
    const [a, b, c] = [normal(), normal(), normal()];
    return { a, b, c, first: a + Math.sin(2 * b), second: b * c + Math.sin(a) + 0.5 * c };
  });
  const second = async (balance, weight) => {
    const model = trainSync(rows.slice(0, 800), {
      targets: { first: { type: 'regression', weight }, second: 'regression' },
      model: { preset: 'fast', hidden: [32, 32] },
      epochs: 60,
      balance,
      seed: 1,
    });
    return (await model.evaluate(rows.slice(800))).second.r2;
  };
  expect(await second('equal', 1000)).toBeLessThan(0.5);
  // Its gradient is 1/1000 as long or less, and has the weight that makes up for it: alike for
  // 'aligned', where no weight of a loss matters, and so that its loss does not rise for 'upgrad'.
  expect(await second('aligned', 1000)).toBeGreaterThan(0.9);
  expect(await second('upgrad', 1000)).toBeGreaterThan(0.6);
});

test('reports tell how the tasks stand to each other, and advice what follows', () => {
  const model = trainSync(CSV, { targets: TARGETS, epochs: 3, balance: 'upgrad' });
  for (const { cosines, tasks } of model.history) {
    expect(cosines).toHaveLength(2);
    expect(cosines[0][0]).toBeCloseTo(1, 9);
    expect(cosines[0][1]).toBe(cosines[1][0]);
    expect(Math.abs(cosines[0][1])).toBeLessThanOrEqual(1);
    expect(tasks.species.weight).toBeGreaterThan(0);
    expect(tasks.species.gradientNorm).toBeGreaterThan(0);
  }
  expect(model.advice()).toEqual(expect.any(Array));

  const targets = { species: {}, petal_width: { type: 'regression', weight: 1000 } };
  const advice = trainSync(CSV, { targets, epochs: 2 }).advice();
  expect(advice.join('\n')).toMatch(/"petal_width" pulls \d+ times as hard/);
  expect(advice.every((sentence) => typeof sentence === 'string')).toBe(true);

  const quiet = trainSync(CSV, { targets: TARGETS, epochs: 2, telemetry: false });
  expect(quiet.history[0]).not.toHaveProperty('cosines');
  expect(quiet.history[0].tasks.species).not.toHaveProperty('weight');
  expect(quiet.advice()).toEqual([]);
});
