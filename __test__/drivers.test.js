// Rows as real drivers and readers return them: what docs/sources.md says of each, against the
// package itself. Every table has 64-bit integers, decimals, dates, times, booleans, enums, missing
// cells and labels.
'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const v8 = require('node:v8');
const { execFileSync } = require('node:child_process');
const { train } = require('..');

const quick = { epochs: 2, seed: 1, model: { hidden: [8] }, validation: false, targets: 'sold' };
const COUNT = 60;

/** The same rows in plain values; each driver writes them in its own. */
const plain = Array.from({ length: COUNT }, (_, i) => ({
  id: 9007199254740993n + BigInt(i),
  rooms: i % 5 ? 1 + (i % 4) : null,
  price: `${100 + i}.${i % 10}5`,
  listed: new Date(Date.UTC(2023, i % 12, 1 + (i % 28))).toISOString().slice(0, 10),
  seen: new Date(Date.UTC(2024, i % 12, 1 + (i % 28), i % 24, 30)).toISOString().slice(0, 19),
  garden: i % 2 === 0,
  region: ['north', 'south', 'west'][i % 3],
  sold: i % 7 ? i % 3 === 0 : null,
}));
const features = { exclude: ['id'] };
const numbers = plain.map((row) => ({ ...row, price: Number(row.price) }));
const expected = train(numbers, { ...quick, features });

/** Whether a package is there that is not among the development dependencies. */
function installed(name) {
  try {
    require.resolve(name);
    return true;
  } catch {
    console.warn(`${name} is not installed, so that its rows are not tested`);
    return false;
  }
}

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'polytask-drivers-'));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

/** The types of the features and how they were read. */
const types = ({ features }) => Object.fromEntries(features.map(({ name, type }) => [name, type]));

const COLUMNS = {
  rooms: 'numeric',
  price: 'numeric',
  listed: 'date',
  seen: 'date',
  garden: 'boolean',
  region: 'categorical',
};

/** That these rows train the model that plain ones do, and that both answer both alike. */
async function same(rows, options = {}) {
  const model = await train(rows, { ...quick, features, ...options });
  expect(types(model)).toEqual(COLUMNS);
  expect(model.tasks[0].classes).toEqual(['false', 'true']);
  const reference = await expected;
  const answers = reference.predict(numbers);
  expect(model.predict(rows)).toEqual(answers);
  expect(reference.predict(rows)).toEqual(answers);
  expect(await model.evaluate(rows)).toEqual(await reference.evaluate(numbers));
  return model;
}

test('DuckDB: getRowObjects, getRows and streams', async () => {
  const { DuckDBInstance } = require('@duckdb/node-api');
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(`CREATE TYPE region AS ENUM ('north', 'south', 'west');
    CREATE TABLE houses (id BIGINT, rooms HUGEINT, price DECIMAL(12, 2), listed DATE,
      seen TIMESTAMP, garden BOOLEAN, region region, sold BOOLEAN)`);
  for (const row of plain) {
    const values = Object.values(row).map((value) =>
      value === null || typeof value !== 'string' ? String(value) : `'${value}'`,
    );
    await connection.run(`INSERT INTO houses VALUES (${values.join()})`);
  }
  const all = 'SELECT * FROM houses';
  const rows = (await connection.runAndReadAll(all)).getRowObjects();
  expect(typeof rows[1].rooms).toBe('bigint');
  expect(typeof rows[0].price).toBe('object');
  await same(rows);
  await same((await connection.runAndReadAll(all)).getRowObjectsJson());
  const stream = async function* () {
    const result = await connection.stream(all);
    for await (const chunk of result.yieldRowObjects()) yield* chunk;
  };
  const model = await train(stream(), { ...quick, features });
  expect(model.predict(rows)).toEqual((await expected).predict(numbers));
  const count = await connection.runAndReadAll('SELECT count(*) AS rooms FROM houses');
  expect(() => model.predict([{ ...rows[0], ...count.getRowObjects()[0] }])).not.toThrow();
  connection.closeSync();
});

describe('Apache Arrow', () => {
  const arrow = require('apache-arrow');
  const column = (name, type, of = (value) => value) => [
    name,
    arrow.vectorFromArray(
      plain.map((row) => (row[name] === null ? null : of(row[name]))),
      type,
    ),
  ];
  const units = (price) => {
    const number = BigInt(price.replace('.', ''));
    return new Uint32Array([Number(number & 0xffffffffn), Number(number >> 32n), 0, 0]);
  };
  const table = () =>
    new arrow.Table(
      Object.fromEntries([
        column('id', new arrow.Int64()),
        column('rooms', new arrow.Int64(), BigInt),
        column('price', new arrow.Decimal(2, 12, 128), units),
        column('listed', new arrow.DateDay(), (day) => new Date(day)),
        column('seen', new arrow.TimestampMillisecond(), (time) => Date.parse(`${time}Z`)),
        column('garden', new arrow.Bool()),
        column('region', new arrow.Dictionary(new arrow.Utf8(), new arrow.Int32())),
        column('sold', new arrow.Bool()),
      ]),
    );

  test('a table, its rows, its columns', async () => {
    const houses = table();
    const model = await same(houses.toArray());
    const answers = model.predict(numbers);
    const gathered = await train(houses, { ...quick, features });
    expect(gathered.predict(houses)).toEqual(answers);
    // As it comes over the wire.
    const received = arrow.tableFromIPC(arrow.tableToIPC(houses));
    expect(model.predict(received)).toEqual(answers);

    const columns = Object.fromEntries(
      Object.keys(plain[0]).map((name) => [name, numbers.map((row) => row[name])]),
    );
    const byColumn = model.predictColumns(columns);
    expect(model.predictColumns(houses)).toEqual(byColumn);
    expect(model.predictColumns(received)).toEqual(byColumn);
    const { children } = {
      children: houses.schema.fields.map(({ name }) => [name, houses.getChild(name)]),
    };
    expect(model.predictColumns(Object.fromEntries(children))).toEqual(byColumn);
  });

  test('a decimal that was copied out of its row is refused', async () => {
    const copies = table()
      .toArray()
      .map((row) => ({ ...row.toJSON() }));
    const model = await expected;
    expect(() => model.predict(copies)).toThrow(
      expect.objectContaining({
        code: 'ERR_ROWS',
        column: 'price',
        message: expect.stringMatching(
          /an Arrow decimal without its scale.*give the rows of the table/,
        ),
      }),
    );
  });

  test('numbers of half precision and of 64 bits', async () => {
    const model = await expected;
    const few = numbers.slice(0, 4).map((row, i) => ({ ...row, rooms: i + 1, price: i + 0.5 }));
    const columns = (more) => ({
      ...Object.fromEntries(Object.keys(few[0]).map((name) => [name, few.map((row) => row[name])])),
      ...more,
    });
    const answers = model.predictColumns(columns({}));
    for (const rooms of [
      arrow.vectorFromArray([1n, 2n, 3n, 4n], new arrow.Int64()),
      arrow.vectorFromArray([1, 2, 3, 4], new arrow.Int8()),
      arrow.vectorFromArray([1, 2, 3, 4], new arrow.Float16()),
      arrow.vectorFromArray([1, 2, 3, 4], new arrow.Float32()),
    ]) {
      expect(model.predictColumns(columns({ rooms }))).toEqual(answers);
    }
    const price = arrow.vectorFromArray([0.5, 1.5, 2.5, 3.5], new arrow.Float16());
    expect(model.predictColumns(columns({ price }))).toEqual(answers);
  });
});

// It is compiled where no binary can be fetched.
const testSqlite = installed('better-sqlite3') ? test : test.skip;

testSqlite('better-sqlite3: rows, iterate, raw and safeIntegers', async () => {
  const Database = require('better-sqlite3');
  const db = new Database(':memory:');
  db.exec(`CREATE TABLE houses (id INTEGER, rooms INTEGER, price REAL, listed TEXT, seen TEXT,
    garden BOOLEAN, region TEXT, sold BOOLEAN)`);
  const insert = db.prepare('INSERT INTO houses VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
  for (const row of numbers) {
    const cells = Object.values(row).map((cell) =>
      typeof cell === 'boolean' ? Number(cell) : cell,
    );
    insert.run(...cells);
  }
  const all = () => db.prepare('SELECT * FROM houses').safeIntegers();
  // SQLite has no booleans: 0 and 1 are numbers unless they are declared.
  const declared = { features: { ...features, types: { garden: 'boolean' } } };
  const reference = await train(
    numbers.map((row) => ({ ...row, sold: row.sold === null ? null : Number(row.sold) })),
    { ...quick, ...declared },
  );
  for (const rows of [
    all().all(),
    db.prepare('SELECT rooms, price, listed, seen, garden, region, sold FROM houses').all(),
  ]) {
    const options = Object.hasOwn(rows[0], 'id')
      ? declared
      : { features: { types: { garden: 'boolean' } } };
    const model = await train(rows, { ...quick, ...options });
    expect(types(model)).toEqual(COLUMNS);
    expect(model.predict(rows)).toEqual(reference.predict(rows));
  }
  const model = await train(all().iterate(), { ...quick, ...declared });
  expect(model.predict(all().iterate())).toEqual(reference.predict(all().all()));
  // 0 and 1 to a model that learnt true and false.
  const booleans = await expected;
  expect(booleans.predict(all().all())).toEqual(booleans.predict(numbers));
  // Positions hold the features in the order of the model.
  const raw = db
    .prepare('SELECT rooms, price, listed, seen, garden, region FROM houses')
    .raw()
    .all();
  expect(booleans.predict(raw)).toEqual(booleans.predict(numbers));
  db.close();
});

test('hyparquet: parquetReadObjects', async () => {
  const { DuckDBInstance } = require('@duckdb/node-api');
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const file = path.join(folder, 'houses.parquet');
  const rows = plain.map((row) => {
    const { id, rooms, price, listed, seen, garden, region, sold } = row;
    return `(${id}::BIGINT, ${rooms}::BIGINT, ${price}::DECIMAL(12, 2), '${listed}'::DATE,
      '${seen}'::TIMESTAMP, ${garden}, '${region}', ${sold})`;
  });
  const names = Object.keys(plain[0]).join();
  await connection.run(`COPY (SELECT * FROM (VALUES ${rows.join()}) t(${names})) TO '${file}'`);
  connection.closeSync();
  // An ES module, which jest does not import; what it reads comes over as it is.
  const script = `import('hyparquet').then(async ({ parquetReadObjects, asyncBufferFromFile }) => {
    const rows = await parquetReadObjects({ file: await asyncBufferFromFile(process.argv[1]) });
    process.stdout.write(require('node:v8').serialize(rows));
  });`;
  const read = v8.deserialize(execFileSync(process.execPath, ['-e', script, file]));
  expect(typeof read[1].rooms).toBe('bigint');
  await same(read, { timeZone: 'UTC' });
});

test('exceljs: row.values, with the header taken off', async () => {
  const { Workbook } = require('exceljs');
  const book = new Workbook();
  const sheet = book.addWorksheet('houses');
  const header = Object.keys(plain[0]).filter((name) => name !== 'id');
  sheet.addRow(header);
  for (const row of numbers) {
    const cells = header.map((name) => row[name]);
    cells[2] = new Date(`${row.listed}T00:00Z`);
    cells[1] = { formula: 'A1', result: row.price };
    sheet.addRow(cells);
  }
  sheet.addRow([]);
  const file = path.join(folder, 'houses.xlsx');
  await book.xlsx.writeFile(file);
  const read = new Workbook();
  await read.xlsx.readFile(file);
  const arrays = [];
  read.worksheets[0].eachRow({ includeEmpty: true }, (row) => arrays.push(row.values));
  const [names, ...rows] = arrays;
  const byName = rows.map((row) =>
    Object.fromEntries(names.map((name, i) => [name, row[i]]).slice(1)),
  );
  const model = await train(byName, { ...quick });
  expect(types(model)).toEqual(COLUMNS);
  expect(model.predict(byName.slice(0, COUNT))).toEqual((await expected).predict(numbers));
  const positional = await train(rows, { ...quick, targets: 'c6' });
  expect(positional.features.map(({ type }) => type)).toEqual(Object.values(COLUMNS));
  expect(positional.predict(rows.slice(0, COUNT).map((row) => [...row].slice(1, 7)))).toEqual(
    model.predict(byName.slice(0, COUNT)).map(({ sold }) => ({ c6: sold })),
  );
});

const [major] = process.versions.node.split('.').map(Number);
(major >= 22 ? test : test.skip)('node:sqlite: rows and setReadBigInts', async () => {
  const { DatabaseSync } = require('node:sqlite');
  const db = new DatabaseSync(':memory:');
  db.exec('CREATE TABLE houses (id, rooms, price, listed, seen, garden, region, sold)');
  const insert = db.prepare('INSERT INTO houses VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
  for (const row of numbers) {
    const cells = Object.values(row);
    insert.run(...cells.map((cell) => (typeof cell === 'boolean' ? Number(cell) : cell)));
  }
  const select = db.prepare('SELECT * FROM houses');
  select.setReadBigInts(true);
  const rows = select.all();
  const types = { garden: 'boolean' };
  const model = await train(rows, { ...quick, features: { ...features, types } });
  expect(model.tasks[0].classes).toEqual(['0', '1']);
  const booleans = await expected;
  expect(booleans.predict(rows)).toEqual(booleans.predict(numbers));
  db.close();
});
