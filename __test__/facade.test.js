// The facade alone, over stand-ins for the native modules: how arguments cross, how answers are
// shaped, and how a training keeps its promises whatever the order of events.
'use strict';

jest.mock('../native/polytask.node', () => require('./fake').core, { virtual: true });
jest.mock('../native/polytask-train.node', () => require('./fake').trainer, { virtual: true });

const { started } = require('./fake');
const { Model, PolytaskError, load, predict, train, trainSync, version } = require('..');

const last = () => started[started.length - 1];
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** A training that has been started, and its strings. */
function begin(options) {
  const training = train('a.csv', options);
  return { training, native: last() };
}

/** The epochs a loop over the training saw, and how it ended. */
async function listen(training, seen = []) {
  try {
    for await (const report of training) seen.push(report.epoch);
    return { seen };
  } catch (error) {
    return { seen, error };
  }
}

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

  test('evaluate has one option', async () => {
    const scores = await aModel().evaluate('a.csv', { csv: { delimiter: ';' } });
    expect(Object.entries(scores)).toEqual([['__proto__', { n: 1, options: '{"delimiter":";"}' }]]);
    const error = { code: 'ERR_OPTIONS', option: 'metric' };
    await expect(aModel().evaluate('a.csv', { metric: 1 })).rejects.toMatchObject(error);
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

describe('Training', () => {
  test('is a promise whose children are plain promises', async () => {
    const { training, native } = begin();
    expect(training).toBeInstanceOf(Promise);
    expect(training.then().constructor).toBe(Promise);
    expect(training.finally(() => {}).constructor).toBe(Promise);
    native.resolve();
    expect(await training).toBeInstanceOf(Model);
  });

  test('every loop sees every epoch, however late it begins', async () => {
    const { training, native } = begin();
    const early = listen(training);
    native.tell(1, 2);
    await turn();
    const late = listen(training);
    native.tell(3);
    native.resolve();
    await training;
    native.tell(4); // too late: the training has ended
    const after = listen(training);
    for (const loop of [early, late, after]) expect(await loop).toEqual({ seen: [1, 2, 3] });
    expect(native.calls).toEqual([]);
  });

  test('a loop throws what the training fails with', async () => {
    const { training, native } = begin();
    const loop = listen(training);
    native.tell(1);
    native.reject({ code: 'ERR_DIVERGED', message: 'the loss is NaN', task: 'price' });
    const { seen, error } = await loop;
    expect(seen).toEqual([1]);
    expect(error).toBeInstanceOf(PolytaskError);
    expect(error).toMatchObject({
      code: 'ERR_DIVERGED',
      message: 'the loss is NaN',
      task: 'price',
    });
    expect('file' in error).toBe(false);
    expect(error.stack).toMatch(/^PolytaskError: the loss is NaN\n +at .*facade\.test\.js/);
  });

  test('leaving a loop stops the training', async () => {
    const { training, native } = begin();
    native.tell(1, 2);
    for await (const _ of training) break;
    expect(native.calls).toEqual(['stop']);
    native.resolve();
    expect(await training).toBeInstanceOf(Model);
  });

  test('stop gives the training back, and does nothing after the end', async () => {
    const { training, native } = begin();
    expect(training.stop()).toBe(training);
    native.resolve();
    await training;
    training.stop();
    expect(native.calls).toEqual(['stop']);
  });

  test('onEpoch hears each report, frozen', async () => {
    const reports = [];
    const { training, native } = begin({ onEpoch: (report) => reports.push(report) });
    native.tell(1, 2);
    native.resolve();
    await training;
    expect(reports.map((report) => report.epoch)).toEqual([1, 2]);
    expect(() => Object.assign(reports[0].tasks, { x: 1 })).toThrow(TypeError);
  });

  test('what onEpoch throws ends the training with it', async () => {
    const mine = new RangeError('mine');
    let calls = 0;
    const onEpoch = () => {
      calls += 1;
      throw mine;
    };
    const { training, native } = begin({ onEpoch });
    native.tell(1, 2);
    native.reject({ code: 'ERR_ABORTED', message: 'aborted' });
    await expect(training).rejects.toBe(mine);
    expect(native.calls).toEqual(['abort']);
    expect(calls).toBe(1);
  });

  test('what an async onEpoch rejects with too, even after the last epoch', async () => {
    const mine = new RangeError('mine');
    const onEpoch = async () => {
      await turn();
      throw mine;
    };
    const { training, native } = begin({ onEpoch });
    native.tell(1);
    native.resolve();
    await expect(training).rejects.toBe(mine);
  });

  test('native errors of no known form are internal, one line long', async () => {
    const { training, native } = begin();
    native.rejectWith(new Error('something odd\n   0: backtrace'));
    await expect(training).rejects.toMatchObject({
      code: 'ERR_INTERNAL',
      message: 'polytask failed: something odd',
    });
  });
});

describe('AbortSignal', () => {
  test('aborted before: nothing is started or looked at', async () => {
    const before = started.length;
    const reason = { any: 'thing' };
    await expect(train(3, { signal: AbortSignal.abort(reason), epochs: -1 })).rejects.toBe(reason);
    expect(started).toHaveLength(before);
  });

  test('aborted during: rejects with the reason itself, at once', async () => {
    const controller = new AbortController();
    const { training, native } = begin({ signal: controller.signal });
    const loop = listen(training);
    native.tell(1);
    await turn();
    const reason = new Error('enough');
    controller.abort(reason);
    await expect(training).rejects.toBe(reason);
    expect(await loop).toEqual({ seen: [1], error: reason });
    expect(native.calls).toEqual(['abort']);
    native.tell(2);
    native.reject({ code: 'ERR_ABORTED', message: 'aborted' });
    await turn();
  });

  test('keeps no listener after the end', async () => {
    const { signal } = new AbortController();
    const add = jest.spyOn(signal, 'addEventListener');
    const remove = jest.spyOn(signal, 'removeEventListener');
    for (let count = 0; count < 20; count++) {
      const { training, native } = begin({ signal });
      if (count % 2) native.resolve();
      else native.reject({ code: 'ERR_DIVERGED', message: 'x' });
      await training.catch(() => {});
    }
    expect(remove.mock.calls).toEqual(add.mock.calls);
    expect(add).toHaveBeenCalledTimes(20);
  });
});
