// Memory: the peak of a training on a million rows (`{"mode":"training"}`), or what stays after a
// thousand models that were trained, asked and dropped (`{"mode":"cycles"}`, with --expose-gc).
'use strict';

const path = require('node:path');
const { setTimeout: pause } = require('node:timers/promises');
const { emit, memory } = require('../harness/meter');
const { POLYTASK, table } = require('../harness/places');
const { train } = require(POLYTASK);

const { mode } = JSON.parse(process.argv[2]);
// The first ones fill the pockets: V8 lets dropped models lie until they hold some 64 MB, which is
// hundreds of so small ones, and the allocator keeps what they took.
const [WARM, CYCLES] = [1500, 1000];

async function cycle(count) {
  const csv = path.join(POLYTASK, 'data', 'iris.csv');
  for (let i = 0; i < count; i++) {
    const model = await train(csv, { epochs: 1, seed: i });
    model.predict([[5.9, 3.0, 5.1, 1.8]]);
  }
  // What is dropped goes when the finalizers have run, which takes a turn of the event loop.
  for (let i = 0; i < 3; i++) {
    globalThis.gc();
    await pause(20);
  }
  return memory('VmRSS');
}

async function main() {
  if (mode === 'training') {
    const model = await train(table('big.csv'), { epochs: 1, targets: { f19: 'regression' } });
    return emit({ rows: model.toJSON().data.rows });
  }
  const before_mb = await cycle(WARM);
  const after_mb = await cycle(CYCLES);
  emit({ before_mb, after_mb, grown_percent: 100 * (after_mb / before_mb - 1) });
}

main();
