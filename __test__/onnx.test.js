// An exported ONNX file answers as `predict` does, through onnxruntime.
'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { trainSync } = require('..');
const { models } = require('../benches/onnx/models');
const { labelled } = require('../benches/onnx/table');
const { blocks } = require('../scripts/readme');
const { ROOT, run, runFile } = require('./child');

let folder;
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'onnx-'));
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

/** What a file answers to rows of cells by input, in a process of its own: tensors by output. */
async function ask(file, inputs) {
  const code = `
    const ort = require('onnxruntime-node');
    const [file, inputs] = [process.argv[1], JSON.parse(process.argv[2])];
    (async () => {
      const session = await ort.InferenceSession.create(file, { logSeverityLevel: 3 });
      const number = (cell) => (typeof cell === 'string' ? Number(cell) : cell ?? NaN);
      const feeds = session.inputMetadata.map(({ name, type }) => {
        const cells = inputs[name];
        const data = type === 'string' ? cells : Float64Array.from(cells, number);
        return [name, new ort.Tensor(type, data, [cells.length, 1])];
      });
      const outputs = Object.entries(await session.run(Object.fromEntries(feeds)));
      const shown = (x) => (typeof x === 'string' || Number.isFinite(x) ? x : String(x));
      const tensor = ({ type, dims, data }) => ({ type, dims, data: [...data].map(shown) });
      console.log(JSON.stringify(outputs.map(([name, value]) => [name, tensor(value)])));
    })();`;
  const { status, stdout, stderr } = await run(code, { args: [file, JSON.stringify(inputs)] });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return Object.fromEntries(JSON.parse(stdout));
}

const file = (name) => path.join(folder, name);

test('numbers agree to 1e-5 and labels exactly, whatever the model', async () => {
  // In a process of its own: onnxruntime's arrays are not of the realm that tests run in.
  const args = ['--json', '--epochs', '2', '--rows', '1000'];
  const { status, stdout, stderr } = await runFile('benches/onnx-agreement.js', 240_000, { args });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const results = stdout.trim().split('\n').map(JSON.parse);
  expect(results.map(({ name }) => name)).toEqual(Object.keys(models(2)));
  const apart = results.filter(
    ({ probability, value, labels }) => !(probability < 1e-5 && value < 1e-5 && labels === 0),
  );
  expect(apart).toEqual([]);
}, 300_000);

test('a row that predict refuses is answered by nothing, and the rows beside it as ever', async () => {
  const targets = { kind: 'classification', price: 'regression' };
  const rows = labelled(80);
  const exclude = Object.keys(rows[0]).filter((name) => !/^(size|balcony|listed)$/.test(name));
  const features = { exclude: exclude.filter((name) => !(name in targets)) };
  const model = trainSync(rows, { targets, features, epochs: 1, interval: 0.9, seed: 3 });
  await model.exportOnnx(file('refused.onnx'));
  const noon = Date.UTC(2020, 4, 17, 12);
  const answers = await ask(file('refused.onnx'), {
    size: [100, 'Infinity', 100, 100, null, 100],
    balcony: ['yes', 'yes', 'perhaps', 'yes', '', 'yEs'],
    listed: [noon, noon, noon, 1e15, null, noon],
  });
  const good = { size: 100, balcony: 'yes', listed: '2020-05-17 12:00' };
  const [first, other] = model.predict([good, { size: null, balcony: null, listed: null }]);
  for (const wrong of [{ size: Infinity }, { balcony: 'perhaps' }, { listed: '33658-09-27' }]) {
    expect(() => model.predict([{ ...good, ...wrong }])).toThrow(/expected/);
  }
  const { label } = first.kind;
  expect(answers['kind.label']).toEqual({
    type: 'string',
    dims: [6, 1],
    data: [label, '', '', '', other.kind.label, label],
  });
  expect(answers.kind.dims).toEqual([6, model.tasks[0].classes.length]);
  for (const [output, key] of [
    ['price', 'value'],
    ['price.low', 'low'],
    ['price.high', 'high'],
  ]) {
    const { type, dims, data } = answers[output];
    expect([type, dims]).toEqual(['float64', [6, 1]]);
    expect(data.slice(1, 4)).toEqual(['NaN', 'NaN', 'NaN']);
    for (const [row, answer] of [
      [0, first],
      [4, other],
      [5, first],
    ]) {
      expect(Math.abs(data[row] / answer.price[key] - 1)).toBeLessThan(1e-6);
    }
  }
});

test('tokens for missing cells, numbers as categories, and names that meet', async () => {
  const rows = labelled(120).map(({ town, grade, balcony, price }, at) => ({
    town,
    'sold.label': grade,
    _1: balcony,
    sold: at % 3 === 0 ? 'yes' : 'no',
    'sold.label_': price,
  }));
  const model = trainSync(rows, {
    targets: { sold: 'classification', 'sold.label_': 'regression' },
    features: { types: { 'sold.label': 'categorical' }, oneHot: 3 },
    epochs: 1,
  });
  await model.exportOnnx(file('names.onnx'));
  const asked = {
    town: ['town 3', 'NA', 'nowhere', '', 'null'],
    'sold.label': [2, 1.5, -0, null, 5],
    _1: ['no', '?', 'YES', 'N/A', ''],
  };
  const given = asked.town.map((_, row) =>
    Object.fromEntries(Object.entries(asked).map(([name, cells]) => [name, cells[row]])),
  );
  const answers = await ask(file('names.onnx'), asked);
  expect(Object.keys(answers).sort()).toEqual(['sold', 'sold.label_', 'sold.label__']);
  model.predict(given).forEach((answer, row) => {
    expect(answers['sold.label__'].data[row]).toBe(answer.sold.label);
    expect(answers.sold.data[2 * row]).toBeCloseTo(answer.sold.probabilities.no, 6);
    const value = answers['sold.label_'].data[row] / answer['sold.label_'].value;
    expect(value).toBeCloseTo(1, 5);
  });
});

test('a category is found as predict finds it, in the usual spellings', async () => {
  const learnt = {
    mixed: ['1.0', '2.50', 'K'],
    word: ['True', 'False', 'Unknown'],
    letter: ['t', 'f', 'u'],
    version: ['1.1', '1.10', '2'],
    id: ['4929123456789012340', '4929123456789012341', '7'],
    day: ['2024-03-31', '2024-04-01', 'never'],
    number: ['1.0', '2.50', '0'],
  };
  const asked = {
    mixed: ['1', '1.0', '2.50', '2.5', '2', 'K', '', 'k'],
    word: ['true', 'TRUE', 'False', 't', 'yes', 'Unknown', '', '1'],
    letter: ['true', 't', 'False', 'FALSE', 'yes', 'u', '', 'f'],
    version: ['1.1', '1.10', '1.10', '2.0', '1.100', '2', '', '3'],
    id: [
      '4929123456789012340',
      '4929123456789012341',
      '4929123456789012342',
      '7.0',
      '7',
      '8',
      '',
      '1',
    ],
    day: [
      '2024-03-31T00:00:00.000Z',
      '2024-03-31',
      '2024-04-01 00:00',
      'never',
      'x',
      '2024-04-02',
      '',
      '2024-04-01',
    ],
    number: [1, 2.5, 0, -0, 3, 1, null, 2],
  };
  const rows = Array.from({ length: 60 }, (_, i) => ({
    ...Object.fromEntries(
      Object.entries(learnt).map(([name, cells], at) => [name, cells[(i + at) % 3]]),
    ),
    price: (i * 7) % 11,
  }));
  const types = Object.fromEntries(Object.keys(learnt).map((name) => [name, 'categorical']));
  for (const oneHot of [9, 0]) {
    const options = { targets: { price: 'regression' }, features: { types, oneHot } };
    const model = trainSync(rows, { ...options, epochs: 1, seed: 3 });
    await model.exportOnnx(file('spellings.onnx'));
    const answers = await ask(file('spellings.onnx'), asked);
    const given = asked.mixed.map((_, row) =>
      Object.fromEntries(Object.entries(asked).map(([name, cells]) => [name, cells[row]])),
    );
    model.predict(given).forEach(({ price }, row) => {
      expect(answers.price.data[row] / price.value).toBeCloseTo(1, 5);
    });
  }
});

test.each([
  ['-999', { missing: ['-999', 'unknown'] }],
  ['unknown', { missing: { only: ['unknown', -999, '1.5'] } }],
])('tokens of a training with %s mean a missing cell', async (name, csv) => {
  const rows = labelled(120).map(({ size, town, grade, balcony, price }, at) => ({
    size: at % 5 === 1 ? -999 : size,
    // Embedded, so that a missing cell is told from an unseen one.
    town: at % 5 === 2 ? 'unknown' : town,
    grade: at % 5 === 3 ? -999 : grade,
    balcony: at % 5 === 4 ? 'unknown' : balcony,
    price,
  }));
  const model = trainSync(rows, {
    targets: { price: 'regression' },
    features: { types: { grade: 'categorical' }, oneHot: 2 },
    epochs: 3,
    csv,
  });
  expect(model.features.map(({ missing }) => missing)).toEqual([true, true, true, true]);
  await model.exportOnnx(file(`${name}.onnx`));
  const asked = {
    size: [-999, null, 80, 1.5, 80, 80, 80],
    town: ['unknown', '', '-999', '-999.0', 'town 3', 'nowhere', 'NA'],
    grade: [-999, null, 1.5, 2, 3, 2, 2],
    balcony: ['unknown', '', '-999', 'yes', 'no', 'yes', 'no'],
  };
  const given = asked.size.map((_, row) =>
    Object.fromEntries(Object.entries(asked).map(([key, cells]) => [key, cells[row]])),
  );
  const { data } = (await ask(file(`${name}.onnx`), asked)).price;
  const values = model.predict(given).map(({ price }) => price.value);
  expect(values[0]).toBe(values[1]);
  for (const [row, value] of values.entries()) expect(data[row] / value).toBeCloseTo(1, 5);
  expect(data[0]).toBe(data[1]);
});

test('a category that is called as a token is that category', async () => {
  const rows = labelled(120).map(({ price }, at) => ({
    region: ['NA', 'EU', 'null', '?'][at % 4],
    wide: at % 3 ? `w${at % 11}` : 'None',
    price: price + 1000 * (at % 4),
  }));
  const csv = { missing: { only: [] } };
  const model = trainSync(rows, { targets: { price: 'regression' }, epochs: 3, csv });
  await model.exportOnnx(file('regions.onnx'));
  const asked = { region: ['NA', 'EU', 'null', '?', 'nan', ''], wide: Array(6).fill('None') };
  const { data } = (await ask(file('regions.onnx'), asked)).price;
  const answers = model.predict(asked.region.map((region) => ({ region, wide: 'None' })));
  for (const [row, { price }] of answers.entries())
    expect(data[row] / price.value).toBeCloseTo(1, 5);
  expect(new Set(data.slice(0, 5)).size).toBe(5);
});

test('the program of docs/onnx.md for Node answers', async () => {
  const columns = ['size', 'heating', 'listed', 'kind', 'price'];
  const rows = labelled(80).map((row) =>
    Object.fromEntries(columns.map((name) => [name, row[name]])),
  );
  const model = trainSync(rows, { targets: ['kind', 'price'], epochs: 1, seed: 3 });
  await model.exportOnnx(file('houses.onnx'));
  const document = fs.readFileSync(path.join(ROOT, 'docs', 'onnx.md'), 'utf8');
  const program = blocks(document).find(({ code }) => code.includes("require('onnxruntime-node')"));
  const { status, stdout, stderr } = await run(
    program.code.replace("'houses.onnx'", JSON.stringify(file('houses.onnx'))),
  );
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const asked = [{ size: 120, heating: 'gas', listed: '2020-05-17 10:30' }, { size: null }];
  const labels = model.predict(asked).map(({ kind }) => kind.label);
  expect(stdout).toMatch(`[ '${labels[0]}', '${labels[1]}' ] Float64Array(6) [`);
});

test('what cannot be exported is an error, and leaves what was there', async () => {
  const rows = labelled(40).map(({ size, floor, price }) => ({ '': size, floor, price }));
  const options = { targets: ['price'], epochs: 1, model: { hidden: [4] } };
  const nameless = trainSync(rows, options);
  fs.writeFileSync(file('there.onnx'), 'before');
  await expect(nameless.exportOnnx(file('there.onnx'))).rejects.toMatchObject({
    name: 'PolytaskError',
    code: 'ERR_SCHEMA',
    file: file('there.onnx'),
    message: expect.stringContaining("a column's name is empty"),
  });
  const model = trainSync(
    rows.map(({ floor, price }) => ({ floor, price })),
    options,
  );
  await expect(model.exportOnnx(file('none/model.onnx'))).rejects.toMatchObject({
    code: 'ERR_ARTIFACT',
    message: expect.stringMatching(/none.model\.onnx.*cannot be written/),
  });
  for (const path of [undefined, 7]) {
    await expect(model.exportOnnx(path)).rejects.toMatchObject({ code: 'ERR_OPTIONS' });
  }
  expect(fs.readFileSync(file('there.onnx'), 'utf8')).toBe('before');
  await model.exportOnnx(file('there.onnx'));
  const bytes = fs.readFileSync(file('there.onnx'));
  await model.exportOnnx(file('again.onnx'));
  expect(fs.readFileSync(file('again.onnx')).equals(bytes)).toBe(true);
  expect(fs.readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
});
