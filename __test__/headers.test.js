// Which row names the columns: as it is found, as options and models that name columns tell, and
// what is said where a column is not there because the first row was read the other way.
'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { crossValidate, train, trainSync } = require('..');
const { Folder } = require('./cli');
const { CSV } = require('./iris');

let folder;
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'polytask-headers-'));
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

const at = (name) => path.join(folder, name);
const write = (name, lines) => {
  fs.writeFileSync(at(name), `${lines.join('\n')}\n`);
  return at(name);
};
const lines = (name) => fs.readFileSync(at(name), 'utf8').trimEnd().split('\n');
const once = { epochs: 1, threads: 1, model: { hidden: [4] } };
const range = (count, item) => Array.from({ length: count }, (_, i) => item(i));
const failure = async (work) => {
  try {
    await work;
  } catch (error) {
    return error;
  }
  throw new Error('it did not fail');
};

// The irises without their header.
const IRISES = fs.readFileSync(CSV, 'utf8').trim().split('\n').slice(1);

/** Digits from 0 to 8 that jump about, in rows of three. */
const digits = range(60, (i) => [(i * 7) % 9, (i * 5 + 2) % 8, (i * i) % 7]);

describe('a header that is found', () => {
  const country = (i) => `Country ${i},${(i * 37) % 50}.5,${(i * 17) % 40}.25,${'ab'[i % 2]}`;
  const spectrum = (i) => `0.${100 + ((i * 37) % 800)},0.${100 + ((i * 71) % 900)},${'ab'[i % 2]}`;
  test.each([
    ['numbers of columns', '0,1,2,3,4', IRISES, 'the first row counts from 0'],
    ['numbers of columns from 1', '1,2,3,4,5', IRISES, 'the first row counts from 1'],
    ['them and a name', '0,1,2,3,species', IRISES, 'the first row counts from 0'],
    [
      'an index',
      ',0,1,2,3,4',
      IRISES.map((line, i) => `${i},${line}`),
      'the first cell is empty over row numbers',
    ],
    ['years', 'country,1990,2000,group', range(60, country), 'years'],
    ['wavelengths', '400.5,402.5,class', range(60, spectrum), '"class" stands nowhere below'],
    [
      'numbers in quotes',
      '"7","5","3"',
      digits.map((row) => row.join()),
      'the numbers in the first row stand in quotes',
    ],
  ])('%s', async (name, header, rows, why) => {
    const file = write('found.csv', [header, ...rows]);
    const model = await train(file, once);
    const { reading, rows: count } = model.toJSON().data;
    expect({ name, header: reading.header, count }).toEqual({
      name,
      header: true,
      count: rows.length,
    });
    expect(reading.headerWhy).toContain(why);
    expect(model.summary()).toContain(`a header (${reading.headerWhy})`);
    const names = header.replaceAll('"', '').split(',');
    expect(model.tasks[0].name).toBe(names.at(-1));
    // No class is made of the name.
    if (model.tasks[0].classes) expect(model.tasks[0].classes).not.toContain(names.at(-1));
  });

  test.each([
    ['measures and a class', IRISES],
    ['digits', digits.map((row) => row.join())],
    ['digits below 1,2,3', ['1,2,3', ...digits.map((row) => row.join())]],
  ])('is none: %s', async (_, rows) => {
    const model = await train(write('none.csv', rows), once);
    const { reading, rows: count } = model.toJSON().data;
    expect({ header: reading.header, count }).toEqual({ header: false, count: rows.length });
    expect(model.tasks[0].name).toMatch(/^c\d$/);
  });

  test('is set otherwise by csv.header', async () => {
    const file = write('set.csv', ['0,1,2,3,4', ...IRISES]);
    const model = await train(file, { ...once, csv: { header: false } });
    expect(model.toJSON().data).toMatchObject({ rows: 151, reading: { headerWhy: 'as set' } });
  });
});

describe('a header that options know', () => {
  const table = () => write('known.csv', ['7,5,3', ...digits.map((row) => row.join())]);
  test.each([
    ['targets', { targets: '3' }],
    ['targets', { targets: ['7', '3'] }],
    ['targets', { targets: { 3: 'regression' } }],
    ['features.exclude', { features: { exclude: ['5'] } }],
    ['features.include', { features: { include: ['5', '7'] } }],
    ['features.types', { features: { types: { 5: 'numeric' } } }],
    ['sampleWeights', { sampleWeights: '5' }],
    ['validation.groupBy', { validation: { groupBy: '5' } }],
    ['validation.stratify', { validation: { stratify: '5' } }],
  ])('%s', async (option, options) => {
    const model = await train(table(), { ...once, ...options });
    const { reading, rows, zeroWeightRows = 0 } = model.toJSON().data;
    expect(reading.header).toBe(true);
    expect(rows + zeroWeightRows).toBe(60);
    expect(reading.headerWhy).toMatch(
      new RegExp(`^${option} names "[357]", a cell of the first row$`),
    );
  });

  test('validation.column', async () => {
    const rows = digits.map((row, i) => [...row.slice(0, 2), i % 4 === 0 ? 1 : 0, row[2]].join());
    const file = write('divided.csv', ['7,5,8,3', ...rows]);
    const model = await train(file, { ...once, validation: { column: '8' } });
    expect(model.toJSON().data).toMatchObject({ rows: 60, validationRows: 15 });
  });

  test('also in crossValidate, in several files and in a file that validates', async () => {
    const scores = await crossValidate(table(), { ...once, targets: '3' }, 3);
    expect(scores.folds.map((fold) => fold['3'].n)).toEqual([20, 20, 20]);
    const other = write('other.csv', ['3,7,5', ...digits.map(([a, b, c]) => [c, a, b].join())]);
    const both = await train([table(), other], { ...once, targets: '3' });
    expect(both.toJSON().data.rows).toBe(120);
    const reading = { ...once, targets: '3', validation: other };
    const model = await train(table(), reading);
    expect(model.toJSON().data).toMatchObject({ trainRows: 60, validationRows: 60 });
  });

  test('are not asked where csv.header or csv.columns decide', async () => {
    const data = { ...once, targets: '3', csv: { header: false } };
    const error = await failure(train(table(), data));
    expect(error).toMatchObject({ code: 'ERR_SCHEMA', option: 'targets', column: '3' });
    expect(error.message).toContain('the first row was read as data (as set)');
    const columns = { ...once, targets: '3', csv: { columns: ['5', '7', '3'] } };
    expect((await train(table(), columns)).toJSON().data.rows).toBe(61);
  });

  test('made-up names stay made up', async () => {
    for (const targets of ['c0', ['c2', 'c1']]) {
      const model = await train(table(), { ...once, targets });
      expect(model.toJSON().data).toMatchObject({ rows: 61, reading: { header: false } });
    }
  });
});

describe('a column that is not there', () => {
  const read =
    ' was read as data ("setosa" stands below it in the same column too): if it names the columns, set csv.header: true';
  test.each([
    ['targets', { targets: 'species' }],
    ['features.exclude', { features: { exclude: ['species'] } }],
    ['features.include', { features: { include: ['species'] } }],
    ['features.types', { features: { types: { species: 'numeric' } } }],
    ['sampleWeights', { sampleWeights: 'species' }],
    ['validation.groupBy', { validation: { groupBy: 'species' } }],
    ['validation.stratify', { validation: { stratify: 'species' } }],
    ['validation.column', { validation: { column: 'species' } }],
  ])('because the first row was read as data: %s', async (option, options) => {
    const file = write('bare.csv', IRISES);
    const error = await failure(train(file, { ...once, ...options }));
    expect(error).toMatchObject({ code: 'ERR_SCHEMA', file, column: 'species', option });
    expect(error.message).toContain(
      `${option}: no column "species"; the columns are "c0", "c1", "c2", "c3", "c4"; the first row${read}`,
    );
  });

  test('because the first row was read as the header', async () => {
    const file = write('counted.csv', ['0,1,2,3,4', ...IRISES]);
    const error = await failure(train(file, { ...once, targets: 'c4' }));
    expect(error.message).toMatch(
      /targets: no column "c4"; .*the first row was read as the header \(the first row counts from 0.*\): if it is data, set csv\.header: false/,
    );
    const plain = await failure(train(CSV, { ...once, targets: 'specis' }));
    expect(plain.message).not.toContain('first row');
  });
});

describe('the features of a model', () => {
  const HEADER = '2019,2020,2021,y';
  const rows = range(60, (i) => {
    const row = [1990 + ((i * 7) % 40), 1990 + ((i * 13) % 37), 1990 + ((i * 11) % 35)];
    return [...row, row[0] + 2 * row[1] - row[2]];
  });
  let model;
  let plain;
  beforeAll(async () => {
    const file = write('years.csv', [HEADER, ...rows.map((row) => row.join())]);
    model = trainSync(file, { ...once, targets: 'y' });
    plain = model.predict(rows.map((row) => row.slice(0, 3))).map(({ y }) => `${y.value}`);
  });

  test.each([
    ['in their order', '2019,2020,2021', ([a, b, c]) => [a, b, c]],
    ['in another order', '2021,2019,2020', ([a, b, c]) => [c, a, b]],
    ['among others', '2018,2021,2019,2022,2020', ([a, b, c]) => [2001, c, a, 1999, b]],
    ['with the target', '2020,y,2019,2021', ([a, b, c, y]) => [b, y, a, c]],
    ['and two without a name', ',2021,2019,2020,', ([a, b, c]) => [2002, c, a, b, 2003]],
  ])('name the columns of a file: %s', async (_, header, cells) => {
    const file = write('asked.csv', [header, ...rows.map((row) => cells(row).join())]);
    expect(await model.predictFile(file, at('out.csv'))).toEqual({ rows: 60, skipped: 0 });
    expect(lines('out.csv')).toEqual(['y', ...plain]);
  });

  test('stay in their order where there is no header', async () => {
    const file = write(
      'bare.csv',
      rows.map((row) => row.slice(0, 3).join()),
    );
    expect((await model.predictFile(file, at('out.csv'))).rows).toBe(60);
    expect(lines('out.csv')).toEqual(['y', ...plain]);
    // A row that happens to hold one of them, and one that is told to be data.
    const one = write('one.csv', ['2019,1999,2003', ...rows.map((row) => row.slice(0, 3).join())]);
    expect((await model.predictFile(one, at('out.csv'))).rows).toBe(61);
    const csv = { header: false };
    const all = write('all.csv', ['2019,2020,2021', '1990,1991,1992']);
    expect((await model.predictFile(all, at('out.csv'), { csv })).rows).toBe(2);
    expect((await model.predictFile(all, at('out.csv'))).rows).toBe(1);
  });

  test('of which some are missing are named', async () => {
    const some = write('some.csv', [
      '2021,2019,2031',
      ...rows.map((row) => row.slice(0, 3).join()),
    ]);
    const error = await failure(model.predictFile(some, at('none.csv')));
    expect(error).toMatchObject({ code: 'ERR_SCHEMA', file: some, column: '2020' });
    expect(error.message).toContain(
      'there is no column "2020", which the model needs; the first row was read as the header (the first row holds the names of 2 of the 3 features): if it is data, set csv.header: false',
    );
    const none = write(
      'none.csv',
      rows.map((row) => row.join()),
    );
    const other = await failure(model.predictFile(none, at('no.csv')));
    expect(other).toMatchObject({ code: 'ERR_CSV', file: none, line: 1 });
    expect(other.message).toMatch(
      /4 columns without a header, expected the 3 features of the model in their order; the first row was read as data \(.*\): csv\.header: true takes it for the header/,
    );
  });

  test('and the targets are found in evaluate, importance and report', async () => {
    const labelled = ([a, b, c, y]) => [2005, c, y, a, b].join();
    const file = write('labelled.csv', ['2017,2021,y,2019,2020', ...rows.map(labelled)]);
    const objects = rows.map(([a, b, c, y]) => ({ 2019: a, 2020: b, 2021: c, y }));
    const scores = await model.evaluate(objects);
    expect(await model.evaluate(file)).toEqual(scores);
    expect((await model.evaluate([file, file])).y.n).toBe(120);
    expect(await model.importance(file)).toEqual(await model.importance(objects));
    await model.report(at('report.html'), { source: file, importance: false });
    expect(fs.readFileSync(at('report.html'), 'utf8')).toContain('60 rows');
    // Without the target the file has a header all the same.
    const bare = write('bare.csv', [
      '2021,2019,2020',
      ...rows.map(([a, b, c]) => [c, a, b].join()),
    ]);
    const error = await failure(model.evaluate(bare));
    expect(error).toMatchObject({ code: 'ERR_SCHEMA', file: bare, column: 'y' });
    expect(error.message).toContain('there is no column "y", which the model needs');
    const data = await failure(model.evaluate(bare, { csv: { header: false } }));
    expect(data.message).toContain('the first row was read as data (as set)');
  });

  test('are found by the program too', async () => {
    const shell = new Folder();
    try {
      await model.save(shell.path('model.safetensors'));
      const cells = ([a, b, c, y]) => [c, y, a, b].join();
      shell.write('in.csv', `${['2021,y,2019,2020', ...rows.map(cells)].join('\n')}\n`);
      const out = await shell.run(['predict', 'model.safetensors', 'in.csv']);
      expect(out.stdout.trimEnd().split('\n')).toEqual(['y', ...plain]);
      const told = await shell.run(['evaluate', 'model.safetensors', 'in.csv', '--json']);
      expect(JSON.parse(told.stdout).y.n).toBe(60);
      const report = ['report', 'model.safetensors', '--source', 'in.csv', '--json'];
      expect(JSON.parse((await shell.run(report)).stdout).rows).toBe(60);
    } finally {
      shell.remove();
    }
  });

  test('tell the header of a file of validation rows', async () => {
    const file = write('train.csv', [HEADER, ...rows.map((row) => row.join())]);
    const cells = ([a, b, c, y]) => [c, y, a, b].join();
    const validation = write('validation.csv', ['2021,y,2019,2020', ...rows.map(cells)]);
    const told = await train(file, { ...once, targets: 'y', validation });
    expect(told.toJSON().data).toMatchObject({ trainRows: 60, validationRows: 60 });
    const objects = rows.map(([a, b, c, y]) => ({ 2019: a, 2020: b, 2021: c, y }));
    const gathered = await train(objects, { ...once, targets: 'y', validation });
    expect(gathered.toJSON().data).toMatchObject({ trainRows: 60, validationRows: 60 });
  });

  test('that have no names are those of a file of nothing but text without a header', async () => {
    const texts = (i) => [`size ${i % 5}`, `shape ${(i * 3) % 7}`].join();
    const labelled = range(60, (i) => `${texts(i)},${i % 2}`);
    const unnamed = await train(write('unnamed.csv', labelled), once);
    const file = write('texts.csv', ['size 9,shape 9', texts(1), texts(2)]);
    expect((await unnamed.predictFile(file, at('out.csv'))).rows).toBe(3);
  });
});
