// Weights of rows as users meet them: a row of weight 0 counts for nothing, whatever stands in it.
'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { crossValidate, train, trainSync } = require('..');

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'polytask-weights-'));
const at = (name) => path.join(folder, name);
afterAll(() => fs.rmSync(folder, { recursive: true }));

/** Numbers from 0 to 1, the same each time. */
function random(state) {
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}

/** Rows of `y = a + b`; every 15th is of weight 0 and as `absurd` says, or is not there. */
function table(absurd, count = 300) {
  const next = random(4321);
  const rows = Array.from({ length: count }, (_, i) => {
    const [a, b] = [next() * 10, next() * 10];
    const row = { a, b, city: ['Rome', 'Oslo', 'Lima'][i % 3], y: a + b, w: 1 };
    return i % 15 === 7 ? { ...row, ...absurd, w: 0 } : row;
  });
  return absurd ? rows : rows.filter(({ w }) => w > 0);
}

/** What the rows look like in a file. */
function csv(rows) {
  const names = Object.keys(rows[0]);
  return [names, ...rows.map((row) => names.map((name) => row[name]))].join('\n');
}

const QUICK = { sampleWeights: 'w', model: { hidden: [16], members: 1 }, refit: false, epochs: 2 };

const ABSURD = [
  { y: 1e12 },
  { y: -3.4e38 },
  { y: 'not measured' },
  { a: 1e12 },
  { b: 'broken' },
  { city: 'Nowhere' },
  { city: 'Nowhere', a: -1e9, y: 1e9 },
];

describe('y = a + b with absurd rows of weight 0', () => {
  const options = { ...QUICK, targets: 'y', learningRate: 0.02, epochs: 80 };
  let plain;
  let answers;
  beforeAll(async () => {
    plain = await train(table(), options);
    answers = plain.predict(table());
    const { y } = await plain.evaluate(table());
    expect(y.r2).toBeGreaterThan(0.999);
  });

  test.each(ABSURD)('%j in rows', async (absurd) => {
    const model = await train(table(absurd), options);
    expect(model.predict(table())).toEqual(answers);
    expect(model.toJSON().data).toMatchObject({ rows: 280, zeroWeightRows: 20 });
    expect(plain.toJSON().data).not.toHaveProperty('zeroWeightRows');
    expect(model.summary()).toContain('"w": what each row counts; 20 rows of weight 0 left out');
    // The labelled table itself is scored without them.
    const scores = await model.evaluate(table(absurd));
    expect(scores).toEqual(await plain.evaluate(table()));
    expect(scores.y.n).toBe(280);
    expect(scores.y.r2).toBeGreaterThan(0.999);
  });

  test.each(ABSURD)('%j in a file', async (absurd) => {
    fs.writeFileSync(at('absurd.csv'), csv(table(absurd)));
    const model = await train(at('absurd.csv'), options);
    expect(model.predict(table())).toEqual(answers);
    expect(await model.evaluate(at('absurd.csv'))).toEqual(await plain.evaluate(table()));
    const importance = await model.importance(at('absurd.csv'), { seed: 1 });
    expect(importance).toEqual(await plain.importance(table(), { seed: 1 }));
  });
});

test('a file with such rows has an answer for each', async () => {
  const quick = { ...QUICK, targets: 'y' };
  const absurd = table({ y: 'not measured', city: 'Nowhere' });
  const model = trainSync(absurd, quick);
  fs.writeFileSync(at('labelled.csv'), csv(absurd));
  expect(await model.predictFile(at('labelled.csv'), at('answers.csv'))).toMatchObject({
    rows: 300,
  });
  const [, ...values] = fs.readFileSync(at('answers.csv'), 'utf8').trim().split('\n');
  expect(values.map(Number)).toEqual(model.predict(absurd).map(({ y }) => y.value));
});

test('weights of a file with another decimal mark are read with it', async () => {
  const heavier = (rows) => rows.map((row, i) => ({ ...row, w: row.w * (i % 2 ? 2.5 : 0.5) }));
  const rows = heavier(table({ y: 'not measured' }));
  const model = trainSync(rows, { ...QUICK, targets: 'y' });
  const names = Object.keys(rows[0]);
  const line = (row) => names.map((name) => String(row[name]).replace('.', ',')).join(';');
  fs.writeFileSync(at('comma.csv'), [names.join(';'), ...rows.map(line)].join('\n'));
  const scores = await model.evaluate(at('comma.csv'), { csv: { decimal: ',' } });
  expect(scores).toEqual(await model.evaluate(rows));
  expect(scores.y.n).toBe(280);
});

test('a class that only such rows have is none', async () => {
  const labelled = (rows) => rows.map(({ y, ...row }) => ({ ...row, big: row.big ?? y > 10 }));
  const quick = { ...QUICK, targets: 'big' };
  const rows = labelled(table({ big: 'perhaps' }));
  const model = trainSync(rows, quick);
  expect(model.tasks[0].classes).toEqual(['false', 'true']);
  const plain = trainSync(labelled(table()), quick);
  expect(model.predict(rows)).toEqual(plain.predict(rows));
  expect(await model.evaluate(rows)).toEqual(await plain.evaluate(labelled(table())));
  // With a weight of its own it is one again, and a class that the model does not know.
  const heavy = rows.map((row) => ({ ...row, w: 1 }));
  await expect(model.evaluate(heavy)).rejects.toMatchObject({ code: 'ERR_ROWS', row: 7 });
  expect(trainSync(heavy, quick).tasks[0].classes).toEqual(['false', 'perhaps', 'true']);
  const folds = (source) => crossValidate(source, { ...quick, epochs: 1 }, 3);
  expect(await folds(rows)).toEqual(await folds(labelled(table())));
});

test('rows after such a row keep their places in messages', () => {
  const rows = table({ y: 'not measured' }, 60);
  rows[8] = { ...rows[8], y: 'lost' };
  const quick = { ...QUICK, targets: { y: 'regression' } };
  expect(() => trainSync(rows, quick)).toThrow(
    expect.objectContaining({ code: 'ERR_SCHEMA', row: 8, column: 'y' }),
  );
});

test('a report says how many rows it left out', async () => {
  const rows = table({ y: 'not measured' });
  const model = trainSync(rows, { ...QUICK, targets: 'y' });
  await model.report(at('report.html'), { source: rows, importance: false });
  const text = fs.readFileSync(at('report.html'), 'utf8').replace(/<[^>]*>/g, ' ');
  expect(text).toMatch(/Of weight 0\s+20 rows, left out/);
  expect(text).toContain('280 rows, which count by their weights; 20 rows of weight 0 left out');
});

test('where no row counts there is nothing to learn', () => {
  const rows = table({}, 30).map((row) => ({ ...row, w: 0 }));
  expect(() => trainSync(rows, { ...QUICK, targets: 'y' })).toThrow(
    /every row has weight 0, so that no row counts/,
  );
});

test('heavier rows draw what is fitted to them', () => {
  // Labels of the heavy rows lie around 100, of the light ones around 0; a task that knows no
  // feature answers the mean of its scale.
  const next = random(77);
  const rows = Array.from({ length: 200 }, (_, i) => {
    const heavy = i % 2;
    return { a: next(), y: 100 * heavy + next(), w: heavy ? 99 : 1 };
  });
  const { model } = QUICK;
  const options = { targets: 'y', model, epochs: 1, learningRate: 1e-9, validation: false };
  const mean = (more) => trainSync(rows, { ...options, ...more }).predict([{ a: 0.5 }])[0].y.value;
  const [light, heavy] = [mean({ features: { exclude: ['w'] } }), mean({ sampleWeights: 'w' })];
  expect(heavy - light).toBeGreaterThan(30);
});
