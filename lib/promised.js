// Promises that say what was forgotten when they are taken for what they promise.
'use strict';

const { PolytaskError, Site } = require('./error');

/** What a model has, which its promise has not. */
const OF_MODEL = {
  methods: [
    ...['predict', 'predictAsync', 'predictColumns', 'predictFile', 'evaluate', 'importance'],
    ...['report', 'save', 'exportOnnx', 'toBuffer', 'summary', 'advice', 'inputSchema'],
  ],
  properties: ['features', 'tasks', 'history', 'options', 'comparison', 'tuning', 'warnings'],
};

/** What a search gives. */
const OF_TUNING = { methods: OF_MODEL.methods, properties: ['model', 'trials'] };

/** What a cross-validation gives. */
const OF_FOLDS = { methods: [], properties: ['folds', 'mean', 'deviation'] };

/**
 * Gives a class of promises the names of what it promises, each of which throws: `name` is the
 * function that gave the promise.
 */
function forgottenAwait(Class, name, { methods, properties }) {
  const refuse = (what, below) => {
    const message = `${what}: ${name} gives a promise; await it first: const … = await ${name}(…)`;
    throw new Site(below).mark(new PolytaskError('ERR_NO_MODEL', message));
  };
  const hidden = { enumerable: false, configurable: true };
  for (const method of methods) {
    const value = function refused() {
      refuse(`${method}()`, refused);
    };
    Object.defineProperty(Class.prototype, method, { ...hidden, writable: true, value });
  }
  for (const property of properties) {
    const get = function refused() {
      refuse(property, refused);
    };
    // Whoever writes a property of that name to the promise may.
    const set = function own(value) {
      Object.defineProperty(this, property, { value, writable: true, configurable: true });
    };
    Object.defineProperty(Class.prototype, property, { ...hidden, get, set });
  }
  return Class;
}

/** The promise of a model that is loaded. */
class Loading extends Promise {
  static get [Symbol.species]() {
    return Promise;
  }
}
forgottenAwait(Loading, 'load', OF_MODEL);

module.exports = { Loading, OF_FOLDS, OF_MODEL, OF_TUNING, forgottenAwait };
