// Course: the promise of what long work on a thread comes to, which also tells how far it is while
// it goes on, and can be stopped. Of which kind the work is, its subclass says.
'use strict';

const { Site, fromNative } = require('./error');
const { Gathering, isIterable, isRows } = require('./gather');
const { trainerSoon } = require('./native');
const { checkCallback, checkSignal, encode } = require('./options');
const { whenAborted } = require('./signal');
const { checkRows, checkSource } = require('./source');
const { clockOfSource, writtenByClock } = require('./zone');

/**
 * A subclass has a static `kind`: the `name` of its function, the option of its `callback`, how
 * options are told from the `settings`, `check`ed and the work `begun` in the native module, how a
 * raw report is `shape`d and the `result` made of what the work gave.
 */
class Course extends Promise {
  // What `then` makes is a plain promise, not another course.
  static get [Symbol.species]() {
    return Promise;
  }

  #kind;
  #resolve;
  #reject;
  #site;
  #native = null;
  #gathering = null;
  #stopping = false;
  // Ends listening to the signal.
  #deafen = () => {};
  #callback = null;
  // What `Date` cells are read by.
  #clock;
  // What else native code is told.
  #more;
  #reports = [];
  #ended = false;
  // Resolves at the next report or at the end; iterators sleep on it.
  #news = signpost();
  // Resolves when the promises that the callback returned have.
  #callbacks = Promise.resolve();

  constructor() {
    let settle;
    super((resolve, reject) => {
      settle = { resolve, reject };
    });
    this.#kind = new.target.kind;
    this.#resolve = settle.resolve;
    this.#reject = settle.reject;
  }

  /** Starts the work; what is wrong with the arguments rejects the promise. */
  static start(source, argument, below, more = () => undefined) {
    // The subclass that was asked.
    const course = new this();
    course.#site = new Site(below);
    try {
      course.#start(source, course.#kind.settings(argument), more);
    } catch (thrown) {
      course.#fail(fromNative(thrown, course.#site));
    }
    return course;
  }

  #start(source, { signal, [this.#kind.callback]: callback, ...options }, more) {
    checkSignal(signal);
    // Nothing else is looked at: whoever aborted already wants no work done.
    if (signal?.aborted) return this.#fail(signal.reason);
    checkSource(source, this.#kind.name);
    checkCallback(callback, this.#kind.callback);
    const json = encode(writtenByClock(options));
    this.#clock = clockOfSource(options.timeZone);
    this.#callback = callback ?? null;
    this.#more = more();
    const given = Array.isArray(source) && !isRows(source) ? [...source] : source;
    const module = trainerSoon(pathsIn(given));
    this.#deafen = whenAborted(signal, () => this.#cancel(signal.reason));
    if (typeof module.then === 'function') this.#await(module, given, json);
    else this.#go(module, given, json);
  }

  /** Waits for the module with libtorch. */
  async #await(module, source, json) {
    try {
      const loaded = await module;
      if (!this.#ended) this.#go(loaded, source, json);
    } catch (thrown) {
      this.#fail(fromNative(thrown, this.#site));
    }
  }

  #go(module, source, json) {
    if (isRows(source) || isIterable(source)) this.#gather(module, source, json);
    else this.#begin(module, source, json);
    if (this.#stopping) this.#native?.stop();
  }

  /** Gathers rows, then begins. */
  async #gather(module, source, json) {
    try {
      // Better told now than after the last row.
      this.#kind.check(module, json, this.#more);
      const rows = new module.NativeRows();
      this.#gathering = new Gathering(source, rows, this.#clock, { check: checkRows });
      await this.#gathering.run();
      if (this.#ended) return;
      this.#gathering = null;
      this.#begin(module, rows, json);
      if (this.#stopping) this.#native.stop();
    } catch (thrown) {
      this.#fail(fromNative(thrown, this.#site));
    }
  }

  #begin(module, source, json) {
    const hear = () => this.#hear();
    const given = [source, json, hear, this.#clock, this.#more];
    const [native, finished] = this.#kind.begin(module, ...given);
    this.#native = native;
    finished.then(
      (given) => this.#finish(given),
      (thrown) => {
        this.#hear();
        this.#fail(fromNative(thrown, this.#site));
      },
    );
  }

  /** Takes the reports that wait on the native side. */
  #hear() {
    for (const raw of JSON.parse(this.#native.drain())) {
      // After an abort, what the thread still had to say is not passed on.
      if (this.#ended) return;
      const report = this.#kind.shape(raw);
      this.#reports.push(report);
      this.#wake();
      if (this.#callback) this.#call(report);
    }
  }

  #call(report) {
    try {
      const answer = Promise.resolve(this.#callback.call(undefined, report));
      const heard = answer.then(undefined, (error) => this.#cancel(error));
      this.#callbacks = this.#callbacks.then(() => heard);
    } catch (error) {
      this.#cancel(error);
    }
  }

  async #finish(given) {
    try {
      this.#hear();
      await this.#callbacks;
      if (this.#ended) return;
      const result = this.#kind.result(given);
      this.#end(() => this.#resolve(result));
    } catch (thrown) {
      this.#fail(fromNative(thrown, this.#site));
    }
  }

  /** Ends at once for a reason of the user's; the thread follows by itself. */
  #cancel(reason) {
    if (this.#ended) return;
    this.#native?.abort();
    this.#gathering?.leave();
    this.#fail(reason);
  }

  #fail(error) {
    this.#end(() => this.#reject(error));
  }

  #end(settle) {
    if (this.#ended) return;
    this.#ended = true;
    this.#deafen();
    this.#callback = null;
    settle();
    this.#wake();
  }

  #wake() {
    this.#news.reach();
    this.#news = signpost();
  }

  // Gives nothing back: a course that its own callback returned would wait for itself.
  stop() {
    if (this.#ended) return;
    // While rows are gathered there is nothing to stop yet.
    this.#stopping = true;
    this.#native?.stop();
  }

  [Symbol.asyncIterator]() {
    // The loop will throw the error, so the promise itself need not be watched as well.
    this.then(undefined, () => {});
    return this.#all();
  }

  async *#all() {
    try {
      for (let next = 0; ; ) {
        while (next < this.#reports.length) yield this.#reports[next++];
        if (this.#ended) break;
        await this.#news.reached;
      }
      await this;
    } finally {
      // Reached early when the loop was left: nobody listens, so finish with what there is.
      this.stop();
    }
  }
}

/** The paths in a source of files. */
function pathsIn(source) {
  if (typeof source === 'string') return [source];
  return Array.isArray(source) && !isRows(source) ? source.map(String) : [];
}

/** A promise with its resolver. */
function signpost() {
  let reach;
  const reached = new Promise((resolve) => {
    reach = resolve;
  });
  return { reach, reached };
}

module.exports = { Course };
