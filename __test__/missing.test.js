// What is missing, and how numbers are written, is part of a model: every way to ask it reads as its
// training did. The tokens by default, those that are added, and those alone.
'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { Model, crossValidate, load, train, trainSync, tune } = require('..');
const { mulberry32 } = require('../benches/random');

let folder;
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'missing-'));
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

const at = (name) => path.join(folder, name);
const write = (name, text, encoding) => {
  fs.writeFileSync(at(name), text, encoding);
  return at(name);
};
const range = (count, make) => Array.from({ length: count }, (_, i) => make(i));
const quick = { epochs: 1, seed: 1, model: { preset: 'fast', hidden: [4] } };
const learns = {
  ...{ epochs: 120, seed: 1, batchSize: 16, learningRate: 0.01, earlyStopping: false },
  model: { preset: 'fast', hidden: [32], dropout: 0 },
};

/** Rows of two numbers and a town, gaps being null; the label of a gap in `a` is about 50. */
function table(count, seed) {
  const random = mulberry32(seed);
  return range(count, (i) => {
    const a = i % 7 === 3 ? null : Math.round(random() * 100) / 10;
    const b = Math.round(random() * 100) / 10;
    const town = i % 9 === 4 ? null : ['Oslo', 'Bern', 'Graz'][i % 3];
    const price = Math.round(((a === null ? 50 : 2 * a) + b + (town === 'Oslo' ? 5 : 0)) * 10) / 10;
    return { a, b, town, price };
  });
}

/** The same as a file, a gap written so. */
function csv(rows, gap, { delimiter = ',', decimal = '.' } = {}) {
  const text = (cell) =>
    typeof cell === 'number' ? String(cell).replace('.', decimal) : (cell ?? gap);
  const line = (cells) => cells.map(text).join(delimiter);
  return [Object.keys(rows[0]).join(delimiter), ...rows.map((row) => line(Object.values(row)))]
    .concat('')
    .join('\n');
}

const features = ({ a, b, town }) => ({ a, b, town });

const failed = async (work) => {
  const error = await Promise.resolve()
    .then(work)
    .then(
      () => null,
      (error) => error,
    );
  return error && { code: error.code, option: error.option };
};

describe.each(['-999', 'unknown'])('a model trained with csv.missing %s', (token) => {
  const known = table(120, 1);
  const fresh = table(60, 2);
  const name = token.replace('-', 'minus');
  let model;
  let asked;
  let plain;
  beforeAll(async () => {
    const file = write(`${name}-train.csv`, csv(known, token));
    model = await train(file, { ...learns, csv: { missing: [token] } });
    asked = write(`${name}-asked.csv`, csv(fresh, token));
    plain = write(`${name}-plain.csv`, csv(fresh, ''));
  });

  const given = () => fresh.map((row) => replaced(features(row), token));
  const replaced = (row, by) =>
    Object.fromEntries(Object.entries(row).map(([key, cell]) => [key, cell ?? by]));

  test('fits the file that it was trained on, and other rows', async () => {
    const file = at(`${name}-train.csv`);
    expect((await model.evaluate(file)).price.r2).toBeGreaterThan(0.98);
    expect((await model.evaluate(asked)).price.r2).toBeGreaterThan(0.95);
    // Taken for a value it is none: a number far out, or no number.
    const otherwise = model.evaluate(file, { csv: { missing: { only: [] } } });
    if (token === '-999') expect((await otherwise).price.r2).toBeLessThan(-10);
    else await expect(otherwise).rejects.toMatchObject({ code: 'ERR_SCHEMA', column: 'a' });
  });

  test('answers it as it answers a missing cell, by every way', async () => {
    const expected = model.predict(fresh.map(features));
    expect(model.predict(given())).toEqual(expected);
    expect(model.predict(given().map((row) => Object.values(row)))).toEqual(expected);
    expect(await model.predictAsync(given())).toEqual(expected);
    const column = (key) => given().map((row) => row[key]);
    const columns = model.predictColumns({ a: column('a'), b: column('b'), town: column('town') });
    expect([...columns.price.value]).toEqual(expected.map(({ price }) => price.value));
  });

  test('reads it so in files', async () => {
    const outputs = [];
    for (const [nth, input] of [asked, plain].entries()) {
      await model.predictFile(input, at(`${name}-${nth}.out`));
      outputs.push(fs.readFileSync(at(`${name}-${nth}.out`), 'utf8'));
    }
    expect(outputs[0]).toBe(outputs[1]);
    expect(await model.evaluate(asked)).toEqual(await model.evaluate(plain));
    expect(await model.evaluate(asked)).toEqual(await model.evaluate(fresh));
    const rows = fresh.map((row) => replaced(row, token));
    expect(await model.evaluate(rows)).toEqual(await model.evaluate(fresh));
    expect(await model.importance(asked)).toEqual(await model.importance(plain));
    expect(await model.importance(rows)).toEqual(await model.importance(plain));
    const pages = [];
    for (const source of [asked, plain]) {
      await model.report(at('page.html'), { source });
      pages.push(fs.readFileSync(at('page.html'), 'utf8').replaceAll(path.basename(source), 'x'));
    }
    expect(pages[0]).toBe(pages[1]);
  });

  test('says so, and keeps it in its file', async () => {
    expect(model.options.csv.missing).toEqual(expect.arrayContaining(['NA', 'n/a', token]));
    expect(model.options.csv.decimal).toBe('.');
    expect(model.toJSON().missing).toMatchObject({ given: [token], numeric: ['-', '.'] });
    expect(model.summary()).toMatch(
      new RegExp(`^missing +empty cells; "${token}"; by default`, 'm'),
    );
    await model.save(at(`${name}.safetensors`));
    for (const again of [
      await load(at(`${name}.safetensors`)),
      Model.fromBuffer(model.toBuffer()),
    ]) {
      expect(again.toJSON()).toEqual(model.toJSON());
      expect(again.predict(given())).toEqual(model.predict(fresh.map(features)));
      expect(await again.evaluate(asked)).toEqual(await model.evaluate(asked));
    }
  });

  test('takes further tokens in a call', async () => {
    const gone = write(`${name}-gone.csv`, csv(fresh, 'gone'));
    expect(await failed(() => model.evaluate(gone))).toMatchObject({ code: 'ERR_SCHEMA' });
    const expected = await model.evaluate(plain);
    for (const missing of [['gone'], { only: ['gone'] }]) {
      expect(await model.evaluate(gone, { csv: { missing } })).toEqual(expected);
    }
    const both = write(`${name}-both.csv`, csv(fresh, 'gone').replace(/\ngone,/, `\n${token},`));
    expect(await model.evaluate(both, { csv: { missing: ['gone'] } })).toEqual(expected);
    await model.predictFile(plain, at('plain.out'));
    await model.predictFile(both, at('both.out'), { csv: { missing: ['gone'] } });
    expect(fs.readFileSync(at('both.out'), 'utf8')).toBe(fs.readFileSync(at('plain.out'), 'utf8'));
    const rows = fresh.map((row) => replaced(row, 'gone'));
    expect(await model.evaluate(rows, { csv: { missing: ['gone'] } })).toEqual(expected);
    const worth = await model.importance(rows, { csv: { missing: ['gone'] } });
    expect(worth).toEqual(await model.importance(plain));
  });
});

describe('a token that is a number', () => {
  const rows = table(80, 3).map(({ town, ...row }) => row);
  let model;
  beforeAll(() => {
    const labelled = rows.map((row, i) => ({ ...row, a: row.a ?? (i % 2 ? -999 : '-999.0') }));
    model = trainSync(labelled, { ...learns, csv: { missing: [-999, '1e20'] } });
  });

  test('is missing in rows to train on', () => {
    expect(model.features[0]).toMatchObject({ name: 'a', type: 'numeric', missing: true });
    expect(model.features[0].missingCells).toBe(rows.filter(({ a }) => a === null).length);
  });

  test('is missing however it is written, in rows and columns of any kind', async () => {
    const [expected] = model.predict([{ a: null, b: 4 }]);
    for (const a of [-999, '-999', '-999.0', '-9.99e2', 1e20, '100000000000000000000']) {
      expect([a, model.predict([{ a, b: 4 }])]).toEqual([a, [expected]]);
      expect(await model.predictAsync([[a, 4]])).toEqual([expected]);
      expect(model.predictColumns({ a: [a], b: [4] }).price.value[0]).toBe(expected.price.value);
    }
    for (const a of [-999, 1e20]) {
      for (const Kind of [Float64Array, Float32Array]) {
        const many = range(600, () => [a, 4]).flat();
        for (const cells of [[a, 4], many]) {
          const { value } = model.predictColumns(Kind.from(cells)).price;
          expect(new Set(value)).toEqual(new Set([expected.price.value]));
        }
        const columns = model.predictColumns({ a: Kind.of(a), b: Kind.of(4) });
        expect(columns.price.value[0]).toBe(expected.price.value);
      }
    }
    expect(model.predictColumns({ a: Int16Array.of(-999), b: [4] }).price.value[0]).toBe(
      expected.price.value,
    );
    const many = range(600, () => ({ a: -999, b: 4 }));
    expect(new Set(model.predict(many).map(({ price }) => price.value)).size).toBe(1);
    expect(model.predict(many)[0]).toEqual(expected);
    expect((await model.predictAsync(many))[599]).toEqual(expected);
    expect(model.predict([{ a: -998, b: 4 }])).not.toEqual([expected]);
    const file = write('numbers.csv', 'a,b\n-999,4\n-999.00,4\n-9.99e2,4\n,4\n1e20,4\n');
    await model.predictFile(file, at('numbers.out'));
    const values = fs.readFileSync(at('numbers.out'), 'utf8').trim().split('\n').slice(1);
    expect(new Set(values.map(Number))).toEqual(new Set([expected.price.value]));
  });
});

const DEFAULT = [
  ...['#N/A', '#N/A N/A', '#NA', '-1.#IND', '-1.#QNAN', '-NaN', '-nan', '1.#IND', '1.#QNAN'],
  ...['<NA>', 'N/A', 'NA', 'NULL', 'NaN', 'None', 'n/a', 'nan', 'null', '\\N', '?'],
];

describe('tokens by default', () => {
  // At 30 % of the rows, so that no share of odd cells decides.
  const rows = (token) =>
    range(40, (i) => ({
      number: i % 10 < 3 ? token : i * 1.5,
      colour: i % 10 < 3 ? token : ['red', 'blue'][i % 2],
      y: i % 10 === 9 ? token : (i * 7) % 11,
      kind: i % 10 === 9 ? token : ['p', 'q'][i % 2],
    }));
  const options = { ...quick, targets: { y: 'regression', kind: {} } };

  test.each(DEFAULT)('%s is missing in files and rows', (token) => {
    const file = write('default.csv', csv(rows(token), ''));
    for (const source of [file, rows(token)]) {
      const model = trainSync(source, options);
      const shown = model.features.map(({ type, missingCells }) => [type, missingCells]);
      expect(shown).toEqual([
        ['numeric', 12],
        ['categorical', 12],
      ]);
      expect(model.features[1].categories).toEqual(['blue', 'red']);
      expect(model.tasks.map(({ type }) => type)).toEqual(['regression', 'classification']);
      expect(model.tasks[1].classes).toEqual(['p', 'q']);
      // Counted where a text may have been meant, and said aloud from 1 % on.
      const told = (column, cells, share) =>
        `"${column}": "${token.replace('\\', '\\\\')}" ×${cells} read as missing, ${share} of the rows`;
      const lines = [told('y', 4, '10 %'), told('kind', 4, '10 %'), told('colour', 12, '30 %')];
      for (const line of lines) expect(model.summary()).toContain(`warning    ${line}`);
      expect(model.advice()).toEqual(lines.map((line) => expect.stringContaining(line)));
      expect(model.toJSON().data.taken[2]).toEqual({ column: 'colour', tokens: [[token, 12]] });
    }
  });

  test.each(['-', '.'])('%s is missing among numbers and dates, and a text elsewhere', (token) => {
    const some = rows(token).map((row, i) => ({
      ...row,
      day: i % 10 < 3 ? token : `2020-01-${10 + (i % 19)}`,
    }));
    const file = write('dash.csv', csv(some, ''));
    for (const source of [file, some]) {
      const model = trainSync(source, options);
      expect(model.features.map(({ type }) => type)).toEqual(['numeric', 'categorical', 'date']);
      expect(model.features.map(({ missingCells }) => missingCells)).toEqual([12, 0, 12]);
      expect(model.features[1].categories).toEqual([token, 'blue', 'red']);
      expect(model.tasks[1].classes).toEqual([token, 'p', 'q']);
      const row = { number: 1, colour: 'red', day: '2020-01-11' };
      const answer = (change) => model.predict([{ ...row, ...change }]);
      expect(answer({ number: token })).toEqual(answer({ number: null }));
      expect(answer({ day: token })).toEqual(answer({ day: null }));
      expect(answer({ colour: token })).not.toEqual(answer({ colour: null }));
      expect(model.summary()).toMatch(/^missing .*; among numbers and dates "-" "\."$/m);
    }
  });

  test('few of them are counted and not warned of; those that were named are not counted', () => {
    const some = range(200, (i) => ({ x: i, colour: i === 7 ? 'NA' : `c${i % 3}`, y: i % 5 }));
    const model = trainSync(some, quick);
    expect(model.summary()).toMatch(/^taken +"colour": "NA" ×1 read as missing, 0\.5 % of/m);
    expect(model.advice().filter((told) => told.includes('read as missing'))).toEqual([]);
    for (const missing of [['NA'], { only: ['NA'] }]) {
      const named = trainSync(some, { ...quick, csv: { missing } });
      expect(named.summary()).not.toMatch(/^taken/m);
      expect(named.features[1].missingCells).toBe(1);
      expect(named.toJSON().data.taken).toBeUndefined();
    }
  });
});

describe('csv.missing', () => {
  const rows = range(60, (i) => ({
    x: i % 6 === 1 ? 'unknown' : i % 6 === 2 ? 'NA' : i % 6 === 3 ? '-' : i / 2,
    town: i % 6 === 1 ? 'unknown' : i % 6 === 2 ? 'NA' : ['Oslo', 'Bern'][i % 2],
    y: i % 6 === 1 ? 'NA' : ['p', 'q'][i % 2],
  }));
  const sources = () => [rows, write('kinds.csv', csv(rows, ''))];
  const types = { x: 'categorical' };

  test('adds to the default tokens', () => {
    for (const source of sources()) {
      const model = trainSync(source, { ...quick, csv: { missing: ['unknown'] } });
      const [x, town] = model.features;
      expect([x.type, x.missingCells]).toEqual(['numeric', 30]);
      expect(town.categories).toEqual(['Bern', 'Oslo']);
      expect(model.tasks[0].classes).toEqual(['p', 'q']);
    }
  });

  test('with only replaces them', () => {
    for (const source of sources()) {
      const csv = { missing: { only: ['unknown'] } };
      const model = trainSync(source, { ...quick, features: { types }, csv });
      const [x, town] = model.features;
      expect([x.missingCells, x.categories.slice(0, 1)]).toEqual([10, ['-']]);
      expect(town.categories).toEqual(['Bern', 'NA', 'Oslo']);
      expect(model.tasks[0].classes).toEqual(['NA', 'p', 'q']);
      expect(model.options.csv.missing).toEqual({ only: ['unknown'] });
    }
  });

  test('with only [] has empty cells missing and no others', () => {
    for (const source of sources()) {
      const csv = { missing: { only: [] } };
      const model = trainSync(source, { ...quick, features: { types }, csv });
      const [x, town] = model.features;
      expect([x.missingCells, town.missingCells]).toEqual([0, 0]);
      expect(town.categories).toEqual(['Bern', 'NA', 'Oslo', 'unknown']);
      expect(model.tasks[0]).toMatchObject({ classes: ['NA', 'p', 'q'] });
      // Every label is there: a third is no less.
      expect(model.toJSON().data.labels[0]).toBe(model.toJSON().data.trainRows);
    }
  });

  test('is read with the options that a model shows', () => {
    for (const missing of [undefined, ['unknown'], { only: ['unknown'] }, { only: [] }]) {
      const model = trainSync(rows, { ...quick, features: { types }, csv: { missing } });
      const again = trainSync(rows, { ...quick, features: { types }, csv: model.options.csv });
      expect(again.toJSON().missing).toEqual(model.toJSON().missing);
      expect(again.options.csv).toEqual(model.options.csv);
    }
  });

  test.each([
    [[], 'csv.missing'],
    ['NA', 'csv.missing'],
    [[null], 'csv.missing'],
    [{ only: 'NA' }, 'csv.missing.only'],
    [{ just: [] }, 'csv.missing.just'],
  ])('is no %j', async (missing, option) => {
    const code = 'ERR_OPTIONS';
    expect(await failed(() => train(rows, { ...quick, csv: { missing } }))).toEqual({
      code,
      option,
    });
    const model = trainSync(rows, { ...quick, features: { types } });
    for (const ask of ['evaluate', 'importance']) {
      expect(await failed(() => model[ask](rows, { csv: { missing } }))).toEqual({ code, option });
    }
  });
});

/** The file of a model as an earlier version would have written it, which had one list of tokens. */
function earlier(model) {
  const bytes = model.toBuffer();
  const length = Number(bytes.readBigUInt64LE());
  const header = JSON.parse(bytes.subarray(8, 8 + length).toString());
  const about = JSON.parse(header.__metadata__.polytask);
  delete about.encoder.missing;
  delete about.options.csv;
  header.__metadata__.polytask = JSON.stringify(about);
  let text = JSON.stringify(header);
  text += ' '.repeat(-Buffer.byteLength(text) & 7);
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(Buffer.byteLength(text)));
  return Buffer.concat([size, Buffer.from(text), bytes.subarray(8 + length)]);
}

describe('a category or a class that is called as a token', () => {
  const REGIONS = ['NA', 'EU', 'null', '?', 'n/a'];
  const rows = range(100, (i) => ({
    region: REGIONS[i % 5],
    x: i % 7,
    price: (i % 5) * 10 + (i % 7),
    kind: ['NA', 'EU', 'None'][i % 3],
  }));
  const csvOptions = { missing: { only: [] } };
  let model;
  beforeAll(() => {
    const file = write('regions.csv', csv(rows, ''));
    const targets = { price: 'regression', kind: {} };
    model = trainSync(file, { ...learns, targets, csv: csvOptions });
  });

  test.each([false, true])('is that category by every way; in an earlier file: %s', async (was) => {
    const asked = was ? Model.fromBuffer(earlier(model)) : model;
    const inputs = rows.slice(0, 10).map(({ region, x }) => ({ region, x }));
    const answers = asked.predict(inputs);
    const far = answers.map(({ price }, i) => Math.abs(price.value - rows[i].price));
    expect(Math.max(...far)).toBeLessThan(6);
    expect(asked.predict(inputs.map(Object.values))).toEqual(answers);
    expect(await asked.predictAsync(inputs)).toEqual(answers);
    const column = (name) => inputs.map((row) => row[name]);
    const columns = asked.predictColumns({ region: column('region'), x: column('x') });
    expect([...columns.price.value]).toEqual(answers.map(({ price }) => price.value));
    const file = write('regions-asked.csv', csv(inputs, ''));
    await asked.predictFile(file, at('regions.out'));
    const values = fs.readFileSync(at('regions.out'), 'utf8').trim().split('\n').slice(1);
    expect(values.map((line) => Number(line.split(',')[0]))).toEqual(
      answers.map(({ price }) => price.value),
    );
    const scores = await asked.evaluate(at('regions.csv'));
    expect([scores.price.n, scores.kind.n]).toEqual([100, 100]);
    expect(scores.price.r2).toBeGreaterThan(0.95);
    expect(await asked.evaluate(rows)).toEqual(scores);
    // Whatever the call takes for missing.
    const missing = { only: ['NA', 'EU', 'None'] };
    expect(await asked.evaluate(rows, { csv: { missing } })).toEqual(scores);
    expect(await asked.evaluate(at('regions.csv'), { csv: { missing } })).toEqual(scores);
  });

  test('in an earlier file other tokens are those of then', () => {
    const before = Model.fromBuffer(earlier(model));
    const then = ['NA', 'N/A', 'NaN', 'nan', 'null', 'NULL', '?'];
    expect(before.toJSON().missing).toEqual({ default: then, given: [], numeric: [] });
    expect(before.options.csv).toEqual({ missing: { only: then }, decimal: '.' });
    const answer = (x) => before.predict([{ region: 'EU', x }]);
    for (const x of ['NULL', '?', ' nan ']) expect(answer(x)).toEqual(answer(null));
    for (const x of ['None', '-', '.', '<NA>'])
      expect(() => answer(x)).toThrow(/expected a number/);
    expect(before.toBuffer().equals(Model.fromBuffer(before.toBuffer()).toBuffer())).toBe(true);
  });

  test('is a class where it is listed or weighed, with the tokens by default', async () => {
    const some = rows.map(({ x, kind }) => ({ x, kind }));
    for (const source of [some, write('listed.csv', csv(some, ''))]) {
      for (const kind of [
        { classes: ['EU', 'NA', 'None'] },
        { classWeights: { NA: 2, None: 1 } },
      ]) {
        const model = trainSync(source, { ...quick, targets: { kind } });
        expect([...model.tasks[0].classes].sort()).toEqual(['EU', 'NA', 'None']);
        expect((await model.evaluate(source)).kind.n).toBe(100);
        expect((await model.evaluate(some)).kind.n).toBe(100);
        expect(model.summary()).not.toContain('read as missing');
      }
    }
  });

  test('has all its labels in rows that come one by one', async () => {
    const some = function* () {
      yield* rows.map(({ x, kind }) => ({ x, kind }));
    };
    const model = await train(some(), { ...quick, csv: csvOptions });
    expect(model.tasks[0].classes).toEqual(['EU', 'NA', 'None']);
  });

  test('counts in folds, in a file of validation rows and in a search', async () => {
    const some = rows.map(({ x, region, kind }) => ({ x, region, kind }));
    const { folds } = await crossValidate(some, { ...quick, csv: csvOptions }, 2);
    expect(folds.map(({ kind }) => kind.n)).toEqual([50, 50]);
    const validation = write('held.csv', csv(some, ''));
    const { history, features } = await train(some, { ...quick, validation, csv: csvOptions });
    expect(history[0].validation.tasks.kind.n).toBe(100);
    expect(features[1].categories).toHaveLength(5);
    const options = { ...quick, csv: csvOptions, trials: 1, space: { learningRate: [0.01] } };
    expect((await tune(some, options)).model.tasks[0].classes).toEqual(['EU', 'NA', 'None']);
  });
});

describe('an option of files', () => {
  const rows = table(40, 5);
  const FILES = {
    delimiter: ';',
    quote: false,
    header: true,
    columns: ['a', 'b', 'town', 'price'],
    encoding: 'utf8',
    comment: '#',
    onError: 'skip',
    skipLines: 1,
  };
  let model;
  beforeAll(() => {
    model = trainSync(rows, quick);
  });

  test.each(Object.entries(FILES))('%s is refused where rows are given', async (name, value) => {
    const csv = { [name]: value };
    const iterable = () => rows.values();
    const refused = { code: 'ERR_OPTIONS', option: `csv.${name}` };
    for (const work of [
      () => train(rows, { ...quick, csv }),
      () => train(iterable(), { ...quick, csv }),
      () => trainSync(rows, { ...quick, csv }),
      () => crossValidate(rows, { ...quick, csv }, 2),
      () => tune(rows, { ...quick, csv, trials: 1 }),
      () => tune(iterable(), { ...quick, csv, trials: 1 }),
      () => model.evaluate(rows, { csv }),
      () => model.evaluate(iterable(), { csv }),
      () => model.importance(rows, { csv }),
      () => model.report(at('none.html'), { source: rows, csv }),
    ]) {
      expect(await failed(work)).toEqual(refused);
    }
    expect(fs.existsSync(at('none.html'))).toBe(false);
  });

  test('is taken where a file of validation rows may be meant', async () => {
    const validation = write('validation.csv', csv(rows, '', { delimiter: ';' }));
    const csvOptions = { delimiter: ';' };
    const trained = await train(rows, { ...quick, validation, csv: csvOptions });
    expect(trained.toJSON().data.validationRows).toBe(40);
  });

  test('is refused where there is no source at all', async () => {
    const work = () => model.report(at('none.html'), { csv: { missing: ['x'] } });
    expect(await failed(work)).toEqual({ code: 'ERR_OPTIONS', option: 'csv' });
  });
});

describe('how files were written that a model learnt from', () => {
  const known = table(80, 7);
  const fresh = table(30, 8);

  test('the decimal sign is the model’s, unless a call says otherwise', async () => {
    const german = { delimiter: ';', decimal: ',' };
    const file = write('german.csv', csv(known, '', german));
    const model = trainSync(file, { ...learns, csv: { decimal: ',' } });
    expect(model.options.csv.decimal).toBe(',');
    const comma = write('comma.csv', csv(fresh, '', german));
    const point = write('point.csv', csv(fresh, ''));
    const tabs = write('tabs.csv', csv(fresh, '', { delimiter: '\t', decimal: ',' }));
    const expected = await model.evaluate(fresh);
    expect(expected.price.r2).toBeGreaterThan(0.9);
    expect(await model.evaluate(comma)).toEqual(expected);
    expect(await model.evaluate(tabs)).toEqual(expected);
    const other = { csv: { decimal: '.' } };
    expect(await failed(() => model.evaluate(point))).toMatchObject({ code: 'ERR_SCHEMA' });
    expect(await model.evaluate(point, other)).toEqual(expected);
    expect(await model.importance(point, other)).toEqual(await model.importance(comma));
    // In texts of rows too.
    const texts = (decimal) =>
      fresh.map((row) => ({ ...row, a: row.a && String(row.a).replace('.', decimal) }));
    expect(await model.evaluate(texts(','))).toEqual(expected);
    expect(await model.evaluate(texts('.'), other)).toEqual(expected);
    await model.report(at('german.html'), { source: comma });
    await model.predictFile(comma, at('comma.out'));
    await model.predictFile(point, at('point.out'), other);
    const [one, two] = ['comma.out', 'point.out'].map((name) => fs.readFileSync(at(name), 'utf8'));
    expect(one.split('\n')[1]).toMatch(/^\d+,\d+$/);
    expect(two).toBe(one.replaceAll(',', '.'));
  });

  test('categories that are numbers are found in a file with another decimal sign', async () => {
    const rows = range(60, (i) => ({ size: [1.5, 2.5, 3.5][i % 3], x: i % 5, y: (i % 3) * 10 }));
    const options = { ...learns, targets: { y: 'regression' } };
    const types = { size: 'categorical' };
    const model = trainSync(rows, { ...options, features: { types } });
    const expected = await model.evaluate(rows);
    const file = write('sizes.csv', csv(rows, '', { delimiter: ';', decimal: ',' }));
    expect(await model.evaluate(file, { csv: { decimal: ',' } })).toEqual(expected);
    expect(expected.y.r2).toBeGreaterThan(0.9);
  });

  test('the comment sign and the quote are the model’s', async () => {
    const noted = (rows) => csv(rows, '').replace('\n', '\n# a note, of two cells\n');
    const file = write('noted.csv', noted(known).replaceAll('Oslo', "'Oslo'"));
    const model = trainSync(file, { ...quick, csv: { comment: '#', quote: "'" } });
    expect(model.options.csv).toMatchObject({ comment: '#', quote: "'" });
    const asked = write('noted-asked.csv', noted(fresh).replaceAll('Oslo', "'Oslo'"));
    const expected = await model.evaluate(fresh);
    expect(await model.evaluate(asked)).toEqual(expected);
    expect(await model.predictFile(asked, at('noted.out'))).toEqual({ rows: 30, skipped: 0 });
    expect(await model.evaluate(write('bare.csv', csv(fresh, '')))).toEqual(expected);
    const otherwise = { csv: { comment: false } };
    expect(await failed(() => model.evaluate(asked, otherwise))).toMatchObject({ code: 'ERR_CSV' });
  });

  test('the delimiter is found anew, and is the model’s where a file does not tell', async () => {
    const file = write('colons.csv', csv(known, '', { delimiter: ':' }));
    const model = trainSync(file, { ...quick, csv: { delimiter: ':' } });
    const expected = await model.evaluate(fresh);
    for (const delimiter of [':', ';', ',', '\t', '|']) {
      const asked = write('delimited.csv', csv(fresh, '', { delimiter }));
      expect([delimiter, await model.evaluate(asked)]).toEqual([delimiter, expected]);
      await model.predictFile(asked, at('delimited.out'), { keep: ['b'] });
      const [header] = fs.readFileSync(at('delimited.out'), 'utf8').split('\n');
      expect(header).toBe(`b${delimiter}price`);
    }
    // One that a call names counts.
    const asked = write('delimited.csv', csv(fresh, '', { delimiter: '^' }));
    expect(await model.evaluate(asked, { csv: { delimiter: '^' } })).toEqual(expected);
  });

  test('the encoding is found anew, and is the model’s where the bytes are no UTF-8', async () => {
    const towns = (rows) =>
      rows.map(({ town, ...row }) => ({ ...row, town: town?.replace('Oslo', 'Tromsø') }));
    const latin = write('latin.csv', csv(towns(known), ''), 'latin1');
    const targets = { price: 'regression' };
    const model = trainSync(latin, { ...quick, targets, csv: { encoding: 'latin1' } });
    expect(model.features.at(-1).categories).toContain('Tromsø');
    const expected = await model.evaluate(towns(fresh));
    for (const [name, text, encoding] of [
      ['latin', csv(towns(fresh), ''), 'latin1'],
      ['utf8', csv(towns(fresh), ''), 'utf8'],
      ['marked', `\ufeff${csv(towns(fresh), '')}`, 'utf8'],
      ['utf16', `\ufeff${csv(towns(fresh), '')}`, 'utf16le'],
    ]) {
      const asked = write(`encoded-${name}.csv`, text, encoding);
      expect([name, await model.evaluate(asked)]).toEqual([name, expected]);
      await model.predictFile(asked, at('encoded.out'), { keep: ['town'] });
      expect(fs.readFileSync(at('encoded.out'), 'utf8')).toContain('Tromsø');
    }
    const wrong = { csv: { encoding: 'utf8' } };
    const asked = at('encoded-latin.csv');
    expect(await failed(() => model.evaluate(asked, wrong))).toMatchObject({ code: 'ERR_CSV' });
    // A model of other files says what is wrong, as ever.
    const plain = trainSync(write('plain.csv', csv(towns(known), '')), { ...quick, targets });
    expect(await failed(() => plain.evaluate(asked))).toMatchObject({ code: 'ERR_CSV' });
  });
});
