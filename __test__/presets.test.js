// Presets: each trains tasks of several kinds, with labels missing, and is what it was once loaded.
'use strict';

const { Model, train } = require('..');

const PRESETS = ['default', 'fast', 'realmlp', 'tabm', 'article'];

/** Rows of numbers, a word of few and one of many values, and three targets, some labels missing. */
function rows(count) {
  // A small generator of our own: tests are seeded.
  let state = 7;
  const random = () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
  return Array.from({ length: count }, (_, at) => {
    const [a, b] = [random() * 4, random()];
    const colour = ['red', 'green', 'blue'][Math.floor(random() * 3)];
    const town = `town ${Math.floor(random() * 80)}`;
    return {
      a,
      b,
      colour,
      town,
      kind: at % 7 === 3 ? null : a > 2 === b > 0.5 ? 'same' : 'other',
      price: at % 5 === 1 ? null : 100 + 20 * Math.sin(3 * a) + (colour === 'red' ? 30 : 0),
      visits: at % 6 === 2 ? null : Math.round(3 * a * b),
    };
  });
}

const TARGETS = { kind: 'classification', price: 'regression', visits: 'count' };
const data = rows(300);

describe.each(PRESETS)('the preset %s', (preset) => {
  const options = { targets: TARGETS, model: { preset }, epochs: 6, validation: 0.25 };

  test('trains mixed tasks with labels missing in fused kernels', async () => {
    const model = await train(data, { ...options, engine: 'fused' });
    expect(model.options.model.preset).toBe(preset);
    const first = model.predict(data.slice(0, 40));
    for (const { kind, price, visits } of first) {
      expect(Object.keys(kind.probabilities)).toEqual(['other', 'same']);
      expect(Number.isFinite(price.value) && visits.value >= 0).toBe(true);
    }
    const loaded = Model.fromBuffer(model.toBuffer());
    expect(loaded.predict(data.slice(0, 40))).toEqual(first);
    expect(loaded.options).toEqual(model.options);
    // What was understood, given as options, is the same training, to the bit; so is one thread.
    const { batchSize, ...said } = model.options;
    const told = Object.fromEntries(Object.entries(said).filter(([, value]) => value !== null));
    const size = batchSize === null ? {} : { batchSize };
    const again = await train(data, { ...told, ...size, targets: TARGETS, threads: 1 });
    expect(again.predict(data.slice(0, 40))).toEqual(first);
  });

  test('leaves the last word to the user', async () => {
    const own = {
      ...options,
      epochs: 2,
      learningRate: 0.004,
      batchSize: 50,
      features: { scaling: 'standard', oneHot: 2 },
      model: { preset, hidden: [9], dropout: 0, embeddings: 'none', members: 0 },
    };
    const model = await train(data, own);
    // Targets stand in `tasks`; no embeddings are told of where the preset has some.
    const {
      targets,
      model: { embeddings, ...network },
      ...others
    } = own;
    expect(model.options).toMatchObject({ ...others, model: network });
    const plain = ['fast', 'article'].includes(preset);
    expect(model.options.model.embeddings).toBe(plain ? undefined : 'none');
    expect(model.tasks.map(({ name }) => name)).toEqual(Object.keys(targets));
    expect(embeddings).toBe('none');
  });

  test('goes with every architecture', async () => {
    for (const architecture of ['mmoe', 'ple', 'cross-stitch', 'adatt', 'dselect-k']) {
      const model = {
        preset,
        architecture,
        hidden: [8],
        ...(architecture[0] !== 'c' && { tower: [4] }),
      };
      const trained = await train(data.slice(0, 80), { ...options, model, epochs: 1 });
      expect(trained.predict(data.slice(0, 1))[0].kind.label).toMatch(/same|other/);
    }
  });
});

test('realmlp goes by the tasks, smooths labels and keeps regressions in their range', async () => {
  const one = (target) =>
    train(data, {
      targets: { [target]: TARGETS[target] },
      model: 'realmlp',
      epochs: 3,
      features: { include: ['a', 'b', 'town'] },
    });
  const [kind, price] = [await one('kind'), await one('price')];
  expect(kind.options).toMatchObject({
    learningRate: 0.04,
    earlyStopping: { metric: 'accuracy', ties: 'last' },
  });
  expect(kind.options.model.activation).toBe('selu');
  expect(kind.summary()).toContain('labels smoothed by 0.1');
  expect(price.options).toMatchObject({
    learningRate: 0.2,
    model: { activation: 'mish', front: true },
  });
  const far = price.predict([{ a: 1e6, b: -1e6, town: 'x' }])[0].price.value;
  const labels = data.map((row) => row.price).filter((label) => label !== null);
  expect(far).toBeGreaterThanOrEqual(Math.min(...labels));
  expect(far).toBeLessThanOrEqual(Math.max(...labels));
});
