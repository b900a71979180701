// What columns are taken for, why, and how that is overruled, as JavaScript sees it.
'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { load, trainSync } = require('..');

let folder;
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'polytask-schema-'));
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

/** A file of these lines; its path. */
function file(name, lines) {
  const whole = path.join(folder, name);
  fs.writeFileSync(whole, `${lines.join('\n')}\n`);
  return whole;
}

const range = (count, item) => Array.from({ length: count }, (_, i) => item(i));
const once = { epochs: 1, threads: 1 };

/** What the work fails with. */
function failure(work) {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('it did not fail');
}

/** A column by name, and the rest of what is said of it. */
const column = (columns, wanted) => {
  const { name, ...rest } = columns.find((other) => other.name === wanted);
  return rest;
};

describe('a table with one column of each kind', () => {
  const lines = range(60, (i) =>
    [
      i % 5 ? i / 2 : '',
      ['yes', 'no'][i % 2],
      `2011-${String(1 + (i % 12)).padStart(2, '0')}-01 ${i % 24}:00`,
      `${1 + (i % 28)}.${1 + (i % 12)}.2011`,
      ['red', 'green', 'blue'][i % 3],
      `0${i % 7}`,
      `name ${i}`,
      'same',
      '',
      `"${i},5"`,
      i % 4 ? 'p' : 'q',
    ].join(),
  );
  const header = 'number,flag,time,day,colour,code,id,constant,empty,comma,t';
  let csv;
  let model;
  beforeAll(() => {
    csv = file('kinds.csv', [header, ...lines, 'ragged']);
    const features = { exclude: ['comma'] };
    model = trainSync(csv, { ...once, features, csv: { onError: 'skip' } });
  });

  test('says of each what it is and why', () => {
    const features = Object.fromEntries(
      model.features.map(({ name, type, reason }) => [name, `${type}: ${reason}`]),
    );
    const date = 'date: every one of 60 cells is a date';
    expect(features).toEqual({
      number:
        'numeric: every one of 48 cells is a number; 12 missing cells: imputed by the mean, and marked',
      flag: 'boolean: every one of 60 cells is one of two opposite words',
      time: date,
      day: `${date}, with the day first`,
      colour: 'categorical: text with 3 different values',
      code: 'categorical: numbers with leading zeros: a code, with 7 different values',
    });
    expect(column(model.features, 'colour').categories).toEqual(['blue', 'green', 'red']);
    expect(column(model.tasks, 't').reason).toBe('text with 2 different values');
    expect(model.toJSON().dropped).toEqual([
      { name: 'id', reason: 'identifier-like: 60 different texts in 60 rows' },
      { name: 'constant', reason: 'constant: every row is "same"' },
      { name: 'empty', reason: 'empty: every cell is missing' },
      { name: 'comma', reason: 'named by features.exclude' },
    ]);
  });

  test('says how the file was read and what was skipped, in text and as data', async () => {
    const { reading } = model.toJSON().data;
    expect(reading).toEqual({
      files: [path.basename(csv)],
      delimiter: ',',
      delimiterWhy: expect.stringMatching(/^11 cells in \d+ of the \d+ rows/),
      quote: '"',
      header: true,
      headerWhy: expect.any(String),
      encoding: 'utf8',
      gzip: false,
      skipped: 1,
      skippedFirst: [expect.stringMatching(/kinds\.csv line 62: 1 cell, expected 11/)],
    });
    const summary = model.summary();
    for (const words of [
      /^read as +utf8, cells apart by ',' \(11 cells in .*\), a header \(/m,
      /^skipped +1 rows: .*kinds\.csv line 62: 1 cell/m,
      /^task +"t": classification, 2 classes: "p", "q"; \d+ labels; text with 2 different/m,
      /^feature +"number": numeric; every one of 48 cells is a number; 12 missing cells/m,
      /^feature +"day": date; .*the day first$/m,
      /^dropped +"constant": constant: every row is "same"$/m,
    ]) {
      expect(summary).toMatch(words);
    }
    const saved = path.join(folder, 'kinds.safetensors');
    await model.save(saved);
    const loaded = await load(saved);
    expect(loaded.summary()).toBe(summary);
    expect(loaded.toJSON()).toEqual(model.toJSON());
  });

  test('predicts from text, booleans and dates, and refuses what fits none of them', () => {
    const row = { number: 1, flag: true, time: new Date(0), day: '3.4.2012', colour: 'x', code: 7 };
    expect(model.predict([row])).toHaveLength(1);
    for (const [name, cell, words] of [
      ['flag', 'maybe', /expected true or false, found "maybe"/],
      ['time', '1/2/2011', /expected a date that begins with the year, found "1\/2\/2011"/],
      ['day', '31/31/2011', /expected a date, the day first/],
      ['day', 17, /expected a date; a number is one where it can only be .* found 17/],
    ]) {
      const error = failure(() => model.predict([{ ...row, [name]: cell }]));
      expect(error).toMatchObject({ code: 'ERR_ROWS', row: 0, column: name });
      expect(error.message).toMatch(words);
    }
  });

  test('has one decimal sign', () => {
    const error = failure(() => trainSync(csv, { ...once, csv: { onError: 'skip' } }));
    expect(error).toMatchObject({ code: 'ERR_SCHEMA', file: csv, line: 2, column: 'comma' });
    expect(error.message).toMatch(
      /"0,5" has the decimal sign ',', and "0.5" in column "number" has '\.' \(line 3\); write both/,
    );
  });

  test('is overruled by features.types', () => {
    const types = {
      number: 'ignore',
      flag: 'categorical',
      day: 'date-dmy',
      code: 'numeric',
      id: 'categorical',
      constant: 'categorical',
      empty: 'numeric',
    };
    const csvOptions = { onError: 'skip', decimal: ',' };
    const again = trainSync(csv, { ...once, features: { types }, csv: csvOptions });
    const kinds = Object.fromEntries(again.features.map(({ name, type }) => [name, type]));
    expect(kinds).toEqual({
      flag: 'categorical',
      time: 'date',
      day: 'date',
      colour: 'categorical',
      code: 'numeric',
      id: 'categorical',
      constant: 'categorical',
      empty: 'numeric',
      comma: 'numeric',
    });
    const declared = 'declared by features.types';
    expect(column(again.features, 'code').reason).toBe(declared);
    expect(column(again.features, 'empty').reason).toMatch(/^declared.*60 missing cells: imputed/);
    expect(again.toJSON().dropped).toEqual([
      { name: 'number', reason: 'ignored, as features.types says' },
    ]);
  });

  test('takes no type that does not fit', () => {
    const refused = (types) =>
      failure(() => {
        const features = { types, exclude: ['comma'] };
        trainSync(csv, { ...once, features, csv: { onError: 'skip' } });
      });
    expect(refused({ colour: 'boolean' })).toMatchObject({
      code: 'ERR_SCHEMA',
      line: 2,
      column: 'colour',
      message: expect.stringMatching(/"red" is not true or false, and features\.types declares/),
    });
    expect(refused({ day: 'date-mdy' })).toMatchObject({ code: 'ERR_SCHEMA', line: 2 });
    expect(refused({ id: 'date' })).toMatchObject({ code: 'ERR_SCHEMA', line: 2, column: 'id' });
    expect(refused({ id: 'dat' })).toMatchObject({
      code: 'ERR_OPTIONS',
      option: 'features.types.id',
      message: expect.stringMatching(/did you mean 'date'/),
    });
  });
});

test('three texts in a column of 10,000 numbers are named by line', () => {
  const lines = range(10_000, (i) => `${[77, 5000, 9998].includes(i) ? 'n.a.' : i},${i % 2}`);
  const csv = file('stray.csv', ['x,t', ...lines]);
  const error = failure(() => trainSync(csv, once));
  expect(error).toMatchObject({ code: 'ERR_SCHEMA', file: csv, line: 79, column: 'x' });
  expect(error.message).toMatch(
    /9997 of 10000 cells are numbers, but not "n\.a\." \(3 cells, the first in line 79\); set csv: /,
  );
  const fine = trainSync(csv, { ...once, csv: { missing: ['n.a.'] } });
  expect(column(fine.features, 'x').reason).toMatch(/^every one of 9997 .*; 3 missing cells/);
});

test('names that differ only in case, and names JavaScript knows, are names', () => {
  const names = ['Size', 'size', '__proto__', 'constructor', 'toString', '', 't'];
  const cells = (i) => [i, -i, i % 3, (i * 3) % 7, (i * 5) % 11, i % 13, i % 2 ? 'a' : 'b'];
  const rows = range(40, (i) => Object.fromEntries(names.map((name, j) => [name, cells(i)[j]])));
  const types = Object.fromEntries([
    ['__proto__', 'ignore'],
    ['', 'categorical'],
  ]);
  const model = trainSync(rows, { ...once, features: { types } });
  expect(model.features.map(({ name }) => name)).toEqual(
    names.filter((name) => !['__proto__', 't'].includes(name)),
  );
  expect(model.toJSON().dropped.map(({ name }) => name)).toEqual(['__proto__']);
  expect(column(model.features, '').reason).toBe('declared by features.types');
  const { Size, ...bare } = rows[0];
  expect(() => model.predict([bare])).toThrow(/"Size" is missing; is it "size"/);

  const csv = file('names.csv', [names.join(), ...range(40, (i) => cells(i).join())]);
  // A file's column without a name is given one.
  const named = [...names.slice(0, 5), 'c5'];
  expect(trainSync(csv, once).features.map(({ name }) => name)).toEqual(named);
});

test('20,000 columns, and a name of 100 KB', () => {
  const long = 'x'.repeat(100_000);
  const names = [long, ...range(19_998, (i) => `c ${i}`), 't'];
  const lines = range(6, (i) => names.map((_, j) => (j * 7 + i * (j % 5)) % 11).join());
  const csv = file('wide.csv', [names.join(), ...lines]);
  const options = { ...once, targets: { t: 'regression' }, model: { hidden: [2] } };
  const model = trainSync(csv, options);
  const { dropped } = model.toJSON();
  expect(model.features.length + dropped.length).toBe(19_999);
  const every = [...model.features, ...dropped].map(({ name }) => name);
  expect(every).toContain(long);
  const summary = model.summary();
  expect(summary.length).toBeLessThan(30_000);
  expect(summary).toMatch(/feature +and \d+ more columns, which toJSON\(\) lists/);

  const rows = range(6, (i) => Object.fromEntries(names.map((name, j) => [name, (j + i) % 11])));
  const byRows = trainSync(rows, options);
  expect(byRows.features).toHaveLength(19_999);
  expect(byRows.predict(rows)).toHaveLength(6);
}, 60_000);
