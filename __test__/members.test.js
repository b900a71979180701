// Several networks that answer as one, through the whole way and every door.
'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { Model, trainSync } = require('..');
const { CSV, rows } = require('./iris');

const TARGETS = { species: 'classification', petal_width: 'regression' };
const train = (options) =>
  trainSync(CSV, { targets: TARGETS, epochs: 8, batchSize: 16, ...options });

describe.each([
  ['an ensemble', { ensemble: 3, model: { hidden: [8] } }],
  ['members of one network', { model: { hidden: [8], members: 3 } }],
])('%s', (_, options) => {
  let model;
  beforeAll(() => {
    model = train(options);
  });

  test('learns, and says how many answer', () => {
    expect(model.history.at(-1).loss).toBeLessThan(model.history[0].loss);
    expect(model.summary()).toMatch(
      /^network {4}shared, 3 members, \d+ parameters; heads \[3, 1\]/m,
    );
    expect(model.options.ensemble).toBe(options.ensemble ?? 1);
    expect(model.options.model.members).toBe(options.model.members ?? 0);
  });

  test('answers alike by every door, and from its file', async () => {
    const all = rows();
    const answers = model.predict(all);
    for (const { species } of answers) {
      const chances = Object.values(species.probabilities);
      expect(chances.reduce((sum, p) => sum + p)).toBeCloseTo(1, 9);
      expect(species.probabilities[species.label]).toBe(Math.max(...chances));
    }
    expect(await model.predictAsync(all)).toEqual(answers);
    expect(Model.fromBuffer(model.toBuffer()).predict(all)).toEqual(answers);
    const features = model.features.map(({ name }) => name);
    const numbers = all.map((row) => features.map((name) => Number(row[name])));
    expect(model.predict(numbers)).toEqual(answers);
    const columns = Object.fromEntries(
      features.map((name, at) => [name, Float64Array.from(numbers, (row) => row[at])]),
    );
    const { species, petal_width } = model.predictColumns(columns);
    expect(Array.from(petal_width.value)).toEqual(answers.map((row) => row.petal_width.value));
    expect(Array.from(species.code, (code) => species.classes[code])).toEqual(
      answers.map((row) => row.species.label),
    );
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'polytask-members-'));
    try {
      const out = path.join(folder, 'out.csv');
      await model.predictFile(CSV, out);
      const [, ...lines] = fs.readFileSync(out, 'utf8').trimEnd().split('\n');
      expect(lines.map((line) => Number(line.split(',').at(-1)))).toEqual(
        answers.map((row) => row.petal_width.value),
      );
    } finally {
      fs.rmSync(folder, { recursive: true });
    }
  });
});

test('one network is what it was', () => {
  const weights = (options) => train({ model: { hidden: [8] }, ...options }).predict(rows());
  expect(weights({ ensemble: 1 })).toEqual(weights({}));
});

test('the two do not go together', () => {
  expect(() => train({ ensemble: 2, model: { members: 2 } })).toThrow(
    expect.objectContaining({ code: 'ERR_OPTIONS', option: 'ensemble' }),
  );
  expect(() => train({ model: { architecture: 'mmoe', members: 2 } })).toThrow(
    expect.objectContaining({ code: 'ERR_OPTIONS', option: 'model.members' }),
  );
});
