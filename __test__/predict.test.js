// Predicting rows and columns: what a row may be, and that every way gives the same bits.
'use strict';

const { PolytaskError, trainSync } = require('..');
const { run } = require('./child');

// Two numbers, of which b may be missing, a category, and the targets kind and price.
const rows = Array.from({ length: 60 }, (_, i) => ({
  a: i % 7,
  b: i % 5 === 0 ? null : (i % 5) / 2,
  city: ['Rome', 'Oslo', '__proto__'][i % 3],
  kind: ['low', 'mid', 'high'][i % 3],
  price: 10 + (i % 7),
}));
const targets = { kind: 'classification', price: 'regression' };
let model;
let numeric;
beforeAll(() => {
  model = trainSync(rows, { targets, epochs: 5 });
  const features = { include: ['a', 'b'] };
  numeric = trainSync(rows, { targets, features, epochs: 5 });
});

function thrown(act) {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

describe('rows', () => {
  test('arrays and objects give the same; extra keys are ignored', () => {
    const [row] = model.predict([{ price: 3, b: 1, city: 'Oslo', a: 2, extra: {} }]);
    expect(model.predict([[2, 1, 'Oslo']])).toEqual([row]);
    expect(model.predict([['2', ' 1.0 ', 'Oslo']])).toEqual([row]);
    expect(Object.keys(row.kind.probabilities)).toEqual(['high', 'low', 'mid']);
  });

  test('an unseen category and a missing one are answered alike', () => {
    const [unseen] = model.predict([[2, 1, 'Paris']]);
    expect(model.predict([[2, 1, null]])).toEqual([unseen]);
    expect(model.predict([[2, 1, '?']])).toEqual([unseen]);
    expect(unseen.price.value).toEqual(expect.any(Number));
  });

  test('missing cells: null, NaN, undefined, tokens, and a key of a column that had some', () => {
    const [missing] = model.predict([[2, null, 'Oslo']]);
    for (const b of [Number.NaN, undefined, '', 'NA']) {
      expect(model.predict([[2, b, 'Oslo']])).toEqual([missing]);
    }
    expect(model.predict([{ a: 2, city: 'Oslo' }])).toEqual([missing]);
  });

  test('a missing or misspelt column is an error with the nearest name', () => {
    const error = thrown(() => model.predict([[1, 1, 'Oslo'], { a: 1, b: 1, citty: 'Oslo' }]));
    expect(error).toMatchObject({ code: 'ERR_ROWS', row: 1, column: 'city' });
    expect(error.message).toMatch('the key "city" is missing; is it "citty"?');
    expect(thrown(() => model.predict([[1, 2]])).message).toMatch('2 cells, expected 3');
  });
});

describe('columns', () => {
  const data = (count) => ({
    a: Float64Array.from({ length: count }, (_, i) => i % 7),
    b: Array.from({ length: count }, (_, i) => (i % 4 ? i / count : null)),
    city: Array.from({ length: count }, (_, i) => rows[i % 60].city),
    other: 'ignored',
  });
  const asRows = ({ a, b, city }) => Array.from(a, (a, i) => [a, b[i], city[i]]);

  test('columns are the rows of predict, to the last bit, also when many', () => {
    for (const count of [0, 1, 5000]) {
      const columns = data(count);
      const { kind, price } = model.predictColumns(columns);
      const answers = model.predict(asRows(columns));
      expect(Array.from(price.value)).toEqual(answers.map((answer) => answer.price.value));
      const labels = Array.from(kind.code, (code) => kind.classes[code]);
      expect(labels).toEqual(answers.map((answer) => answer.kind.label));
      expect(Array.from(kind.probability)).toEqual(answers.map(({ kind }) => kind.probability));
      expect(Array.from(kind.probabilities)).toEqual(
        answers.flatMap((answer) => Object.values(answer.kind.probabilities)),
      );
    }
  });

  test('what comes back is of this realm', () => {
    const { kind, price } = model.predictColumns(data(3));
    expect(kind.code).toBeInstanceOf(Uint32Array);
    expect(kind.classes).toBeInstanceOf(Array);
    expect(kind.probability).toBeInstanceOf(Float64Array);
    expect(kind.probabilities).toBeInstanceOf(Float64Array);
    expect(price.value).toBeInstanceOf(Float64Array);
  });

  test('numbers row after row, in either width, NaN being missing', () => {
    const numbers = [1, 0.5, 2, Number.NaN, 6, 2];
    const expected = numeric.predict([
      [1, 0.5],
      [2, null],
      [6, 2],
    ]);
    for (const flat of [Float32Array.from(numbers), Float64Array.from(numbers)]) {
      const { price } = numeric.predictColumns(flat);
      expect(Array.from(price.value)).toEqual(expected.map((answer) => answer.price.value));
    }
    expect(numeric.predictColumns(new Float32Array(0)).price.value).toHaveLength(0);
  });

  test('typed arrays of every kind, also in the midst of a buffer', () => {
    const expected = numeric.predictColumns({ a: [1, 2], b: [3, 4] });
    const kinds = [Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array];
    for (const Kind of [...kinds, Int32Array, Uint32Array, Float32Array, Float64Array]) {
      const a = Kind.from([9, 1, 2, 9]).subarray(1, 3);
      expect(numeric.predictColumns({ a, b: Kind.from([3, 4]) })).toEqual(expected);
    }
  });

  test('a column that had missing cells may be absent, others not', () => {
    expect(numeric.predictColumns({ a: [1] })).toEqual(
      numeric.predictColumns({ a: [1], b: [null] }),
    );
    expect(thrown(() => numeric.predictColumns({ b: [1], A: [1] }))).toMatchObject({
      code: 'ERR_ROWS',
      column: 'a',
      message: 'column "a": the key "a" is missing; is it "A"?',
    });
  });

  test.each([
    [{ a: [1, 2], b: [1] }, 'column "b": 1 values, but the column "a" has 2', { column: 'b' }],
    [{ a: [1, 'x'], b: [1, 2] }, 'expected a number, found "x"', { column: 'a', row: 1 }],
    [{ a: [1, {}], b: [1, 2] }, 'found an object', { column: 'a', row: 1 }],
    [{ a: [1, 2], b: Float32Array.of(1, Infinity) }, 'found Infinity', { column: 'b', row: 1 }],
    [{ a: 'text', b: [1] }, 'expected an array or a typed array', { column: 'a' }],
    [{ a: new DataView(new ArrayBuffer(8)), b: [1] }, 'expected an array', { column: 'a' }],
    [new Float64Array(3), '3 numbers, expected a multiple of 2', {}],
    [Float32Array.of(1, 2, -Infinity, 4), 'found -Infinity', { column: 'a', row: 1 }],
    [[[1, 2]], 'predictColumns takes an object of columns', {}],
    [null, 'found null', {}],
  ])('%p is refused', (columns, message, place) => {
    const error = thrown(() => numeric.predictColumns(columns));
    expect(error).toBeInstanceOf(PolytaskError);
    expect(error).toMatchObject({ code: 'ERR_ROWS', ...place });
    expect(error.message).toMatch(message);
  });

  test('row after row needs numeric features', () => {
    const error = thrown(() => model.predictColumns(new Float64Array(3)));
    expect(error).toMatchObject({ code: 'ERR_ROWS', column: 'city' });
  });
});

describe('predictAsync', () => {
  const many = Array.from({ length: 20_000 }, (_, i) => [i % 7, (i % 11) / 3, rows[i % 60].city]);

  test('gives what predict gives, several at once, whatever becomes of the rows', async () => {
    const own = many.map((row) => [...row]);
    const running = [
      model.predictAsync(own),
      numeric.predictAsync([[1, 2]]),
      model.predictAsync(own),
    ];
    own.length = 5;
    own[0][0] = 'x';
    const [first, small, second] = await Promise.all(running);
    expect(first).toEqual(model.predict(many));
    expect(second).toEqual(first);
    expect(small).toEqual(numeric.predict([[1, 2]]));
    expect(await model.predictAsync([])).toEqual([]);
  });

  test('rejects with what predict throws', async () => {
    const bad = [...many, [1, 'x', 'Oslo'], ...many, ['y', 1, 'Oslo']];
    const error = await model.predictAsync(bad).catch((error) => error);
    expect(error).toBeInstanceOf(PolytaskError);
    expect(error).toEqual(thrown(() => model.predict(bad)));
    await expect(model.predictAsync('rows')).rejects.toMatchObject({ code: 'ERR_ROWS' });
    await expect(model.predictAsync([3])).rejects.toMatchObject({ code: 'ERR_ROWS', row: 0 });
  });

  test('the process may exit, and a worker end, while it runs', async () => {
    const code = `
      const { Worker } = require('node:worker_threads');
      const { Model, trainSync } = require('polytask');
      const rows = Array.from({ length: 200_000 }, (_, i) => [i % 7, i % 3, i % 5]);
      const model = trainSync(rows.slice(0, 100), { epochs: 1 });
      const worker = new Worker(\`
        const { parentPort, workerData } = require('node:worker_threads');
        const model = require('polytask').Model.fromBuffer(workerData.bytes);
        model.predictAsync(workerData.rows);
        parentPort.postMessage('running');
      \`, { eval: true, workerData: { bytes: model.toBuffer(), rows: rows.map((row) => row.slice(0, 2)) } });
      worker.on('message', async () => {
        console.log('terminated', await worker.terminate());
        model.predictAsync(rows.map((row) => row.slice(0, 2)));
        process.exit(3);
      });`;
    const ended = await run(code);
    expect(ended).toEqual({ status: 3, signal: null, stdout: 'terminated 1\n', stderr: '' });
  });
});
