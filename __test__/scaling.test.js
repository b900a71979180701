// How columns become numbers and back: scales, rare categories, and answers kept within a range.
'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { load, trainSync } = require('..');

let folder;
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'polytask-scaling-'));
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

/** Numbers on three scales, one of them skewed, another with missing cells; two targets. */
function table(count = 160) {
  return Array.from({ length: count }, (_, i) => {
    const x = ((i * 37) % count) / count;
    return {
      flat: x - 0.5,
      skewed: Math.round(1e6 * x ** 8) / 1e3,
      holes: i % 9 ? i % 4 : null,
      kind: x > 0.5 ? 'high' : 'low',
      price: 100 + 50 * x,
    };
  });
}

const NAMES = ['flat', 'skewed', 'holes'];
const TARGETS = { kind: 'classification', price: 'regression' };
const trained = (features, more = {}) =>
  trainSync(table(), { targets: TARGETS, epochs: 3, threads: 1, features, ...more });

/** Rows near what was seen and far from it. */
const ROWS = [
  ...table(40).map(({ flat, skewed, holes }) => ({ flat, skewed, holes })),
  { flat: 1e300, skewed: -1e300, holes: null },
  { flat: 0, skewed: 1e-300, holes: 1.5 },
  { flat: null, skewed: null, holes: null },
];

describe.each([
  ['standard', /^scaled {5}numbers by mean and standard deviation$/m],
  ['robust', /^scaled {5}numbers by median and interquartile range, smoothly clipped to ±3$/m],
  ['quantile', /^scaled {5}numbers by rank, to a normal distribution within ±5\.2$/m],
])('scaled by %s', (scaling, words) => {
  let model;
  let expected;
  beforeAll(() => {
    model = trained({ scaling });
    expected = model.predict(ROWS);
  });

  test('the model says so', () => {
    expect(model.options.features).toEqual({ scaling, oneHot: 9, unseen: 1 });
    expect(model.summary()).toMatch(words);
    const centre = scaling === 'standard' ? 'mean' : 'median';
    expect(model.features[2].reason).toContain(`imputed by the ${centre}, and marked`);
  });

  test('every way to predict gives the same bits', async () => {
    expect(expected.every(({ price }) => Number.isFinite(price.value))).toBe(true);
    const arrays = ROWS.map((row) => NAMES.map((name) => row[name]));
    expect(model.predict(arrays)).toEqual(expected);
    // A cell as text goes through a table.
    const texts = ROWS.map((row) => ({ ...row, flat: row.flat === null ? '' : `${row.flat}` }));
    expect(model.predict(texts)).toEqual(expected);
    const column = (name) => Float64Array.from(ROWS, (row) => row[name] ?? Number.NaN);
    const columns = Object.fromEntries(NAMES.map((name) => [name, column(name)]));
    const { kind, price } = model.predictColumns(columns);
    expect([...price.value]).toEqual(expected.map((answer) => answer.price.value));
    expect([...kind.probability]).toEqual(expected.map((answer) => answer.kind.probability));

    const lines = ROWS.map((row) => NAMES.map((name) => row[name] ?? '').join());
    const input = path.join(folder, `${scaling}.csv`);
    fs.writeFileSync(input, `${[NAMES.join(), ...lines].join('\n')}\n`);
    const output = path.join(folder, `${scaling}-answers.csv`);
    await model.predictFile(input, output);
    const [header, ...body] = fs.readFileSync(output, 'utf8').trimEnd().split('\n');
    const at = header.split(',').indexOf('price');
    expect(body.map((line) => Number(line.split(',')[at]))).toEqual([...price.value]);
  });

  test('a saved model answers with the same bits', async () => {
    const file = path.join(folder, `${scaling}.safetensors`);
    await model.save(file);
    const loaded = await load(file);
    expect(loaded.predict(ROWS)).toEqual(expected);
    expect(loaded.summary()).toBe(model.summary());
    expect(loaded.options).toEqual(model.options);
  });
});

test('scales differ, and the same one is the same', () => {
  const answers = ['standard', 'robust', 'quantile', 'quantile'].map((scaling) =>
    JSON.stringify(trained({ scaling }).predict(ROWS.slice(0, 9))),
  );
  expect(new Set(answers).size).toBe(3);
  expect(answers[3]).toBe(answers[2]);
  expect(JSON.stringify(trained({}).predict(ROWS.slice(0, 9)))).toBe(answers[0]);
});

test('a number far outside moves a bounded scale no further than one just outside', () => {
  for (const scaling of ['robust', 'quantile']) {
    const model = trained({ scaling, include: ['flat'] });
    const [far, further] = model.predict([[1e12], [1e300]]);
    expect(further).toEqual(far);
  }
});

test('rare categories are as good as unseen, and many may be one-hot', () => {
  const rows = Array.from({ length: 120 }, (_, i) => ({
    city: i % 40 === 0 ? 'rare' : `city ${i % 12}`,
    t: i % 2 ? 'a' : 'b',
  }));
  const of = (features) =>
    trainSync(rows, { epochs: 1, threads: 1, validation: false, features: { ...features } });
  // Three rows are rare; of twelve cities none is.
  const plain = of({});
  expect(plain.features[0].categories).toHaveLength(13);
  const rare = of({ minFrequency: 4 });
  expect(rare.features[0].categories).toHaveLength(12);
  expect(rare.options.features).toEqual({
    scaling: 'standard',
    oneHot: 9,
    minFrequency: 4,
    unseen: 1,
  });
  const [seen, unseen] = rare.predict([{ city: 'rare' }, { city: 'nowhere' }]);
  expect(seen).toEqual(unseen);
  // One input each instead of an embedding.
  const inputs = (model) => Number(/on (\d+) inputs/.exec(model.summary())[1]);
  expect([plain, rare, of({ oneHot: 13 })].map(inputs)).toEqual([1, 1, 13]);
});

describe('clamp', () => {
  const rows = Array.from({ length: 100 }, (_, i) => ({ x: i, price: 3 * i }));
  const of = (target) =>
    trainSync(rows, {
      targets: { price: { type: 'regression', ...target } },
      epochs: 40,
      threads: 1,
      validation: { fraction: 0.2 },
    });
  const far = [{ x: -1e4 }, { x: 1e4 }];

  test('keeps answers within the range of the training labels', () => {
    const model = of({ clamp: true });
    const free = of({}).predict(far);
    const [low, high] = model.predict(far).map(({ price }) => price.value);
    expect(free[0].price.value).toBeLessThan(-10);
    expect(free[1].price.value).toBeGreaterThan(310);
    expect(low).toBeGreaterThanOrEqual(0);
    expect(high).toBeLessThanOrEqual(297);
    expect(low % 3).toBe(0);
    expect(high % 3).toBe(0);
    expect(model.tasks[0].clamp).toBe(true);
    expect(of({ clamp: false }).tasks[0]).not.toHaveProperty('clamp');
    expect(model.summary()).toContain('regression, within the range of its training labels');
  });

  test('counts in scores, and comes back from a file', async () => {
    const model = of({ clamp: true });
    const file = path.join(folder, 'clamp.safetensors');
    await model.save(file);
    const loaded = await load(file);
    expect(loaded.predict(far)).toEqual(model.predict(far));
    const scores = await loaded.evaluate(far.map(({ x }) => ({ x, price: x < 0 ? 0 : 297 })));
    const [low, high] = model.predict(far).map(({ price }) => price.value);
    expect(scores.price.mae).toBe((low + (297 - high)) / 2);
  });
});

test('what is wrong is told', () => {
  const code = 'ERR_OPTIONS';
  for (const [options, option] of [
    [{ features: { scaling: 'minmax' } }, 'features.scaling'],
    [{ features: { oneHot: 65 } }, 'features.oneHot'],
    [{ features: { minFrequency: 0 } }, 'features.minFrequency'],
    [{ features: { unseen: -1 } }, 'features.unseen'],
    [{ targets: { kind: { clamp: true } } }, 'targets.kind.clamp'],
  ]) {
    expect(() => trainSync(table(), { epochs: 1, ...options })).toThrow(
      expect.objectContaining({ code, option }),
    );
  }
});
