// Two tasks in one network: the species (a classification) and the petal width (a regression),
// both from the other three columns, scored on rows the training never saw.
//
//     node examples/iris-multitask.js
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { train } = require('polytask');
const { progress } = require('./progress');

const SEED = 1;

/** The rows of the file as objects by column name. */
function read(file) {
  const [names, ...rows] = fs
    .readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(','));
  return rows.map((cells) => Object.fromEntries(names.map((name, i) => [name, cells[i]])));
}

/** The rows in a random order that the seed fixes (Fisher and Yates, Park and Miller). */
function shuffled(rows, seed) {
  const order = [...rows];
  let state = seed;
  for (let last = order.length - 1; last > 0; last--) {
    state = (state * 48271) % 2147483647;
    const other = state % (last + 1);
    [order[last], order[other]] = [order[other], order[last]];
  }
  return order;
}

async function main() {
  const rows = shuffled(read(path.join(__dirname, '..', 'data', 'iris.csv')), SEED);
  const heldOut = rows.slice(0, 30);
  const training = rows.slice(30);
  console.log(`${training.length} rows to train on, ${heldOut.length} held out`);

  // Of the training rows, a fifth is kept for validation and chooses the best epoch.
  const run = train(training, {
    targets: { species: 'classification', petal_width: 'regression' },
    seed: SEED,
  });
  const line = progress();
  for await (const report of run) line.show(report);
  line.end();
  const model = await run;

  const { species, petal_width } = await model.evaluate(heldOut);
  console.log('\nOn the held-out rows');
  console.log(
    `species      accuracy ${species.accuracy.toFixed(3)}, log loss ${species.logLoss.toFixed(3)}`,
  );
  console.log(
    `petal_width  RMSE ${petal_width.rmse.toFixed(3)} cm, R² ${petal_width.r2.toFixed(3)}`,
  );

  console.log('\nThree of them');
  for (const [index, answer] of model.predict(heldOut.slice(0, 3)).entries()) {
    const truth = heldOut[index];
    const { label, probability } = answer.species;
    const width = answer.petal_width.value;
    console.log(
      `${label} (${probability.toFixed(3)}), ${width.toFixed(2)} cm wide;`,
      `in truth ${truth.species}, ${truth.petal_width} cm`,
    );
  }
}

main();
