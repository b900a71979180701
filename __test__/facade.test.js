// The facade alone, over stand-ins for the native modules: how arguments cross and how answers
// are shaped.
'use strict';

jest.mock('../native/polytask.node', () => require('./fake').core, { virtual: true });
jest.mock('../native/polytask-train.node', () => require('./fake').trainer, { virtual: true });

const { started } = require('./fake');
const { Model, load, predict, train, trainSync, version } = require('..');

const last = () => started.at(-1);

// Runs first: nothing has been trained or loaded in this file yet.
test('predict before any model says what to do', () => {
  expect(() => predict([[1]])).toThrow(
    expect.objectContaining({ code: 'ERR_NO_MODEL', message: expect.stringMatching(/load/) }),
  );
});

describe('arguments', () => {
  test.each([
    [undefined, {}],
    [7, { epochs: 7 }],
    ['10', { epochs: '10' }],
    [null, { epochs: null }],
    [true, { epochs: true }],
    [[1], { epochs: [1] }],
    [Number.NaN, { epochs: { $: 'NaN' } }],
    [{ seed: Number.NEGATIVE_INFINITY }, { seed: { $: '-Infinity' } }],
    [
      { seed: 10n, model: () => 1 },
      { seed: { $: '10n' }, model: { $: 'a function' } },
    ],
    [
      { model: { hidden: [Symbol('x'), undefined] } },
      { model: { hidden: [{ $: 'a symbol' }, { $: 'undefined' }] } },
    ],
    [{ seed: undefined, onEpoch: () => {} }, {}],
    [
      JSON.parse('{"targets":{"__proto__":"regression"}}'),
      JSON.parse('{"targets":{"__proto__":"regression"}}'),
    ],
  ])('%p crosses as %p', (argument, expected) => {
    train('a.csv', argument);
    expect(JSON.stringify(last().options)).toBe(JSON.stringify(expected));
  });

  test('a cycle is an error of the options', async () => {
    const options = {};
    options.model = options;
    await expect(train('a.csv', options)).rejects.toMatchObject({ code: 'ERR_OPTIONS' });
  });

  test.each([
    [3, 'found 3'],
    [null, 'found null'],
    [{}, 'found an object'],
    [undefined, 'found undefined'],
  ])('%p is no source', async (source, words) => {
    const error = { code: 'ERR_OPTIONS', message: expect.stringContaining(words) };
    await expect(train(source)).rejects.toMatchObject(error);
    expect(() => trainSync(source)).toThrow(expect.objectContaining(error));
    await expect(aModel().evaluate(source)).rejects.toMatchObject(error);
  });

  test('signal and onEpoch are checked, and are not for trainSync', async () => {
    for (const options of [{ signal: {} }, { signal: null }, { onEpoch: 3 }]) {
      const [option] = Object.keys(options);
      await expect(train('a.csv', options)).rejects.toMatchObject({ code: 'ERR_OPTIONS', option });
    }
    expect(() => trainSync('a.csv', { onEpoch() {} })).toThrow(/onEpoch.*use train/);
    expect(trainSync('a.csv', { signal: undefined })).toBeInstanceOf(Model);
  });
});

/** A model, made as users make one from bytes. */
function aModel() {
  return Model.fromBuffer(Buffer.from('bytes'));
}

describe('Model', () => {
  test('is made only by polytask', () => {
    expect(() => new Model()).toThrow(TypeError);
    expect(() => Model.fromBuffer('x')).toThrow(expect.objectContaining({ code: 'ERR_ARTIFACT' }));
    expect(() => Model.fromBuffer(new Uint8Array())).toThrow('the file is empty');
    expect(Model.fromBuffer(new DataView(new ArrayBuffer(3)))).toBeInstanceOf(Model);
  });

  test('shapes predictions, with names as data', () => {
    const [first, second] = aModel().predict([[1], [2]]);
    expect(Object.keys(first)).toEqual(['__proto__', '']);
    expect(Object.getPrototypeOf(first)).toBe(Object.prototype);
    const answer = Object.getOwnPropertyDescriptor(first, '__proto__').value;
    expect(answer.label).toBe('__proto__');
    expect(answer.probability).toBe(0.75);
    expect(Object.entries(answer.probabilities)).toEqual([
      ['constructor', 0.25],
      ['__proto__', 0.75],
    ]);
    expect(second[''].value).toBe(1.5);
  });

  test('refuses rows that are none', () => {
    for (const rows of [undefined, 'abc', 3, { 0: [1] }, new Float32Array(3)]) {
      expect(() => aModel().predict(rows)).toThrow(expect.objectContaining({ code: 'ERR_ROWS' }));
    }
    expect(() => aModel().predict([[1], null])).toThrow('rows[1]: found null');
    expect(aModel().predict([])).toEqual([]);
  });

  test('cannot be changed through what it shows', () => {
    const model = aModel();
    expect(() => model.tasks.push({})).toThrow(TypeError);
    expect(() => Object.assign(model.history[0], { loss: 0 })).toThrow(TypeError);
    expect(() => Object.assign(model.options, { epochs: 0 })).toThrow(TypeError);
    expect(model.tasks[0]).toEqual({
      name: '__proto__',
      type: 'classification',
      classes: ['constructor', '__proto__'],
      labels: 4,
    });
    expect(Object.keys(model.history[0].tasks)).toEqual(['__proto__']);
    expect(Object.keys(model.history[0].validation.tasks)).toEqual(['__proto__']);
  });

  test('tells about itself as text and as data', () => {
    expect(aModel().summary()).toBe('a summary');
    expect(require('node:util').inspect(aModel())).toBe('a summary');
    const data = JSON.parse(JSON.stringify(aModel()));
    expect(data).toMatchObject({ parameters: 7, data: { trainRows: 4 } });
    expect(data).not.toHaveProperty('summary');
  });

  test('evaluate passes its options on, of which Rust knows the names', async () => {
    const scores = await aModel().evaluate('a.csv', { csv: { delimiter: ';' }, by: 'g' });
    const options = '{"csv":{"delimiter":";"},"by":"g"}';
    expect(Object.entries(scores)).toEqual([['__proto__', { n: 1, options }]]);
    await expect(aModel().evaluate('a.csv', 3)).rejects.toMatchObject({ code: 'ERR_OPTIONS' });
  });

  test('save and load want a path', async () => {
    await expect(aModel().save()).rejects.toMatchObject({ code: 'ERR_OPTIONS' });
    await expect(load(3)).rejects.toMatchObject({ code: 'ERR_OPTIONS' });
    await aModel().save('x');
    await load('x');
    expect(predict([[1]])).toHaveLength(1);
    expect(version).toBe('1.2.3');
  });
});
