// Cells as drivers and libraries give them: each kind of value is read, or refused by its type.
'use strict';

const { train, trainSync } = require('..');

const quick = { epochs: 2, model: { hidden: [4] }, seed: 1, validation: false };

const thrown = (work) => {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
};

/** A model of a number, a name, a day and a boolean. */
const table = Array.from({ length: 60 }, (_, i) => ({
  n: i / 4,
  name: ['1', '2', '9007199254740993'][i % 3],
  day: new Date(Date.UTC(2024, 0, 1 + i)).toISOString().slice(0, 10),
  flag: i % 2 === 0,
  y: i % 3 ? 'a' : 'b',
}));
const model = trainSync(table, {
  ...quick,
  features: { types: { name: 'categorical' } },
});
const answer = (row) => model.predict([{ n: 5, name: '1', day: '2024-02-01', flag: true, ...row }]);

/** An object of a class of this name, which is written so. */
const named = (name, members, text) => {
  const Class = { [name]: class {} }[name];
  if (text !== undefined) Class.prototype.toString = () => text;
  return Object.assign(new Class(), members);
};

describe('a number is read from', () => {
  test.each([
    ['a BigInt', 7n],
    [
      'a decimal of DuckDB',
      named('DuckDBDecimalValue', { width: 4, scale: 2, value: 700n }, '7.00'),
    ],
    ['decimal.js', named('Decimal', { s: 1, e: 0, d: [7] }, '7')],
    ['decimal.js, minified as in Prisma', named('i', { s: 1, e: 0, d: [7] }, '7')],
    ['big.js', named('Big', { s: 1, e: 0, c: [7] }, '7')],
    ['bignumber.js', named('BigNumber', { s: 1, e: 0, c: [7], _isBigNumber: true }, '7')],
    ['long.js', named('Long', { low: 7, high: 0, __isLong__: true }, '7')],
    ['Decimal128', named('Decimal128', { _bsontype: 'Decimal128' }, '7.0')],
    ['Long of BSON', named('Long', { _bsontype: 'Long' }, '7')],
    ['Int32 of BSON', named('Int32', { _bsontype: 'Int32' }, '7')],
    ['Double of BSON', named('Double', { _bsontype: 'Double' }, '7')],
    ['a formula of exceljs', { formula: 'A1+1', result: 7 }],
    ['a shared formula of exceljs', { sharedFormula: 'A1', result: 7 }],
    ['a boxed number', Object(7)],
    ['text', '7'],
  ])('%s', (_, n) => {
    expect(answer({ n })).toEqual(answer({ n: 7 }));
    expect(
      model.predictColumns({ n: [n], name: ['1'], day: ['2024-02-01'], flag: [true] }),
    ).toEqual(model.predictColumns({ n: [7], name: ['1'], day: ['2024-02-01'], flag: [true] }));
  });

  test('whatever it is, exactly where it is a name', () => {
    expect(answer({ name: 1n })).toEqual(answer({ name: '1' }));
    expect(answer({ name: 9007199254740993n })).toEqual(answer({ name: '9007199254740993' }));
    expect(answer({ name: 9007199254740992n })).toEqual(answer({ name: 'unseen' }));
    const long = named('Long', { _bsontype: 'Long' }, '9007199254740993');
    expect(answer({ name: long })).toEqual(answer({ name: '9007199254740993' }));
  });

  test('a decimal that is not a number, as missing', () => {
    const nan = named('Decimal', { s: Number.NaN, e: Number.NaN, d: null }, 'NaN');
    expect(answer({ n: nan })).toEqual(answer({ n: null }));
    const infinite = named('Decimal', { s: 1, e: Number.NaN, d: null }, 'Infinity');
    expect(thrown(() => answer({ n: infinite })).message).toMatch(/column "n": .*found Infinity/);
  });
});

describe('a date is read from', () => {
  const day = Date.UTC(2024, 1, 10);
  test.each([
    ['a day of DuckDB', named('DuckDBDateValue', { days: 19763 }, '2024-02-10')],
    ['a timestamp of DuckDB', named('DuckDBTimestampValue', {}, '2024-02-10 00:00:00')],
    ['nanoseconds of DuckDB', named('DuckDBTimestampNanosecondsValue', {}, '2024-02-10 00:00:00')],
    [
      'a timestamp with a zone of DuckDB',
      named('DuckDBTimestampTZValue', { micros: BigInt(day) * 1000n }, '2024-02-10 01:00:00+01'),
    ],
    ['a day of Temporal', named('PlainDate', {}, '2024-02-10')],
    [
      'a zoned time of Temporal',
      named('ZonedDateTime', {}, '2024-02-10T00:00:00+01:00[Europe/Berlin]'),
    ],
    ['milliseconds', day],
    ['seconds', day / 1000],
    ['a serial number of Excel', 45332],
    ['digits', 20240210],
    ['a BigInt of milliseconds', BigInt(day)],
    ['a Date', new Date(day)],
  ])('%s', (_, cell) => {
    expect(answer({ day: cell })).toEqual(answer({ day: '2024-02-10' }));
  });

  test.each([[0], [17], [-5], [3e6], [5e10], [20241301]])('but not from %p', (cell) => {
    expect(thrown(() => answer({ day: cell })).message).toMatch(
      /column "day": expected a date; a number is one where it can only be milliseconds or seconds/,
    );
  });

  test('which has a year of four digits', () => {
    const infinite = named('DuckDBDateValue', { days: 2147483647 }, '5881580-07-11');
    expect(thrown(() => answer({ day: infinite })).message).toMatch(
      /DuckDBDateValue \(5881580-07-11\); dates lie in the years 1 to 9999/,
    );
  });
});

test('true and false are read from 1 and 0, bits and words', () => {
  for (const [yes, no] of [
    [1, 0],
    [1n, 0n],
    [Buffer.from([1]), Buffer.from([0])],
    [Uint8Array.of(1), Uint8Array.of(0)],
    ['t', 'f'],
    [named('DuckDBBitValue', {}, '1'), named('DuckDBBitValue', {}, '0')],
    [Object(true), Object(false)],
  ]) {
    expect(answer({ flag: yes })).toEqual(answer({ flag: true }));
    expect(answer({ flag: no })).toEqual(answer({ flag: false }));
  }
});

test('text is read from cells of exceljs', () => {
  const rich = { richText: [{ text: '90071992' }, { font: {}, text: '54740993' }] };
  expect(answer({ name: rich })).toEqual(answer({ name: '9007199254740993' }));
  expect(answer({ name: { text: '2', hyperlink: 'https://example.org' } })).toEqual(
    answer({ name: '2' }),
  );
  expect(answer({ n: { error: '#N/A' } })).toEqual(answer({ n: null }));
  expect(
    thrown(() => answer({ n: { formula: 'A1/0', result: { error: '#DIV/0!' } } })).message,
  ).toMatch(/expected a number, found "#DIV\/0!"/);
  expect(answer({ n: { formula: 'A1' } })).toEqual(answer({ n: null }));
});

test.each([
  ['an array', [1, 2], /an array of 2 elements; leave the column out, or give its parts/],
  ['an object', {}, /found an object; leave the column out, or give its parts/],
  ['a buffer', Buffer.from('ab'), /a Buffer of 2 bytes; bytes are no cell.*select it as text/],
  ['a byte', Buffer.from([7]), /a Buffer of 1 byte; bytes/],
  ['a list', named('DuckDBListValue', {}, '[1, 2]'), /class DuckDBListValue \(\[1, 2\]\); leave/],
  ['bits', named('DuckDBBitValue', {}, '101'), /DuckDBBitValue \(101\); bytes/],
  ['an interval', named('DuckDBIntervalValue', {}, '3 days'), /DuckDBIntervalValue.*EPOCH/],
  [
    'an interval of pg',
    named('PostgresInterval', { toISOString: () => 'P3D' }),
    /PostgresInterval; .*EPOCH/,
  ],
  ['a timestamp of BSON', named('Timestamp', { _bsontype: 'Timestamp' }, '7'), /a BSON Timestamp;/],
  ['bytes of BSON', named('Binary', { _bsontype: 'Binary' }, '7'), /a BSON Binary; bytes/],
  ['a class of nobody', named('Money', {}, '7'), /an object of class Money; write it as a number/],
  ['a function', () => 7, /a function; /],
  ['a symbol', Symbol('x'), /a symbol/],
  ['an Arrow decimal', named('DecimalBigNum', {}), /class DecimalBigNum/],
])('%s is refused with its type and what to do', (_, cell, message) => {
  const error = thrown(() => answer({ n: cell }));
  expect(error).toMatchObject({ code: 'ERR_ROWS', row: 0, column: 'n' });
  expect(error.message).toMatch(
    /^rows\[0\], column "n": expected a number, string, boolean, Date or null, found /,
  );
  expect(error.message).toMatch(message);
});

describe('dates as numbers', () => {
  const days = Array.from({ length: 50 }, (_, i) => Date.UTC(2023, 0, 1 + 9 * i));
  const excel = (ms) => ms / 86_400_000 + 25_569;
  const labels = (i) => (i % 3 ? 'a' : 'b');
  const rows = (of) => days.map((ms, i) => ({ day: of(ms), y: labels(i) }));
  const text = (ms) => new Date(ms).toISOString().slice(0, 10);
  const known = trainSync(rows(text), quick);

  test.each([
    ['date-unix-ms', (ms) => ms],
    ['date-unix-s', (ms) => ms / 1000],
    ['date-excel', excel],
    ['date-unix-ms', (ms) => BigInt(ms)],
  ])('declared %s are the same dates', (type, of) => {
    const declared = trainSync(rows(of), { ...quick, features: { types: { day: type } } });
    expect(declared.features[0]).toMatchObject({
      type: 'date',
      reason: expect.stringMatching(/declared/),
    });
    for (const ms of days) {
      const expected = known.predict([{ day: text(ms) }]);
      expect(declared.predict([{ day: of(ms) }])).toEqual(expected);
      expect(declared.predict([{ day: text(ms) }])).toEqual(expected);
      expect(declared.predict([{ day: new Date(ms) }], { timeZone: 'UTC' })).toEqual(expected);
    }
  });

  test('are refused where they are declared otherwise, with the cure', () => {
    const training = (type, of) => () =>
      trainSync(rows(of), { ...quick, features: { types: { day: type } } });
    expect(thrown(training('date', (ms) => ms)).message).toMatch(
      /1672531200000 is not a date as text; declare 'date-unix-ms' or 'date-unix-s'.*'date-excel'/,
    );
    expect(thrown(training('date-excel', (ms) => ms)).message).toMatch(
      /1672531200000 is not a date as a serial number of Excel's/,
    );
    expect(thrown(training('date-unix-ms', () => 1e16)).message).toMatch(/milliseconds since 1970/);
  });

  test('are read in UTC only', () => {
    const zoned = {
      ...quick,
      timeZone: 'Europe/Berlin',
      features: { types: { day: 'date-unix-ms' } },
    };
    expect(
      thrown(() =>
        trainSync(
          rows((ms) => ms),
          zoned,
        ),
      ),
    ).toMatchObject({
      option: 'timeZone',
      message: expect.stringMatching(/a date as a number is read in UTC.*give a Date/),
    });
    const berlin = trainSync(rows(text), { ...quick, timeZone: 'Europe/Berlin' });
    expect(thrown(() => berlin.predict([{ day: days[0] }])).message).toMatch(/give a Date/);
    expect(berlin.predict([{ day: excel(days[0]) }])).toEqual(
      berlin.predict([{ day: text(days[0]) }]),
    );
  });
});

describe('dates as people write them', () => {
  const days = Array.from({ length: 48 }, (_, i) => new Date(Date.UTC(2023, i % 12, 1 + (i % 28))));
  const rows = (of) => days.map((day, i) => ({ when: of(day, i), y: i % 3 ? 'a' : 'b' }));
  const iso = (day) => day.toISOString().slice(0, 10);
  const name = (day) => day.toLocaleString('en', { month: 'short', timeZone: 'UTC' });
  const known = trainSync(rows(iso), quick);

  test.each([
    ['31 Jan 2024', (day) => `${day.getUTCDate()} ${name(day)} 2023`],
    ['Jan 31, 2024', (day) => `${name(day)} ${day.getUTCDate()}, 2023`],
    ['31-JAN-24', (day) => `${day.getUTCDate()}-${name(day).toUpperCase()}-23`],
    ['toUTCString', (day) => day.toUTCString(), true],
    ['… UTC', (day) => `${iso(day)} 00:00:00 UTC`, true],
    ['20240131', (day) => iso(day).replaceAll('-', '')],
    ['20240131, a number', (day) => Number(iso(day).replaceAll('-', ''))],
  ])('%s', (_, of) => {
    const other = trainSync(rows(of), quick);
    expect(other.features[0].type).toBe('date');
    for (const day of days) {
      const expected = known.predict([{ when: iso(day) }]);
      expect(other.predict([{ when: of(day) }])).toEqual(expected);
      expect(known.predict([{ when: of(day) }])).toEqual(expected);
    }
  });

  test('months and times of day', () => {
    const months = trainSync(
      rows((day) => iso(day).slice(0, 7)),
      quick,
    );
    expect(months.features[0]).toMatchObject({ type: 'date' });
    expect(months.predict([{ when: '2023-04' }])).toEqual(months.predict([{ when: '2023-04-01' }]));
    const clock = (_, i) => `${String(i % 24).padStart(2, '0')}:${i % 2 ? '30' : '00'}`;
    const times = trainSync(rows(clock), quick);
    expect(times.features[0]).toMatchObject({ type: 'date', dateOrder: 'clock' });
    expect(times.predict([{ when: '17:30' }])).toEqual(times.predict([{ when: '5:30 PM' }]));
    expect(() => times.predict([{ when: '2023-04-01' }])).toThrow(/a time of day such as 12:30/);
  });
});

describe('a column that is not used', () => {
  const odd = [{ json: 1 }, [1], Buffer.from('ab'), 9n];
  const rows = Array.from({ length: 40 }, (_, i) => ({
    id: odd[i % odd.length],
    x: i / 7,
    y: i % 3 ? 'a' : 'b',
  }));

  test.each([
    ['excluded', { exclude: ['id'] }],
    ['ignored', { types: { id: 'ignore' } }],
    ['not included', { include: ['x'] }],
  ])('because it is %s may hold anything', async (_, features) => {
    const trained = await train(rows, { ...quick, features });
    expect(trained.features.map(({ name }) => name)).toEqual(['x']);
    expect(await trained.evaluate(rows)).toHaveProperty('y');
    expect(trained.predict(rows)).toHaveLength(40);
    const gathered = await train(rows.values(), { ...quick, features });
    expect(gathered.predict(rows)).toEqual(trained.predict(rows));
  });

  test('and else is refused at its first such cell', async () => {
    await expect(train(rows, quick)).rejects.toMatchObject({
      code: 'ERR_ROWS',
      row: 0,
      column: 'id',
      message: expect.stringMatching(/found an object; leave the column out/),
    });
    const targets = { ...quick, targets: 'id', features: { include: ['x'] } };
    await expect(train(rows, targets)).rejects.toMatchObject({ code: 'ERR_ROWS', column: 'id' });
    const weights = { ...quick, sampleWeights: 'id', features: { include: ['x'] } };
    await expect(train(rows, weights)).rejects.toMatchObject({ code: 'ERR_ROWS', column: 'id' });
    const validation = { column: 'id' };
    await expect(
      train(rows, { ...quick, validation, features: { include: ['x'] } }),
    ).rejects.toMatchObject({ code: 'ERR_ROWS', column: 'id' });
  });
});

describe('rows', () => {
  const base = Array.from({ length: 40 }, (_, i) => ({ a: i / 3, b: i % 5, y: i % 3 ? 'p' : 'q' }));
  const trained = trainSync(base, quick);
  const same = (other) => expect(other.predict(base)).toEqual(trained.predict(base));

  test.each([
    ['an object without keys', {}],
    ["papaparse's last row", { a: '' }],
    ['an empty array', []],
    ["csv-parse's last row", ['']],
    ['a row of nulls in part', { a: null, b: undefined }],
  ])('without any cell are skipped: %s', (_, empty) => {
    const other = trainSync([...base.slice(0, 20), empty, ...base.slice(20), empty], quick);
    same(other);
    expect(other.features.map(({ missing }) => missing)).toEqual([false, false]);
    same(trainSync([empty, ...base], quick));
    // Those that follow know where they stood.
    const wrong = [...base.slice(0, 20), empty, { a: 'x', b: 1, y: 'p' }, ...base.slice(20)];
    expect(thrown(() => trainSync(wrong, quick))).toMatchObject({ row: 21, column: 'a' });
  });

  test('whose cells are all missing are rows as in a file', () => {
    const other = trainSync([...base, { a: null, b: null, y: null }], quick);
    expect(other.features.map(({ missing }) => missing)).toEqual([true, true]);
    expect(thrown(() => trainSync([{}, [], {}], quick)).message).toBe('there are no rows');
  });

  test('may have keys that the first one lacks, and the last column of the first stays the last', () => {
    const late = base.map((row, i) => (i < 5 ? row : { ...row, colour: i % 2 ? 'red' : 'blue' }));
    const other = trainSync(late, quick);
    expect(other.tasks.map(({ name }) => name)).toEqual(['y']);
    expect(other.features.map(({ name }) => name)).toEqual(['a', 'b', 'colour']);
    expect(other.features[2]).toMatchObject({ missing: true, missingCells: 5 });
    const misspelt = base.map((row, i) => (i === 7 ? { width: 1, ...row } : row));
    const second = [{ widht: 1, a: 1, b: 2, y: 'p' }, ...misspelt];
    expect(thrown(() => trainSync(second, quick)).message).toMatch(
      /rows\[8\].*no key "width"; is it "widht"\?/,
    );
  });

  test('must not hold data in their keys', () => {
    const keyed = Array.from({ length: 1100 }, (_, i) => ({ [`user ${i} x`]: i }));
    expect(thrown(() => trainSync(keyed, quick)).message).toMatch(
      /the 1001st column that the first row has not; rows need the same keys/,
    );
  });

  test('have no columns that they inherit', () => {
    const parent = { inherited: 5 };
    const heirs = base.map((row) => Object.assign(Object.create(parent), row));
    const other = trainSync(heirs, quick);
    expect(other.features.map(({ name }) => name)).toEqual(['a', 'b']);
    same(other);
    class House {
      constructor(row) {
        Object.assign(this, row);
      }
      get double() {
        return 2 * this.a;
      }
    }
    same(
      trainSync(
        base.map((row) => new House(row)),
        quick,
      ),
    );
  });

  test('may be of no class, as those of node:sqlite', () => {
    const bare = base.map((row) => Object.assign(Object.create(null), row));
    same(trainSync(bare, quick));
    expect(trained.predict(bare)).toEqual(trained.predict(base));
  });

  test('of exceljs begin at index 1, and end before their empty cells', () => {
    const arrays = base.map(({ a, b, y }) => [a, b, y]);
    const shifted = arrays.map((cells) => {
      const values = [];
      cells.forEach((cell, i) => {
        values[i + 1] = cell;
      });
      return values;
    });
    const plain = trainSync(arrays, quick);
    const other = trainSync([...shifted, []], quick);
    expect(other.features.map(({ name }) => name)).toEqual(['c0', 'c1']);
    const rows = arrays.map(([a, b]) => [a, b]);
    expect(other.predict(rows)).toEqual(plain.predict(rows));
    const hole = [];
    hole[1] = 1.5;
    hole[2] = 2;
    expect(plain.predict([hole])).toEqual(plain.predict([[1.5, 2]]));
    const short = [];
    short[1] = 1.5;
    expect(thrown(() => plain.predict([short])).message).toMatch(
      /nothing stands at index 0 of 2 cells: if this is row\.values of exceljs/,
    );
    expect(thrown(() => trainSync([...shifted, [1, 2, 'p']], quick)).message).toMatch(
      /rows\[40\].*a cell stands at index 0/,
    );
    shifted[3].length = 2;
    expect(trainSync(shifted, quick).features[1].missing).toBe(true);
  });

  test('with 0 and 1 beside true and false are of booleans', () => {
    const mixed = base.map((row, i) => ({ flag: [true, 1, false, 0n, null][i % 5], ...row }));
    const spelt = base.map((row, i) => ({ flag: [true, true, false, false, null][i % 5], ...row }));
    const [one, other] = [mixed, spelt].map((rows) => trainSync(rows, quick));
    expect(one.features[0].type).toBe('boolean');
    expect(one.predict(mixed)).toEqual(other.predict(spelt));
    const target = base.map(({ a, b }, i) => ({ a, b, y: [true, 1, false, 0][i % 4] }));
    expect(trainSync(target, quick).tasks[0].classes).toEqual(['false', 'true']);
  });
});

describe('predict', () => {
  const rows = table.slice(0, 5);
  const expected = model.predict(rows);

  test('takes whatever gives rows', async () => {
    const generator = function* () {
      yield* rows;
    };
    const later = async function* () {
      yield* rows;
    };
    for (const source of [new Set(rows), rows.values(), generator()]) {
      expect(model.predict(source)).toEqual(expected);
    }
    expect(await model.predictAsync(new Set(rows))).toEqual(expected);
    expect(await model.predictAsync(later())).toEqual(expected);
    const error = thrown(() => model.predict(later()));
    expect(error.code).toBe('ERR_ROWS');
    expect(error.message).toMatch(/found an async iterable, whose rows predictAsync awaits/);
    for (const other of ['rows', 7, null, {}, new Float64Array(3)]) {
      expect(thrown(() => model.predict(other)).message).toMatch(
        /predict takes an array or another iterable/,
      );
    }
  });

  test('passes on what the iterable throws', async () => {
    const own = new Error('mine');
    const throwing = function* () {
      yield rows[0];
      throw own;
    };
    expect(thrown(() => model.predict(throwing()))).toBe(own);
    await expect(model.predictAsync(throwing())).rejects.toBe(own);
  });
});

describe('predictColumns', () => {
  const numeric = trainSync(
    Array.from({ length: 40 }, (_, i) => ({ a: i, b: i % 7, y: i % 3 ? 'p' : 'q' })),
    { ...quick, features: { types: { b: 'categorical' } } },
  );
  const plain = trainSync(
    Array.from({ length: 40 }, (_, i) => ({ a: i, b: (i % 7) + 0.5, y: i % 3 ? 'p' : 'q' })),
    quick,
  );

  test('takes 64-bit integers', () => {
    for (const Kind of [BigInt64Array, BigUint64Array]) {
      for (const of of [numeric, plain]) {
        const expected = of.predictColumns({ a: [1, 2, 3], b: [4, 5, 6] });
        const columns = { a: Kind.of(1n, 2n, 3n), b: Kind.of(4n, 5n, 6n) };
        expect(of.predictColumns(columns)).toEqual(expected);
        expect(of.predictColumns({ a: [1n, 2n, 3n], b: [4n, 5n, 6n] })).toEqual(expected);
      }
    }
    const flat = plain.predictColumns(BigInt64Array.of(1n, 4n, 2n, 5n));
    expect(flat).toEqual(plain.predictColumns({ a: [1, 2], b: [4, 5] }));
    const columns = (name) => ({ n: [5], name, day: ['2024-02-01'], flag: [true] });
    expect(model.predictColumns(columns(BigInt64Array.of(9007199254740993n)))).toEqual(
      model.predictColumns(columns(['9007199254740993'])),
    );
  });
});

test('inputSchema describes a row', () => {
  const schema = model.inputSchema();
  expect(schema).toMatchObject({ type: 'object', required: ['n', 'name', 'day', 'flag'] });
  expect(Object.keys(schema.properties)).toEqual(['n', 'name', 'day', 'flag']);
  expect(schema.properties.n).toEqual({
    type: ['number', 'null'],
    description: model.features[0].reason,
  });
  expect(schema.properties.name.examples).toEqual([...model.features[1].categories]);
  expect(schema.properties.flag.type).toContain('boolean');
  // One of its own.
  schema.properties.n.type.push('string');
  expect(model.inputSchema().properties.n.type).toEqual(['number', 'null']);
});
