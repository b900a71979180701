// From `train('data/iris.csv', 100)` to the model: the first call in a process, which loads
// libtorch, and the median of those after it.
'use strict';

const path = require('node:path');
const { emit, watch } = require('../harness/meter');
const { POLYTASK } = require('../harness/places');
const { median } = require('../harness/statistics');
const { train } = require(POLYTASK);

const TIMES = 20;
const csv = path.join(POLYTASK, 'data', 'iris.csv');

async function once() {
  const began = performance.now();
  const model = await train(csv, 100);
  const ms = performance.now() - began;
  return {
    ms,
    epochs: model.history.length,
    accuracy: (await model.evaluate(csv)).species.accuracy,
  };
}

async function main() {
  const stop = watch();
  const first = await once();
  const runs = [];
  for (let i = 0; i < TIMES; i++) runs.push(await once());
  const { others } = stop();
  const ms = median(runs.map(({ ms }) => ms));
  emit({ ...first, first_ms: first.ms, ms, other_cores_busy: others });
}

main();
