// What users of other tabular tools and table readers have complained about in public, tried here:
// each test is named after what went wrong there and says where that was reported.
'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { train, trainSync } = require('..');
const { mulberry32 } = require('../benches/random');

const FAST = { model: 'fast', seed: 1 };

let folder;
let random;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'polytask-complaints-'));
  random = mulberry32(7);
});
afterEach(() => fs.rmSync(folder, { recursive: true }));

const rows = (count, row) => Array.from({ length: count }, (_, i) => row(i));

/** The path of a CSV file of this text. */
function file(text) {
  const file = path.join(folder, 'table.csv');
  fs.writeFileSync(file, text);
  return file;
}

const csv = (header, count, row) => file(`${header}\n${rows(count, row).join('\n')}\n`);

const values = (answers, task) => answers.map((answer) => answer[task].value);
const labels = (answers, task) => answers.map((answer) => answer[task].label);

const code = async (work) => {
  const error = await work().then(
    () => null,
    (thrown) => thrown,
  );
  return [error?.code, error?.message];
};

// dmlc/xgboost#8357, LightGBM#4102, scikit-learn#7242: answers by position, silently wrong
test('columns in another order give the same answers', async () => {
  const table = rows(120, () => ({ a: random(), b: random(), c: random() }));
  const model = trainSync(
    table.map((row) => ({ ...row, y: 3 * row.a - row.b })),
    { ...FAST, targets: 'y', epochs: 20 },
  );
  const answers = model.predict(table.slice(0, 3));
  expect(model.predict(table.slice(0, 3).map(({ a, b, c }) => ({ c, b, a })))).toEqual(answers);
  const lines = table.slice(0, 3).map(({ a, b, c }) => `${c},${b},${a}`);
  const output = path.join(folder, 'answers.csv');
  await model.predictFile(file(`c,b,a\n${lines.join('\n')}\n`), output);
  const written = fs.readFileSync(output, 'utf8').trim().split('\n').slice(1).map(Number);
  expect(written).toEqual(values(answers, 'y'));
});

// OpenTabular/DeepTab#409: labels 5 and 7 trained as 0 and 1 are not, {10, 20, 30} are out of bounds
test('classes are whatever the labels are', () => {
  for (const [low, high] of [
    [5, 7],
    [10, 30],
    ['yes', 'no'],
    [-1, 1],
  ]) {
    const table = rows(200, () => {
      const a = random();
      return { a, b: random(), l: a > 0.5 ? high : low };
    });
    const targets = { l: 'classification' };
    const model = trainSync(table, { ...FAST, targets, epochs: 60 });
    const asked = [
      { a: 0.95, b: 0.5 },
      { a: 0.05, b: 0.5 },
    ];
    expect(labels(model.predict(asked), 'l')).toEqual([String(high), String(low)]);
  }
});

// autogluon#5809: a missing category became a category of its own code, -1
test('a missing category is missing, and not the last category', () => {
  const table = rows(200, (i) => {
    const k = ['x', 'z', null][i % 3];
    return { k, b: random(), y: { x: 10, z: 0 }[k] ?? 5.5 };
  });
  const model = trainSync(table, { ...FAST, targets: { y: 'regression' }, epochs: 80 });
  const asked = ['x', null, undefined, '', 'z'].map((k) => ({ k, b: 0.5 }));
  const [x, ...others] = values(model.predict(asked), 'y');
  const z = others.pop();
  expect(x).toBeGreaterThan(9);
  expect(z).toBeLessThan(1);
  expect(others[0]).toBeCloseTo(5.5, 0);
  expect(new Set(others).size).toBe(1);
});

// csvkit#977, hucre#52, super#2315: 01220 read as the number 1220
test('codes with leading zeros are codes, in columns and as labels', async () => {
  const zips = ['01220', '94107', '10001', '02139', '60601'];
  const table = csv('zip,b,kind', 200, (i) => {
    return `${zips[i % 5]},${random()},${i % 5 < 2 ? '007' : '7'}`;
  });
  const model = await train(table, { ...FAST, targets: 'kind', epochs: 60 });
  expect(model.summary()).toContain('"zip": categorical, 5 categories');
  const asked = ['01220', '10001'].map((zip) => ({ zip, b: 0.5 }));
  expect(labels(model.predict(asked), 'kind')).toEqual(['007', '7']);
});

// pandas#20498: a column of booleans, read as a category, was all missing
test('booleans that are declared categorical keep their values', async () => {
  const table = csv(
    'a,ok,y',
    200,
    (i) => `${random()},${i % 2 ? 'True' : 'False'},${(i % 2) * 10}`,
  );
  const model = await train(table, {
    ...FAST,
    targets: { y: 'regression' },
    features: { types: { ok: 'categorical' } },
    epochs: 60,
  });
  const asked = [true, 'True', 'TRUE', false, 'False'].map((ok) => ({ a: 0.5, ok }));
  const [yes, text, upper, no, other] = values(model.predict(asked), 'y');
  expect([text, upper, other]).toEqual([yes, yes, no]);
  expect(yes - no).toBeGreaterThan(9);
});

// jpmml-sklearn#88: a missing boolean became true
test('a missing boolean is neither true nor false', async () => {
  const table = csv(
    'a,ok,y',
    300,
    (i) => `${random()},${['true', 'false', ''][i % 3]},${[9, 0, 4][i % 3]}`,
  );
  const model = await train(table, { ...FAST, targets: { y: 'regression' }, epochs: 80 });
  const asked = [true, false, null].map((ok) => ({ a: 0.5, ok }));
  const [yes, no, missing] = values(model.predict(asked), 'y');
  expect([yes > 8, no < 1, Math.abs(missing - 4) < 1]).toEqual([true, true, true]);
});

// PapaParse#685: a first line that begins with the delimiter was read as one column
test('a header may begin with an empty name', async () => {
  const table = csv(',"a","b","y"', 120, (i) => `${i},${random()},${random()},"${random()}"`);
  const model = await train(table, { ...FAST, epochs: 1 });
  expect(model.toJSON().data.reading.header).toBe(true);
  expect(Object.keys(model.predict([{ c0: 1, a: 1, b: 1 }])[0])).toEqual(['y']);
});

// mindsdb_native#288: other answers for a list of objects than for a data frame
test('rows, arrays, columns and files are answered alike, one by one and together', async () => {
  const table = rows(120, (i) => ({
    a: random(),
    day: `2024-0${1 + (i % 9)}-1${i % 9}`,
    k: 'abc'[i % 3],
  }));
  const training = table.map((row, i) => ({ ...row, y: row.a + (i % 9) }));
  const model = trainSync(training, { ...FAST, targets: 'y', epochs: 20 });
  const answers = values(model.predict(table), 'y');
  const one = table.map((row) => model.predict([row])[0].y.value);
  const arrays = values(model.predict(table.map(({ a, day, k }) => [a, day, k])), 'y');
  const columns = model.predictColumns({
    a: Float64Array.from(table, ({ a }) => a),
    day: table.map(({ day }) => day),
    k: table.map(({ k }) => k),
  });
  const output = path.join(folder, 'answers.csv');
  await model.predictFile(
    csv('k,day,a', 120, (i) => `${table[i].k},${table[i].day},${table[i].a}`),
    output,
  );
  const written = fs.readFileSync(output, 'utf8').trim().split('\n').slice(1).map(Number);
  expect([one, arrays, [...columns.y.value], written]).toEqual([
    answers,
    answers,
    answers,
    answers,
  ]);
});

// dotnet/machinelearning#5235: labels such as <1.0 became NaN
test('bounds among labels are told, not guessed', async () => {
  const table = csv('a,y', 60, (i) => `${random()},${i % 3 ? (1 + random()).toFixed(2) : '<1.0'}`);
  const [of, message] = await code(() => train(table, { targets: 'y' }));
  expect(of).toBe('ERR_SCHEMA');
  expect(message).toMatch(/line 2, column "y": "<1\.0" is a number written with a comparison sign/);
});

// PapaParse#692: ids past 2^53 were rounded to one number
test('long ids stay apart', async () => {
  const id = (i) => `88888888888888888${i % 4}`;
  const table = csv('id,b,y', 200, (i) => `${id(i)},${random()},${(i % 4) * 10}`);
  const options = { ...FAST, targets: { y: 'regression' }, epochs: 80 };
  const plain = await train(table, options);
  expect(plain.summary()).toContain("declare the column 'categorical' if these are names");
  const model = await train(table, { ...options, features: { types: { id: 'categorical' } } });
  const answers = values(model.predict(rows(4, (i) => ({ id: id(i), b: 0.5 }))), 'y');
  expect(answers.map((y) => Math.round(y / 10) + 0)).toEqual([0, 1, 2, 3]);
});

// PapaParse#1067: types by the first rows alone
test('a cell that does not fit counts however late it comes', async () => {
  const table = csv('v,y', 3000, (i) => `${i < 2990 ? i % 50 : 'many'},${i % 11}`);
  const [of, message] = await code(() => train(table, { targets: { y: 'regression' }, epochs: 1 }));
  expect(of).toBe('ERR_SCHEMA');
  expect(message).toContain(
    '2990 of 3000 cells are numbers, but not "many" (10 cells, the first in line 2992)',
  );
});

// OmniXAI#47: two columns of one name changed the dimensions
test('two columns of one name are refused', async () => {
  const [of, message] = await code(() => train(csv('a,a,y', 60, (i) => `${i},2,3`)));
  expect([
    of,
    message.includes('"a": stands twice in the header, as cell 1 and as cell 2'),
  ]).toEqual(['ERR_CSV', true]);
});

// LightGBM#3626, #2396: text for a number, and a feature that is not there, were taken
test('what does not fit the model is refused', () => {
  const table = rows(60, () => ({ a: random(), b: random(), y: random() }));
  const model = trainSync(table, { ...FAST, targets: 'y', epochs: 1 });
  const wrong = (row) => {
    try {
      return model.predict([row]);
    } catch (error) {
      return [error.code, error.column];
    }
  };
  expect(wrong({ a: 'abc', b: 1 })).toEqual(['ERR_ROWS', 'a']);
  expect(wrong({ a: 1 })).toEqual(['ERR_ROWS', 'b']);
  expect(wrong({ a: 1, b: Number.POSITIVE_INFINITY })).toEqual(['ERR_ROWS', 'b']);
});

// catboost#635: categories that are floats were refused, or were other texts than the same numbers
test('categories may be numbers with a fraction, however they are written', () => {
  const table = rows(300, (i) => ({ a: random(), k: [1.5, 2.5, 3][i % 3], y: i % 3 }));
  const model = trainSync(table, {
    ...FAST,
    targets: { y: 'regression' },
    features: { types: { k: 'categorical' } },
    epochs: 60,
  });
  const asked = [1.5, '1.5', '1.50', 2.5, 3, '3', '3.0'].map((k) => ({ a: 0.5, k }));
  const answers = values(model.predict(asked), 'y').map((y) => Math.round(y) + 0);
  expect(answers).toEqual([0, 0, 0, 1, 2, 2, 2]);
});

// dmlc/xgboost#3787: rows of weight 0 changed the model
test('rows of weight 0 change nothing', () => {
  const table = rows(150, (i) => ({ a: random(), w: 1, y: i % 7 }));
  const options = { ...FAST, targets: { y: 'regression' }, sampleWeights: 'w', epochs: 5 };
  const [plain, more] = [table, [...table, { a: 1e9, w: 0, y: -1e12 }]].map((source) =>
    trainSync(source, options).predict(table.slice(0, 5)),
  );
  expect(more).toEqual(plain);
});

// data-forge-ts#97: columns whose names are numbers
test('columns may have numbers for names', async () => {
  const table = csv('0,1,2', 60, () => `${random()},${random()},${random()}`);
  const model = await train(table, { ...FAST, epochs: 1 });
  expect(model.tasks[0].name).toBe('2');
  expect(() => model.predict([{ 0: 1, 1: 2 }])).not.toThrow();
});
