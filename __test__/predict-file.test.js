// Predicting from file to file: the columns, the signs, the errors, and nothing left behind.
'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const zlib = require('node:zlib');
const { PolytaskError, trainSync } = require('..');
const { run } = require('./child');
const { CSV, rows } = require('./iris');

let folder;
let model;
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'polytask-predict-'));
  model = trainSync(CSV, { targets: ['species', 'petal_width'], epochs: 5 });
});
afterAll(() => fs.rmSync(folder, { recursive: true }));
afterEach(() => {
  for (const name of fs.readdirSync(folder)) fs.rmSync(path.join(folder, name));
});

const at = (name) => path.join(folder, name);
const write = (name, text) => {
  fs.writeFileSync(at(name), text);
  return at(name);
};
const lines = (name) => fs.readFileSync(at(name), 'utf8').trimEnd().split('\n');

/** What the answers to some rows look like as cells. */
const cells = (answers) =>
  answers.map(({ species, petal_width }) =>
    [species.label, ...Object.values(species.probabilities), petal_width.value].join(','),
  );
const ANSWERS = 'species,species_p_setosa,species_p_versicolor,species_p_virginica,petal_width';

test('every row is answered with the bits of predict, targets and all', async () => {
  expect(await model.predictFile(CSV, at('out.csv'))).toEqual({ rows: 150, skipped: 0 });
  const [header, ...body] = lines('out.csv');
  expect(header).toBe(ANSWERS);
  expect(body).toEqual(cells(model.predict(rows())));
  expect(fs.readdirSync(folder)).toEqual(['out.csv']);
});

test('a file of many pieces', async () => {
  const row = (i) => `${(i % 40) / 10},${i % 3},"${i % 7}.5"`;
  const text = Array.from({ length: 200_000 }, (_, i) => row(i)).join('\n');
  const file = write('many.csv', `petal_length,sepal_length,sepal_width\n${text}\n`);
  expect(await model.predictFile(file, at('out.csv'))).toEqual({ rows: 200_000, skipped: 0 });
  const body = lines('out.csv').slice(1);
  const data = { petal_length: [], sepal_length: [], sepal_width: [] };
  for (let i = 0; i < 200_000; i++) {
    data.petal_length.push((i % 40) / 10);
    data.sepal_length.push(i % 3);
    data.sepal_width.push((i % 7) + 0.5);
  }
  const { petal_width } = model.predictColumns(data);
  expect(body.map((line) => Number(line.split(',')[4]))).toEqual(Array.from(petal_width.value));
}, 30_000);

test('keep copies columns as they stand, in the signs of the input', async () => {
  const text =
    'id;note;sepal_length;sepal_width;petal_length;species\n007;" a;b ";5;3;1;x\n008;NA;5,1;3;1;\n';
  const file = write('in.csv', text.replace('5,1', '5.1'));
  await model.predictFile(file, at('all.csv'), { keep: true });
  const [header, first, second] = lines('all.csv').map((line) => line.split(';species')[0]);
  expect(header).toBe('id;note;sepal_length;sepal_width;petal_length');
  expect(first.startsWith('007;" a;b ";5;3;1;setosa;0.')).toBe(true);
  expect(second.startsWith('008;NA;5.1;3;1;setosa;0.')).toBe(true);
  await model.predictFile(file, at('some.csv'), { keep: ['note', 'id'] });
  expect(lines('some.csv')[0]).toBe(`note;id;${ANSWERS.replaceAll(',', ';')}`);
  expect(lines('some.csv')[1].startsWith('" a;b ";007;setosa;')).toBe(true);
});

test('the output may be the input, and gzip goes in and out', async () => {
  const file = write('same.csv', fs.readFileSync(CSV));
  await model.predictFile(file, file, { keep: ['sepal_width'] });
  expect(lines('same.csv')).toHaveLength(151);
  const packed = write('in.csv.gz', zlib.gzipSync(fs.readFileSync(CSV)));
  await model.predictFile(packed, at('out.csv.gz'), { keep: ['sepal_width'] });
  const text = zlib.gunzipSync(fs.readFileSync(at('out.csv.gz'))).toString();
  expect(text).toBe(fs.readFileSync(file, 'utf8'));
});

test('an input without a header goes by position, or by csv.columns', async () => {
  const bare = write('bare.csv', '5.1,3.5,1.4\n5.9,3.0,5.1\n');
  await model.predictFile(bare, at('out.csv'));
  expect(lines('out.csv').slice(1)).toEqual(
    cells(
      model.predict([
        [5.1, 3.5, 1.4],
        [5.9, 3, 5.1],
      ]),
    ),
  );
  const columns = ['petal_length', 'x', 'sepal_length', 'sepal_width'];
  const other = write('other.csv', '1.4,9,5.1,3.5\n5.1,9,5.9,3.0\n');
  await model.predictFile(other, at('named.csv'), { csv: { columns } });
  expect(lines('named.csv')).toEqual(lines('out.csv'));
  await expect(model.predictFile(other, at('no.csv'))).rejects.toMatchObject({
    code: 'ERR_CSV',
    file: other,
    line: 1,
    message: expect.stringContaining('4 columns without a header, expected the 3 features'),
  });
});

test('rows that cannot be read are left out and counted where that is asked for', async () => {
  const file = write('bad.csv', 'sepal_length,sepal_width,petal_length\n5,3,1\n5,3\n5,3,2\n');
  const done = await model.predictFile(file, at('out.csv'), { csv: { onError: 'skip' } });
  expect(done).toEqual({ rows: 2, skipped: 1 });
  expect(lines('out.csv')).toHaveLength(3);
  const empty = write('empty.csv', 'sepal_length,sepal_width,petal_length\n');
  expect(await model.predictFile(empty, at('none.csv'))).toEqual({ rows: 0, skipped: 0 });
  expect(lines('none.csv')).toEqual([ANSWERS]);
});

test('names that would stand twice are made to differ among the answers', async () => {
  const data = Array.from({ length: 40 }, (_, i) => ({
    x: i % 8,
    a: ['b', 'c'][i % 2],
    a_p_b: i % 5,
  }));
  const targets = { a: 'classification', a_p_b: 'regression' };
  const odd = trainSync(data, { targets, epochs: 1 });
  await odd.predictFile(write('x.csv', 'x\n1\n2\n'), at('out.csv'), { keep: true });
  expect(lines('out.csv')[0]).toBe('x,a,a_p_b_,a_p_c,a_p_b');
});

test('errors name file, line, column and option, and leave nothing behind', async () => {
  const header = 'sepal_length,sepal_width,petal_length';
  const text = write('text.csv', `${header}\n${'5,3,1\n'.repeat(50)}5,x,1\n`);
  const ragged = write('ragged.csv', `${header}\n${'5,3,1\n'.repeat(50)}5,1\n`);
  const misspelt = write('misspelt.csv', 'sepal_lenght,sepal_width,petal_length\n5,3,1\n');
  const broken = write('broken.csv.gz', 'no gzip');
  const before = fs.readdirSync(folder);
  const none = at('none.csv');
  for (const [input, output, options, expected] of [
    [text, none, {}, { code: 'ERR_SCHEMA', file: text, line: 52, column: 'sepal_width' }],
    [ragged, none, {}, { code: 'ERR_CSV', file: ragged, line: 52 }],
    [misspelt, none, {}, { code: 'ERR_SCHEMA', file: misspelt, column: 'sepal_length' }],
    [broken, none, {}, { code: 'ERR_CSV', file: broken }],
    [at('no.csv'), none, {}, { code: 'ERR_CSV', file: at('no.csv') }],
    [CSV, at('no/out.csv'), {}, { code: 'ERR_CSV', file: at('no/out.csv') }],
    [CSV, folder, {}, { code: 'ERR_CSV', file: folder }],
    [CSV, none, { keep: ['sepal_widht'] }, { code: 'ERR_OPTIONS', option: 'keep' }],
    [CSV, none, { keep: ['species'] }, { code: 'ERR_OPTIONS', option: 'keep' }],
    [CSV, none, { keep: 1 }, { code: 'ERR_OPTIONS', option: 'keep' }],
    [CSV, none, { keeep: true }, { code: 'ERR_OPTIONS', option: 'keeep' }],
    [CSV, none, { csv: { quotes: false } }, { code: 'ERR_OPTIONS', option: 'csv.quotes' }],
    [CSV, none, { signal: 3 }, { code: 'ERR_OPTIONS', option: 'signal' }],
    [CSV, none, 7, { code: 'ERR_OPTIONS' }],
    [CSV, undefined, {}, { code: 'ERR_OPTIONS' }],
  ]) {
    const error = await model.predictFile(input, output, options).catch((error) => error);
    expect(error).toBeInstanceOf(PolytaskError);
    expect(error).toMatchObject(expected);
    expect(fs.readdirSync(folder)).toEqual(before);
  }
  const near = await model.predictFile(misspelt, none).catch((error) => error.message);
  expect(near).toMatch('is it "sepal_lenght"?');
});

const LONG = 'sepal_length,sepal_width,petal_length\n';

test('a signal ends it, before and while it runs', async () => {
  const file = write('long.csv', LONG + '5,3,1\n'.repeat(2_000_000));
  const reason = { mine: true };
  const early = { signal: AbortSignal.abort(reason) };
  await expect(model.predictFile(file, at('out.csv'), early)).rejects.toBe(reason);
  const controller = new AbortController();
  const { signal } = controller;
  const running = model.predictFile(file, at('out.csv'), { signal });
  setTimeout(() => controller.abort(reason), 50);
  await expect(running).rejects.toBe(reason);
  expect(fs.readdirSync(folder)).toEqual(['long.csv']);
  const done = await model.predictFile(CSV, at('out.csv'), {
    signal: new AbortController().signal,
  });
  expect(done.rows).toBe(150);
}, 30_000);

test('the process may exit while it runs, and nothing is left behind', async () => {
  const file = write('long.csv', LONG + '5,3,1\n'.repeat(1_000_000));
  const code = `
    const { trainSync } = require('polytask');
    const [csv, input, output] = process.argv.slice(1);
    const model = trainSync(csv, { targets: ['species', 'petal_width'], epochs: 1 });
    model.predictFile(input, output);
    setTimeout(() => process.exit(5), 50);`;
  const ended = await run(code, { args: [CSV, file, at('out.csv')] });
  expect(ended).toEqual({ status: 5, signal: null, stdout: '', stderr: '' });
  expect(fs.readdirSync(folder)).toEqual(['long.csv']);
}, 30_000);
