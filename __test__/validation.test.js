// Which rows validate, which epoch is kept, and cross-validation.
'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { crossValidate, train, trainSync, tune } = require('..');
const { CSV, rows } = require('./iris');

// Several trainings in one test, on machines that have others to do.
jest.setTimeout(60_000);

/** Small seeded numbers in [0, 1). */
function numbers(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/**
 * Forty subjects of ten rows. Each has a signature, the same in all of its rows but for a little
 * noise, and a diagnosis that the signature says nothing of, unless the subject was seen before.
 */
function subjects() {
  const random = numbers(5);
  return Array.from({ length: 40 }, (_, subject) => {
    const signature = [random(), random(), random(), random()];
    const row = () =>
      Object.fromEntries(signature.map((value, i) => [`s${i}`, value + 0.01 * random()]));
    return Array.from({ length: 10 }, () => {
      return { subject: `p${subject}`, ...row(), diagnosis: subject % 2 ? 'ill' : 'well' };
    });
  }).flat();
}

describe('groups', () => {
  test('a split by groups shows an honest score, one by rows flatters', async () => {
    const options = { targets: 'diagnosis', epochs: 120, features: { exclude: ['subject'] } };
    const flattered = await crossValidate(subjects(), options, 4);
    const grouped = { ...options, features: {}, validation: { groupBy: 'subject' } };
    const honest = await crossValidate(subjects(), grouped, 4);
    expect(flattered.mean.diagnosis.accuracy).toBeGreaterThan(0.85);
    expect(honest.mean.diagnosis.accuracy).toBeLessThan(0.7);
  });

  test('the column that groups is no feature, unless it is named', () => {
    const options = { targets: 'diagnosis', epochs: 1, validation: { groupBy: 'subject' } };
    const model = trainSync(subjects(), options);
    expect(model.features.map(({ name }) => name)).toEqual(['s0', 's1', 's2', 's3']);
    expect(model.summary()).toMatch(/dropped {4}"subject": validation\.groupBy/);
    expect(model.options.validation).toEqual({ fraction: 0.2, groupBy: 'subject' });
    expect(model.toJSON().data).toMatchObject({ trainRows: 320, validationRows: 80 });
    const named = trainSync(subjects(), { ...options, features: { include: ['subject', 's0'] } });
    expect(named.features.map(({ name }) => name)).toEqual(['subject', 's0']);
  });
});

describe('validation', () => {
  let folder;
  beforeAll(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'polytask-validation-'));
  });
  afterAll(() => fs.rmSync(folder, { recursive: true }));

  test('a file of its own', () => {
    const held = path.join(folder, 'held.csv');
    const lines = fs.readFileSync(CSV, 'utf8').trim().split('\n');
    fs.writeFileSync(held, [lines[0], ...lines.slice(1).filter((_, i) => i % 5 === 0)].join('\n'));
    const model = trainSync(CSV, { epochs: 3, validation: held });
    const data = { rows: 180, trainRows: 150, validationRows: 30 };
    expect(model.toJSON().data).toMatchObject(data);
    expect(trainSync(CSV, { epochs: 3, validation: { file: held } }).history[2].loss).toBe(
      model.history[2].loss,
    );
    fs.writeFileSync(held, lines.slice(0, 9).join('\n').replace('sepal_width', 'width'));
    expect(() => trainSync(CSV, { epochs: 3, validation: held })).toThrow(
      expect.objectContaining({ code: 'ERR_SCHEMA', file: held, column: 'sepal_width' }),
    );
    expect(() => trainSync(CSV, { validation: path.join(folder, 'none.csv') })).toThrow(
      expect.objectContaining({ code: 'ERR_CSV' }),
    );
  });

  test('a column that says which, as text or boolean', () => {
    const part = (i) => ['train', 'train', 'train', 'val', 'test'][i % 5];
    const marked = rows().map((row, i) => ({ split: part(i), ...row }));
    const options = { epochs: 2, targets: 'species', validation: { column: 'split' } };
    const model = trainSync(marked, options);
    expect(model.toJSON().data).toMatchObject({ trainRows: 90, validationRows: 30, rows: 150 });
    expect(model.summary()).toMatch(/90 trained, 30 validated, 30 left for tests/);
    expect(model.features).toHaveLength(4);
    const flagged = rows().map((row, i) => ({ split: i % 3 === 0, ...row }));
    expect(trainSync(flagged, options).toJSON().data.validationRows).toBe(50);
    flagged[7].split = null;
    expect(() => trainSync(flagged, options)).toThrow(
      expect.objectContaining({ code: 'ERR_SCHEMA', row: 7, column: 'split' }),
    );
  });

  test('what cannot be is told, with the nearest name', async () => {
    await expect(train(CSV, { validation: { groupBy: 'sepal_lenght' } })).rejects.toMatchObject({
      code: 'ERR_SCHEMA',
      option: 'validation.groupBy',
      message: expect.stringMatching(/did you mean "sepal_length"/),
    });
    await expect(train(CSV, { validation: { groupby: 'x' } })).rejects.toMatchObject({
      code: 'ERR_OPTIONS',
      option: 'validation.groupby',
    });
  });
});

test('the epoch is chosen by the figure asked for', async () => {
  const targets = ['species', 'petal_width'];
  const earlyStopping = { metric: 'meanImprovement', patience: 5 };
  const model = await train(CSV, { targets, epochs: 30, earlyStopping });
  const scores = model.history.map(({ validation }) => validation.score);
  const best = model.history.findLast((report) => report.best);
  expect(best.validation.score).toBe(Math.max(...scores));
  expect(model.options.earlyStopping).toEqual({ patience: 5, metric: 'meanImprovement' });
  const { validation } = (await train(CSV, { epochs: 1 })).history[0];
  expect(Object.keys(validation)).toEqual(['loss', 'tasks']);
  await expect(train(CSV, { earlyStopping: { metric: 'acuracy' } })).rejects.toMatchObject({
    code: 'ERR_OPTIONS',
    message: expect.stringMatching(/did you mean 'accuracy'/),
  });
});

describe('crossValidate', () => {
  test('scores every row once, and repeats by its seed', async () => {
    const heard = [];
    const onFold = (report) => heard.push(report);
    const { folds, mean, deviation } = await crossValidate(CSV, { epochs: 10, onFold }, 5);
    expect(folds.map(({ species }) => species.n)).toEqual([30, 30, 30, 30, 30]);
    for (const { species } of folds) {
      // Ten of each class in every fold.
      expect(species.confusion.map((row) => row.reduce((a, b) => a + b))).toEqual([10, 10, 10]);
    }
    const total = folds.reduce((sum, { species }) => sum + species.accuracy, 0);
    expect(mean.species.accuracy).toBeCloseTo(total / 5, 12);
    expect(mean.species.n).toBe(150);
    expect(deviation.species.accuracy).toBeGreaterThanOrEqual(0);
    expect(heard.map(({ fold, folds }) => [fold, folds])).toEqual(
      [1, 2, 3, 4, 5].map((k) => [k, 5]),
    );
    expect(heard.map(({ scores }) => scores)).toEqual(folds);
    expect(heard[0]).toMatchObject({ trainRows: 96, validationRows: 24, testRows: 30, epochs: 10 });
    expect((await crossValidate(CSV, { epochs: 10 })).folds).toEqual(folds);
  });

  test('wrong arguments reject', async () => {
    for (const k of [1, 2.5, '5', Number.NaN, 151, null]) {
      await expect(crossValidate(CSV, 1, k)).rejects.toMatchObject({
        code: 'ERR_OPTIONS',
        option: 'k',
      });
    }
    const validation = { column: 'species' };
    const refused = [
      [CSV, { validation }, 'validation.column'],
      [CSV, { compare: 'single-task' }, 'compare'],
      [CSV, { onFold: 3 }, 'onFold'],
      [CSV, { signal: 3 }, 'signal'],
      [CSV, { epohcs: 3 }, 'epohcs'],
    ];
    for (const [source, options, option] of refused) {
      const code = 'ERR_OPTIONS';
      await expect(crossValidate(source, options)).rejects.toMatchObject({ code, option });
    }
    await expect(crossValidate(3)).rejects.toMatchObject({ code: 'ERR_OPTIONS' });
    await expect(crossValidate('none.csv')).rejects.toMatchObject({ code: 'ERR_CSV' });
  });

  test('is aborted by its signal, before and during', async () => {
    const reason = { any: 'thing' };
    const aborted = { signal: AbortSignal.abort(reason) };
    await expect(crossValidate('none.csv', aborted)).rejects.toBe(reason);
    const controller = new AbortController();
    const options = { epochs: 1_000_000, earlyStopping: false, signal: controller.signal };
    const running = crossValidate(CSV, options);
    setTimeout(() => controller.abort(reason), 100);
    await expect(running).rejects.toBe(reason);
  });

  test('what onFold throws or rejects with ends it, after the last fold too', async () => {
    const mine = new RangeError('mine');
    const onFold = ({ fold }) => {
      if (fold === 2) throw mine;
    };
    await expect(crossValidate(CSV, { epochs: 1, onFold }, 3)).rejects.toBe(mine);
    const late = async ({ fold }) => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      if (fold === 3) throw mine;
    };
    await expect(crossValidate(CSV, { epochs: 1, onFold: late }, 3)).rejects.toBe(mine);
  });
});

describe('a split by time', () => {
  /** 120 sales in no order of time, three of each day, of which the later are dearer. */
  function sales() {
    return Array.from({ length: 120 }, (_, i) => {
      const day = (i * 7) % 40;
      const sold = new Date(Date.UTC(2024, 0, 1 + day));
      return { sold, day, size: i % 9, price: 10 * day + (i % 9) };
    });
  }
  const text = (row) => ({ ...row, sold: row.sold.toISOString().slice(0, 10) });
  const options = { targets: { price: 'regression' }, epochs: 2, seed: 1 };
  const split = (model) => model.toJSON().data.split;

  test('the latest rows validate, by texts, Dates and numbers alike', async () => {
    for (const [rows, validation, first] of [
      [sales().map(text), { timeColumn: 'sold' }, '2024-02-02'],
      [sales().map(text), { timeColumn: 'sold', fraction: 0.5 }, '2024-01-21'],
      [sales().map(text), { timeColumn: 'sold', after: '2024-02-01' }, '2024-02-01'],
      [sales().map(text), { timeColumn: 'sold', after: new Date('2024-02-01') }, '2024-02-01'],
      [sales(), { timeColumn: 'sold', after: '2024-02-01' }, '2024-02-01T00:00:00.000Z'],
      [sales(), { timeColumn: 'day', after: 30 }, '30'],
    ]) {
      const model = await train(rows, { ...options, validation });
      expect(split(model)).toMatchObject({ column: validation.timeColumn, first });
      expect(model.summary()).toMatch(
        new RegExp(
          `^split +by time, "${validation.timeColumn}": .* from "${first}" on validated`,
          'm',
        ),
      );
      expect(model.features.map(({ name }) => name)).toEqual(['sold', 'day', 'size']);
      const { after } = validation;
      const written = after instanceof Date ? after.toISOString() : after;
      expect(model.options.validation).toEqual(
        JSON.parse(
          JSON.stringify({
            fraction: after === undefined ? 0.2 : undefined,
            ...validation,
            after: written,
          }),
        ),
      );
      // What was understood is taken again.
      const { validation: again } = model.options;
      expect(split(await train(rows, { ...options, validation: again }))).toEqual(split(model));
    }
  });

  test('the moment of a Date is that of the named time zone', async () => {
    const day = (i) => new Date(Date.UTC(2024, 0, 1 + i, 23));
    const rows = sales().map((row) => ({ ...row, sold: day(row.day) }));
    const validation = { timeColumn: 'sold', after: day(30) };
    const model = await train(rows, { ...options, validation, timeZone: 'Europe/Berlin' });
    expect(split(model)).toEqual({ column: 'sold', last: '2024-01-31', first: '2024-02-01' });
    expect(model.options.validation.after).toBe('2024-02-01');
    const sync = trainSync(rows, { ...options, validation, timeZone: 'Europe/Berlin' });
    expect(split(sync)).toEqual(split(model));
  });

  test('cross-validation tests in windows that expand', async () => {
    const sizes = async (validation, k) => {
      const run = crossValidate(sales().map(text), { ...options, validation }, k);
      const folds = [];
      for await (const fold of run) folds.push(fold);
      return folds.map((fold) => [fold.trainRows, fold.validationRows, fold.testRows]);
    };
    expect(await sizes({ timeColumn: 'sold' }, 4)).toEqual([
      [18, 6, 24],
      [39, 9, 24],
      [57, 15, 24],
      [78, 18, 24],
    ]);
    expect(await sizes({ timeColumn: 'sold', after: '2024-01-31' }, 2)).toEqual([
      [72, 18, 15],
      [84, 21, 15],
    ]);
    // Before the second window there is but one day, of which validation rows are drawn.
    const few = sales().map((row) => ({ ...text(row), year: Math.floor(row.day / 14) }));
    const run = crossValidate(few, { ...options, validation: { timeColumn: 'year' } }, 2);
    const { folds } = await run;
    expect(folds).toHaveLength(2);
    const error = crossValidate(few, { ...options, validation: { timeColumn: 'year' } }, 3);
    await expect(error).rejects.toMatchObject({
      code: 'ERR_OPTIONS',
      message: expect.stringContaining('3 folds of 3 different moments of "year"'),
    });
  });

  test('trials are compared on the latest rows, and what is held out is later still', async () => {
    const validation = { timeColumn: 'sold', after: '2024-02-01' };
    const { model } = await tune(sales().map(text), { ...options, validation, trials: 2 });
    expect(split(model)).toEqual({ column: 'sold', last: '2024-01-31', first: '2024-02-01' });
    const targets = { price: 'regression', size: 'regression' };
    const compared = await train(sales().map(text), {
      ...options,
      targets,
      validation: { timeColumn: 'sold' },
      compare: { seeds: 2, fraction: 0.25 },
    });
    expect(compared.comparison.heldOutRows).toBe(30);
  });

  test('a summary recommends it where a column holds dates', async () => {
    const rows = sales().map(text);
    const drawn = /^split +at random; .*timeColumn: 'sold', fraction: 0\.2/m;
    expect((await train(rows, options)).summary()).toMatch(drawn);
    expect((await train(rows, { ...options, validation: false })).summary()).not.toMatch(/^split/m);
    const dateless = rows.map(({ sold, ...row }) => row);
    expect((await train(dateless, options)).summary()).not.toMatch(/^split/m);
  });

  test('what cannot be divided so is told', async () => {
    for (const [validation, code, option, words] of [
      [{ timeColumn: 'solt' }, 'ERR_SCHEMA', 'validation.timeColumn', 'did you mean "sold"'],
      [{ timeColumn: 'price' }, 'ERR_SCHEMA', 'validation.timeColumn', 'is a target too'],
      [{ timeColumn: 'sold', after: '2025' }, 'ERR_SCHEMA', 'validation.after', 'none validates'],
      [{ timeColumn: 'sold', after: 2024 }, 'ERR_SCHEMA', 'validation.after', 'none trains'],
      [{ timeColumn: 'sold', after: 'May' }, 'ERR_OPTIONS', 'validation.after', 'expected a date'],
      [{ timeColumn: 'sold', after: new Date(NaN) }, 'ERR_OPTIONS', 'validation.after', 'null'],
      [{ after: '2024' }, 'ERR_OPTIONS', 'validation.after', 'needs timeColumn'],
      [{ time: 'sold' }, 'ERR_OPTIONS', 'validation.time', 'timeColumn'],
    ]) {
      const work = train(sales().map(text), { ...options, validation });
      await expect(work).rejects.toMatchObject({
        code,
        option,
        message: expect.stringContaining(words),
      });
    }
    const gap = sales().map(text);
    gap[7].sold = null;
    await expect(
      train(gap, { ...options, validation: { timeColumn: 'sold' } }),
    ).rejects.toMatchObject({
      code: 'ERR_SCHEMA',
      row: 7,
      column: 'sold',
      message: expect.stringContaining('expected a date in every row, found nothing'),
    });
  });
});
