// What is easily forgotten or mistaken, and what is said of it: an await, a path, a permission of the
// runtime; and one signal for many trainings.
'use strict';

const { Model, crossValidate, load, train, trainSync, tune } = require('..');
const { run } = require('./child');
const { CSV, rows } = require('./iris');

const quick = { epochs: 1, targets: 'species' };
const caught = (work) => {
  try {
    return work();
  } catch (error) {
    return error;
  }
};

let model;
beforeAll(() => {
  model = trainSync(CSV, quick);
});

describe('a forgotten await', () => {
  const promises = {
    train: () => train(CSV, quick),
    load: () => load('none.safetensors'),
    tune: () => tune(CSV, { ...quick, trials: 1 }),
  };

  test.each(Object.keys(promises))('of %s', async (name) => {
    const promise = promises[name]();
    const error = caught(() => promise.predict([[1]]));
    expect(error).toMatchObject({ name: 'PolytaskError', code: 'ERR_NO_MODEL' });
    expect(error.message).toMatch(new RegExp(`^predict\\(\\): ${name} gives a promise; await it`));
    expect(error.stack).toMatch(/misuse\.test\.js/);
    for (const method of ['evaluate', 'predictAsync', 'save', 'summary', 'toBuffer']) {
      expect(() => promise[method]()).toThrow(/gives a promise; await it first/);
    }
    const property = name === 'tune' ? 'model' : 'history';
    expect(() => promise[property]).toThrow(/gives a promise; await it first/);
    // It is a promise as before.
    expect(Object.keys(promise)).toEqual([]);
    expect(promise).toBeInstanceOf(Promise);
    const derived = promise.then(() => {});
    expect(derived.constructor).toBe(Promise);
    await Promise.allSettled([promise, derived]);
  });

  test('names no method that a model has not', () => {
    const { OF_MODEL } = require('../lib/promised');
    const all = Object.getOwnPropertyNames(Model.prototype);
    const names = all.filter((name) => !['constructor', 'toJSON'].includes(name));
    expect([...OF_MODEL.methods, ...OF_MODEL.properties].sort()).toEqual(names.sort());
  });

  test('of a load that is awaited, is none', async () => {
    await expect(load('none.safetensors')).rejects.toMatchObject({ code: 'ERR_ARTIFACT' });
  });
});

test.each([
  ['a Buffer', () => Buffer.from('x'), /found a Buffer: Model\.fromBuffer makes a model of bytes/],
  ['an ArrayBuffer', () => new ArrayBuffer(3), /Model\.fromBuffer/],
  ['a typed array', () => new Uint8Array(3), /found a\w? Uint8Array: Model\.fromBuffer/],
  ['a URL', () => new URL('file:///m'), /found a URL: give its path, fileURLToPath/],
  ['nothing', () => undefined, /load takes a path; found undefined/],
])('load of %s', async (_, given, message) => {
  const expected = { code: 'ERR_OPTIONS', message: expect.stringMatching(message) };
  await expect(load(given())).rejects.toMatchObject(expected);
});

test('Model.fromBuffer takes bytes in any form, and says so of a path', () => {
  const bytes = model.toBuffer();
  const array = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
  for (const form of [bytes, new Uint8Array(bytes), new DataView(array), array]) {
    expect(Model.fromBuffer(form).toBuffer().equals(bytes)).toBe(true);
  }
  const expected = { code: 'ERR_ARTIFACT', message: expect.stringMatching(/load\(path\)/) };
  expect(() => Model.fromBuffer('model.safetensors')).toThrow(expect.objectContaining(expected));
});

describe('one signal for many', () => {
  test('trainings, files and evaluations warns of nothing, and aborts them all', async () => {
    const code = `
      const { train, crossValidate } = require('.');
      process.on('warning', (warning) => console.log(warning.name, warning.message));
      const controller = new AbortController();
      const { signal } = controller;
      const reason = new Error('mine');
      const works = Array.from({ length: 15 }, () =>
        train('data/iris.csv', { epochs: 1e6, earlyStopping: false, signal }));
      works.push(crossValidate('data/iris.csv', { epochs: 1e6, earlyStopping: false, signal }));
      setTimeout(() => controller.abort(reason), 50);
      Promise.allSettled(works).then((all) =>
        console.log(all.filter((it) => it.reason === reason).length));`;
    const { stdout, stderr } = await run(code);
    expect([stdout, stderr]).toEqual(['16\n', '']);
  });

  test('that outlives them is not listened to any more', async () => {
    const listening = new Set();
    const signal = {
      aborted: false,
      addEventListener: (_, listener) => listening.add(listener),
      removeEventListener: (_, listener) => listening.delete(listener),
    };
    const works = [0, 1].map(() => train(rows(), { ...quick, signal }));
    expect(listening.size).toBe(1);
    await Promise.all(works);
    expect(listening.size).toBe(0);
    await crossValidate(CSV, { ...quick, signal }, 2);
    expect(listening.size).toBe(0);
  });
});

describe('a runtime that does not let native code in', () => {
  const told = `try { require('.') } catch (error) { console.log(error.code, error.message) }`;

  test.each([
    [
      'ERR_DLOPEN_DISABLED',
      'process.permission = {};',
      '--permission, so start it with --allow-addons',
    ],
    ['ERR_DLOPEN_DISABLED', '', 'start node without --no-addons'],
    ['ERR', '', 'start deno with --allow-ffi'],
  ])('%s %s', async (name, before, message) => {
    const text =
      name === 'ERR' ? 'Requires ffi access to "x", run again with the --allow-ffi flag' : 'no';
    const code = `
      ${before}
      process.dlopen = () => { throw Object.assign(new Error(${JSON.stringify(text)}), { code: '${name}' }) };
      ${told}`;
    const { stdout } = await run(code);
    expect(stdout).toMatch(/^ERR_INTERNAL polytask may not load its native code: /);
    expect(stdout).toContain(message);
    expect(stdout).not.toMatch(/not built/);
  });
});
