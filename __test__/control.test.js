// A training while it runs: what it tells, how it is stopped and aborted, and that it leaves the
// event loop alone.
'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { Model, train, trainSync } = require('..');
const { run } = require('./child');
const { ARTICLE_ROWS, CSV } = require('./iris');

// Long enough that no machine is through before it is stopped.
const ENDLESS = { epochs: 1_000_000, earlyStopping: false };

const count = (epochs) => Array.from({ length: epochs }, (_, index) => index + 1);

/** The promise of a training's first report. */
const firstReport = (training) => training[Symbol.asyncIterator]().next();

test('onEpoch hears every epoch in order, before the model is there', async () => {
  const heard = [];
  const onEpoch = (report) => heard.push(report);
  const model = await train(CSV, { epochs: 30, earlyStopping: false, onEpoch });
  expect(heard.map(({ epoch }) => epoch)).toEqual(count(30));
  const entries = heard.map(({ phase, network, progress, seconds, ...entry }) => entry);
  expect(entries).toEqual(model.history);
  expect(heard[9]).toMatchObject({ phase: 'train', network: 1, progress: { done: 10, total: 30 } });
  expect(heard.every(({ epochs, loss }) => epochs === 30 && Number.isFinite(loss))).toBe(true);
});

test('equal trainings give equal files, wherever the table lies and however long they take', async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'polytask-equal-'));
  try {
    const copy = path.join(folder, path.basename(CSV));
    fs.copyFileSync(CSV, copy);
    const files = [CSV, copy].map((source) => trainSync(source, { epochs: 5, seed: 4 }).toBuffer());
    expect(files[0].equals(files[1])).toBe(true);
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
});

test('for await gives every epoch, also begun late and twice', async () => {
  const training = train(CSV, { epochs: 20, earlyStopping: false });
  const seen = [];
  for await (const { epoch } of training) seen.push(epoch);
  const again = [];
  for await (const { epoch } of training) again.push(epoch);
  expect(seen).toEqual(count(20));
  expect(again).toEqual(seen);
  expect(await training).toBeInstanceOf(Model);
});

test('stop keeps the best weights so far', async () => {
  const training = train(CSV, ENDLESS);
  await firstReport(training);
  training.stop();
  training.stop();
  const model = await training;
  expect(model.history.length).toBeGreaterThanOrEqual(1);
  expect(model.history.length).toBeLessThan(ENDLESS.epochs);
  expect(model.predict(ARTICLE_ROWS)).toHaveLength(3);
});

test('stop before the first epoch gives a model all the same', async () => {
  const training = train(CSV, ENDLESS);
  training.stop();
  const model = await training;
  expect(model.predict(ARTICLE_ROWS)).toHaveLength(3);
});

test('leaving the loop stops the training', async () => {
  const training = train(CSV, ENDLESS);
  for await (const { epoch } of training) if (epoch === 3) break;
  const model = await training;
  expect(model.history.length).toBeGreaterThanOrEqual(3);
});

describe('AbortSignal', () => {
  test('aborted before: rejects with the reason', async () => {
    const reason = new Error('never mind');
    const training = train('no such file.csv', { signal: AbortSignal.abort(reason) });
    await expect(training).rejects.toBe(reason);
  });

  test('aborted during: rejects with the reason, soon', async () => {
    const controller = new AbortController();
    const training = train(CSV, { ...ENDLESS, signal: controller.signal });
    await firstReport(training);
    const reason = { any: 'thing' };
    const began = performance.now();
    controller.abort(reason);
    await expect(training).rejects.toBe(reason);
    expect(performance.now() - began).toBeLessThan(1000);
  });

  test('a time limit', async () => {
    const training = train(CSV, { ...ENDLESS, signal: AbortSignal.timeout(50) });
    await expect(training).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  test('one signal serves many trainings', async () => {
    const warned = jest.fn();
    process.on('warning', warned);
    const { signal } = new AbortController();
    for (let round = 0; round < 15; round++) await train(CSV, { epochs: 1, signal });
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', warned);
    expect(warned).not.toHaveBeenCalled();
  });
});

test('what onEpoch throws or rejects with ends the training', async () => {
  const mine = new RangeError('mine');
  const throwing = () => {
    throw mine;
  };
  await expect(train(CSV, { ...ENDLESS, onEpoch: throwing })).rejects.toBe(mine);
  const rejecting = async () => throwing();
  await expect(train(CSV, { ...ENDLESS, onEpoch: rejecting })).rejects.toBe(mine);
});

test('two trainings at once each get their own model', async () => {
  const options = [
    { epochs: 20, seed: 1 },
    { epochs: 20, seed: 2 },
  ];
  const together = await Promise.all(options.map((one) => train(CSV, one)));
  const alone = [await train(CSV, options[0]), await train(CSV, options[1])];
  const answers = (model) => model.predict(ARTICLE_ROWS);
  expect(together.map(answers)).toEqual(alone.map(answers));
});

test('the event loop turns while training', async () => {
  await train(CSV, 1); // loads libtorch
  const training = train(CSV, ENDLESS);
  let ticks = 0;
  const timer = setInterval(() => {
    ticks += 1;
    if (ticks === 20) training.stop();
  }, 5);
  await training;
  clearInterval(timer);
  expect(ticks).toBeGreaterThanOrEqual(20);
});

describe('a training that fails', () => {
  const FAILING = `require('polytask').train('no such file.csv', 1)`;

  test('and that nobody awaits is an unhandled rejection', async () => {
    const { status, stderr } = await run(`${FAILING}; setTimeout(() => {}, 200)`);
    expect(status).toBe(1);
    expect(stderr).toMatch(/PolytaskError: .*no such file\.csv/);
  });

  test('and that is only looped over is handled by the loop', async () => {
    const code = `(async () => {
      try {
        for await (const report of ${FAILING}) report;
      } catch (error) {
        console.log(error.code);
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    })()`;
    expect(await run(code)).toMatchObject({ status: 0, stdout: 'ERR_CSV\n', stderr: '' });
  });
});
