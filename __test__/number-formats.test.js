// Numbers as people write them: a decimal comma that is found, thousands, currencies and percent
// signs that are read where an option says so, all kept with the model; and what is refused.
'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { load, trainSync } = require('..');
const { run } = require('./child');

let folder;
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'polytask-numbers-'));
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

const at = (name) => path.join(folder, name);
const range = (count, item) => Array.from({ length: count }, (_, i) => item(i));
const once = { epochs: 1, threads: 1, model: { hidden: [4] } };

/** A file of these cells, row by row. */
function file(name, header, cells, delimiter = ';') {
  const lines = range(200, (i) => cells(i).join(delimiter));
  fs.writeFileSync(at(name), `${[header.join(delimiter), ...lines].join('\n')}\n`);
  return at(name);
}

/** What the work fails with. */
function failure(work) {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('it did not fail');
}

const comma = (number) => String(number).replace('.', ',');
const value = (model, row) => model.predict([row])[0].y.value;

describe('a decimal comma', () => {
  const cells = (i) => [comma((i % 63) / 4), i % 7, comma((i % 57) + 0.25)];
  const numbers = (i) => ({ a: (i % 63) / 4, b: i % 7, y: (i % 57) + 0.25 });
  let csv;
  let model;
  beforeAll(() => {
    csv = file('comma.csv', ['a', 'b', 'y'], cells);
    model = trainSync(csv, { ...once, epochs: 3 });
  });

  test('is found, said, and gives the model that numbers give', () => {
    expect(model.features.map(({ type }) => type)).toEqual(['numeric', 'numeric']);
    expect(model.tasks[0].type).toBe('regression');
    expect(model.summary()).toMatch(
      /^numbers +decimal sign ',', as in "0,25" \(line 2, column "y"\)$/m,
    );
    const plain = trainSync(range(200, numbers), { ...once, epochs: 3, targets: 'y' });
    const row = { a: 2.25, b: 3 };
    expect(value(model, row)).toBe(value(plain, row));
    const said = trainSync(csv, { ...once, epochs: 3, csv: { decimal: ',' } });
    expect(value(said, row)).toBe(value(plain, row));
    const texts = range(200, (i) => {
      const [a, b, y] = cells(i);
      return { a, b, y };
    });
    const rows = trainSync(texts, { ...once, epochs: 3, targets: 'y' });
    expect(rows.summary()).toMatch(
      /^numbers +decimal sign ',', as in "0,25" \(rows\[0\], column "y"\)$/m,
    );
    expect(value(rows, row)).toBe(value(plain, row));
  });

  test('goes with the model to rows and files', async () => {
    await model.save(at('comma.safetensors'));
    const loaded = await load(at('comma.safetensors'));
    expect(loaded.summary()).toBe(model.summary());
    for (const one of [model, loaded]) {
      expect(value(one, { a: '2,25', b: '3' })).toBe(value(model, { a: 2.25, b: 3 }));
      const error = failure(() => one.predict([{ a: '2.25', b: 3 }]));
      expect(error).toMatchObject({ code: 'ERR_ROWS', row: 0, column: 'a' });
      expect(error.message).toMatch(/expected a number, found "2\.25"/);
    }
    const again = await loaded.evaluate(csv);
    const rows = range(200, numbers);
    expect(again.y.rmse).toBe((await model.evaluate(rows)).y.rmse);
    await loaded.predictFile(csv, at('out.csv'));
    const answers = fs.readFileSync(at('out.csv'), 'utf8').trim().split('\n').slice(1);
    const answered = answers.map((line) => Number(line.replace(',', '.')));
    expect(answered).toEqual(model.predict(rows).map(({ y }) => y.value));
  });

  test('is not guessed from one column against another', () => {
    const mixed = file('mixed.csv', ['a', 'b', 'y'], (i) => [
      `${i},5`,
      `${i}.25`,
      i % 2 ? 'p' : 'q',
    ]);
    const error = failure(() => trainSync(mixed, once));
    expect(error).toMatchObject({ code: 'ERR_SCHEMA', file: mixed, line: 2, column: 'a' });
    expect(error.message).toMatch(
      /"0,5" has the decimal sign ',', and "0\.25" in column "b" has '\.'/,
    );
  });
});

describe('thousands', () => {
  test.each([
    [',', '.', (i) => `"${1 + (i % 90)},${String(100 + i)}.5"`, '12,345.5', 12345.5],
    ['.', ',', (i) => `${1 + (i % 90)}.${String(100 + i)},5`, '12.345,5', 12345.5],
    [' ', ',', (i) => `${1 + (i % 90)}\u00a0${String(100 + i)},5`, '12\u202f345,5', 12345.5],
    ["'", '.', (i) => `${1 + (i % 90)}’${String(100 + i)}.5`, "12'345.5", 12345.5],
  ])(
    'apart by %p are read where csv.thousands says so',
    (thousands, decimal, cell, text, number) => {
      const bare = file('bare.csv', ['x', 'y'], (i) => [cell(i), i % 2 ? 'p' : 'q']);
      const error = failure(() => trainSync(bare, once));
      expect(error).toMatchObject({ code: 'ERR_SCHEMA', column: 'x', file: bare });
      const shown = `thousands: '${thousands === "'" ? "\\'" : thousands}'`;
      expect(error.message).toContain(shown);
      const model = trainSync(bare, { ...once, csv: { thousands } });
      expect(model.features[0].type).toBe('numeric');
      expect(model.summary()).toMatch(
        new RegExp(`^numbers +decimal sign '\\${decimal}'.*between thousands$`, 'm'),
      );
      const answer = (x) => model.predict([{ x }])[0].y.probability;
      expect(answer(text)).toBe(answer(number));
      expect(answer(text.replace(/[^\d]345/, '345'))).toBe(answer(number));
      expect(failure(() => answer(text.replace('345', '45')))).toMatchObject({ code: 'ERR_ROWS' });
    },
  );

  test('cannot be apart by the decimal sign', () => {
    const rows = range(40, (i) => ({ x: i, y: i % 2 }));
    for (const csv of [
      { decimal: ',', thousands: ',' },
      { decimal: '.', thousands: '.' },
    ]) {
      const error = failure(() => trainSync(rows, { ...once, targets: 'y', csv }));
      expect(error).toMatchObject({ code: 'ERR_OPTIONS', option: 'csv.thousands' });
    }
    const error = failure(() =>
      trainSync(rows, { ...once, targets: 'y', csv: { thousands: '_' } }),
    );
    expect(error).toMatchObject({ code: 'ERR_OPTIONS', option: 'csv.thousands' });
  });

  test.each([';', ','])('or decimals, that is asked in a file of %p', (delimiter) => {
    const cell = (i) => `"${1 + (i % 90)},${String(i).padStart(3, '0')}"`;
    const csv = file('either.csv', ['x', 'y'], (i) => [cell(i), i % 2 ? 'p' : 'q'], delimiter);
    const error = failure(() => trainSync(csv, once));
    expect(error).toMatchObject({ code: 'ERR_SCHEMA', line: 2, column: 'x' });
    expect(error.message).toContain("set csv: { thousands: ',' } or csv: { decimal: ',' }");
    const mean = (options) => {
      const model = trainSync(csv, { ...once, targets: 'x', csv: options });
      expect(model.tasks[0].type).toBe('regression');
      return model.predict([{ y: 'p' }])[0].x.value;
    };
    expect(mean({ thousands: ',' })).toBeGreaterThan(1000);
    expect(mean({ decimal: ',' })).toBeLessThan(1000);
  });
});

describe('amounts and percentages', () => {
  const rows = range(200, (i) => ({
    price: `$${1 + (i % 40)},${String(100 + i)}.50`,
    share: `${(i % 97) + 0.5}%`,
    y: ((i * 7) % 31) / 2,
  }));
  const types = { price: 'currency', share: 'percent' };

  test('are numbers where they are declared, in rows and in files', async () => {
    const model = trainSync(rows, { ...once, targets: 'y', features: { types } });
    expect(model.features).toMatchObject([
      { name: 'price', type: 'numeric', format: 'currency', currency: 'USD' },
      { name: 'share', type: 'numeric', format: 'percent' },
    ]);
    expect(model.summary()).toMatch(
      /^feature +"price": numeric, amounts in USD; declared 'currency'/m,
    );
    await model.save(at('units.safetensors'));
    const loaded = await load(at('units.safetensors'));
    const answer = value(model, { price: 1234.5, share: 0.12 });
    for (const [price, share] of [
      ['$1,234.50', '12%'],
      ['1,234.5 USD', '12 %'],
      ['1234.50', '12.0%'],
      [1234.5, '%12'],
    ]) {
      expect(value(loaded, { price, share })).toBe(answer);
    }
    for (const [cell, words] of [
      [{ price: '€5' }, /expected an amount in USD, found "€5"/],
      [{ price: 'free' }, /expected an amount in USD, found "free"/],
      [{ share: '12' }, /expected a percentage \(12%, or the number 0\.12\), found "12"/],
    ]) {
      const row = { price: 1, share: 0.5, ...cell };
      const error = failure(() => model.predict([row]));
      expect(error).toMatchObject({ code: 'ERR_ROWS', row: 0, column: Object.keys(cell)[0] });
      expect(error.message).toMatch(words);
    }
    const csv = file('units.csv', ['price', 'share', 'y'], (i) => Object.values(rows[i]), ';');
    const byFile = trainSync(csv, { ...once, targets: 'y', features: { types } });
    expect(value(byFile, { price: 1234.5, share: 0.12 })).toBe(answer);
    expect((await loaded.evaluate(csv)).y).toEqual((await loaded.evaluate(rows)).y);
  });

  test('are labels where targets say so, and percentages are answered as shares', async () => {
    const targets = {
      price: { type: 'regression', format: 'currency' },
      share: { format: 'percent' },
    };
    const model = trainSync(rows, { ...once, targets });
    expect(model.tasks).toMatchObject([
      { name: 'price', type: 'regression', format: 'currency', currency: 'USD' },
      { name: 'share', type: 'regression', format: 'percent' },
    ]);
    expect(model.summary()).toMatch(/^task +"share": regression, percentages as shares; /m);
    const [{ price, share }] = model.predict([{ y: 3 }]);
    expect(price.value).toBeGreaterThan(1000);
    expect(share.value).toBeGreaterThan(0);
    expect(share.value).toBeLessThan(1);
    const plain = rows.map(({ price, share, y }) => ({
      price: Number(price.replace(/[$,]/g, '')),
      share: Number(share.replace('%', 'e-2')),
      y,
    }));
    const [a, b] = [await model.evaluate(rows), await model.evaluate(plain)];
    expect(a).toEqual(b);
    const error = failure(() =>
      trainSync(rows, {
        ...once,
        targets: { price: { type: 'classification', format: 'currency' } },
      }),
    );
    expect(error).toMatchObject({ code: 'ERR_OPTIONS', option: 'targets.price.format' });
  });

  test('of two currencies are refused', () => {
    const two = rows.map((row, i) => (i === 5 ? { ...row, price: '7 €' } : row));
    const error = failure(() => trainSync(two, { ...once, targets: 'y', features: { types } }));
    expect(error).toMatchObject({ code: 'ERR_SCHEMA', row: 5, column: 'price' });
    expect(error.message).toMatch(/"7 €" is in another currency than "\$1,100\.50" \(rows\[0\]\)/);
  });

  test('that nobody declared are refused with the option that reads them, as feature or target', () => {
    for (const [name, type] of Object.entries(types)) {
      const exclude = Object.keys(types).filter((other) => other !== name);
      const error = failure(() =>
        trainSync(rows, { ...once, targets: 'y', features: { exclude } }),
      );
      expect(error).toMatchObject({ code: 'ERR_SCHEMA', row: 0, column: name });
      expect(error.message).toContain(`features: { types: { ${name}: '${type}' } }`);
      const labels = failure(() => trainSync(rows, { ...once, targets: name }));
      expect(labels).toMatchObject({ code: 'ERR_SCHEMA', row: 0, column: name, task: name });
      expect(labels.message).toContain(
        `targets: { ${name}: { type: 'regression', format: '${type}' } }`,
      );
    }
  });
});

test('an ONNX file takes the number that the text stands for', async () => {
  const rows = range(60, (i) => ({ share: `${i % 50}%`, y: (i % 31) / 2 }));
  const features = { types: { share: 'percent' } };
  const model = trainSync(rows, { ...once, targets: 'y', features });
  await model.exportOnnx(at('share.onnx'));
  // In a process of its own: onnxruntime's arrays are not of the realm that tests run in.
  const code = `
    const ort = require('onnxruntime-node');
    (async () => {
      const session = await ort.InferenceSession.create(process.argv[1], { logSeverityLevel: 3 });
      const share = new ort.Tensor('float64', Float64Array.of(0.12), [1, 1]);
      console.log((await session.run({ share })).y.data[0]);
    })();`;
  const { stdout } = await run(code, { args: [at('share.onnx')] });
  expect(Number(stdout)).toBeCloseTo(value(model, { share: '12%' }), 5);
});

describe('what stands among numbers', () => {
  const shares = [1, 5, 8, 15, 30, 60, 90];
  const rows = (share, odd) =>
    range(1000, (i) => ({
      x: (i * 37 + 11) % 100 < share ? odd : ((i * 13) % 997) + 0.5,
      y: i % 2 ? 'p' : 'q',
    }));

  test.each(shares)('is told in %i %% of the rows, as feature and as label', (share) => {
    const count = share * 10;
    for (const targets of ['y', 'x']) {
      const error = failure(() => trainSync(rows(share, 'unknown'), { ...once, targets }));
      expect(error).toMatchObject({ code: 'ERR_SCHEMA', column: 'x' });
      expect(error.message).toContain(`${1000 - count} of 1000 cells are numbers`);
      expect(error.message).toContain(
        `"unknown" (${count} cells, the first in rows[${error.row}])`,
      );
      expect(error.message).toContain("csv: { missing: ['unknown'] }");
    }
  });

  test.each(shares)('is a category beside few whole numbers in %i %% of the rows', (share) => {
    const graded = rows(share, 'N').map(({ x, y }, i) => ({ x: x === 'N' ? x : (i % 3) + 1, y }));
    expect(trainSync(graded, { ...once, targets: 'y' }).features[0].type).toBe('categorical');
  });
});

test('labels that are dates, sentences or identifiers are refused', () => {
  const refused = (cell, kind) => {
    const rows = range(200, (i) => ({ x: i % 37, label: cell(i) }));
    const targets = kind ? { label: kind } : 'label';
    return failure(() => trainSync(rows, { ...once, targets }));
  };
  const error = refused((i) => `id-${i % 150}`);
  expect(error).toMatchObject({ code: 'ERR_SCHEMA', column: 'label', task: 'label' });
  expect(error.message).toMatch(/look like identifiers or names: 150 different ones in 200 rows/);
  expect(refused((i) => `id-${i % 150}`, 'classification').message).toMatch(/put classes together/);
  expect(refused((i) => `2011-01-${10 + (i % 15)}`).message).toMatch(/the labels are dates/);
  expect(refused((i) => new Date(864e5 * i)).message).toMatch(/the labels are dates/);
  expect(refused((i) => `it broke in the week ${i % 30}`).message).toMatch(/look like free text/);
});

test('points that may stand between thousands are asked about, and read as the option says', () => {
  const german = (i) => String(i < 1000 ? i : `${Math.floor(i / 1000)}.${String(i).slice(-3)}`);
  const size = (i) => ((i * 7) % 11) * 250 + 100;
  const sizes = file('german.csv', ['size', 'y'], (i) => [german(size(i)), german(10 * size(i))]);
  const train = (csv) => trainSync(sizes, { ...once, targets: 'y', csv });
  expect(failure(() => train({}))).toMatchObject({ code: 'ERR_SCHEMA', column: 'size', line: 3 });
  expect(failure(() => train({})).message).toContain(
    "set csv: { thousands: '.', decimal: ',' } or csv: { decimal: '.' }",
  );
  const thousands = train({ thousands: '.', decimal: ',' });
  expect(value(thousands, { size: '1.100' })).toBe(value(thousands, { size: 1100 }));
  const decimal = train({ decimal: '.' });
  expect(value(decimal, { size: '1.100' })).toBe(value(decimal, { size: 1.1 }));
});

test('a file with other marks than those of training is told the option that reads it', () => {
  const trained = file('plain.csv', ['x', 'y'], (i) => [i + 0.5, i]);
  const model = trainSync(trained, { ...once, targets: 'y' });
  const asked = file('apart.csv', ['x', 'z'], (i) => [`2,00${i % 10}.25`, i]);
  expect(failure(() => model.predict([{ x: '2,000.25' }])).message).toMatch(
    /expected a number, found "2,000\.25", and texts of rows have the decimal sign '\.'/,
  );
  return expect(model.predictFile(asked, at('out.csv'))).rejects.toThrow(
    'expected a number, found "2,000.25"; set csv: { thousands: \',\' } to read it',
  );
});
