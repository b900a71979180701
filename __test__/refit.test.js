// What a training does in the end: one network, or several, learn from the validation rows too.
'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { Model, crossValidate, load, train, trainSync, tune } = require('..');

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
  expect(data.refit).toMatchObject({ epochs: bestOf(model), rows: 200 });
  expect([data.trainRows, data.validationRows]).toEqual([160, 40]);
  const { further } = data.refit;
  expect(model.summary()).toContain(
    `4 networks, ${bestOf(model)}, ${further.join(', ')} epochs anew on 200 rows`,
  );
  expect(model.options.refit).toBe('auto');
  expect(bestOf(model)).toBe(12);
  const alone = trained(rows, { refit: true });
  expect(alone.summary()).toMatch(/\n *refit +12 epochs anew on 200 rows/);
  expect(alone.toJSON().data.refit.further).toBeUndefined();

  expect(trained(rows.slice(1)).toJSON().data.refit).toBeUndefined();
  expect(trained(rows.slice(1), { refit: true }).toJSON().data.refit.rows).toBe(199);
  const often = trained(rows.slice(0, 50), { epochs: 400, earlyStopping: { patience: 3 } });
  expect(often.toJSON().data.refit).toMatchObject({ epochs: bestOf(often), rows: 50 });
  expect(trained(rows, { refit: false }).toJSON().data.refit).toBeUndefined();
  expect(trained(rows, { model: 'fast' }).toJSON().data.refit).toBeUndefined();
});

test('what was found on the validation rows stays; the network is another, as good as one of all rows', () => {
  const rows = table(400);
  const [without, anew] = [false, true].map((refit) => trained(rows, { refit, interval: 0.8 }));
  // Seconds are never the same.
  const told = ({ history }) => history;
  expect(told(anew)).toEqual(told(without));
  expect(anew.tasks).toEqual(without.tasks);
  expect(anew.predict(rows)).not.toEqual(without.predict(rows));
  // It is the one that learns from all rows from the first, for as many epochs of the same pace.
  const all = trained(rows, { validation: false, schedule: 'constant', epochs: 5 });
  const same = trained(rows, { refit: true, schedule: 'constant', epochs: 5, calibration: false });
  expect(bestOf(same)).toBe(5);
  expect(same.predict(rows.slice(0, 9))).toEqual(all.predict(rows.slice(0, 9)));
});

test('several networks, each by an epoch of its own, are averaged; the first is the one there would be', () => {
  const rows = table(300);
  const networks = [1, 2, 3].map((refit) => trained(rows, { refit, calibration: false }));
  const furthers = networks.map((model) => model.toJSON().data.refit.further ?? []);
  expect(furthers.map(({ length }) => length)).toEqual([0, 1, 2]);
  expect(furthers[2][0]).toBe(furthers[1][0]);
  expect(furthers[2].every((epochs) => epochs >= 1 && epochs <= OPTIONS.epochs)).toBe(true);
  const sizes = networks.map((model) => model.toJSON().parameters);
  expect(sizes).toEqual([1, 2, 3].map((count) => count * sizes[0]));
  // What each adds to the sum is a network's answer: near the label, and not the first's.
  const sums = networks.map((model, i) =>
    model
      .predict(rows)
      .map(({ y, kind }) => [y.value, kind.probabilities.over].map((p) => p * (i + 1))),
  );
  for (const [fewer, more] of [
    [sums[0], sums[1]],
    [sums[1], sums[2]],
  ]) {
    const own = more.map((sum, row) => sum.map((number, i) => number - fewer[row][i]));
    expect(own.every(([, p]) => p > -1e-6 && p < 1 + 1e-6)).toBe(true);
    const right = own.filter(([, p], row) => (p > 0.5 ? 'over' : 'under') === rows[row].kind);
    expect(right.length).toBeGreaterThan(200);
    expect(own.some(([y], row) => Math.abs(y - sums[0][row][0]) > 0.01)).toBe(true);
  }
});

test('members, an ensemble and weights of rows go with it, in files and as ONNX', async () => {
  const rows = table(120).map((row, i) => ({ ...row, w: 1 + (i % 3) }));
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'polytask-refit-'));
  try {
    for (const [given, members] of [
      [{ model: { members: 2, hidden: [8] } }, 6],
      [{ ensemble: 2, model: { members: 0, hidden: [8] } }, 6],
      [{ model: { architecture: 'mmoe', hidden: [8] }, sampleWeights: 'w' }, 3],
    ]) {
      const options = { ...given, refit: 3, epochs: 4 };
      const [model, other] = [trained(rows, options), trained(rows, { ...options, threads: 3 })];
      expect(model.summary()).toContain(`${members} members, `);
      expect(other.predict(rows)).toEqual(model.predict(rows));
      const at = path.join(folder, 'model.st');
      await model.save(at);
      expect((await load(at)).predict(rows)).toEqual(model.predict(rows));
      await model.exportOnnx(path.join(folder, 'model.onnx'));
    }
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
});

test('a further network whose rows say nothing of a task is left out', () => {
  // One label of the second task: wherever it validates, nothing could be learnt of it.
  const rows = table(60).map((row, i) => ({ ...row, rare: i === 7 ? 1.5 : null }));
  const options = { ...OPTIONS, targets: { y: 'regression', rare: 'regression' }, refit: 16 };
  const seed = [0, 1, 2, 3].find((seed) => {
    try {
      return trainSync(rows, { ...options, refit: false, seed });
    } catch {
      return false;
    }
  });
  const model = trainSync(rows, { ...options, seed });
  const { further } = model.toJSON().data.refit;
  expect(further.length).toBeGreaterThan(5);
  expect(further.length).toBeLessThan(15);
  expect(Number.isFinite(model.predict([rows[0]])[0].rare.value)).toBe(true);
});

test('the same training gives the same bits, and the file keeps what it was', () => {
  const rows = table(250);
  const [one, other] = [trained(rows), trained(rows, { threads: 2 })];
  expect(other.predict(rows)).toEqual(one.predict(rows));
  const again = Model.fromBuffer(one.toBuffer());
  expect(again.toJSON().data.refit).toEqual(one.toJSON().data.refit);
  expect(again.predict(rows)).toEqual(one.predict(rows));
});

test('onEpoch is given its epochs, told apart from those of the history by their phase', async () => {
  const reports = [];
  const model = await train(table(250), { ...OPTIONS, onEpoch: (report) => reports.push(report) });
  const all = reports.filter(({ phase }) => phase === 'refit');
  const past = reports.filter(({ phase }) => phase === 'train');
  expect(past.every(({ network }) => network === 1)).toBe(true);
  expect(past.map(({ phase, network, progress, seconds, ...entry }) => entry)).toEqual(
    model.history,
  );
  reports.forEach(({ progress: { done, total }, seconds }, i) => {
    expect([done, seconds > 0]).toEqual([i + 1, true]);
    expect(total).toBeGreaterThanOrEqual(done);
    expect(total).toBeLessThanOrEqual(reports[i - 1]?.progress.total ?? total);
    expect(seconds).toBeGreaterThanOrEqual(reports[i - 1]?.seconds ?? 0);
  });
  expect(reports.at(-1).progress).toEqual({ done: reports.length, total: reports.length });
  const refitted = all.filter(({ network }) => network === 1);
  expect(refitted.map(({ epoch }) => epoch)).toEqual(refitted.map((_, i) => i + 1));
  expect(refitted).toHaveLength(bestOf(model));
  expect(refitted.every(({ epochs, validation }) => epochs === bestOf(model) && !validation)).toBe(
    true,
  );
  // After them, network by network whatever ran beside what, its choice of an epoch and as many.
  let rest = all.slice(refitted.length);
  for (const [i, epochs] of model.toJSON().data.refit.further.entries()) {
    const own = rest.filter(({ network }) => network === i + 2);
    expect(rest.slice(0, own.length)).toEqual(own);
    const choice = own.filter(({ validation }) => validation);
    expect(choice.findLast(({ best }) => best).epoch).toBe(epochs);
    expect(own.slice(choice.length).map(({ epoch }) => epoch)).toEqual(
      Array.from({ length: epochs }, (_, i) => i + 1),
    );
    rest = rest.slice(own.length);
  }
  expect(rest).toEqual([]);
});

test('stop() before its end gives the first network, an abort nothing', async () => {
  const rows = table(3000);
  const options = { ...OPTIONS, epochs: 300, earlyStopping: false, seed: 3, refit: 3 };
  const first = trained(rows, { ...options, refit: false });
  const ended = (act, at) => {
    const training = train(rows, {
      ...options,
      onEpoch: ({ phase, network }) => phase === 'refit' && network === at && act(training),
    });
    return training;
  };
  for (const at of [1, 2]) {
    const stopped = await ended((training) => training.stop(), at);
    expect(stopped.toJSON().data.refit).toBeUndefined();
    expect(stopped.predict(rows.slice(0, 5))).toEqual(first.predict(rows.slice(0, 5)));
  }
  await expect(
    ended(() => {
      throw new Error('enough');
    }, 1),
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
