// What a training does in the end: a network learns from the validation rows too.
'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { Model, crossValidate, train, trainSync, tune } = require('..');

/** Rows of a smooth function of two numbers, and a class by it. */
const table = (count, seed = 0) =>
  Array.from({ length: count }, (_, i) => {
    const [a, b] = [Math.sin(i * 12.9898 + seed), Math.cos(i * 78.233 + seed)];
    return { a, b, y: a * b + a, kind: a > b ? 'over' : 'under' };
  });

const OPTIONS = {
  targets: ['y', 'kind'],
  epochs: 12,
  threads: 1,
  model: { members: 0, hidden: [16] },
  batchSize: 16,
};
const trained = (rows, options) => trainSync(rows, { ...OPTIONS, ...options });
const bestOf = ({ history }) => history.findLast(({ best }) => best).epoch;

test('of 200 rows all are learnt in the end, of fewer when asked or over many epochs', () => {
  const rows = table(200);
  const model = trained(rows);
  const { data } = model.toJSON();
  expect(data.refit).toEqual({ epochs: bestOf(model), rows: 200 });
  expect([data.trainRows, data.validationRows]).toEqual([160, 40]);
  expect(model.summary()).toContain(`${bestOf(model)} epochs anew on 200 rows`);
  expect(model.options.refit).toBe('auto');

  expect(trained(rows.slice(1)).toJSON().data.refit).toBeUndefined();
  expect(trained(rows.slice(1), { refit: true }).toJSON().data.refit.rows).toBe(199);
  const often = trained(rows.slice(0, 50), { epochs: 400, earlyStopping: { patience: 3 } });
  expect(often.toJSON().data.refit).toEqual({ epochs: bestOf(often), rows: 50 });
  expect(trained(rows, { refit: false }).toJSON().data.refit).toBeUndefined();
  expect(trained(rows, { model: 'fast' }).toJSON().data.refit).toBeUndefined();
});

test('what was found on the validation rows stays; the network is another, as good as one of all rows', () => {
  const rows = table(400);
  const [without, anew] = [false, true].map((refit) => trained(rows, { refit, interval: 0.8 }));
  // Seconds are never the same.
  const told = ({ history }) => history.map(({ seconds, ...report }) => report);
  expect(told(anew)).toEqual(told(without));
  expect(anew.tasks).toEqual(without.tasks);
  expect(anew.predict(rows)).not.toEqual(without.predict(rows));
  // It is the one that learns from all rows from the first, for as many epochs of the same pace.
  const all = trained(rows, { validation: false, schedule: 'constant', epochs: 5 });
  const same = trained(rows, { refit: true, schedule: 'constant', epochs: 5, calibration: false });
  expect(bestOf(same)).toBe(5);
  expect(same.predict(rows.slice(0, 9))).toEqual(all.predict(rows.slice(0, 9)));
});

test('the same training gives the same bits, and the file keeps what it was', () => {
  const rows = table(250);
  const [one, other] = [trained(rows), trained(rows, { threads: 2 })];
  expect(other.predict(rows)).toEqual(one.predict(rows));
  const again = Model.fromBuffer(one.toBuffer());
  expect(again.toJSON().data.refit).toEqual(one.toJSON().data.refit);
  expect(again.predict(rows)).toEqual(one.predict(rows));
});

test('onEpoch hears of its epochs, told apart from those of the history', async () => {
  const reports = [];
  const model = await train(table(250), { ...OPTIONS, onEpoch: (report) => reports.push(report) });
  const anew = reports.filter(({ refit }) => refit);
  expect(reports.filter(({ refit }) => !refit)).toEqual(model.history);
  expect(anew.map(({ epoch }) => epoch)).toEqual(anew.map((_, i) => i + 1));
  expect(anew).toHaveLength(bestOf(model));
  expect(anew.every(({ epochs, validation }) => epochs === bestOf(model) && !validation)).toBe(
    true,
  );
});

test('stop() before its end gives the first network, an abort nothing', async () => {
  const rows = table(3000);
  const options = { ...OPTIONS, epochs: 300, earlyStopping: false, seed: 3 };
  const first = trained(rows, { ...options, refit: false });
  const ended = (act) => {
    const training = train(rows, {
      ...options,
      onEpoch: ({ refit }) => refit && act(training),
    });
    return training;
  };
  const stopped = await ended((training) => training.stop());
  expect(stopped.toJSON().data.refit).toBeUndefined();
  expect(stopped.predict(rows.slice(0, 5))).toEqual(first.predict(rows.slice(0, 5)));
  await expect(
    ended(() => {
      throw new Error('enough');
    }),
  ).rejects.toThrow('enough');
});

test('a training that goes on from its checkpoint comes to the same network', async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'polytask-refit-'));
  try {
    const at = path.join(folder, 'checkpoint');
    const rows = table(250);
    const whole = await train(rows, { ...OPTIONS, checkpoint: { path: at, every: 5 } });
    const resumed = await train(rows, { ...OPTIONS, resume: at });
    expect(resumed.toJSON().data.refit).toEqual(whole.toJSON().data.refit);
    expect(resumed.predict(rows)).toEqual(whole.predict(rows));
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
});

test('a column may divide the rows, and they are all learnt when asked', () => {
  const rows = table(300).map((row, i) => ({
    ...row,
    part: ['train', 'train', 'validation'][i % 3],
  }));
  const validation = { column: 'part' };
  expect(trained(rows, { validation }).toJSON().data.refit).toBeUndefined();
  const { data } = trained(rows, { validation, refit: true }).toJSON();
  expect([data.refit.rows, data.trainRows]).toEqual([300, 200]);
});

test('folds are scored by networks that learnt all the other rows, a search ends with one', async () => {
  const rows = table(300);
  const [plain, anew] = await Promise.all(
    [false, true].map((refit) => crossValidate(rows, { ...OPTIONS, refit }, 3)),
  );
  expect(anew.mean.y.rmse).not.toBe(plain.mean.y.rmse);
  const { model: searched } = await tune(rows, { ...OPTIONS, trials: 3 });
  expect(searched.toJSON().data.refit.rows).toBe(300);
  const best = searched.tuning.find(({ best }) => best);
  expect(best.score).toBeCloseTo(searched.history[bestOf(searched) - 1].validation.loss, 10);
  const { model: timed } = await tune(rows, { ...OPTIONS, seconds: 0.3 });
  expect(timed.toJSON().data.refit.rows).toBe(300);
});

test('without rows to learn again it is refused', () => {
  for (const validation of [false, 'nowhere.csv']) {
    expect(() => trained(table(300), { validation, refit: true })).toThrow(
      expect.objectContaining({ code: 'ERR_OPTIONS', option: 'refit' }),
    );
  }
});
