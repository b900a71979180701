// What learning tasks together gained or cost them.
'use strict';

const { load, Model, train } = require('..');
const { CSV } = require('./iris');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

// Several trainings in one test, on machines that have others to do.
jest.setTimeout(60_000);

const OPTIONS = { targets: ['species', 'petal_width'], epochs: 15, seed: 4 };

/** Rows of one feature and two tasks: the second pulls the only hidden units from the first. */
function rivals() {
  return Array.from({ length: 200 }, (_, i) => {
    const x = ((i * 73) % 200) / 100 - 1;
    return Object.fromEntries([
      ['x', x],
      ['__proto__', x > 0.1 ? 'yes' : 'no'],
      ['wave', Math.sin(12 * x)],
    ]);
  });
}

test('a comparison comes with the model, in words too, and is kept in its file', async () => {
  const plain = await train(CSV, OPTIONS);
  expect(plain.comparison).toBeNull();
  const model = await train(CSV, { ...OPTIONS, compare: 'single-task' });
  expect(model.predict([[5.1, 3.5, 1.4]])).toEqual(plain.predict([[5.1, 3.5, 1.4]]));
  expect(model.options.compare).toEqual({ method: 'single-task', seeds: 3, fraction: 0.2 });

  const { comparison } = model;
  expect(comparison).toMatchObject({ method: 'single-task', seeds: [4, 5, 6], heldOutRows: 30 });
  expect(Object.keys(comparison.tasks)).toEqual(OPTIONS.targets);
  const { species, petal_width: width } = comparison.tasks;
  expect(species).toMatchObject({ metric: 'accuracy', higherIsBetter: true });
  expect(width).toMatchObject({ metric: 'rmse', higherIsBetter: false });
  for (const { multi, single, delta, higherIsBetter, gained, suffered } of [species, width]) {
    expect(delta.values).toEqual(
      multi.values.map((value, i) => {
        const change = (value - single.values[i]) * (higherIsBetter ? 1 : -1);
        return change === 0 ? 0 : change / single.values[i];
      }),
    );
    const error = delta.deviation / Math.sqrt(3);
    expect([gained, suffered]).toEqual([delta.mean > error, delta.mean < -error]);
  }
  expect(comparison.meanDelta).toBeCloseTo((species.delta.mean + width.delta.mean) / 2, 12);
  expect(comparison.text).toMatch(/^learning together .*3 seeds, 30 rows held out/);
  for (const line of comparison.text.split('\n')) expect(model.summary()).toContain(line);
  expect(Object.isFrozen(comparison.tasks.species)).toBe(true);

  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'polytask-compare-'));
  const file = path.join(folder, 'm.safetensors');
  await model.save(file);
  expect((await load(file)).comparison).toEqual(comparison);
  expect(Model.fromBuffer(model.toBuffer()).toJSON().comparison).toEqual(comparison);
  fs.rmSync(folder, { recursive: true });
});

test('a task that suffers is named', async () => {
  const targets = Object.fromEntries([
    ['__proto__', 'classification'],
    ['wave', { weight: 1000 }],
  ]);
  const model = { hidden: [2], dropout: 0 };
  const { comparison } = await train(rivals(), {
    targets,
    model,
    epochs: 30,
    compare: { seeds: 4 },
  });
  const tasks = new Map(Object.entries(comparison.tasks));
  expect(tasks.get('__proto__').suffered).toBe(true);
  expect(comparison.text).toMatch(/^"__proto__": accuracy .*: suffered -/m);
});

test('one target, and an abort in the midst of it', async () => {
  await expect(train(CSV, { compare: 'single-task' })).rejects.toMatchObject({
    code: 'ERR_OPTIONS',
    option: 'compare',
  });
  const controller = new AbortController();
  const compare = { seeds: 1000 };
  const training = train(CSV, { ...OPTIONS, epochs: 2, compare, signal: controller.signal });
  for await (const { epoch } of training) if (epoch === 2) break;
  const stopped = await training;
  expect(stopped.comparison).toBeNull();

  const onEpoch = ({ epoch }) => epoch === 2 && setTimeout(() => controller.abort('enough'), 50);
  const aborted = train(CSV, {
    ...OPTIONS,
    epochs: 2,
    compare,
    signal: controller.signal,
    onEpoch,
  });
  await expect(aborted).rejects.toBe('enough');
});
