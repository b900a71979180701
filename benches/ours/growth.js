// How time grows: one call of `train`, with libtorch loaded, on a file and for a number of epochs.
'use strict';

const path = require('node:path');
const { emit, watch } = require('../harness/meter');
const { POLYTASK, table } = require('../harness/places');
const { PLAIN } = require('./wide');
const { train } = require(POLYTASK);

const { file, epochs } = JSON.parse(process.argv[2]);

async function main() {
  await train(path.join(POLYTASK, 'data', 'iris.csv'), 1);
  const options = {
    ...PLAIN,
    epochs,
    targets: { f19: 'regression' },
    model: { preset: 'fast', hidden: [128, 128], activation: 'relu', dropout: 0 },
    optimizer: 'adam',
    batchSize: 512,
  };
  const stop = watch();
  const model = await train(table(file), options);
  const { seconds, others } = stop();
  const { history } = model;
  emit({
    seconds,
    training_s: history.at(-1).seconds,
    rows: model.toJSON().data.rows,
    epochs,
    other_cores_busy: others,
  });
}

main();
