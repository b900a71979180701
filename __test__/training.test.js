// Training alone, over stand-ins for the native modules: it keeps its promises whatever the order
// of events.
'use strict';

jest.mock('../native/polytask.node', () => require('./fake').core, { virtual: true });
jest.mock('../native/polytask-train.node', () => require('./fake').trainer, { virtual: true });

const { started } = require('./fake');
const { Model, PolytaskError, train } = require('..');

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** A training that has been started, and its strings. */
function begin(options) {
  const training = train('a.csv', options);
  return { training, native: started.at(-1) };
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
    native.leave(3); // heard at the end, if not before
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
    expect(error.stack).toMatch(/^PolytaskError: the loss is NaN\n +at .*training\.test\.js/);
  });

  test('leaving a loop stops the training', async () => {
    const { training, native } = begin();
    native.tell(1, 2);
    for await (const _ of training) break;
    expect(native.calls).toEqual(['stop']);
    native.resolve();
    expect(await training).toBeInstanceOf(Model);
  });

  test('stop does nothing after the end', async () => {
    const { training, native } = begin();
    training.stop();
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

  test('onEpoch may stop its own training, also as what an async one returns', async () => {
    const { training, native } = begin({ onEpoch: async () => training.stop() });
    native.tell(1);
    native.resolve();
    expect(await training).toBeInstanceOf(Model);
    expect(native.calls).toEqual(['stop']);
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
