// The examples run and print what they promise.
'use strict';

const { runFile } = require('./child');

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
