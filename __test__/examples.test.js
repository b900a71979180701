// The examples run and print what they promise.
'use strict';

const { predictInWorkers, trainInWorker } = require('../examples/worker');
const { trainSync } = require('..');
const { runFile } = require('./child');
const { CSV, rows } = require('./iris');

test('iris.js shows the three rows for the article and for the defaults', async () => {
  const { status, stdout, stderr } = await runFile('examples/iris.js');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const tables = stdout.match(/^.*setosa +versicolor +virginica *\n(.*\n){3}/gm);
  expect(tables).toHaveLength(2);
  for (const table of tables) {
    const [first, second, third] = table.trimEnd().split('\n').slice(1);
    expect(first).toMatch(/^ +5\.1 +3\.5 +1\.4 +0\.2( +[01]\.\d{3}){3}$/);
    expect(second).toMatch(/^ +5\.9 +3\.0 +5\.1 +1\.8/);
    expect(third).toMatch(/^ +6\.9 +3\.1 +5\.4 +2\.1/);
  }
  expect(stdout).toMatch(/epoch 10\/10 /);
  expect(stdout.match(/accuracy/g).length).toBeGreaterThanOrEqual(2);
});

test('iris-multitask.js scores both tasks on held-out rows', async () => {
  const { status, stdout, stderr } = await runFile('examples/iris-multitask.js');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toMatch(/120 rows to train on, 30 held out/);
  expect(Number(stdout.match(/species .*accuracy ([\d.]+)/)[1])).toBeGreaterThan(0.8);
  expect(Number(stdout.match(/petal_width .*R² ([\d.]+)/)[1])).toBeGreaterThan(0.8);
});

describe('worker.js', () => {
  test('trains and predicts away from the main thread', async () => {
    const { status, stdout, stderr } = await runFile('examples/worker.js');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/epoch 10 /);
    const [, right] = stdout.match(/2 workers answered 150 rows, (\d+) of them right/);
    expect(Number(right)).toBeGreaterThan(120);
  });

  test('gives the bits that the main thread gives', async () => {
    const options = { epochs: 3, seed: 2 };
    const heard = [];
    const bytes = await trainInWorker(CSV, options, ({ epoch }) => heard.push(epoch));
    expect(heard).toEqual([1, 2, 3]);
    const model = trainSync(CSV, options);
    const lines = rows().map((row) => Object.values(row).join(','));
    // More batches than workers, of unlike lengths.
    const batches = [lines.slice(0, 1), lines.slice(1, 60), lines.slice(60, 62), lines.slice(62)];
    expect(await predictInWorkers(bytes, batches)).toEqual(model.predict(rows()));
  });

  test('passes on what fails in a worker', async () => {
    await expect(trainInWorker('nothing.csv', { epochs: 1 })).rejects.toMatchObject({
      name: 'PolytaskError',
      code: 'ERR_CSV',
      file: 'nothing.csv',
    });
    await expect(predictInWorkers(Buffer.from('no model'), [['1,2,3,4']])).rejects.toMatchObject({
      code: 'ERR_ARTIFACT',
    });
  });
});
