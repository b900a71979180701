// The quick way for rows of numbers: whatever it takes it answers as the general way does, and what
// it declines is answered, or refused, there.
'use strict';

const { Worker } = require('node:worker_threads');
const { Model, PolytaskError, trainSync } = require('..');
const { ROOT, run } = require('./child');

const WIDE = Array.from({ length: 12 }, (_, i) => `x${i}`);
// In the order that objects have: whole numbers first.
const NAMES = ['7', '__proto__', 'constructor', 'a b'];

const object = (names, cells) => Object.fromEntries(names.map((name, i) => [name, cells[i]]));
const number = (i, j) => ((i * 7 + j * 5) % 11) / 3;

/** A model of these features, of which the last may be missing, and three tasks. */
function trained(names) {
  const rows = Array.from({ length: 90 }, (_, i) => {
    const cells = names.map((_, j) => number(i, j));
    if (i % 9 === 0) cells[cells.length - 1] = null;
    const labels = [['no', 'yes'][i % 2], ['0', '__proto__', 'c'][i % 3], i / 7];
    return object([...names, 'two', '__three__', '12'], [...cells, ...labels]);
  });
  const targets = { two: 'classification', __three__: 'classification', 12: 'regression' };
  return trainSync(rows, { targets, epochs: 2, model: { hidden: [8] } });
}

/** The same answers on the general way: a cell as text is not for the quick one. */
const generally = (model, rows) =>
  model.predict(
    rows.map((row) => {
      const cells = [...row];
      if (typeof cells[0] === 'number') cells[0] = String(cells[0]);
      return cells;
    }),
  );

function thrown(act) {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

const rowsOf = (names, count) =>
  Array.from({ length: count }, (_, i) => names.map((_, j) => number(i, j) * 1.5 - 1));

describe.each([
  ['twelve features', WIDE],
  ['names that are words of the language', NAMES],
])('%s', (_, names) => {
  let model;
  beforeAll(() => {
    model = trained(names);
  });

  test.each([0, 1, 2, 100, 3000])('%i rows as arrays and objects', (count) => {
    const rows = rowsOf(names, count);
    const expected = generally(model, rows);
    expect(model.predict(rows)).toEqual(expected);
    expect(model.predict(rows.map((row) => object(names, row)))).toEqual(expected);
    const backwards = [...names].reverse();
    const turned = rows.map((row) => object(backwards, [...row].reverse()));
    expect(model.predict(turned)).toEqual(expected);
    const more = rows.map((row) => object([...names, 'more'], [...row, 'text']));
    expect(model.predict(more)).toEqual(expected);
    const mixed = rows.map((row, i) => (i % 2 ? row : i % 4 ? turned[i] : more[i]));
    expect(model.predict(mixed)).toEqual(expected);
  });

  test('answers are plain objects with own properties', () => {
    const [answer] = model.predict(rowsOf(names, 1));
    expect(Object.getPrototypeOf(answer)).toBe(Object.prototype);
    // Keys that are whole numbers come first in every object.
    expect(Object.keys(answer).sort()).toEqual(['12', '__three__', 'two']);
    const { label, probability, probabilities } = answer.__three__;
    expect(Object.keys(probabilities).sort()).toEqual(['0', '__proto__', 'c']);
    expect(Object.getPrototypeOf(probabilities)).toBe(Object.prototype);
    const own = (name) => Object.getOwnPropertyDescriptor(probabilities, name);
    expect(own(label)).toEqual({
      value: probability,
      writable: true,
      enumerable: true,
      configurable: true,
    });
    const sum = Object.keys(probabilities).reduce((sum, name) => sum + own(name).value, 0);
    expect(sum).toBeCloseTo(1, 12);
  });

  test('missing cells', () => {
    const [row] = rowsOf(names, 1);
    for (let at = 1; at < names.length; at++) {
      const [expected] = generally(model, [replaced(row, at, null)]);
      for (const nothing of [null, undefined, Number.NaN]) {
        const cells = replaced(row, at, nothing);
        expect(model.predict([cells])).toEqual([expected]);
        expect(model.predict([object(names, cells)])).toEqual([expected]);
      }
    }
    const last = names.length - 1;
    const absent = object(names.slice(0, last), row);
    expect(model.predict([absent])).toEqual(model.predict([replaced(row, last, null)]));
  });

  test('objects of other kinds', () => {
    const [row] = rowsOf(names, 1);
    const [expected] = model.predict([row]);
    const bare = Object.create(null);
    const hidden = {};
    const live = {};
    names.forEach((name, i) => {
      Object.defineProperty(bare, name, { value: row[i], enumerable: true });
      Object.defineProperty(hidden, name, { value: row[i], enumerable: false });
      Object.defineProperty(live, name, { get: () => row[i], enumerable: true });
    });
    class Kind {}
    const kind = Object.defineProperties(new Kind(), Object.getOwnPropertyDescriptors(bare));
    for (const one of [bare, hidden, live, kind, Object.freeze({ ...bare })]) {
      expect(model.predict([one])).toEqual([expected]);
    }
  });

  test('what is inherited is no cell', () => {
    const [row] = rowsOf(names, 1);
    const heir = Object.create(object(names, row));
    expect(thrown(() => model.predict([heir]))).toMatchObject({
      code: 'ERR_ROWS',
      row: 0,
      column: names[0],
    });
    expect(() => model.predict([{}])).toThrow(expect.objectContaining({ code: 'ERR_ROWS' }));
  });

  test('what is no number is refused where it stands', () => {
    const rows = rowsOf(names, 3);
    const bad = [Infinity, -Infinity, 'x', true, {}, [10n], Symbol('x'), () => 1];
    for (const cell of bad) {
      const cells = replaced(rows[2], 1, cell);
      for (const last of [cells, object(names, cells)]) {
        const error = thrown(() => model.predict([rows[0], rows[1], last]));
        expect(error).toBeInstanceOf(PolytaskError);
        expect(error).toMatchObject({ code: 'ERR_ROWS', row: 2, column: names[1] });
      }
    }
    for (const [row, message] of [
      [rows[0].slice(1), `${names.length - 1} cells, expected ${names.length}`],
      [[...rows[0], 1], `${names.length + 1} cells, expected ${names.length}`],
      [null, 'found null'],
      [3, 'found a number'],
      ['text', 'found "text": lines or pieces of text are no rows'],
    ]) {
      const error = thrown(() => model.predict([rows[0], row]));
      expect(error).toMatchObject({ code: 'ERR_ROWS', row: 1 });
      expect(error.message).toMatch(message);
    }
  });

  test('columns, by name and row after row, few and many', () => {
    for (const count of [1, 3, 5000]) {
      const rows = rowsOf(names, count);
      const answers = model.predict(rows);
      const flat = Float64Array.from(rows.flat());
      const columns = (Kind) =>
        object(
          names,
          names.map((_, j) => Kind.from(rows, (row) => row[j])),
        );
      const given = [flat, columns(Float64Array), columns(Array)];
      for (const { two, __three__: three, 12: value } of given.map((data) =>
        model.predictColumns(data),
      )) {
        expect(Array.from(value.value)).toEqual(answers.map((answer) => answer[12].value));
        expect(Array.from(two.probability)).toEqual(answers.map(({ two }) => two.probability));
        const labels = answers.map((answer) => answer.__three__.label);
        expect(Array.from(three.code, (code) => three.classes[code])).toEqual(labels);
        const own = ({ __three__: { probabilities } }) =>
          three.classes.map((name) => Object.getOwnPropertyDescriptor(probabilities, name).value);
        expect(Array.from(three.probabilities)).toEqual(answers.flatMap(own));
      }
    }
  });

  test('a getter may predict, and throw', () => {
    const rows = rowsOf(names, 2);
    const expected = model.predict(rows);
    let inner;
    const row = object(names, rows[0]);
    Object.defineProperty(row, names[2], {
      enumerable: true,
      get() {
        inner = model.predict([rows[1], rows[0]]);
        return rows[0][2];
      },
    });
    expect(model.predict([row, rows[1]])).toEqual(expected);
    expect(inner).toEqual([expected[1], expected[0]]);
    Object.defineProperty(row, names[2], {
      get() {
        throw new Error('not now');
      },
    });
    expect(() => model.predict([row])).toThrow('not now');
    expect(model.predict(rows)).toEqual(expected);
  });

  test('later, and in a worker', async () => {
    const rows = rowsOf(names, 2500);
    const expected = model.predict(rows);
    const own = rows.map((row) => [...row]);
    const later = model.predictAsync(own);
    own[0][0] = 99;
    own.length = 3;
    expect(await later).toEqual(expected);
    const bad = [...rows, replaced(rows[0], 0, Infinity)];
    const error = await model.predictAsync(bad).catch((error) => error);
    expect(error).toMatchObject({ code: 'ERR_ROWS', row: 2500, column: names[0] });

    const code = `
      const { parentPort, workerData } = require('node:worker_threads');
      const model = require(workerData.root).Model.fromBuffer(workerData.bytes);
      parentPort.postMessage(model.predict(workerData.rows));`;
    const workerData = { root: ROOT, bytes: model.toBuffer(), rows };
    const answered = [1, 2].map(
      () =>
        new Promise((resolve, reject) => {
          const worker = new Worker(code, { eval: true, workerData });
          worker.once('message', resolve).once('error', reject);
        }),
    );
    for (const answers of await Promise.all(answered)) {
      expect(JSON.stringify(answers)).toBe(JSON.stringify(expected));
    }
  });
});

test('what all objects are given is no cell either', () => {
  const model = trained(WIDE);
  const [cells] = rowsOf(WIDE, 1);
  const row = object(WIDE.slice(1), cells.slice(1));
  Object.prototype.x0 = 5;
  try {
    expect(thrown(() => model.predict([row]))).toMatchObject({ code: 'ERR_ROWS', column: 'x0' });
  } finally {
    delete Object.prototype.x0;
  }
});

test('a model that is made from bytes answers with the same bits', () => {
  const model = trained(WIDE);
  const rows = rowsOf(WIDE, 50);
  expect(Model.fromBuffer(model.toBuffer()).predict(rows)).toEqual(model.predict(rows));
});

test('models that are dropped leave nothing behind', async () => {
  const code = `
    const { Model, trainSync } = require('polytask');
    const rows = Array.from({ length: 40 }, (_, i) => [i % 7, i % 3, i % 5]);
    const bytes = trainSync(rows, { epochs: 1, model: { hidden: [256, 256] } }).toBuffer();
    const turn = async () => {
      for (let i = 0; i < 400; i++) {
        Model.fromBuffer(bytes).predict([[1, 2]]);
        if (i % 20 === 0) await new Promise(setImmediate);
      }
    };
    (async () => {
      await turn();
      const before = process.memoryUsage.rss();
      await turn();
      console.log(Math.round((process.memoryUsage.rss() - before) / 2 ** 20));
    })();`;
  const { status, stdout, stderr } = await run(code);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  // Their weights alone would be more than 200 MB.
  expect(Number(stdout)).toBeLessThan(60);
});

function replaced(row, at, cell) {
  const cells = [...row];
  cells[at] = cell;
  return cells;
}
