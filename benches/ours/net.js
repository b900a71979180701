// Makes the model files of the `predict` and `start` rows: the wide net and that of iris, each after
// one epoch, since what it learnt does not matter for the time it takes.
'use strict';

const path = require('node:path');
const { POLYTASK, table } = require('../harness/places');
const { WIDE } = require('./wide');
const { train } = require(POLYTASK);

async function main() {
  const wide = await train(table('wide-32000.csv'), { ...WIDE, epochs: 1 });
  await wide.save(table('wide.safetensors'));
  const iris = await train(path.join(POLYTASK, 'data', 'iris.csv'), { model: 'article' });
  await iris.save(table('iris.safetensors'));
  console.log(JSON.stringify({ wide: wide.toJSON().parameters, iris: iris.toJSON().parameters }));
}

main();
