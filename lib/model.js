// Model: a trained network with the encoding of its rows. Everything it does runs in plain Rust,
// without libtorch.
'use strict';

const { inspect } = require('node:util');
const { plainColumns } = require('./columns');
const { PolytaskError, attempt, attemptLater, found } = require('./error');
const { predictFile } = require('./file');
const { inputSchema, rowsLater, rowsOf } = require('./input');
const { core, endAtExit } = require('./native');
const { Numbers } = require('./numbers');
const { checkPath, encode } = require('./options');
const { Loading } = require('./promised');
const shape = require('./shape');
const { bytesOf, checkRows: checkKinds, checkSource } = require('./source');
const { unwatched, watched } = require('./work');
const { clockOf, clockOfModel, takeZone } = require('./zone');

const native = core();

// Only this file can make a Model, so that every one has its native half.
const OWN = Symbol('own');

// The model last trained or loaded, which the plain `predict` asks.
let latest = null;

// Options of work that takes a while.
const WATCHED = ['signal', 'onProgress'];

class Model {
  #native;
  #shape;
  #numbers = null;
  #described = null;
  #timeZone;
  #features;

  constructor(own, handle) {
    if (own !== OWN) throw new TypeError('a Model is made by train, load or Model.fromBuffer');
    const layout = JSON.parse(handle.layout());
    this.#native = handle;
    this.#timeZone = layout.timeZone;
    this.#features = layout.features;
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

  predict(rows, options) {
    return attempt(this.predict, () => this.#predict(rows, options));
  }

  #predict(source, options) {
    const rows = rowsOf(source, 'predict');
    const clock = this.#clock(options, 'predict');
    return (
      this.#numbers?.predict(rows) ??
      this.#all(explained(rows, () => this.#native.predict(rows, clock)))
    );
  }

  /** The clocks for the `Date` cells of a call that has this one option. */
  #clock(options, name, others = []) {
    if (options === undefined) return clockOfModel(this.#timeZone);
    const [timeZone, rest] = takeZone(checkOptions(options, name));
    checkNames(rest, ['timeZone', ...others], name);
    return this.#clockFor(timeZone);
  }

  #clockFor(timeZone) {
    return timeZone === undefined ? clockOfModel(this.#timeZone) : clockOf(timeZone);
  }

  #all(flat) {
    const predictions = [];
    this.#shape.predictions(flat, 0, flat.length / this.#shape.stride, predictions);
    return predictions;
  }

  predictAsync(source, options) {
    return attemptLater(this.predictAsync, async () => {
      const given = checkOptions(options, 'predictAsync');
      return watched(given, async (work) => {
        // Rows of an array are taken before this returns: who gave them may change them then.
        const later = () => work.until(rowsLater(source, 'predictAsync', given.signal));
        const rows = Array.isArray(source) ? source : await later();
        const clock = this.#clock(unwatched(given), 'predictAsync', WATCHED);
        endAtExit(native);
        const quick = this.#numbers?.later(rows);
        const begin = () => this.#native.predictAsync(rows, clock);
        return this.#all(await work.of(quick ?? explained(rows, begin)));
      });
    });
  }

  predictColumns(data, options) {
    return attempt(this.predictColumns, () => {
      checkColumns(data);
      const clock = this.#clock(options, 'predictColumns');
      const columns = plainColumns(data, this.#features);
      const quick = this.#numbers?.columns(columns);
      if (quick) return quick;
      return this.#shape.columns(shape.adopted(this.#native.predictColumns(columns, clock)));
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
    return this.#measure('evaluate', source, options, shape.evaluation);
  }

  importance(source, options) {
    return this.#measure('importance', source, options, shape.importance);
  }

  /** What native code of this name finds in rows with labels. */
  #measure(name, source, options, shaped) {
    return attemptLater(this[name], async () => {
      checkSource(source, name);
      const given = checkOptions(options, name);
      return watched(given, async (work) => {
        const [timeZone, rest] = takeZone(unwatched(given), source);
        const json = encode(rest);
        const clock = this.#clockFor(timeZone);
        endAtExit(native);
        const rows = await work.rows(native, source, clock);
        return shaped(await work.of(this.#native[name](rows, json, clock)));
      });
    });
  }

  report(path, options) {
    return attemptLater(this.report, async () => {
      checkPath(path, 'report');
      // Only here: a process that predicts need not read them.
      const { compose } = require('./report');
      const { writeWhole } = require('./report/write');
      const given = checkOptions(options, 'report');
      const { source, ...others } = unwatched(given);
      if (source !== undefined) checkSource(source, 'report');
      const [timeZone, rest] = takeZone(others, source);
      const json = encode(rest);
      const clock = this.#clockFor(timeZone);
      endAtExit(native);
      const composed = async (work) => {
        const rows = source === undefined ? undefined : await work.rows(native, source, clock);
        const numbers = shape.reported(await work.of(this.#native.report(rows, json, clock)));
        return compose(this.#description, numbers);
      };
      await writeWhole(path, () => watched(given, composed));
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

  inputSchema() {
    return attempt(this.inputSchema, () => inputSchema(this.#description.features));
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

/** Reads rows; where that fails for what they are, it is said in words of JavaScript. */
function explained(rows, read) {
  try {
    return read();
  } catch (thrown) {
    checkKinds(rows);
    throw thrown;
  }
}

function fromBytes(bytes) {
  const view = bytesOf(bytes);
  if (!view) {
    const hint = typeof bytes === 'string' ? ': load(path) reads a file' : '';
    const message = `a model is made from the bytes of a model file; found ${found(bytes)}${hint}`;
    throw new PolytaskError('ERR_ARTIFACT', message);
  }
  return new Model(OWN, native.NativeModel.fromBuffer(view));
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

/** Refuses options that a function does not have. */
function checkNames(options, known, name) {
  const unknown = Object.keys(options).find((option) => !known.includes(option));
  if (unknown === undefined) return;
  const names = known.map((option) => JSON.stringify(option));
  const words = [names.slice(0, -1).join(', '), names.at(-1)].filter(Boolean).join(' and ');
  const only = known.length === 1 ? `only ${words}` : words;
  const message = `unknown option ${JSON.stringify(unknown)}; ${name} takes ${only}`;
  throw new PolytaskError('ERR_OPTIONS', message, { option: unknown });
}

/** The model in these bytes, which from now on is the latest. */
function adopt(bytes) {
  latest = fromBytes(bytes);
  return latest;
}

/** Reads a model file. */
function load(path) {
  const work = attemptLater(load, async () => {
    checkModelPath(path);
    latest = new Model(OWN, await native.load(path));
    return latest;
  });
  return new Loading((resolve) => resolve(work));
}

function checkModelPath(path) {
  if (!bytesOf(path)) return checkPath(path, 'load');
  const message = `load takes the path of a model file; found ${found(path)}: Model.fromBuffer makes a model of bytes`;
  throw new PolytaskError('ERR_OPTIONS', message);
}

/** Predicts with the model last trained or loaded in this process. */
function predict(rows, options) {
  return attempt(predict, () => {
    if (latest) return latest.predict(rows, options);
    const message = 'there is no model yet: await train(…) or load(…) before predict';
    throw new PolytaskError('ERR_NO_MODEL', message);
  });
}

module.exports = { Model, adopt, load, predict, version: native.version() };
