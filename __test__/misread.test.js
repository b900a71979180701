// Cells that mean the same, or nothing, however they are written: what a newcomer's tables brought
// up. Each test holds the right value.
'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { train, trainSync } = require('..');

const FAST = { model: 'fast', epochs: 60, seed: 1, refit: false };
const LABELS = { targets: { y: 'regression' } };

let folder;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'polytask-misread-'));
});
afterEach(() => fs.rmSync(folder, { recursive: true }));

function file(name, text) {
  const at = path.join(folder, name);
  fs.writeFileSync(at, text);
  return at;
}

const rows = (count, row) => Array.from({ length: count }, (_, i) => row(i));
const value = (model, row) => model.predict([row])[0].y.value;
const feature = (model, name) => model.features.find((feature) => feature.name === name);
const missing = (model, name) =>
  model.toJSON().features.find((feature) => feature.name === name).missingCells;

test('a token that is a date is that day by every route', () => {
  const day = (i) => new Date(Date.UTC(2024, 0, 1 + i)).toISOString().slice(0, 10);
  const cells = (i) => (i % 6 === 0 ? '9999-12-31' : day(i % 50));
  const csv = { missing: ['9999-12-31'] };
  const model = trainSync(
    rows(300, (i) => ({ day: cells(i), y: i % 60 })),
    { ...FAST, ...LABELS, csv },
  );
  const expected = value(model, { day: null });
  for (const cell of ['9999-12-31', '9999-12-31T00:00:00Z', '9999-12-31 00:00:00']) {
    expect([cell, value(model, { day: cell })]).toEqual([cell, expected]);
  }
  expect(value(model, { day: new Date('9999-12-31') })).toBe(expected);
  const dates = trainSync(
    rows(300, (i) => ({ day: new Date(cells(i)), y: i % 60 })),
    { ...FAST, ...LABELS, csv, epochs: 1 },
  );
  expect(missing(dates, 'day')).toBe(50);
  expect(missing(model, 'day')).toBe(50);
});

test('tokens that are numbers are found in a file whose decimal comma is', async () => {
  const text = (cell) =>
    `x;y\n${rows(60, (i) => `${i % 6 ? `${i},5` : cell};${i % 7},5`).join('\n')}\n`;
  for (const [cell, token] of [
    ['-999,0', '-999'],
    ['-999,90', '-999,9'],
    ['-999,90', -999.9],
  ]) {
    const model = await train(file('t.csv', text(cell)), {
      ...FAST,
      epochs: 1,
      csv: { missing: [token] },
    });
    expect([cell, token, missing(model, 'x')]).toEqual([cell, token, 10]);
  }
});

test('amounts have the same tokens and the same outliers as plain numbers', async () => {
  const text = (cell, last = 0) =>
    `x,z,y\n${rows(60, (i) => `${i % 6 ? `$${i}.00` : cell},${i % 5},${i === 59 ? i + last : i}`).join('\n')}\n`;
  const types = { x: 'currency' };
  for (const [cell, token] of [
    ['-$999.00', '-999'],
    ['"-$999,999"', '-$999,999'],
    ['$0.00', '0'],
  ]) {
    const model = await train(file('t.csv', text(cell)), {
      ...FAST,
      ...LABELS,
      features: { types },
      csv: { missing: [token] },
    });
    expect([cell, missing(model, 'x')]).toEqual([cell, 10]);
    const number = Number(token.replaceAll(/[$,]/g, ''));
    expect(value(model, { x: number, z: 1 })).toBe(value(model, { x: null, z: 1 }));
    expect(value(model, { x: cell.replaceAll('"', ''), z: 1 })).toBe(
      value(model, { x: null, z: 1 }),
    );
  }
  const far = rows(120, (i) => ({ x: i === 7 ? '$1000000000' : `$${i % 50}`, z: i % 5, y: i % 9 }));
  const { warnings } = trainSync(far, { ...FAST, ...LABELS, epochs: 1, features: { types } });
  expect(warnings.some((text) => text.startsWith('"x": 1 of 120 cells lies more than 10'))).toBe(
    true,
  );
  const labels = rows(120, (i) => ({
    z: i % 5,
    a: i % 3,
    y: i === 7 ? '$1000000000' : `$${i % 50}`,
  }));
  const targets = { y: { type: 'regression', format: 'currency' } };
  const told = trainSync(labels, { ...FAST, epochs: 1, targets }).warnings;
  expect(told.some((text) => text.startsWith('"y": 1 of 120 labels lies'))).toBe(true);
});

test('a header of numbers that misses one of the features is no row', async () => {
  const model = await train(
    file('t.csv', `2019,2020,y\n${rows(60, (i) => `${i % 7},${i % 5},${i % 7}`).join('\n')}\n`),
    { ...FAST, targets: { y: 'regression' } },
  );
  for (const header of ['2020,2021', '2020.0,2019.0']) {
    const input = file('asked.csv', `${header}\n6,5\n8,7\n`);
    await expect(model.predictFile(input, path.join(folder, 'out.csv'))).rejects.toMatchObject({
      code: 'ERR_SCHEMA',
      message: expect.stringMatching(/the first row was read as the header/),
    });
  }
  const plain = await model.predictFile(
    file('plain.csv', '6,5\n8,7\n'),
    path.join(folder, 'o.csv'),
  );
  expect(plain.rows).toBe(2);
});

test('a group called NA is one group', async () => {
  const text = `g,x,y\n${rows(200, (i) => `${['NA', 'a', 'b', 'c'][i % 4]},${i % 11},${i % 7}`).join('\n')}\n`;
  const model = await train(file('t.csv', text), {
    ...FAST,
    ...LABELS,
    epochs: 1,
    features: { exclude: ['g'] },
    validation: { groupBy: 'g', fraction: 0.25 },
  });
  expect(model.toJSON().data).toMatchObject({ trainRows: 150, validationRows: 50 });
});

test('a number is the one code that is it', () => {
  const table = rows(300, (i) => ({ k: ['01', '02', 'A'][i % 3], b: i % 5, y: (i % 3) * 10 }));
  const model = trainSync(table, { ...FAST, ...LABELS });
  expect(value(model, { k: 1, b: 1 })).toBe(value(model, { k: '01', b: 1 }));
  expect(value(model, { k: 2, b: 1 })).toBe(value(model, { k: '02', b: 1 }));
});

test('labels that are tokens are counted where only one class is left', () => {
  const table = rows(60, (i) => ({ x: i, y: ['NA', 'b', 'null'][i % 3] }));
  expect(() => trainSync(table, { ...FAST, targets: { y: 'classification' } })).toThrow(
    'only one class, "b", in all 20 labels; a classification needs two; 40 more labels are read as missing, "NA" and others: csv: { missing: { only: [] } } makes them classes',
  );
  const csv = { missing: { only: [] } };
  const model = trainSync(table, { ...FAST, targets: { y: 'classification' }, csv, epochs: 1 });
  expect(model.tasks[0].classes).toEqual(['NA', 'b', 'null']);
});

test('years far from the others are told', () => {
  const table = rows(300, (i) => ({
    day: i % 50 === 9 ? '1753-01-01' : `20${10 + (i % 15)}-0${1 + (i % 9)}-1${i % 9}`,
    x: i % 7,
    y: i % 5,
  }));
  const { warnings } = trainSync(table, { ...FAST, ...LABELS, epochs: 1 });
  expect(warnings.join('\n')).toContain('"day": 6 of 300 dates are of a year like 1753');
});

test('local midnights that are categories or stand among days are told', () => {
  const midnight = (i) => `2024-01-0${1 + (i % 5)}T23:00:00.000Z`;
  const tables = [
    [rows(60, (i) => ({ day: midnight(i), x: i % 7, y: i % 5 })), { day: 'categorical' }],
    [rows(60, (i) => ({ day: i % 2 ? midnight(i) : '2024-02-01', x: i % 7, y: i % 5 })), {}],
  ];
  for (const [table, types] of tables) {
    const model = trainSync(table, { ...FAST, ...LABELS, epochs: 1, features: { types } });
    expect(feature(model, 'day')).toBeDefined();
    expect(model.warnings.join('\n')).toContain('Every time of day in "day" is 23:00 UTC');
  }
});
