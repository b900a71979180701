// The defaults are good: rows never seen in training are classified right.
'use strict';

const { trainSync } = require('..');
const { ARTICLE_ROWS, split } = require('./iris');

test.each([0, 1, 2, 3, 4])('seed %p', async (seed) => {
  const { training, heldOut } = split(seed);
  const model = trainSync(training, { targets: 'species', seed });
  const { species } = await model.evaluate(heldOut);
  expect(species.n).toBe(30);
  expect(species.accuracy).toBeGreaterThanOrEqual(0.93);
  for (const answer of model.predict(ARTICLE_ROWS).slice(1)) {
    expect(1 - answer.species.probabilities.setosa).toBeGreaterThan(0.5);
  }
});
