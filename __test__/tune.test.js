// Searching from JavaScript: trials as they end, what is found, how a search ends early.
'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { Model, load, tune } = require('..');
const { CSV } = require('./iris');

const short = { epochs: 2, trials: 6, seed: 1, model: { hidden: [8] } };
const endless = { ...short, epochs: 1e9, earlyStopping: false, trials: 1000 };

let folder;
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'polytask-tune-'));
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

/** A table without what clocks say. */
const timeless = (trials) => trials.map(({ seconds, ...trial }) => trial);

test('iris: six trials, each told once, the best one a model', async () => {
  const tuning = tune(CSV, short);
  expect(tuning).toBeInstanceOf(Promise);
  const seen = [];
  for await (const report of tuning) seen.push(report);
  const { model, trials } = await tuning;
  expect(model).toBeInstanceOf(Model);
  expect(trials.map(({ trial }) => trial)).toEqual([0, 1, 2, 3, 4, 5]);
  expect(seen.map(({ trial }) => trial).sort()).toEqual([0, 1, 2, 3, 4, 5]);
  const best = trials.filter((trial) => trial.best);
  expect(best).toHaveLength(1);
  expect(best[0].score).toBe(Math.min(...trials.map(({ score }) => score)));
  const reached = model.history.filter((epoch) => epoch.best).at(-1);
  expect(best[0].score).toBe(reached.validation.loss);
  expect(trials[0].options).toEqual({});
  for (const { options, epochs } of trials) {
    expect(options.model?.hidden).toBeUndefined();
    expect(epochs).toBe(2);
  }
  expect(() => Object.assign(trials[0], { score: 0 })).toThrow(TypeError);
  expect(model.tuning).toEqual(trials);
  expect(model.summary()).toContain('tuned');

  const file = path.join(folder, 'best.safetensors');
  await model.save(file);
  expect((await load(file)).tuning).toEqual(trials);
});

test('rows, an iterable of them, and a space of the users own', async () => {
  const rows = Array.from({ length: 60 }, (_, i) => ({
    x: i % 7,
    y: i % 5,
    kind: i % 2 ? 'a' : 'b',
  }));
  const options = {
    ...short,
    trials: 9,
    space: { learningRate: [0.01, 0.1], 'model.dropout': [0, 0.2] },
  };
  const told = [];
  const { trials } = await tune(rows, { ...options, onTrial: ({ trial }) => told.push(trial) });
  // The options as given, and all four of the space.
  expect(trials).toHaveLength(5);
  expect(told.sort()).toEqual([0, 1, 2, 3, 4]);
  for (const { options } of trials.slice(1)) {
    expect([0.01, 0.1]).toContain(options.learningRate);
    expect([0, 0.2]).toContain(options.model.dropout);
  }
  const again = await tune(rows.values(), options);
  expect(timeless(again.trials)).toEqual(timeless(trials));
});

test('stop() ends it with the best so far', async () => {
  const tuning = tune(CSV, endless);
  setTimeout(() => tuning.stop(), 300);
  const { model, trials } = await tuning;
  expect(model).toBeInstanceOf(Model);
  expect(trials.length).toBeGreaterThan(0);
  expect(trials.length).toBeLessThan(1000);
  expect(trials.every(({ stopped }) => stopped)).toBe(true);
});

test('leaving the loop stops it too, and so does the time', async () => {
  const tuning = tune(CSV, { ...short, trials: 1000 });
  for await (const _ of tuning) break;
  expect((await tuning).trials.length).toBeLessThan(1000);
  expect((await tune(CSV, { ...endless, seconds: 0.3 })).trials.length).toBeLessThan(1000);
});

test('an abort rejects with its reason', async () => {
  const controller = new AbortController();
  const tuning = tune(CSV, { ...endless, signal: controller.signal });
  setTimeout(() => controller.abort(new Error('enough')), 200);
  await expect(tuning).rejects.toThrow('enough');
  const onTrial = () => {
    throw new Error('of my own');
  };
  await expect(tune(CSV, { ...short, onTrial })).rejects.toThrow('of my own');
});

test('a file to go on from', async () => {
  const file = path.join(folder, 'search.jsonl');
  const whole = await tune(CSV, short);
  await tune(CSV, { ...short, trials: 3, path: file });
  expect(fs.readFileSync(file, 'utf8').trim().split('\n')).toHaveLength(4);
  const { model, trials } = await tune(CSV, { ...short, path: file });
  expect(timeless(trials)).toEqual(timeless(whole.trials));
  const rows = [[5.9, 3.0, 5.1, 1.8]];
  expect(model.predict(rows)).toEqual(whole.model.predict(rows));
  const other = tune(CSV, { ...short, epochs: 3, path: file });
  await expect(other).rejects.toMatchObject({ code: 'ERR_ARTIFACT', file, option: 'epochs' });
});

test.each([
  [{ path: 'no/such/folder/a.jsonl' }, { code: 'ERR_ARTIFACT', file: 'no/such/folder/a.jsonl' }],
  [{ trials: 0 }, { code: 'ERR_OPTIONS', option: 'trials' }],
  [{ space: { 'model.dropuot': [0] } }, { code: 'ERR_OPTIONS', option: 'space.model.dropuot' }],
  [{ space: { learningRate: [] } }, { code: 'ERR_OPTIONS', option: 'space.learningRate' }],
  [{ space: { learningRate: { low: 2, high: 1 } } }, { option: 'space.learningRate' }],
  [{ onEpoch: () => {} }, { code: 'ERR_OPTIONS', option: 'onEpoch' }],
  [{ onTrial: 3 }, { code: 'ERR_OPTIONS', option: 'onTrial' }],
  [{ targets: 'speces' }, { code: 'ERR_SCHEMA' }],
])('%p is refused', async (options, error) => {
  await expect(tune(CSV, { ...short, ...options })).rejects.toMatchObject(error);
});

test('a number might mean trials or epochs', async () => {
  await expect(tune(CSV, 30)).rejects.toMatchObject({ code: 'ERR_OPTIONS' });
  await expect(tune(3)).rejects.toMatchObject({ code: 'ERR_OPTIONS' });
});
