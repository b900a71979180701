// What is no source of rows says what it is and what to do: files of other kinds, texts, bytes,
// streams, and objects of other libraries.
'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { Readable } = require('node:stream');
const { Worker } = require('node:worker_threads');
const { crossValidate, train, trainSync, tune } = require('..');
const { Folder } = require('./cli');
const { CSV, rows } = require('./iris');

jest.setTimeout(60_000);

const quick = { epochs: 1, targets: 'species' };
const text = fs.readFileSync(CSV, 'utf8');
const failure = (promise) =>
  promise.then(
    () => {
      throw new Error('it did not fail');
    },
    (error) => error,
  );

let model;
let folder;
beforeAll(() => {
  model = trainSync(CSV, quick);
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'polytask-kinds-'));
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

const file = (name, bytes) => {
  const whole = path.join(folder, name);
  fs.writeFileSync(whole, bytes);
  return whole;
};

describe.each([
  ['a.xlsx', 'PK\x03\x04\x14\0\x06\0[Content_Types].xml', /is an Excel workbook.*exceljs/],
  ['a.zip', 'PK\x03\x04\x14\0\x06\0houses.csv', /is packed \(zip\): unpack it/],
  ['a.parquet', 'PAR1\x15\x04\x15', /is a Parquet file.*hyparquet/],
  ['a.arrow', 'ARROW1\0\0\xff', /is an Arrow file.*apache-arrow/],
  ['a.db', 'SQLite format 3\0\x10', /is a SQLite database.*better-sqlite3/],
  ['a.json', '[\n {"a": 1, "t": "x"},\n {"a": 2, "t": "y"}\n]', /is JSON: .*JSON\.parse/],
  ['a.jsonl', '{"a":1,"t":"x"}\n{"a":2,"t":"y"}\n', /is JSON lines: .*split/],
  ['a.html', '<!DOCTYPE html><html></html>', /is a web page/],
])('%s', (name, bytes, message) => {
  const expected = { code: 'ERR_CSV', message: expect.stringMatching(message) };

  test('is told wherever a file is read', async () => {
    const at = file(name, Buffer.from(bytes, 'latin1'));
    const out = path.join(folder, 'out.csv');
    const works = [
      train(at, quick),
      train([CSV, at], quick),
      train(CSV, { ...quick, validation: { file: at } }),
      crossValidate(at, quick),
      tune(at, { ...quick, trials: 1 }),
      model.evaluate(at),
      model.predictFile(at, out),
    ];
    for (const error of await Promise.all(works.map(failure))) {
      expect(error).toMatchObject({ ...expected, file: at });
    }
    expect(() => trainSync(at, quick)).toThrow(expect.objectContaining(expected));
    expect(fs.existsSync(out)).toBe(false);
  });
});

test.each([
  ['https://example.com/houses.csv', /is a URL.*download it first/],
  ['file:///data/houses.csv', /fileURLToPath/],
  ['s3://bucket/houses.csv', /object store/],
  ['gs://bucket/houses.parquet', /object store/],
  ['postgres://me@host/houses', /rows that its driver returns/],
  ['a,b,species\n1,2,x\n', /is the text of a table, not the path of a file/],
  ['[{"a":1}]', /is the text of JSON.*JSON\.parse/],
])('the path %j', async (given, message) => {
  const works = [
    train(given, quick),
    train([CSV, given], quick),
    model.evaluate(given),
    model.predictFile(given, path.join(folder, 'o.csv')),
    train(CSV, { ...quick, validation: { file: given } }),
  ];
  for (const error of await Promise.all(works.map(failure))) {
    expect(error).toMatchObject({
      code: 'ERR_CSV',
      message: expect.stringMatching(message),
    });
  }
});

const stream = () => fs.createReadStream(CSV);

test.each([
  ['a Buffer of CSV', () => Buffer.from(text), /found a Buffer: bytes are no rows: give the path/],
  ['a Buffer of a workbook', () => Buffer.from('PK\x03\x04x'), /an \.xlsx or \.zip file.*exceljs/],
  ['a Buffer of Parquet', () => Buffer.from('PAR1'), /a Parquet file.*hyparquet/],
  ['a Buffer of JSON', () => Buffer.from('[{"a":1}]'), /bytes of JSON.*JSON\.parse/],
  ['an ArrayBuffer', () => new ArrayBuffer(8), /found an ArrayBuffer: bytes are no rows/],
  ['typed numbers', () => new Float64Array(8), /found a Float64Array: a row is an array/],
  ['a file stream', stream, /found a ReadStream: .*give the path, ".*iris\.csv"/],
  [
    'a byte stream',
    () => Readable.from([text], { objectMode: false }),
    /pipe it through csv-parse/,
  ],
  ['a Map', () => new Map([['a', 1]]), /found a Map: source\.values\(\)/],
  ['a promise', () => Promise.resolve(rows()), /found a Promise: await it first/],
  ['a function', () => () => rows(), /found a function: call it/],
  ['a Response', () => new Response('[]'), /found a Response: await response\.json\(\)/],
  ['a Blob', () => new Blob(['a']), /found a Blob: .*await blob\.text\(\)/],
  ['a URL', () => new URL('https://x/y.csv'), /found a URL: download it first/],
  ['a file URL', () => new URL('file:///y.csv'), /found a URL: give its path, fileURLToPath/],
  ['a result of pg', () => ({ rows: rows(), fields: [], rowCount: 1 }), /seem to be in \.rows/],
  ['a result of papaparse', () => ({ data: rows(), errors: [], meta: {} }), /seem to be in \.data/],
  ['a result of mysql2', () => [rows(), [{ name: 'a' }]], /\[rows, fields\].*const \[rows\]/],
  ['a statement', () => ({ iterate() {}, all() {}, get() {} }), /statement\.iterate\(\)/],
  ['a reader of DuckDB', () => ({ getRowObjects() {} }), /reader\.getRowObjects\(\)/],
  ['a data frame', () => ({ toRecords() {} }), /df\.toRecords\(\)/],
  ['a sheet', () => ({ '!ref': 'A1:B2', A1: {} }), /XLSX\.utils\.sheet_to_json/],
  ['a workbook', () => ({ SheetNames: ['a'], Sheets: {} }), /give the rows of one/],
  ['columns', () => ({ a: [1, 2], b: Float64Array.of(1, 2) }), /an object of columns/],
  ['one row', () => ({ a: 1, b: 'x' }), /give an array of rows/],
  ['lines', () => text.trim().split('\n'), /lines of CSV/],
  ['nothing', () => undefined, /found undefined$/],
  ['a number', () => 3, /found 3$/],
])('%s is no source', async (_, make, message) => {
  const expected = { code: 'ERR_OPTIONS', message: expect.stringMatching(message) };
  for (const work of [train, crossValidate, tune]) {
    expect(await failure(work(make(), quick))).toMatchObject(expected);
  }
  expect(await failure(model.evaluate(make()))).toMatchObject(expected);
  expect(await failure(model.importance(make()))).toMatchObject(expected);
  expect(() => trainSync(make(), quick)).toThrow(expect.objectContaining(expected));
});

test.each([
  ['a Map', (row) => new Map(Object.entries(row)), /found a Map: Object\.fromEntries\(row\)/],
  ['a Set', (row) => new Set(Object.values(row)), /found a Set: give an array, \[\.\.\.row\]/],
  ['a promise', async (row) => row, /found a Promise: await it first.*Promise\.all/],
  ['a Buffer', (row) => Buffer.from(JSON.stringify(row)), /found a Buffer: pieces of bytes/],
  ['a function', (row) => () => row, /found a function: call it/],
])('%s is no row', async (_, make, message) => {
  for (const at of [0, 3]) {
    const given = () => rows().map((row, index) => (index < at ? row : make(row)));
    const expected = { code: 'ERR_ROWS', row: at, message: expect.stringMatching(message) };
    expect(await failure(train(given(), quick))).toMatchObject(expected);
    expect(await failure(train(given().values(), quick))).toMatchObject(expected);
    expect(await failure(model.evaluate(given()))).toMatchObject(expected);
    expect(() => trainSync(given(), quick)).toThrow(expect.objectContaining(expected));
    expect(() => model.predict(given())).toThrow(expect.objectContaining(expected));
    expect(await failure(model.predictAsync(given()))).toMatchObject(expected);
  }
});

test('pieces of text and bytes that an iterable gives are no rows', async () => {
  async function* pieces(all) {
    yield* all;
  }
  const lines = await failure(train(pieces(text.split('\n')), quick));
  expect(lines).toMatchObject({ code: 'ERR_ROWS', row: 0 });
  expect(lines.message).toMatch(/found "sepal.*lines or pieces of text are no rows/);
  const bytes = await failure(train(pieces([Buffer.from(text)]), quick));
  expect(bytes.message).toMatch(/pieces of bytes are no rows/);
  // A stream of objects is a source.
  const trained = await train(Readable.from(rows()), quick);
  expect(trained.toJSON().data.rows).toBe(150);
});

test('the command line says the same', async () => {
  const cli = new Folder();
  cli.write('a.json', '[{"a":1,"t":"x"}]');
  const cases = [
    ['https://example.com/a.csv', /is a URL/],
    ['s3://bucket/a.csv', /object store/],
    ['a.json', /is JSON/],
  ];
  for (const [source, message] of cases) {
    const { code, stderr } = await cli.run(['train', source, '--out', 'm']);
    expect([code, stderr]).toEqual([1, expect.stringMatching(message)]);
  }
  cli.remove();
});

test('bytes of another realm are known too', async () => {
  const code = `
    const { parentPort, workerData } = require('node:worker_threads');
    const vm = require('node:vm');
    const { train } = require(workerData);
    train(vm.runInNewContext('new Uint8Array(3)')).catch((error) => parentPort.postMessage(error.message));`;
  const worker = new Worker(code, { eval: true, workerData: path.join(__dirname, '..') });
  const message = await new Promise((resolve) => worker.once('message', resolve));
  expect(message).toMatch(/found a Uint8Array: bytes are no rows/);
  await worker.terminate();
});
