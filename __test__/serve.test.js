// examples/serve.js: what it answers, what it refuses and in which words, and how it takes a new
// model file into service.
'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { Model, trainSync } = require('..');
const { service } = require('../examples/serve');
const { CSV, rows } = require('./iris');

// Processes and servers take their time where the machine is busy.
jest.setTimeout(60_000);

const features = rows().map(({ species, ...row }) =>
  Object.fromEntries(Object.entries(row).map(([name, cell]) => [name, Number(cell)])),
);
const flower = features[0];

let folder;
let file;
let first;
let second;
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'polytask-serve-'));
  file = path.join(folder, 'model.safetensors');
  first = trainSync(CSV, 2);
  // Reads other columns and answers other tasks.
  second = trainSync(CSV, { epochs: 1, targets: ['species', 'petal_width'] });
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

/** Puts a model in the file's place at one stroke, as `save` does. */
function put(bytes) {
  fs.writeFileSync(`${file}.new`, bytes);
  fs.renameSync(`${file}.new`, file);
}

let app;
let address;
beforeEach(async () => {
  put(first.toBuffer());
  app = await service(file);
  address = await app.listen({ host: '127.0.0.1', port: 0 });
});
afterEach(() => app.close());

/** What comes of a request: its status, headers, text, and what the text says if it is JSON. */
async function send(url, init) {
  const answer = await fetch(address + url, init);
  const text = await answer.text();
  const type = answer.headers.get('content-type');
  const said = type.startsWith('application/json') ? JSON.parse(text) : null;
  return { status: answer.status, type, text, said };
}

function ask(payload) {
  const headers = { 'content-type': 'application/json' };
  const body = payload && JSON.stringify(payload);
  return send('/predict', { method: 'POST', headers: body ? headers : {}, body });
}
const get = async (url) => (await send(url)).said;

async function until(holds) {
  for (let patience = 250; patience > 0; patience--) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('it did not come about');
}

test.each([1, 40, 1000])('%d rows are answered as the model answers them', async (count) => {
  const wanted = Array.from({ length: count }, (_, index) => features[index % 150]);
  const answer = await ask({ rows: wanted });
  expect(answer.status).toBe(200);
  expect(answer.said).toEqual({ predictions: first.predict(wanted) });
});

test('health, schema and metrics', async () => {
  await ask({ rows: features.slice(0, 3) });
  await ask({ rows: [] });
  expect(await get('/health')).toEqual({
    status: 'ok',
    model: {
      file: 'model.safetensors',
      loadedAt: expect.stringMatching(/^\d{4}-.*Z$/),
      tasks: [{ name: 'species', type: 'classification' }],
    },
    refused: null,
  });
  const { required, additionalProperties } = (await get('/schema')).properties.rows.items;
  expect(required).toEqual(['sepal_length', 'sepal_width', 'petal_length', 'petal_width']);
  // As for `predict`, other keys may be there.
  expect(additionalProperties).toBeUndefined();
  const { type, text: body } = await send('/metrics');
  expect(type).toMatch(/^text\/plain; version=0\.0\.4/);
  expect(body).toMatch(/^polytask_predicted_rows_total 3$/m);
  const count = 'http_request_duration_seconds_count{method="POST",route="/predict"';
  expect(body).toContain(`${count},status="200"} 1\n`);
  expect(body).toContain(`${count},status="400"} 1\n`);
  expect(body).toMatch(/^nodejs_eventloop_lag_seconds /m);
});

const without = ({ sepal_width, ...rest }) => rest;

test.each([
  ['a cell of another type', { rows: [flower, { ...flower, sepal_width: 'x' }] }, 1, 'sepal_width'],
  ['a number as text', { rows: [{ ...flower, sepal_width: '3' }] }, 0, 'sepal_width'],
  ['a column that is missing', { rows: [without(flower)] }, 0, 'sepal_width'],
  [
    'a column that is misspelt',
    { rows: [{ ...without(flower), sepal_with: 3 }] },
    0,
    'sepal_width',
  ],
  ['a row that is none', { rows: [flower, 3] }, 1, undefined],
  ['no rows', { rows: [] }, undefined, undefined],
  ['too many rows', { rows: Array(1001).fill(flower) }, undefined, undefined],
  ['another key', { rows: [flower], seed: 1 }, undefined, undefined],
  ['no body', undefined, undefined, undefined],
])('%s is 400', async (_, payload, row, column) => {
  const answer = await ask(payload);
  expect(answer.status).toBe(400);
  const { error } = answer.said;
  expect({ code: error.code, row: error.row, column: error.column }).toEqual({
    code: 'ERR_ROWS',
    row,
    column,
  });
  if (row !== undefined) expect(error.message).toContain(`rows[${row}]`);
  if (column !== undefined) expect(error.message).toContain(`column "${column}"`);
});

describe('keys that are no column', () => {
  const NAMES = ['sepal_length', 'sepal_width', 'petal_length', 'petal_width'];
  let gappy;
  beforeAll(() => {
    const gaps = rows().map((row, i) => ({
      ...row,
      [NAMES[i % 4]]: i % 5 ? row[NAMES[i % 4]] : '',
    }));
    gappy = trainSync(gaps, { targets: 'species', epochs: 1, refit: false, model: 'fast' });
  });
  beforeEach(async () => {
    put(gappy.toBuffer());
    await app.live.reload();
  });

  test.each([
    ['sepal_with', 'sepal_width'],
    ['Sepal Width', 'sepal_width'],
    ['petal-length', 'petal_length'],
    ['petal_lenght', 'petal_length'],
  ])('%s is refused in the words of predict', async (key, name) => {
    const { [name]: cell, ...rest } = flower;
    const wrong = { ...rest, [key]: cell };
    let told;
    try {
      gappy.predict([flower, wrong]);
    } catch ({ code, message, row, column }) {
      told = { code, message, row, column };
    }
    expect(told).toMatchObject({ code: 'ERR_ROWS', row: 1, column: name });
    for (const few of [
      [flower, wrong],
      [flower, wrong, ...Array(90).fill(flower)],
    ]) {
      const answer = await ask({ rows: few });
      expect(answer.status).toBe(400);
      expect(answer.said).toEqual({ error: told });
    }
  });

  test.each([
    [{ ...flower, colour: 1 }],
    [{ ...flower, sepal_with: 3 }],
    [{ sepal_length: 5, colour: 'red' }],
    [{ sepal_length: 5, species: 'setosa', id: 7 }],
    [{ sepal_length: 5 }],
    [{}],
  ])('%j is answered as predict answers it', async (row) => {
    const answer = await ask({ rows: [row] });
    expect(answer.status).toBe(200);
    expect(answer.said).toEqual({ predictions: gappy.predict([row]) });
  });

  test('alone they are refused', async () => {
    const { status, said } = await ask({ rows: [{ colour: 1 }] });
    expect(status).toBe(400);
    expect(said.error.message).toMatch(/^rows\[0\]: holds no feature of the model: found "colour"/);
  });
});

test('what the schema lets through and the model does not is in its words', async () => {
  // The schema knows no dates; the model does.
  const table = Array.from({ length: 40 }, (_, day) => ({
    day: `2024-01-${String((day % 28) + 1).padStart(2, '0')}`,
    open: day % 3 ? 'yes' : 'no',
    kind: ['a', 'b', 'c'][day % 3],
    sold: day % 5 ? day : null,
    rain: day % 2 ? 'wet' : 'dry',
  }));
  put(trainSync(table, { epochs: 1, targets: 'rain' }).toBuffer());
  await app.live.reload();
  const row = { day: '2024-01-05', open: 'yes', kind: 'a', sold: 3 };
  const types = app.live.model.features.map(({ type }) => type);
  expect(types).toEqual(['date', 'boolean', 'categorical', 'numeric']);
  for (const fine of [
    row,
    { ...row, open: true },
    { ...row, kind: 'never seen' },
    { ...row, sold: null },
    // It had missing cells in training.
    { day: row.day, open: row.open, kind: row.kind },
  ]) {
    expect((await ask({ rows: [fine] })).status).toBe(200);
  }
  const answer = await ask({ rows: [row, { ...row, day: 'yesterday' }] });
  expect(answer.status).toBe(400);
  expect(answer.said.error).toMatchObject({ code: 'ERR_ROWS', row: 1, column: 'day' });
  expect(answer.said.error.message).toMatch(
    /rows\[1\], column "day": expected a date .*"yesterday"/,
  );
});

test.each([
  ['POST', '/predict', '{"rows":', 'application/json', 400],
  ['POST', '/predict', 'sepal_width=3', 'application/x-www-form-urlencoded', 415],
  ['POST', '/predict', JSON.stringify({ rows: 'x'.repeat(5e6) }), 'application/json', 413],
  ['GET', '/predict', undefined, undefined, 404],
  ['GET', '/nothing', undefined, undefined, 404],
])('%s %s of another kind is told so', async (method, url, payload, type, status) => {
  const headers = type && { 'content-type': type };
  const answer = await send(url, { method, body: payload, ...(headers && { headers }) });
  expect(answer.status).toBe(status);
  const { code, message } = answer.said.error;
  expect(code).toMatch(/^(ERR|FST_ERR)_/);
  expect(message.length).toBeGreaterThan(10);
});

test('a new file is taken into service, with its own schema', async () => {
  put(second.toBuffer());
  await until(async () => (await get('/health')).model.tasks.length === 2);
  const { petal_width, ...row } = flower;
  expect((await get('/schema')).properties.rows.items.properties).not.toHaveProperty('petal_width');
  // Targets are passed over.
  expect((await ask({ rows: [flower] })).said).toEqual({ predictions: second.predict([row]) });
  expect((await ask({ rows: [row] })).said).toEqual({ predictions: second.predict([row]) });
  expect((await send('/metrics')).text).toMatch(
    /^polytask_model_reloads_total\{result="taken"\} 1$/m,
  );
});

/** Holds a model's answers back: `began` tells that one was asked for, `go` lets them out. */
function holdBack(model, answer) {
  let entered;
  let go;
  const began = new Promise((resolve) => {
    entered = resolve;
  });
  const gate = new Promise((resolve) => {
    go = resolve;
  });
  model.predictAsync = async (asked) => {
    entered();
    await gate;
    return answer(asked);
  };
  return { began, go };
}

test('a request under way ends with the model it began with', async () => {
  const old = app.live.model;
  const { began, go } = holdBack(old, (asked) => Model.prototype.predictAsync.call(old, asked));
  const many = Array(40).fill(flower);
  const answer = ask({ rows: many });
  await began;
  put(second.toBuffer());
  await app.live.reload();
  expect(app.live.model).not.toBe(old);
  go();
  expect((await answer).said).toEqual({ predictions: first.predict(many) });
});

test('a request under way is answered before the service ends', async () => {
  const { began, go } = holdBack(app.live.model, () => ['late']);
  const answer = ask({ rows: Array(40).fill(flower) });
  await began;
  const closed = app.close();
  go();
  expect((await answer).said).toEqual({ predictions: ['late'] });
  await closed;
  await expect(ask({ rows: [flower] })).rejects.toThrow('fetch failed');
});

test('no request is lost while files change', async () => {
  const third = trainSync(CSV, { epochs: 1, seed: 5 });
  const both = [first, third].map((model) => JSON.stringify(model.predict([flower])));
  const seen = new Set();
  let ended = false;
  const asking = (async () => {
    while (!ended) {
      const answer = await ask({ rows: [flower] });
      expect(answer.status).toBe(200);
      seen.add(JSON.stringify(answer.said.predictions));
    }
  })();
  for (let turn = 0; turn < 10; turn++) {
    put((turn % 2 ? first : third).toBuffer());
    await app.live.reload();
    await ask({ rows: [flower] });
  }
  ended = true;
  await asking;
  expect([...seen].sort()).toEqual(both.sort());
});

test('a broken file leaves the old model in service, and says so', async () => {
  put('no model');
  await until(async () => (await get('/health')).refused);
  const { status, refused } = await get('/health');
  expect({ status, refused }).toEqual({
    status: 'ok',
    refused: { code: 'ERR_ARTIFACT', message: expect.stringContaining('model.safetensors') },
  });
  expect((await ask({ rows: [flower] })).said).toEqual({ predictions: first.predict([flower]) });
  expect((await send('/metrics')).text).toMatch(
    /^polytask_model_reloads_total\{result="refused"\} 1$/m,
  );
  put(second.toBuffer());
  await until(async () => !(await get('/health')).refused);
});

test('without a model there is no service', async () => {
  await expect(service(path.join(folder, 'nothing.safetensors'))).rejects.toMatchObject({
    code: 'ERR_ARTIFACT',
  });
});
