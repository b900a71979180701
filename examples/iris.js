// The article's job in the article's order: load, model, train, evaluate, predict. First with the
// article's own small network and its ten epochs, then with the defaults.
//
//     node examples/iris.js
'use strict';

const path = require('node:path');
const { train } = require('polytask');
const { progress } = require('./progress');

// Load: a CSV file with a header. Column types are inferred; the last column is the target.
const csv = path.join(__dirname, '..', 'data', 'iris.csv');

const flowers = [
  [5.1, 3.5, 1.4, 0.2],
  [5.9, 3.0, 5.1, 1.8],
  [6.9, 3.1, 5.4, 2.1],
];

async function show(title, options) {
  console.log(`\n${title}`);

  // Model and train: a promise of the model, and its epochs while they happen.
  const training = train(csv, options);
  const line = progress();
  for await (const report of training) line.show(report);
  line.end();
  const model = await training;

  // Evaluate: a fifth of the rows was kept from training (but did choose the best epoch).
  const { validation } = model.history.findLast((report) => report.best);
  const { accuracy, n } = validation.tasks.species;
  const all = await model.evaluate(csv);
  console.log(`accuracy on the ${n} validation rows ${accuracy.toFixed(3)}`);
  console.log(`accuracy on the whole file ${all.species.accuracy.toFixed(3)}`);

  // Predict: classes by name.
  print(model, model.predict(flowers));
  return accuracy;
}

/** The flowers and the probability of each class, as a small table. */
function print(model, predictions) {
  const { classes } = model.tasks[0];
  const row = (cells, names) => {
    const left = cells.map((cell) => cell.padStart(13)).join('');
    return left + names.map((name) => name.padStart(12)).join('');
  };
  const columns = model.features.map(({ name }) => name);
  console.log(row(columns, classes));
  for (const [index, { species }] of predictions.entries()) {
    const cells = flowers[index].map((cell) => cell.toFixed(1));
    const shares = classes.map((name) => species.probabilities[name].toFixed(3));
    console.log(row(cells, shares));
  }
}

async function main() {
  const little = await show("The article's network, 4-10-10-3, plain SGD, 10 epochs", {
    model: 'article',
    epochs: 10,
  });
  if (little < 0.9) {
    console.log(
      'Ten epochs of plain SGD are some forty small steps: it has hardly begun to learn.',
    );
  }
  await show('The defaults, 100 epochs', { epochs: 100 });
}

main();
