// Where rows may come from: one file, several, arrays, and whatever gives them one by one.
'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { PolytaskError, train, trainSync } = require('..');
const { CSV, rows } = require('./iris');

const quick = { epochs: 3, seed: 4, targets: 'species' };
const weights = (model) => model.toBuffer().subarray(-1000).toString('base64');

async function* later(items) {
  for (const item of items) {
    await null;
    yield item;
  }
}

function* lazily(items) {
  yield* items;
}

/** What a promise rejects with. */
const failure = (promise) =>
  promise.then(
    () => {
      throw new Error('it did not fail');
    },
    (error) => error,
  );

describe('an iterable of rows', () => {
  test('trains what the same rows in an array train, to the bit', async () => {
    // Several chunks of them.
    const many = Array.from({ length: 8 }, () => rows()).flat();
    const once = { ...quick, epochs: 1 };
    const expected = await train(many, once);
    for (const source of [later(many), lazily(many), new Set(many)]) {
      const model = await train(source, once);
      expect(weights(model)).toBe(weights(expected));
      expect(model.toJSON().data).toMatchObject({ ...expected.toJSON().data, source: 'rows' });
    }
    const scores = await expected.evaluate(many);
    expect(await expected.evaluate(later(many))).toEqual(scores);
    expect(await expected.evaluate(lazily(many))).toEqual(scores);
  });

  test('holds array rows too, and dates of any kind', async () => {
    const dated = Array.from({ length: 60 }, (_, i) => [
      new Date(Date.UTC(2020, i % 12, 1 + (i % 28), i % 24)),
      { valueOf: () => 0, toISOString: () => `2011-01-${String(1 + (i % 28)).padStart(2, '0')}` },
      i % 2 === 0,
      i % 3 ? 'a' : 'b',
    ]);
    const model = await train(later(dated), { epochs: 1 });
    expect(model.features.map(({ type }) => type)).toEqual(['date', 'date', 'boolean']);
    expect(model.predict([[new Date(), '2011-02-01', true]])).toHaveLength(1);
    const bad = { code: 'ERR_ROWS', row: 0, column: 'c0' };
    expect(() => model.predict([[new Date(Number.NaN), null, true]])).toThrow(
      expect.objectContaining({ ...bad, message: expect.stringMatching(/invalid date/) }),
    );
    expect(() => model.predict([['soon', null, true]])).toThrow(
      expect.objectContaining({
        ...bad,
        message: expect.stringMatching(/expected a date.*"soon"/),
      }),
    );
    expect(() => model.predict([[{}, null, true]])).toThrow(/expected a number.*an object/);
  });

  test('that throws rejects with its own error and trains nothing', async () => {
    const own = { not: 'even an Error' };
    const throws = async function* () {
      yield* rows();
      throw own;
    };
    const throwsAtOnce = {
      [Symbol.asyncIterator]() {
        throw own;
      },
    };
    const model = await train(CSV, quick);
    const heard = [];
    for (const source of [throws(), throwsAtOnce, lazily(throwing(own))]) {
      const training = train(source, { ...quick, onEpoch: (report) => heard.push(report) });
      expect(await failure(training)).toBe(own);
    }
    expect(await failure(model.evaluate(throws()))).toBe(own);
    expect(heard).toEqual([]);
  });

  test('is left at the first bad row, with the index of that row', async () => {
    const left = [];
    const source = watched([...Array.from({ length: 1500 }, () => ({ a: 1, t: 'x' })), 7], left);
    const error = await failure(train(source, quick));
    expect(error).toMatchObject({ code: 'ERR_ROWS', row: 1500 });
    expect(error).toBeInstanceOf(PolytaskError);
    expect(error.message).toMatch(/^rows\[1500\].*expected an array or an object, found a number/);
    expect(left).toEqual(['left']);
    const extra = later([
      { width: 1, a: 2 },
      { widht: 1, a: 2 },
    ]);
    expect((await failure(train(extra, quick))).message).toMatch(/rows\[1\].*no key "widht"/);
  });

  test('without rows, or of something else, is an error', async () => {
    const none = { code: 'ERR_ROWS', message: 'there are no rows' };
    expect(await failure(train(later([]), quick))).toMatchObject(none);
    const model = await train(CSV, quick);
    expect(await failure(model.evaluate(lazily([])))).toMatchObject(none);
    expect(await failure(train(later(['a.csv']), quick))).toMatchObject({
      code: 'ERR_ROWS',
      row: 0,
    });
    const bytes = new Uint8Array(3);
    expect(await failure(train(bytes, quick))).toMatchObject({ code: 'ERR_OPTIONS' });
  });

  test('is not touched when the options are wrong', async () => {
    const left = [];
    const source = watched(rows(), left);
    const error = await failure(train(source, { epohcs: 3 }));
    expect(error).toMatchObject({ code: 'ERR_OPTIONS', option: 'epohcs' });
    expect(left).toEqual([]);
  });

  test('is left when the signal aborts, however long it has nothing to say', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    let left = false;
    const silent = {
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise(() => {}),
        return: async () => {
          left = true;
          throw new Error('nobody hears this');
        },
      }),
    };
    const training = train(silent, { ...quick, signal: controller.signal });
    setImmediate(() => controller.abort(reason));
    expect(await failure(training)).toBe(reason);
    expect(left).toBe(true);
  });

  test('that never ends leaves the event loop free, and can be aborted from within', async () => {
    const timed = new AbortController();
    const endless = function* (onLeave) {
      try {
        for (;;) yield { a: 1, t: 'x' };
      } finally {
        onLeave();
      }
    };
    const left = [];
    setTimeout(() => timed.abort('late'), 20);
    const training = train(
      endless(() => left.push('late')),
      { ...quick, signal: timed.signal },
    );
    expect(await failure(training)).toBe('late');
    expect(left).toEqual(['late']);

    const inside = new AbortController();
    const aborts = function* () {
      try {
        yield { a: 1, t: 'x' };
        inside.abort('inside');
        yield { a: 1, t: 'x' };
      } finally {
        left.push('inside');
      }
    };
    expect(await failure(train(aborts(), { ...quick, signal: inside.signal }))).toBe('inside');
    expect(left).toEqual(['late', 'inside']);
  });

  test('can be stopped while it is read', async () => {
    const training = train(later(rows()), { ...quick, epochs: 1e9, earlyStopping: false });
    training.stop();
    expect((await training).history.length).toBeLessThan(1000);
  });

  test('is nothing for trainSync', () => {
    for (const source of [later([]), lazily([])]) {
      expect(() => trainSync(source, quick)).toThrow(
        expect.objectContaining({
          code: 'ERR_OPTIONS',
          message: expect.stringMatching(/train takes/),
        }),
      );
    }
  });
});

function* throwing(error) {
  yield* rows();
  throw error;
}

/** Items as an iterable that tells when it is left. */
function watched(items, left) {
  const iterator = items[Symbol.iterator]();
  return {
    [Symbol.asyncIterator]: () => ({
      next: async () => iterator.next(),
      return: async () => {
        left.push('left');
        return { done: true };
      },
    }),
  };
}

describe('several files', () => {
  let folder;
  const file = (name, text) => {
    const whole = path.join(folder, name);
    fs.writeFileSync(whole, text);
    return whole;
  };
  beforeAll(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'polytask-sources-'));
  });
  afterAll(() => fs.rmSync(folder, { recursive: true }));

  test('are one table', async () => {
    const [header, ...lines] = fs.readFileSync(CSV, 'utf8').trim().split('\n');
    const parts = [lines.slice(0, 60), lines.slice(60)];
    const paths = parts.map((part, i) => file(`${i}.csv`, [header, ...part].join('\n')));
    const [one, two] = await Promise.all([train(CSV, quick), train(paths, quick)]);
    expect(weights(two)).toBe(weights(one));
    expect(weights(trainSync(paths, quick))).toBe(weights(one));
    expect(await two.evaluate(paths)).toEqual(await one.evaluate(CSV));
    expect(two.toJSON().data).toMatchObject({ rows: 150, reading: { files: ['0.csv', '1.csv'] } });
    expect(two.summary()).toMatch(/read as +2 files, the first utf8/);
  });

  test('name the one that is wrong', async () => {
    const good = file('good.csv', 'a,t\n1,x\n2,y\n');
    const other = file('other.csv', 'a,u\n1,x\n');
    const ragged = file('ragged.csv', 'a,t\n1,x,9\n');
    const text = file('text.csv', 'a,t\noops,x\n');
    const cases = [
      [[good, other], { code: 'ERR_CSV', file: other, line: 1 }],
      [[good, ragged], { code: 'ERR_CSV', file: ragged, line: 2 }],
      [[good, `${good}.gone`], { code: 'ERR_CSV', file: `${good}.gone` }],
      [[good, 3], { code: 'ERR_OPTIONS', message: expect.stringMatching(/a number at index 1/) }],
      [[good, [1, 'x']], { code: 'ERR_OPTIONS' }],
    ];
    for (const [source, expected] of cases) {
      expect(await failure(train(source, 1))).toMatchObject(expected);
    }
    const numeric = { epochs: 1, features: { types: { a: 'numeric' } } };
    const error = await failure(train([good, text], numeric));
    expect(error).toMatchObject({ code: 'ERR_SCHEMA', file: text, line: 2, column: 'a' });
  });
});
