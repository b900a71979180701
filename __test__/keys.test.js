// Keys of rows that are no column of the model: refused where one looks like a misspelling of a
// column that the row lacks, passed over otherwise. Every way to predict agrees.
'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { Model, trainSync } = require('..');

const NAMES = ['age', 'col1', 'col2', 'mileage_km', 'price', 'x_2019', 'x_2020'];

/** Rows whose features all have gaps, with columns that are none. */
function table(names = NAMES, missing = names) {
  return Array.from({ length: 80 }, (_, i) => {
    const row = { id: i, constant: 1, weight: 1 + (i % 2) };
    names.forEach((name, j) => {
      const gap = missing.includes(name) && (i + j) % 9 === 0;
      row[name] = gap ? null : ((i * 7 + j * 5) % 23) + i / 100;
    });
    return { ...row, sold: row.age + row.price > 20 ? 'yes' : 'no' };
  });
}

const train = (rows, options) =>
  trainSync(rows, {
    targets: 'sold',
    sampleWeights: 'weight',
    features: { exclude: ['id'] },
    epochs: 1,
    refit: false,
    model: { preset: 'fast', hidden: [4] },
    ...options,
  });

function thrown(act) {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

/** A row without a column, and with another key in its place. */
function renamed(name, key, row = full) {
  const { [name]: cell, ...rest } = row;
  return { ...rest, [key]: cell };
}

const full = Object.fromEntries(NAMES.map((name, i) => [name, i + 0.5]));

// A model whose features are all numbers takes rows the quick way, one with a text the general way.
let quick;
let general;
beforeAll(() => {
  quick = train(table());
  general = train(table().map((row, i) => ({ ...row, fuel: i % 2 ? 'gas' : 'oil' })));
});

const models = () => [
  [quick, full],
  [general, { ...full, fuel: 'gas' }],
];

test('every feature had gaps', () => {
  expect(quick.features.map(({ missing }) => missing)).toEqual(NAMES.map(() => true));
  expect(general.features.at(-1)).toMatchObject({ name: 'fuel', missing: false });
});

describe.each([
  ['mileage_km', 'Mileage_KM'],
  ['mileage_km', 'mileage km'],
  ['mileage_km', 'mileageKm'],
  ['mileage_km', 'mileage-km'],
  ['mileage_km', ' mileage_km'],
  ['mileage_km', '\ufeffmileage_km'],
  ['mileage_km', 'milage_km'],
  ['mileage_km', 'mileeage_km'],
  ['mileage_km', 'mielage_km'],
  ['mileage_km', 'nileage_km'],
  ['price', 'prices'],
  ['price', 'pric'],
  ['price', 'prcie'],
  ['age', 'Age'],
  ['age', ' AGE '],
  ['col1', 'Col_1'],
  ['x_2019', 'x2019'],
])('%j written %j', (name, key) => {
  const told = {
    code: 'ERR_ROWS',
    column: name,
    message: expect.stringContaining(
      `the key ${JSON.stringify(name)} is missing; is it ${JSON.stringify(key)}`.replace(
        '\ufeff',
        '\\u{feff}',
      ),
    ),
  };

  test('is refused by predict and predictAsync, with its row', async () => {
    for (const [model, row] of models()) {
      const rows = [row, row, renamed(name, key, row)];
      expect(thrown(() => model.predict(rows))).toMatchObject({ ...told, row: 2 });
      await expect(model.predictAsync(rows)).rejects.toMatchObject({ ...told, row: 2 });
      // Many rows, which go another way.
      const many = [...Array(3000).fill(row), renamed(name, key, row)];
      expect(thrown(() => model.predict(many))).toMatchObject({ ...told, row: 3000 });
    }
  });

  test('is refused by predictColumns', () => {
    for (const [model, row] of models()) {
      const columns = Object.fromEntries(
        Object.entries(renamed(name, key, row)).map(([column, cell]) => [column, [cell, cell]]),
      );
      expect(thrown(() => model.predictColumns(columns))).toMatchObject(told);
    }
    const typed = Object.entries(renamed(name, key)).map(([column, cell]) => [
      column,
      Float64Array.of(cell),
    ]);
    expect(thrown(() => quick.predictColumns(Object.fromEntries(typed)))).toMatchObject(told);
  });

  test('is taken where the column itself is there', () => {
    for (const [model, row] of models()) {
      for (const cell of [row[name], null]) {
        const both = { ...row, [name]: cell, [key]: 7 };
        expect(model.predict([both])).toEqual(model.predict([{ ...row, [name]: cell }]));
        const columns = (of) =>
          Object.fromEntries(Object.entries(of).map(([column, cell]) => [column, [cell]]));
        const { [key]: _, ...without } = both;
        expect(model.predictColumns(columns(both))).toEqual(model.predictColumns(columns(without)));
      }
    }
  });
});

test.each([
  ['col1', 'col3'],
  ['x_2019', 'x_2021'],
  ['x_2019', 'x_201'],
  ['age', 'ages'],
  ['age', 'wage'],
  ['price', 'cost'],
  ['price', 'prize_money'],
  ['mileage_km', 'milage_miles'],
  ['price', 'constant'],
  ['price', 'weight'],
  ['price', 'sold'],
  ['price', 'id'],
  ['x_2019', 'x_2020'],
])('without %j, %j is another column', (name, key) => {
  for (const [model, row] of models()) {
    const { [name]: _, ...rest } = row;
    const [expected] = model.predict([{ ...row, [name]: null }]);
    for (let again = 0; again < 2; again++) {
      expect(model.predict([{ [key]: 3, ...rest, [key]: rest[key] ?? 3 }])).toEqual([expected]);
    }
  }
});

test('columns that the training left out are known', () => {
  const rows = table().map((row) => ({ ...row, prices: 1, Age: row.id, 'Mileage km': row.id }));
  const model = train(rows, {
    targets: { sold: 'classification', 'Mileage km': 'regression' },
    features: { exclude: ['id', 'Age'] },
  });
  expect(model.features.map(({ name }) => name)).toEqual(NAMES);
  const { age, price, mileage_km, ...rest } = full;
  expect(model.predict([{ ...rest, prices: 1, Age: 2, 'Mileage km': 3 }])).toHaveLength(1);
  expect(thrown(() => model.predict([{ ...rest, Prices: 1 }]))).toMatchObject({ column: 'price' });
});

test('a model read from its file says the same', () => {
  const again = Model.fromBuffer(quick.toBuffer());
  const ask = (model) => thrown(() => model.predict([renamed('price', 'Price')])).message;
  expect(ask(again)).toBe(ask(quick));
});

test('the message says what to do', () => {
  expect(thrown(() => quick.predict([renamed('mileage_km', 'milage_km')])).message).toBe(
    'rows[0], column "mileage_km": the key "mileage_km" is missing; is it "milage_km", which is ' +
      'no column of the model? Rename it, or give "mileage_km" as null where its cell is missing',
  );
  expect(quick.predict([{ ...renamed('mileage_km', 'milage_km'), mileage_km: null }])).toEqual(
    quick.predict([{ ...full, mileage_km: null }]),
  );
});

test('strangers in any number neither slow down nor mislead', () => {
  const { price, ...rest } = full;
  const [expected] = quick.predict([{ ...full, price: null }]);
  for (let i = 0; i < 5000; i += 50) {
    const strangers = Object.fromEntries(
      Array.from({ length: 50 }, (_, j) => [`stranger ${i + j}`, j]),
    );
    expect(quick.predict([{ ...rest, ...strangers }])).toEqual([expected]);
  }
  expect(thrown(() => quick.predict([renamed('price', 'Price')])).column).toBe('price');
});

describe('a row without any feature', () => {
  class Held {
    #cells = { ...full };
    get age() {
      return this.#cells.age;
    }
  }

  test.each([
    [
      'of another table',
      { a: 1, b: 'x' },
      /holds no feature of the model: found "a", "b", expected "age", /,
    ],
    ['within another', { row: full }, /holds no feature of the model: found "row"/],
    ['that is a Map', new Map(Object.entries(full)), /found a Map: Object\.fromEntries/],
    [
      'that is a typed array',
      Float64Array.of(1, 2),
      /holds no feature of the model: found "0", "1"/,
    ],
    ['that is of a class', new Held(), /column "age": the key "age" is inherited/],
    ['that is inherited', Object.create(full), /column "age": the key "age" is inherited/],
  ])('%s is refused', (_, row, message) => {
    expect(thrown(() => quick.predict([full, row]))).toMatchObject({
      code: 'ERR_ROWS',
      row: 1,
      message: expect.stringMatching(message),
    });
  });

  test('is one of missing cells where it says nothing else', () => {
    const nothing = Object.fromEntries(NAMES.map((name) => [name, null]));
    const [expected] = quick.predict([nothing]);
    for (const row of [{}, Object.create(null), { id: 3 }, { sold: 'yes', weight: 1 }]) {
      expect(quick.predict([row])).toEqual([expected]);
    }
  });

  test('a single inherited cell is refused too', () => {
    const { age, ...rest } = full;
    const row = Object.assign(Object.create({ age }), rest);
    for (const [model, more] of [
      [quick, {}],
      [general, { fuel: 'gas' }],
    ]) {
      expect(thrown(() => model.predict([Object.assign(row, more)]))).toMatchObject({
        column: 'age',
        message: expect.stringMatching(/is inherited/),
      });
    }
  });
});

test('a required key that is missing is not said to be another column', () => {
  const names = ['width_1', 'width_2', 'height'];
  const rows = table(names, []).map((row) => ({ ...row, age: 1, price: 2 }));
  const model = train(
    rows.map((row, i) => ({ ...row, sold: i % 2 ? 'yes' : 'no' })),
    { features: { include: names } },
  );
  const message = (row) => thrown(() => model.predict([row])).message;
  expect(message({ width_2: 1, height: 1 })).toBe(
    'rows[0], column "width_1": the key "width_1" is missing',
  );
  expect(message({ width_2: 1, height: 1, Width1: 2 })).toMatch(/is missing; is it "Width1"\?$/);
});

describe('labelled rows', () => {
  test('name the key of the first row that was meant', async () => {
    const rows = table();
    rows[3] = renamed('price', 'prcie', rows[3]);
    const told = { code: 'ERR_ROWS', row: 3 };
    const message = /the first row has no key "prcie"; is it "price"\?/;
    expect(thrown(() => train(rows))).toMatchObject({
      ...told,
      message: expect.stringMatching(message),
    });
    await expect(quick.evaluate(rows)).rejects.toThrow(message);
  });

  test('must have every feature', async () => {
    const rows = table().map((row) => renamed('price', 'prcie', row));
    const message = /there is no column "price", which the model needs; is it "prcie"\?/;
    await expect(quick.evaluate(rows)).rejects.toThrow(message);
    await expect(quick.importance(rows)).rejects.toThrow(message);
  });

  test('count alike without weights, but not with misspelt ones', async () => {
    const { n } = (await quick.evaluate(table().map(({ weight, ...row }) => row))).sold;
    expect(n).toBe(80);
    const csv = path.join(os.tmpdir(), `polytask-keys-${process.pid}.csv`);
    const renamedRows = table().map(({ weight, ...row }) => ({ ...row, Weight: weight }));
    const lines = [Object.keys(renamedRows[0]), ...renamedRows.map(Object.values)];
    fs.writeFileSync(csv, lines.map((cells) => `${cells.join()}\n`).join(''));
    await expect(quick.evaluate(csv)).rejects.toMatchObject({
      code: 'ERR_SCHEMA',
      file: csv,
      message: expect.stringMatching(/no column "weight", .* is it "Weight"\?/),
    });
    fs.rmSync(csv);
    for (const key of ['Weight', 'weights', 'wieght']) {
      const rows = table().map((row) => renamed('weight', key, row));
      const told = { code: 'ERR_ROWS', column: 'weight', message: expect.stringContaining(key) };
      await expect(quick.evaluate(rows)).rejects.toMatchObject(told);
      await expect(quick.importance(rows)).rejects.toMatchObject(told);
    }
  });
});
