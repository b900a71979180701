// Model: a trained network with the encoding of its rows. Everything it does runs in plain Rust,
// without libtorch.
'use strict';

const { inspect } = require('node:util');
const { PolytaskError, attempt, attemptLater, found } = require('./error');
const { predictFile } = require('./file');
const { Gathering, isIterable } = require('./gather');
const { core, endAtExit } = require('./native');
const { Numbers } = require('./numbers');
const { checkPath, checkSource, encode } = require('./options');
const shape = require('./shape');

const native = core();

// Only this file can make a Model, so that every one has its native half.
const OWN = Symbol('own');

// The model last trained or loaded, which the plain `predict` asks.
let latest = null;

class Model {
  #native;
  #shape;
  #numbers = null;
  #described = null;

  constructor(own, handle) {
    if (own !== OWN) throw new TypeError('a Model is made by train, load or Model.fromBuffer');
    const layout = JSON.parse(handle.layout());
    this.#native = handle;
    this.#shape = shape.answers(layout.tasks);
    if (layout.numeric) this.#numbers = new Numbers(handle, layout, this.#shape);
  }

  // Only when asked for: a model that predicts need not unfold its history.
  get #description() {
    this.#described ??= shape.description(this.#native.describe());
    return this.#described;
  }

  static fromBuffer(buffer) {
    return attempt(Model.fromBuffer, () => fromBytes(buffer));
  }

  predict(rows) {
    return attempt(this.predict, () => this.#predict(rows));
  }

  #predict(rows) {
    checkRows(rows, 'predict');
    return this.#numbers?.predict(rows) ?? this.#all(this.#native.predict(rows));
  }

  #all(flat) {
    const predictions = [];
    this.#shape.predictions(flat, 0, flat.length / this.#shape.stride, predictions);
    return predictions;
  }

  predictAsync(rows) {
    return attemptLater(this.predictAsync, async () => {
      checkRows(rows, 'predictAsync');
      endAtExit(native);
      const quick = this.#numbers?.predictLater(rows);
      return quick ?? this.#all(await this.#native.predictAsync(rows));
    });
  }

  predictColumns(data) {
    return attempt(this.predictColumns, () => {
      checkColumns(data);
      const quick = this.#numbers?.columns(data);
      return quick ?? this.#shape.columns(shape.adopted(this.#native.predictColumns(data)));
    });
  }

  async predictFile(input, output, options) {
    const done = await attemptLater(this.predictFile, () => {
      endAtExit(native);
      return predictFile(this.#native, input, output, options);
    });
    if (!done) throw options.signal.reason;
    return done;
  }

  evaluate(source, options) {
    return attemptLater(this.evaluate, async () => {
      checkSource(source, 'evaluate');
      const csv = csvOptions(options);
      return shape.evaluation(await this.#native.evaluate(await gathered(source), csv));
    });
  }

  importance(source, options) {
    return attemptLater(this.importance, async () => {
      checkSource(source, 'importance');
      const given = encode(checkOptions(options, 'importance'));
      endAtExit(native);
      return shape.importance(await this.#native.importance(await gathered(source), given));
    });
  }

  report(path, options) {
    return attemptLater(this.report, async () => {
      checkPath(path, 'report');
      // Only here: a process that predicts need not read them.
      const { compose } = require('./report');
      const { writeWhole } = require('./report/write');
      const { source, ...given } = checkOptions(options, 'report');
      if (source !== undefined) checkSource(source, 'report');
      endAtExit(native);
      await writeWhole(path, async () => {
        const rows = source === undefined ? undefined : await gathered(source);
        const numbers = shape.reported(await this.#native.report(rows, encode(given)));
        return compose(this.#description, numbers);
      });
    });
  }

  save(path) {
    return attemptLater(this.save, async () => {
      checkPath(path, 'save');
      await this.#native.save(path);
    });
  }

  exportOnnx(path) {
    return attemptLater(this.exportOnnx, async () => {
      checkPath(path, 'exportOnnx');
      await this.#native.exportOnnx(path);
    });
  }

  toBuffer() {
    return attempt(this.toBuffer, () => this.#native.toBuffer());
  }

  get features() {
    return this.#description.features;
  }

  get tasks() {
    return this.#description.tasks;
  }

  get history() {
    return this.#description.history;
  }

  get options() {
    return this.#description.options;
  }

  get comparison() {
    return this.#description.comparison;
  }

  get tuning() {
    return this.#description.tuning;
  }

  get warnings() {
    return this.#description.warnings;
  }

  summary() {
    return this.#description.summary;
  }

  advice() {
    return [...this.#description.advice];
  }

  toJSON() {
    const { summary, advice, ...rest } = this.#description;
    return rest;
  }

  [inspect.custom]() {
    return this.summary();
  }
}

/** A source as native code takes it. */
async function gathered(source) {
  if (!isIterable(source)) return source;
  const rows = new native.NativeRows();
  await new Gathering(source, rows).run();
  return rows;
}

function fromBytes(bytes) {
  if (!ArrayBuffer.isView(bytes)) {
    const message = `a model is made from the bytes of a model file; found ${found(bytes)}`;
    throw new PolytaskError('ERR_ARTIFACT', message);
  }
  const view = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return new Model(OWN, native.NativeModel.fromBuffer(view));
}

function checkRows(rows, name) {
  if (Array.isArray(rows)) return;
  const message = `${name} takes an array of rows; found ${found(rows)}`;
  throw new PolytaskError('ERR_ROWS', message);
}

function checkColumns(data) {
  if (typeof data === 'object' && data !== null && !Array.isArray(data)) return;
  const message = `predictColumns takes an object of columns or a Float32Array or Float64Array; found ${found(data)}`;
  throw new PolytaskError('ERR_ROWS', message);
}

function checkOptions(options = {}, name) {
  if (typeof options === 'object' && options !== null && !Array.isArray(options)) return options;
  const message = `${name} takes options as an object; found ${found(options)}`;
  throw new PolytaskError('ERR_OPTIONS', message);
}

// `evaluate` has one option, and it is Rust that reads what stands in it.
function csvOptions(argument) {
  const options = checkOptions(argument, 'evaluate');
  const unknown = Object.keys(options).find((name) => name !== 'csv');
  if (unknown !== undefined) {
    const message = `unknown option ${JSON.stringify(unknown)}; evaluate takes only "csv"`;
    throw new PolytaskError('ERR_OPTIONS', message, { option: unknown });
  }
  return encode(options.csv ?? {});
}

/** The model in these bytes, which from now on is the latest. */
function adopt(bytes) {
  latest = fromBytes(bytes);
  return latest;
}

/** Reads a model file. */
function load(path) {
  return attemptLater(load, async () => {
    checkPath(path, 'load');
    latest = new Model(OWN, await native.load(path));
    return latest;
  });
}

/** Predicts with the model last trained or loaded in this process. */
function predict(rows) {
  return attempt(predict, () => {
    if (latest) return latest.predict(rows);
    const message = 'there is no model yet: await train(…) or load(…) before predict';
    throw new PolytaskError('ERR_NO_MODEL', message);
  });
}

module.exports = { Model, adopt, load, predict, version: native.version() };
