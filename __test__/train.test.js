// Training in the ordinary ways, and asking the model.
'use strict';

const { Model, predict, train, trainSync } = require('..');
const { ARTICLE_ROWS, CSV, rows } = require('./iris');

const FEATURES = ['sepal_length', 'sepal_width', 'petal_length', 'petal_width'];

const total = (numbers) => numbers.reduce((sum, number) => sum + number, 0);

test('the main job: train on a file for some epochs, then predict', async () => {
  const model = await train(CSV, 100);
  expect(model).toBeInstanceOf(Model);
  expect(model.history.length).toBeGreaterThan(0);
  expect(model.options.epochs).toBe(100);
  const answers = predict(ARTICLE_ROWS);
  expect(answers).toHaveLength(3);
  for (const { species } of answers) {
    expect(Object.keys(species.probabilities)).toEqual(['setosa', 'versicolor', 'virginica']);
    expect(total(Object.values(species.probabilities))).toBeCloseTo(1, 5);
    expect(species.probability).toBe(species.probabilities[species.label]);
    expect(species.probability).toBe(Math.max(...Object.values(species.probabilities)));
  }
  expect(answers[0].species.label).toBe('setosa');
  expect(model.predict(ARTICLE_ROWS)).toEqual(answers);
});

test('trainSync gives the same model as train', async () => {
  const options = { epochs: 5, seed: 1 };
  const model = trainSync(CSV, options);
  expect(predict(ARTICLE_ROWS)).toEqual(model.predict(ARTICLE_ROWS));
  expect((await train(CSV, options)).predict(ARTICLE_ROWS)).toEqual(model.predict(ARTICLE_ROWS));
});

test('the same seed gives the same bits, another seed others', () => {
  const bits = (seed) => trainSync(CSV, { epochs: 5, seed }).predict(ARTICLE_ROWS);
  expect(bits(7)).toEqual(bits(7));
  expect(bits(7)).not.toEqual(bits(8));
});

test('predict asks the model that came last', async () => {
  const first = trainSync(CSV, { epochs: 2, seed: 1 });
  const second = await train(CSV, { epochs: 2, seed: 2 });
  expect(predict(ARTICLE_ROWS)).toEqual(second.predict(ARTICLE_ROWS));
  expect(predict(ARTICLE_ROWS)).not.toEqual(first.predict(ARTICLE_ROWS));
});

test('rows may be objects, arrays, and numbers written as text', () => {
  const options = { epochs: 3, targets: 'species' };
  const fromFile = trainSync(CSV, options).predict(ARTICLE_ROWS);
  expect(trainSync(rows(), options).predict(ARTICLE_ROWS)).toEqual(fromFile);
  // Arrays have no names: the columns are c0, c1, … and the last one is the target.
  const numbers = rows().map((row) => Object.values(row).map((cell) => (cell > 0 ? +cell : cell)));
  const fromArrays = trainSync(numbers, { epochs: 3 });
  expect(fromArrays.features.map(({ name }) => name)).toEqual(['c0', 'c1', 'c2', 'c3']);
  const renamed = fromArrays.predict(ARTICLE_ROWS).map(({ c4 }) => ({ species: c4 }));
  expect(renamed).toEqual(fromFile);
});

describe('rows to predict', () => {
  let model;
  beforeAll(() => {
    model = trainSync(CSV, 60);
  });
  const [[a, b, c, d]] = ARTICLE_ROWS;

  test('objects by name, extra keys ignored, text that is a number', () => {
    const [expected] = model.predict([[a, b, c, d]]);
    const row = {
      petal_width: d,
      petal_length: `${c}`,
      sepal_width: b,
      sepal_length: a,
      note: 'x',
    };
    expect(model.predict([row])).toEqual([expected]);
    expect(model.predict([['5.1', 3.5, '1.4', 0.2], row])).toEqual([expected, expected]);
    expect(model.predict([])).toEqual([]);
  });

  test('every way of saying missing is the same', () => {
    const missing = [null, Number.NaN, '?', '', 'NA'];
    const answers = model.predict(missing.map((cell) => [a, b, cell, d]));
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(total(Object.values(answers[0].species.probabilities))).toBeCloseTo(1, 5);
    expect(answers[0]).not.toEqual(model.predict([[a, b, c, d]])[0]);
  });

  test('a key may be absent only where training had missing cells', () => {
    const { sepal_width, ...row } = rows()[0];
    expect(() => model.predict([row])).toThrow(
      expect.objectContaining({ code: 'ERR_ROWS', message: expect.stringMatching(/sepal_width/) }),
    );
    const gappy = rows().map((row, i) => ({ ...row, sepal_width: i % 9 ? row.sepal_width : '' }));
    const other = trainSync(gappy, { epochs: 3, targets: 'species' });
    expect(other.features.find(({ name }) => name === 'sepal_width').missing).toBe(true);
    expect(other.predict([row])).toEqual(other.predict([{ ...row, sepal_width: null }]));
  });

  test('the model tells what it reads, answers and learnt from', () => {
    expect(model.features.map(({ name }) => name)).toEqual(FEATURES);
    expect(model.features.every(({ type, missing }) => type === 'numeric' && !missing)).toBe(true);
    expect(model.tasks).toMatchObject([
      {
        name: 'species',
        type: 'classification',
        classes: ['setosa', 'versicolor', 'virginica'],
        labels: 120,
        weight: 1,
      },
    ]);
    expect(model.toJSON().data).toMatchObject({ rows: 150, trainRows: 120, validationRows: 30 });
    expect(model.summary()).toMatch(/petal_length/);
    for (const [index, report] of model.history.entries()) {
      expect(report).toMatchObject({ epoch: index + 1, epochs: 60, best: expect.any(Boolean) });
      expect(report.tasks.species.labels).toBe(120);
      expect(report.validation.tasks.species).toMatchObject({ n: 30, loss: expect.any(Number) });
    }
    const [first] = model.history;
    expect(model.history.at(-1).loss).toBeLessThan(first.loss);
  });

  test('evaluate scores labelled rows, from a file or given', async () => {
    const scores = await model.evaluate(CSV);
    expect(scores.species).toMatchObject({ n: 150, accuracy: expect.any(Number) });
    expect(scores.species.confusion.flat().reduce((sum, count) => sum + count)).toBe(150);
    expect(scores.species.accuracy).toBeGreaterThan(0.9);
    expect(await model.evaluate(rows())).toEqual(scores);
  });
});
