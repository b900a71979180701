// Rows in arrays leave the event loop free; cross-validation is a promise with reports and stop();
// evaluate, importance, report and predictAsync take a signal and tell how far they are.
'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { crossValidate, train, tune } = require('..');
const { run } = require('./child');
const { CSV, rows } = require('./iris');

const quick = { epochs: 2, seed: 4, targets: 'species' };
const many = Array.from({ length: 20 }, () => rows()).flat();

let model;
let folder;
beforeAll(async () => {
  model = await train(CSV, quick);
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'polytask-work-'));
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

/** Runs a promise, and counts how often the event loop came round before it settled. */
async function turns(promise) {
  let count = 0;
  let settled = false;
  const turn = () => {
    count += 1;
    if (!settled) setImmediate(turn);
  };
  setImmediate(turn);
  await promise.finally(() => {
    settled = true;
  });
  return count;
}

describe('an array of rows', () => {
  // Each row tells when it is read, so that nothing depends on a clock.
  const told = () => {
    const read = [];
    const source = many.map((row, index) => {
      const { species, ...rest } = row;
      const get = () => {
        read.push(index);
        return species;
      };
      return Object.defineProperty(rest, 'species', { get, enumerable: true });
    });
    return { read, source };
  };

  test.each([
    ['train', (source) => train(source, { ...quick, epochs: 1 })],
    ['evaluate', (source) => model.evaluate(source)],
    ['importance', (source) => model.importance(source, { rows: 100, repeats: 1 })],
    [
      'report',
      (source) => model.report(path.join(folder, 'a.html'), { source, importance: false }),
    ],
  ])('is read in portions by %s', async (_, work) => {
    const { read, source } = told();
    const seen = [];
    let settled = false;
    const look = () => {
      seen.push(read.length);
      if (!settled && read.length < source.length) setImmediate(look);
    };
    setImmediate(look);
    await work(source).finally(() => {
      settled = true;
    });
    expect(read.length).toBeGreaterThanOrEqual(source.length);
    // The loop came round while only some of the rows were read.
    expect(seen.some((count) => count > 0 && count < source.length)).toBe(true);
  });

  test('of many columns crosses a few rows at a time', async () => {
    const { portions } = await gatheredPortions(
      Array.from({ length: 40 }, () => new Array(8000).fill(1)),
    );
    expect(portions.length).toBeGreaterThan(10);
    expect(portions.reduce((sum, count) => sum + count)).toBe(40);
  });

  test('gives what an iterable of the same rows gives, and refuses the same', async () => {
    const weights = (it) => it.toBuffer().subarray(-1000).toString('base64');
    const once = { ...quick, epochs: 1 };
    const [one, two] = await Promise.all([train(many, once), train(many.values(), once)]);
    expect(weights(one)).toBe(weights(two));
    expect(await one.evaluate(many)).toEqual(await one.evaluate(many.values()));
    const bad = [...many.slice(0, 1500), 7];
    await expect(train(bad, once)).rejects.toMatchObject({ code: 'ERR_ROWS', row: 1500 });
    await expect(train([], once)).rejects.toMatchObject({ message: 'there are no rows' });
  });

  test('that is aborted while it is read is read no further', async () => {
    const { read, source } = told();
    const controller = new AbortController();
    const onProgress = () => controller.abort('enough');
    const evaluating = model.evaluate(source, { signal: controller.signal, onProgress });
    await expect(evaluating).rejects.toBe('enough');
    expect(read.length).toBeLessThan(source.length);
  });
});

/** The rows of each portion that is gathered. */
async function gatheredPortions(source) {
  const { Gathering } = require('../lib/gather');
  const portions = [];
  await new Gathering(source, { push: ({ length }) => portions.push(length) }).run();
  return { portions };
}

describe('crossValidate', () => {
  test('takes any source, and tells its folds', async () => {
    const expected = await crossValidate(CSV, quick, 3);
    const rowsOnly = await crossValidate(rows(), quick, 3);
    const heard = [];
    const running = crossValidate(rows().values(), { ...quick, onFold: (it) => heard.push(it) }, 3);
    const looped = [];
    for await (const report of running) looped.push(report);
    expect(looped.map(({ fold, folds }) => [fold, folds])).toEqual([1, 2, 3].map((k) => [k, 3]));
    expect(looped).toEqual(heard);
    const scores = await running;
    expect(scores).toEqual(rowsOnly);
    expect(scores.folds).toEqual(looped.map((report) => report.scores));
    expect(expected.folds).toHaveLength(3);
    async function* later() {
      yield* rows();
    }
    expect(await crossValidate(later(), quick, 3)).toEqual(rowsOnly);
  });

  test('is a promise with stop(), which leaves the folds to come', async () => {
    const options = { ...quick, epochs: 1e6, earlyStopping: false };
    const running = crossValidate(CSV, { ...options, validation: 0.2 }, 4);
    expect(running).toBeInstanceOf(Promise);
    expect(running.then(() => {}).constructor).toBe(Promise);
    setTimeout(() => running.stop(), 300);
    const { folds } = await running;
    expect(folds).toHaveLength(1);
    expect(folds[0].species.n).toBeGreaterThan(30);
  });

  test('stops when its loop is left, and says what was forgotten', async () => {
    const running = crossValidate(CSV, quick, 10);
    expect(() => running.mean).toThrow(/crossValidate gives a promise; await it first/);
    for await (const { fold } of running) if (fold === 2) break;
    expect((await running).folds.length).toBeLessThan(10);
  });

  test('checks options before it reads rows, and loads in the background', async () => {
    let read = 0;
    function* source() {
      read += 1;
      yield* rows();
    }
    const failing = [
      [{ epohcs: 1 }, 3, { option: 'epohcs' }],
      [{ csv: { delimiter: ';' } }, 3, { code: 'ERR_OPTIONS' }],
      [quick, 1, { code: 'ERR_OPTIONS' }],
    ];
    for (const [options, k, expected] of failing) {
      await expect(crossValidate(source(), options, k)).rejects.toMatchObject(expected);
    }
    expect(read).toBe(0);
    const code = `
      const { crossValidate } = require('.');
      const native = require('./lib/native');
      const { trainer } = native;
      const running = crossValidate('data/iris.csv', { epochs: 1 }, 2);
      const loaded = () => Object.keys(require.cache).some((it) => it.endsWith('polytask-train.node'));
      console.log(loaded());
      running.then(() => console.log(loaded()));`;
    expect((await run(code)).stdout).toBe('false\ntrue\n');
  });
});

describe('signal and onProgress', () => {
  const works = {
    evaluate: (options) => model.evaluate(many, options),
    importance: (options) => model.importance(many, { rows: 200, repeats: 2, ...options }),
    report: (options) => model.report(path.join(folder, 'b.html'), { source: many, ...options }),
    predictAsync: (options) => model.predictAsync(many, options),
  };

  test.each(Object.keys(works))('of %s', async (name) => {
    const heard = [];
    const expected = await works[name]();
    const given = await works[name]({ onProgress: (it) => heard.push(it) });
    expect(given).toEqual(expected);
    const read = heard.filter(({ phase }) => phase === 'read');
    const computed = heard.filter(({ phase }) => phase === 'compute');
    if (name === 'predictAsync') expect(read).toEqual([]);
    else expect(read.map(({ done, total }) => [done, total]).at(-1)).toEqual([3000, 3000]);
    const last = computed.at(-1);
    expect(last.done).toBe(last.total);
    const totals = { evaluate: 3000, predictAsync: 3000, importance: 200 + 4 * 2 * 200 };
    expect(last.total).toBe(totals[name] ?? 3000 + 3000 * (1 + 4 * 5));
    for (const list of [read, computed]) {
      const done = list.map((it) => it.done);
      expect(done).toEqual([...done].sort((a, b) => a - b));
      expect(new Set(list.map(({ total }) => total)).size).toBeLessThan(2);
    }
  });

  test.each(Object.keys(works))('that end %s', async (name) => {
    const reason = { my: 'own' };
    const controller = new AbortController();
    const { signal } = controller;
    const early = works[name]({ signal });
    controller.abort(reason);
    await expect(early).rejects.toBe(reason);
    await expect(works[name]({ signal })).rejects.toBe(reason);
    const onProgress = () => {
      throw reason;
    };
    await expect(works[name]({ onProgress })).rejects.toBe(reason);
    const later = async () => {
      throw reason;
    };
    await expect(works[name]({ onProgress: later })).rejects.toBe(reason);
    for (const [options, option] of [
      [{ signal: 3 }, 'signal'],
      [{ onProgress: 3 }, 'onProgress'],
      [{ singal: 3 }, undefined],
    ]) {
      const error = { code: 'ERR_OPTIONS', ...(option && { option }) };
      await expect(works[name](options)).rejects.toMatchObject(error);
    }
  });

  test('leave nothing behind of a report, and do not end others', async () => {
    const file = path.join(folder, 'c.html');
    const controller = new AbortController();
    const { signal } = controller;
    const onProgress = () => controller.abort('now');
    await expect(model.report(file, { source: many, signal, onProgress })).rejects.toBe('now');
    expect(fs.readdirSync(folder).filter((name) => name.includes('c.html'))).toEqual([]);
    expect((await model.evaluate(many)).species.n).toBe(3000);
  });

  test('an iterable does not tell its total, and is left', async () => {
    const heard = [];
    await model.evaluate(many.values(), { onProgress: (it) => heard.push(it) });
    expect(heard[0]).toMatchObject({ phase: 'read', total: null });
    let left = false;
    const controller = new AbortController();
    async function* endless() {
      try {
        for (;;) yield* rows();
      } finally {
        left = true;
      }
    }
    const onProgress = ({ done }) => done > 2000 && controller.abort('late');
    const working = model.evaluate(endless(), { signal: controller.signal, onProgress });
    await expect(working).rejects.toBe('late');
    await new Promise(setImmediate);
    expect(left).toBe(true);
  });

  test('ends predictAsync while its rows are awaited', async () => {
    let left = false;
    const controller = new AbortController();
    async function* endless() {
      try {
        for (;;) {
          yield* rows();
          await new Promise(setImmediate);
        }
      } finally {
        left = true;
      }
    }
    const working = model.predictAsync(endless(), { signal: controller.signal });
    setImmediate(() => controller.abort('late'));
    await expect(working).rejects.toBe('late');
    for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate);
    expect(left).toBe(true);
  });

  test('the event loop goes on while the work does', async () => {
    expect(await turns(model.importance(many, { repeats: 3 }))).toBeGreaterThan(3);
  });
});

test('a search takes an array in portions too', async () => {
  const { trials } = await tune(many.slice(0, 300), { ...quick, trials: 1 });
  expect(trials).toHaveLength(1);
});
