// How tasks share a network: every architecture through the whole way, and its use of experts.
'use strict';

const { Model, trainSync } = require('..');
const { CSV, rows } = require('./iris');

const TARGETS = { species: 'classification', petal_width: 'regression' };

const train = (model, options = {}) =>
  trainSync(CSV, { targets: TARGETS, epochs: 3, model: { hidden: [8], ...model }, ...options });

test.each(['shared', 'omoe', 'mmoe', 'cgc', 'ple', 'cross-stitch', 'adatt', 'dselect-k'])(
  '%s trains, answers and comes back',
  (architecture) => {
    const model = train({ architecture });
    expect(model.options.model.architecture).toBe(architecture);
    expect(model.history[2].loss).toBeLessThan(model.history[0].loss);
    const row = [[5.1, 3.5, 1.4]];
    expect(Model.fromBuffer(model.toBuffer()).predict(row)).toEqual(model.predict(row));
  },
);

test('the use of experts is told', () => {
  const model = train({ architecture: 'ple', experts: 2, taskExperts: 1 });
  for (const { experts } of model.tasks) {
    expect(experts).toHaveLength(3);
    expect(experts.reduce((sum, share) => sum + share)).toBeCloseTo(1, 5);
  }
  expect(model.summary()).toMatch(/^experts {4}"petal_width": \d+ %, \d+ %, \d+ %$/m);
  expect(JSON.parse(JSON.stringify(model)).tasks[1].experts).toEqual(model.tasks[1].experts);
  expect(model.options.model).toMatchObject({ experts: 2, taskExperts: 1, levels: 2 });
  const shared = train({});
  expect(shared.tasks[0]).not.toHaveProperty('experts');
  expect(shared.options.model).not.toHaveProperty('experts');
});

test('any number of experts can be selected from', () => {
  const model = train({ architecture: 'dselect-k', experts: 5, entropy: 0.1 });
  for (const { experts } of model.tasks) {
    expect(experts).toHaveLength(5);
    expect(experts.reduce((sum, share) => sum + share)).toBeCloseTo(1, 5);
  }
  expect(model.options.model).toMatchObject({ experts: 5, k: 2, entropy: 0.1 });
});

test.each(['esmm', 'aitm'])('%s takes a chain and nothing else', (architecture) => {
  const chain = rows().map(({ petal_length, species, ...row }) => ({
    ...row,
    long: petal_length > 2 ? 'yes' : 'no',
    virginica: species === 'virginica' ? 'yes' : 'no',
  }));
  const options = { epochs: 3, model: { architecture, tower: [8] } };
  const model = trainSync(chain, { targets: ['long', 'virginica'], ...options });
  expect(model.options.model.calibrator).toBe(architecture === 'aitm' ? 0.6 : undefined);
  const [{ long, virginica }] = model.predict([chain[0]]);
  expect(long.probabilities.yes).toBeLessThan(1);
  if (architecture === 'esmm') {
    expect(virginica.probabilities.yes).toBeLessThan(long.probabilities.yes);
  }
  expect(() => trainSync(chain, { targets: ['virginica', 'long'], ...options })).toThrow(
    expect.objectContaining({ code: 'ERR_SCHEMA', task: 'long', row: expect.any(Number) }),
  );
  expect(() => train({ architecture })).toThrow(
    expect.objectContaining({ code: 'ERR_SCHEMA', task: 'species' }),
  );
});

test('options of another architecture are refused', () => {
  expect(() => train({ architecture: 'mmoe', levels: 2 })).toThrow(
    expect.objectContaining({ code: 'ERR_OPTIONS', option: 'model.levels' }),
  );
  expect(() => train({ architecture: 'mmeo' })).toThrow(/did you mean 'mmoe'/);
});
