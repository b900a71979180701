// The kinds of task and what may be said of each, as users meet them.
'use strict';

const { Model, trainSync } = require('..');

/** A generator of numbers from 0 to 1, the same each time. */
function random() {
  let state = 12345;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}

const SIZES = ['small', 'medium', 'large'];

/** Rows of an `x` from 0 to 1 and labels that follow it, some of them noisily. */
function table(count = 240) {
  const next = random();
  return Array.from({ length: count }, (_, i) => {
    const x = next();
    const rate = 1 + 8 * x;
    return {
      x,
      y: next(),
      visits: Math.round(rate + (next() - 0.5) * rate),
      size: SIZES[Math.min(2, Math.floor(x * 3 + (next() - 0.5) * 0.5))],
      stars: Math.min(5, 1 + Math.floor(x * 5)),
      price: 1000 * x + (i % 40 === 0 ? 20000 : 0),
      rare: x > 0.9 ? 'yes' : 'no',
      red: Number(x > 0.3),
      round: Number(x > 0.6),
      w: i % 2,
    };
  });
}

const BARE = { features: { include: ['x', 'y'] }, epochs: 60 };

/** What training fails with. */
function refusal(targets, options = {}, rows = table(60)) {
  try {
    trainSync(rows, { ...BARE, epochs: 1, targets, ...options });
  } catch (error) {
    return error;
  }
  throw new Error('nothing was refused');
}

test('a count answers its expectation', async () => {
  const model = trainSync(table(), { ...BARE, targets: { visits: 'count' } });
  expect(model.tasks).toMatchObject([{ name: 'visits', type: 'count', labels: 192 }]);
  expect(model.tasks[0]).not.toHaveProperty('classes');
  const [few, many] = model.predict([
    [0.05, 0.5],
    [0.95, 0.5],
  ]);
  expect(Object.keys(few.visits)).toEqual(['value']);
  expect(few.visits.value).toBeGreaterThan(0.5);
  expect(few.visits.value).toBeLessThan(3);
  expect(many.visits.value).toBeGreaterThan(6);
  expect(many.visits.value).toBeLessThan(12);
  const { visits } = await model.evaluate(table());
  expect(visits).toMatchObject({ n: 240, rmse: expect.any(Number), mae: expect.any(Number) });
  expect(visits.poissonDeviance).toBeLessThan(0.6);
  const { tasks } = model.history[0].validation;
  expect(tasks.visits).toEqual({
    n: 48,
    loss: expect.any(Number),
    rmse: expect.any(Number),
  });
  expect(model.summary()).toContain('"visits": count; 192 labels');
});

test('ordered classes answer like a classification', async () => {
  const targets = { size: { type: 'ordinal', classes: SIZES }, stars: 'ordinal' };
  const model = trainSync(table(), { ...BARE, targets });
  expect(model.tasks.map(({ type, classes }) => [type, classes])).toEqual([
    ['ordinal', SIZES],
    ['ordinal', ['1', '2', '3', '4', '5']],
  ]);
  const answers = model.predict(Array.from({ length: 11 }, (_, i) => [i / 10, 0.5]));
  for (const { size, stars } of answers) {
    for (const { label, probability, probabilities } of [size, stars]) {
      expect(probabilities[label]).toBe(probability);
      expect(Math.max(...Object.values(probabilities))).toBe(probability);
      const sum = Object.values(probabilities).reduce((a, b) => a + b);
      expect(sum).toBeCloseTo(1, 12);
    }
  }
  expect(answers[0].size.label).toBe('small');
  expect(answers[10].size.label).toBe('large');
  const { size, stars } = await model.evaluate(table());
  expect(size.kappa).toBeGreaterThan(0.7);
  expect(stars.kappa).toBeGreaterThan(0.9);
  expect(stars.mae).toBeLessThan(0.3);
  expect(size.confusion).toHaveLength(3);
  const { accuracy, rmse } = model.history[0].validation.tasks.size;
  expect([typeof accuracy, rmse]).toEqual(['number', undefined]);
  expect(model.summary()).toContain('ordinal, 3 classes: "small" < "medium" < "large"');

  const copy = Model.fromBuffer(model.toBuffer());
  expect(copy.predict([[0.4, 0.5]])).toEqual(model.predict([[0.4, 0.5]]));
});

test('several flags, with labels missing here and there', async () => {
  const rows = table().map((row, i) => (i % 3 === 0 ? { ...row, red: null } : row));
  const targets = ['red', 'round', 'rare'];
  const model = trainSync(rows, { ...BARE, targets });
  expect(model.tasks.map(({ type }) => type)).toEqual(Array(3).fill('classification'));
  expect(model.tasks[0].labels).toBeLessThan(model.tasks[1].labels);
  const scores = await model.evaluate(rows);
  expect(scores.red).toMatchObject({ n: 160 });
  for (const name of targets) expect(scores[name].accuracy).toBeGreaterThan(0.9);
  const [{ red, round }] = model.predict([[0.95, 0.5]]);
  expect([red.label, round.label]).toEqual(['1', '1']);
});

test('an absolute error minds outliers less than a squared one', () => {
  const value = (loss) => {
    const targets = { price: { type: 'regression', ...loss } };
    const model = trainSync(table(), { ...BARE, targets, validation: false });
    return [model.predict([[0.5, 0.5]])[0].price.value, model.tasks[0]];
  };
  const [mean, plain] = value({});
  expect(plain).not.toHaveProperty('loss');
  expect(mean).toBeGreaterThan(700);
  const losses = [{ loss: 'mae' }, { loss: 'huber', delta: 0.01 }, { loss: 'quantile' }];
  for (const loss of losses) {
    const [median, task] = value(loss);
    expect(Math.abs(median - 500)).toBeLessThan(150);
    expect(task).toMatchObject(loss);
  }
  expect(value({ loss: 'quantile', quantile: 0.9 })[1]).toMatchObject({ quantile: 0.9 });
});

test('balanced classes find the rare one more often', async () => {
  const recall = async (options) => {
    const targets = { rare: { type: 'classification', ...options } };
    const features = { include: ['y', 'w'] };
    const model = trainSync(table(), { features, targets, epochs: 5, validation: false });
    const [{ rare }] = model.predict([[0.5, 1]]);
    return rare.probabilities.yes;
  };
  // Nothing is to be learnt but how often each class is.
  const [plain, balanced] = [await recall({}), await recall({ classWeights: 'balanced' })];
  expect(plain).toBeLessThan(0.3);
  expect(balanced).toBeGreaterThan(0.35);
  expect(await recall({ classWeights: { yes: 100 } })).toBeGreaterThan(0.7);
});

test('label smoothing holds probabilities back', () => {
  const surest = (labelSmoothing) => {
    const targets = { red: { labelSmoothing } };
    const model = trainSync(table(), { ...BARE, targets, validation: false });
    return model.predict([[0.99, 0.5]])[0].red.probability;
  };
  expect(surest(0)).toBeGreaterThan(0.97);
  expect(surest(0.4)).toBeLessThan(0.9);
});

test('rows count by the column that says so', async () => {
  // Rows of weight 0 have every label wrong.
  const rows = table().map((row) => (row.w ? row : { ...row, red: 1 - row.red }));
  const model = trainSync(rows, { ...BARE, targets: 'red', sampleWeights: 'w' });
  expect(model.options.sampleWeights).toBe('w');
  expect(model.summary()).toContain('weights    "w"');
  expect(model.summary()).toContain('120 rows of weight 0 left out');
  const { red } = await model.evaluate(rows);
  expect(red.n).toBe(120);
  expect(red.accuracy).toBeGreaterThan(0.95);
  const { w, ...bare } = rows[0];
  expect((await model.evaluate([bare])).red.accuracy).toBe(0);
  const all = { targets: 'red', sampleWeights: 'w', epochs: 1 };
  expect(trainSync(rows, all).features.map(({ name }) => name)).not.toContain('w');
});

describe('what is refused', () => {
  const path = (name) => `targets.${name}`;
  test.each([
    [{ price: { loss: 'msa' } }, /'mse'.*found "msa"; did you mean 'm[as]e'/, 'price.loss'],
    [{ rare: { type: 'classification', loss: 'mae' } }, /is for a regression/, 'rare.loss'],
    [{ rare: { loss: 'mae' } }, /as its labels look; give its type/, 'rare.loss'],
    [{ price: { classWeights: 'balanced' } }, /tasks with classes/, 'price.classWeights'],
    [{ rare: { labelSmoothing: 1 } }, /from 0 to below 1, found 1/, 'rare.labelSmoothing'],
    [{ price: { loss: 'huber', delta: -1 } }, /above 0, found -1/, 'price.delta'],
    [{ price: { loss: 'mae', quantile: 0.5 } }, /loss: 'quantile' only/, 'price.quantile'],
    [{ rare: { classWeights: { yes: Number.NaN } } }, /NaN/, 'rare.classWeights.yes'],
    [{ rare: 'ordnal' }, /did you mean 'ordinal'/, 'rare'],
  ])('%j', (targets, message, option) => {
    const expected = { code: 'ERR_OPTIONS', option: path(option), message: expect.any(String) };
    const error = refusal(targets);
    expect(error).toMatchObject(expected);
    expect(error.message).toMatch(message);
  });

  test.each([
    [
      { rare: { classWeights: { yess: 2 } } },
      /no class "yess"; did you mean "yes"/,
      'classWeights',
    ],
    [{ size: 'ordinal' }, /order.*must be given: list "large", "medium", "small"/, 'classes'],
    [
      { size: { type: 'ordinal', classes: ['small', 'large'] } },
      /class "medium" is missing/,
      'classes',
    ],
  ])('%j of these rows', (targets, message, option) => {
    const [name] = Object.keys(targets);
    const error = refusal(targets);
    expect(error).toMatchObject({ code: 'ERR_SCHEMA', column: name });
    expect(error.option).toBe(path(`${name}.${option}`));
    expect(error.message).toMatch(message);
  });

  test('a count that is none, with its row', () => {
    const rows = table(20).map((row, i) => (i === 7 ? { ...row, visits: 1.5 } : row));
    const error = refusal({ visits: 'count' }, {}, rows);
    expect(error).toMatchObject({ code: 'ERR_SCHEMA', row: 7, column: 'visits' });
    expect(error.message).toMatch(/1\.5 is not a whole number from 0 up/);
  });

  test('a weight that is none, with its row', () => {
    const options = { sampleWeights: 'w' };
    for (const [w, found] of [
      [null, 'nothing'],
      [-2, '-2'],
      ['heavy', '"heavy"'],
    ]) {
      const rows = table(20).map((row, i) => (i === 5 ? { ...row, w } : row));
      const error = refusal('rare', options, rows);
      expect(error).toMatchObject({ code: 'ERR_SCHEMA', row: 5, column: 'w' });
      expect(error.message).toMatch(`found ${found}`);
    }
    const misspelt = refusal('rare', { sampleWeights: 'ww' });
    expect(misspelt.message).toMatch(/sampleWeights: no column "ww"/);
    const target = refusal('rare', { sampleWeights: 'rare' });
    expect(target.message).toMatch(/"rare" is a target and cannot weigh rows too/);
  });
});

test('classes and targets called anything', () => {
  const rows = table(60).map(({ x, rare }) => {
    return Object.fromEntries([
      ['x', x],
      ['__proto__', rare === 'yes' ? '__proto__' : 'constructor'],
    ]);
  });
  const weights = Object.fromEntries([['__proto__', 3]]);
  const target = { classWeights: weights, classes: ['constructor', '__proto__'], type: 'ordinal' };
  const targets = Object.fromEntries([['__proto__', target]]);
  const model = trainSync(rows, { targets, epochs: 2 });
  expect(model.tasks[0].classes).toEqual(['constructor', '__proto__']);
  const answer = Object.getOwnPropertyDescriptor(model.predict([[0.5]])[0], '__proto__').value;
  expect(Object.keys(answer.probabilities)).toEqual(['constructor', '__proto__']);
});
