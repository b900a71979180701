// `Date` cells and time zones: models trained and asked in processes whose clocks are elsewhere.
// Each zone is a process of its own with TZ set.
'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { Model, crossValidate, train, trainSync, tune } = require('..');
const { run } = require('./child');

jest.setTimeout(120_000);

const ZONES = [
  'UTC',
  'Europe/Berlin',
  'Europe/London',
  'America/New_York',
  'America/Sao_Paulo',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'Pacific/Apia',
];

// Among them: clocks put forward and back in Berlin, London, New York and on Lord Howe Island; a
// day that began at 1:00 in São Paulo; the day after the one that Apia left out; leap days.
const DAYS = [
  '2024-03-31',
  '2024-10-27',
  '2024-03-10',
  '2024-11-03',
  '2024-04-07',
  '2024-10-06',
  '2018-11-04',
  '2019-02-17',
  '2011-12-31',
  '2012-01-01',
  '2024-02-29',
  '2024-07-01',
  '2024-01-01',
  '1999-12-31',
  '1930-06-15',
];

const options = {
  targets: 'sold',
  epochs: 1,
  refit: false,
  validation: false,
  model: { preset: 'fast', hidden: [6] },
};

const day = (i) => new Date(Date.UTC(2024, 0, 1 + 5 * i)).toISOString().slice(0, 10);

/** Rows of a day, perhaps with a time, and what was sold. */
const table = (write) => Array.from({ length: 60 }, (_, i) => ({ day: write(i), sold: i % 7 }));

const days = () => table(day);
const clock = (i) => `${String(i % 24).padStart(2, '0')}:${i % 2 ? '30' : '00'}`;

let folder;
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'polytask-zones-'));
  const put = (name, model) => fs.writeFileSync(path.join(folder, name), model.toBuffer());
  put('days', trainSync(days(), options));
  put('local', trainSync(days(), { ...options, timeZone: 'local' }));
  put(
    'naive',
    trainSync(
      table((i) => `${day(i)} ${clock(i)}`),
      options,
    ),
  );
  put(
    'utc',
    trainSync(
      table((i) => `${day(i)}T${clock(i)}:00Z`),
      options,
    ),
  );
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

/** What code comes to where the clocks are those of `zone`. */
async function elsewhere(zone, code) {
  const whole = `
    const fs = require('node:fs');
    const { Model, predict, train, trainSync } = require('polytask');
    const model = (name) => Model.fromBuffer(fs.readFileSync(${JSON.stringify(folder)} + '/' + name));
    const DAYS = ${JSON.stringify(DAYS)};
    const options = ${JSON.stringify(options)};
    const ZONE = ${JSON.stringify(zone)};
    // As drivers of databases make a day of its text.
    const midnight = (text) => {
      const [year, month, day] = text.split('-').map(Number);
      return new Date(year, month - 1, day);
    };
    const answered = (act) => {
      try {
        return JSON.stringify(act());
      } catch ({ code, row, column, option, message }) {
        return { code, row, column, option, message };
      }
    };
    (async () => {
      ${code}
    })().then(
      (result) => console.log(JSON.stringify(result)),
      (error) => { console.error(error); process.exitCode = 1; },
    );`;
  const { status, stdout, stderr } = await run(whole, { env: { TZ: zone } });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return JSON.parse(stdout);
}

describe.each(ZONES)('in %s', (zone) => {
  test('days at local midnight are the days of the texts, where the zone is named', async () => {
    const results = await elsewhere(
      zone,
      `
      const rows = DAYS.map((text) => ({ day: midnight(text) }));
      const texts = DAYS.map((day) => ({ day }));
      const column = (of) => ({ day: of.map(({ day }) => day) });
      const [plain, local] = ['days', 'local'].map(model);
      const of = async (model, named) => ({
        texts: model.predict(texts),
        rows: model.predict(rows, named),
        arrays: model.predict(rows.map(({ day }) => [day]), named),
        later: await model.predictAsync(rows, named),
        columns: [...model.predictColumns(column(rows), named).sold.probabilities],
        columnsOfTexts: [...model.predictColumns(column(texts)).sold.probabilities],
      });
      return [
        await of(plain, { timeZone: 'local' }),
        await of(plain, { timeZone: ZONE }),
        await of(local),
        await of(local, { timeZone: ZONE.toLowerCase() === 'utc' ? 'UTC' : ZONE }),
      ];`,
    );
    for (const { texts, columnsOfTexts, columns, ...others } of results) {
      expect(texts).toHaveLength(DAYS.length);
      for (const other of Object.values(others)) expect(other).toEqual(texts);
      expect(columns).toEqual(columnsOfTexts);
    }
  });

  test('without a zone they are answered rightly or refused, never wrongly', async () => {
    const results = await elsewhere(
      zone,
      `
      const days = model('days');
      return DAYS.map((text) => {
        const cell = midnight(text);
        const asked = answered(() => days.predict([{ day: text }, { day: cell }]));
        const expected = JSON.stringify(days.predict([{ day: text }, { day: text }]));
        return { same: cell.toISOString().startsWith(text), asked, expected };
      });`,
    );
    for (const { same, asked, expected } of results) {
      if (same) {
        expect(asked).toBe(expected);
      } else {
        const message = expect.stringMatching(/this Date is .* in UTC and .*option timeZone/);
        const place = { row: 1, column: 'day', option: 'timeZone' };
        expect(asked).toEqual({ code: 'ERR_ROWS', ...place, message });
      }
    }
    const refused = results.filter(({ same }) => !same).length;
    const east = ['Europe/Berlin', 'Asia/Kolkata', 'Australia/Lord_Howe', 'Pacific/Apia'];
    // Nearly all days, but not before Apia changed sides.
    if (east.includes(zone)) expect(refused).toBeGreaterThan(10);
    if (zone === 'Europe/London') expect(refused).toBeGreaterThan(3);
    if (['UTC', 'America/New_York', 'America/Sao_Paulo'].includes(zone)) expect(refused).toBe(0);
  });

  test('days at midnight in UTC stay what they were', async () => {
    const { dates, texts, named } = await elsewhere(
      zone,
      `
      const days = model('days');
      const rows = DAYS.map((text) => ({ day: new Date(text) }));
      return {
        dates: days.predict(rows),
        named: days.predict(rows, { timeZone: 'UTC' }),
        texts: days.predict(DAYS.map((day) => ({ day }))),
      };`,
    );
    expect(dates).toEqual(texts);
    expect(named).toEqual(texts);
  });

  test('times without an offset need a zone, times in UTC do not', async () => {
    const results = await elsewhere(
      zone,
      `
      const [naive, utc] = ['naive', 'utc'].map(model);
      return DAYS.map((text) => {
        const [local, inUtc] = [new Date(text + 'T14:30'), new Date(text + 'T14:30Z')];
        const expected = naive.predict([[text + ' 14:30']]);
        return {
          offset: local.getTime() - inUtc.getTime(),
          expected: JSON.stringify(expected),
          named: JSON.stringify(naive.predict([[local]], { timeZone: 'local' })),
          inUtc: JSON.stringify(naive.predict([[inUtc]], { timeZone: 'UTC' })),
          unnamed: answered(() => naive.predict([[local]])),
          utc: JSON.stringify(utc.predict([[inUtc]])),
          utcExpected: JSON.stringify(utc.predict([[text + 'T14:30:00Z']])),
        };
      });`,
    );
    for (const { offset, expected, named, inUtc, unnamed, utc, utcExpected } of results) {
      expect(named).toBe(expected);
      expect(inUtc).toBe(expected);
      expect(utc).toBe(utcExpected);
      if (offset === 0) expect(unnamed).toBe(expected);
      else expect(unnamed).toMatchObject({ code: 'ERR_ROWS', option: 'timeZone' });
    }
  });

  test('what is learnt from days at local midnight is what their texts teach', async () => {
    const { weights, expected, summary, used } = await elsewhere(
      zone,
      `
      const write = (day) => (i) =>
        ({ day: day(new Date(Date.UTC(2024, 0, 1 + 5 * i)).toISOString().slice(0, 10)), sold: i % 7 });
      const rows = (day) => Array.from({ length: 60 }, (_, i) => write(day)(i));
      async function* later() {
        yield* rows(midnight);
      }
      const texts = model('days');
      const ask = (model) => model.predict(DAYS.map((day) => ({ day })));
      const models = [
        trainSync(rows(midnight), { ...options, timeZone: 'local' }),
        await train(rows(midnight), { ...options, timeZone: ZONE }),
        await train(later(), { ...options, timeZone: 'local' }),
      ];
      return {
        weights: models.map(ask),
        expected: ask(texts),
        summary: models.map((model) => model.summary()),
        used: models.map((model) => model.options.timeZone),
      };`,
    );
    for (const answers of weights) expect(answers).toEqual(expected);
    expect(used).toEqual(['local', zone, 'local']);
    for (const [i, text] of summary.entries()) {
      expect(text).not.toMatch(/Every time of day/);
      expect(text).toContain(`Date cells by the clocks of the time zone ${used[i]}\n`);
    }
  });

  test('scores of labelled rows are those of their texts, or there are none', async () => {
    const { named, plain, refused, importance } = await elsewhere(
      zone,
      `
      const days = model('days');
      const rows = (write) => DAYS.map((text, i) => ({ day: write(text), sold: i % 7 }));
      const texts = rows((text) => text);
      const cells = rows(midnight);
      async function* later() {
        yield* cells;
      }
      const settled = async (act) => act().catch(({ code, option }) => ({ code, option }));
      const zoned = { timeZone: 'local' };
      return {
        plain: await days.evaluate(texts),
        named: [await days.evaluate(cells, zoned), await days.evaluate(later(), zoned)],
        refused: [
          await settled(() => days.evaluate(cells)),
          await settled(() => days.evaluate(later())),
        ],
        importance: [await days.importance(texts), await days.importance(cells, zoned)],
      };`,
    );
    for (const scores of named) expect(scores).toEqual(plain);
    expect(importance[0]).toEqual(importance[1]);
    const west = ['UTC', 'America/New_York', 'America/Sao_Paulo'].includes(zone);
    const error = { code: 'ERR_ROWS', option: 'timeZone' };
    for (const scores of refused) expect(scores).toEqual(west ? plain : error);
  });

  test('a training from local midnights without a zone is warned of', async () => {
    const summaries = await elsewhere(
      zone,
      `
      const rows = (write) => Array.from({ length: 60 }, (_, i) =>
        ({ day: write(2024, 0, 1 + 5 * i), sold: i % 7 }));
      const local = rows((...day) => new Date(...day));
      const sent = rows((...day) => new Date(JSON.parse(JSON.stringify(new Date(...day)))));
      const utc = rows((...day) => new Date(Date.UTC(...day)));
      return [local, sent, utc].map((rows) => trainSync(rows, options).summary());`,
    );
    const [local, sent, utc] = summaries;
    expect(utc).not.toMatch(/Every time of day/);
    for (const text of [local, sent]) {
      if (zone === 'UTC') expect(text).not.toMatch(/Every time of day/);
      else expect(text).toMatch(/^warning +Every time of day in "day" is .* UTC, .*timeZone/m);
    }
    if (zone === 'Asia/Kolkata')
      expect(local).toMatch(/18:30 UTC, which is midnight at UTC\+05:30\./);
  });
});

test('the zone named in training serves where the clocks are elsewhere', async () => {
  const rows = days().map(({ day, sold }) => ({ day: new Date(`${day}T00:00+05:30`), sold }));
  const model = trainSync(rows, { ...options, timeZone: 'Asia/Kolkata' });
  fs.writeFileSync(path.join(folder, 'kolkata'), model.toBuffer());
  const { dates, texts, loaded } = await elsewhere(
    'America/New_York',
    `
    const kolkata = model('kolkata');
    const rows = DAYS.slice(0, 13).map((text) => ({ day: new Date(text + 'T00:00+05:30') }));
    return {
      dates: kolkata.predict(rows),
      texts: kolkata.predict(DAYS.slice(0, 13).map((day) => ({ day }))),
      loaded: kolkata.options.timeZone,
    };`,
  );
  expect(loaded).toBe('Asia/Kolkata');
  expect(dates).toEqual(texts);
  expect(texts).toEqual(trainSync(days(), options).predict(DAYS.slice(0, 13).map((day) => [day])));
});

test('a time when clocks stand still, and one that comes twice, are as they are shown', () => {
  const model = trainSync(
    table((i) => `${day(i)} ${clock(i)}`),
    options,
  );
  const zoned = { timeZone: 'Europe/Berlin' };
  for (const [instant, text] of [
    ['2024-03-31T00:59:59Z', '2024-03-31 01:59:59'],
    ['2024-03-31T01:00:00Z', '2024-03-31 03:00:00'],
    ['2024-10-27T00:30:00Z', '2024-10-27 02:30:00'],
    ['2024-10-27T01:30:00Z', '2024-10-27 02:30:00'],
    ['2024-12-31T23:00:00Z', '2025-01-01'],
    ['0001-01-02T00:00:00Z', '0001-01-02 00:53:28'],
  ]) {
    expect(model.predict([[new Date(instant)]], zoned)).toEqual(model.predict([[text]]));
  }
});

describe('a zone that is none', () => {
  test.each([
    ['Mars/Olympus'],
    ['Europe/Berlni'],
    [''],
    ['+02:00'],
    ['Local'],
    [3],
    [null],
    [{}],
    [() => 'UTC'],
  ])('%p is refused everywhere', async (timeZone) => {
    const model = Model.fromBuffer(fs.readFileSync(path.join(folder, 'days')));
    const told = {
      code: 'ERR_OPTIONS',
      option: 'timeZone',
      message: expect.stringMatching(/^timeZone: expected 'UTC', 'local' or a name .*, found /),
    };
    const zoned = { ...options, timeZone };
    await expect(train(days(), zoned)).rejects.toMatchObject(told);
    await expect(train('data/iris.csv', { timeZone })).rejects.toMatchObject(told);
    await expect(tune(days(), { ...zoned, trials: 1 })).rejects.toMatchObject(told);
    await expect(crossValidate(days(), zoned, 2)).rejects.toMatchObject(told);
    expect(() => trainSync(days(), zoned)).toThrow(expect.objectContaining(told));
    const row = { day: '2024-03-31' };
    expect(() => model.predict([row], { timeZone })).toThrow(expect.objectContaining(told));
    expect(() => model.predictColumns({ day: ['2024-03-31'] }, { timeZone })).toThrow(
      expect.objectContaining(told),
    );
    for (const act of [
      () => model.predictAsync([row], { timeZone }),
      () => model.evaluate(days(), { timeZone }),
      () => model.importance(days(), { timeZone }),
      () => model.report(path.join(folder, 'report.html'), { source: days(), timeZone }),
    ]) {
      await expect(act()).rejects.toMatchObject(told);
    }
  });

  test('in a model file is told of when a Date is asked', () => {
    const model = trainSync(days(), { ...options, timeZone: 'Europe/Berlin' });
    const bytes = Buffer.from(
      model.toBuffer().toString('latin1').replaceAll('Europe/Berlin', 'Mars/Olympus1'),
      'latin1',
    );
    const other = Model.fromBuffer(bytes);
    expect(other.options.timeZone).toBe('Mars/Olympus1');
    expect(other.predict([['2024-03-31']])).toEqual(model.predict([['2024-03-31']]));
    const cell = new Date('2024-03-31');
    expect(() => other.predict([[cell]])).toThrow(
      expect.objectContaining({ code: 'ERR_OPTIONS', option: 'timeZone' }),
    );
    expect(other.predict([[cell]], { timeZone: 'UTC' })).toEqual(model.predict([['2024-03-31']]));
  });
});

test('another option than timeZone is refused, and one without effect', async () => {
  const model = Model.fromBuffer(fs.readFileSync(path.join(folder, 'days')));
  for (const act of [
    () => model.predict([['2024-03-31']], { timezone: 'UTC' }),
    () => model.predictColumns({ day: ['2024-03-31'] }, { timezone: 'UTC' }),
  ]) {
    expect(act).toThrow(
      expect.objectContaining({
        code: 'ERR_OPTIONS',
        option: 'timezone',
        message: expect.stringMatching(/takes only "timeZone"/),
      }),
    );
  }
  expect(() => model.predict([['2024-03-31']], 3)).toThrow(/predict takes options as an object/);
  await expect(model.predictAsync([['2024-03-31']], [])).rejects.toThrow(/as an object/);
  await expect(model.evaluate(days(), { zone: 1 })).rejects.toThrow(
    /unknown option "zone"; did you mean "timeZone"/,
  );
  await expect(model.evaluate('data/iris.csv', { timeZone: 'UTC' })).rejects.toMatchObject({
    code: 'ERR_OPTIONS',
    option: 'timeZone',
    message: 'timeZone: is for Date cells of rows, and a file holds none',
  });
});

test('what writes a day alone says its day itself', () => {
  const model = Model.fromBuffer(fs.readFileSync(path.join(folder, 'days')));
  const plain = { valueOf: () => 0, toISOString: () => '2024-03-31' };
  const [expected] = model.predict([['2024-03-31']]);
  for (const timeZone of ['UTC', 'America/New_York', 'Pacific/Apia', 'local', undefined]) {
    expect(model.predict([[plain]], { timeZone })).toEqual([expected]);
  }
});

test('the warning is in the model file, and times of day bring none', () => {
  const midnights = table((i) => new Date(`${day(i)}T${22 + (i % 2)}:00Z`));
  const model = trainSync(midnights, options);
  const again = Model.fromBuffer(model.toBuffer());
  expect(again.summary()).toBe(model.summary());
  expect(model.summary()).toContain(
    'warning    Every time of day in "day" is 22:00 or 23:00 UTC, which is midnight at UTC+02:00 or ' +
      "UTC+01:00. If these are days, name their zone with the option timeZone ('local' for Dates " +
      'of a database driver), or write them as texts without a time.\n',
  );
  expect(again.warnings).toContainEqual(expect.stringMatching(/^Every time of day in "day"/));
  expect(again.advice()).toContain(again.warnings.at(-1));
  const times = table((i) => new Date(`${day(i)}T${clock(i)}Z`));
  expect(trainSync(times, options).summary()).not.toMatch(/Every time of day/);
});
