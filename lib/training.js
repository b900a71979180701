// Training: the promise of a model that also tells its epochs while they happen, and can be
// stopped. `train` and `trainSync` start one.
'use strict';

const { PolytaskError, Site, attempt, fromNative } = require('./error');
const { Gathering, isIterable } = require('./gather');
const { adopt } = require('./model');
const { trainer, trainerSoon } = require('./native');
const { checkCallback, checkSignal, checkSource, encode, settings } = require('./options');
const shape = require('./shape');

class Training extends Promise {
  // What `then` makes is a plain promise, not another training.
  static get [Symbol.species]() {
    return Promise;
  }

  #resolve;
  #reject;
  #site;
  #native = null;
  #gathering = null;
  #stopping = false;
  #signal = null;
  #onEpoch = null;
  #reports = [];
  #ended = false;
  // Resolves at the next report or at the end; iterators sleep on it.
  #news = signpost();
  // Resolves when the promises that `onEpoch` returned have.
  #callbacks = Promise.resolve();

  constructor() {
    let settle;
    super((resolve, reject) => {
      settle = { resolve, reject };
    });
    this.#resolve = settle.resolve;
    this.#reject = settle.reject;
  }

  /** Starts training; what is wrong with the arguments rejects the promise. */
  static start(source, argument, below) {
    const training = new Training();
    training.#site = new Site(below);
    try {
      training.#start(source, settings(argument));
    } catch (thrown) {
      training.#fail(fromNative(thrown, training.#site));
    }
    return training;
  }

  #start(source, { signal, onEpoch, ...options }) {
    checkSignal(signal);
    // Nothing else is looked at: whoever aborted already wants no work done.
    if (signal?.aborted) return this.#fail(signal.reason);
    checkSource(source, 'train');
    checkCallback(onEpoch, 'onEpoch');
    const json = encode(options);
    this.#onEpoch = onEpoch ?? null;
    // Rows in an array are taken now: who gave them may change them in a moment.
    const module = Array.isArray(source) && typeof source[0] !== 'string' ? trainer() : trainerSoon();
    this.#signal = signal ?? null;
    this.#signal?.addEventListener('abort', this.#onAbort);
    if (typeof module.then === 'function') this.#await(module, source, json);
    else this.#go(module, source, json);
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
    if (isIterable(source)) this.#gather(module, source, json);
    else this.#begin(module, source, json);
    if (this.#stopping) this.#native?.stop();
  }

  /** Gathers the rows of an iterable, then begins. */
  async #gather(module, source, json) {
    try {
      // Better told now than after the last row.
      module.check(json);
      const rows = new module.NativeRows();
      this.#gathering = new Gathering(source, rows);
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
    const [native, finished] = module.start(source, json, () => this.#hear());
    this.#native = native;
    finished.then(
      (bytes) => this.#finish(bytes),
      (thrown) => {
        this.#hear();
        this.#fail(fromNative(thrown, this.#site));
      },
    );
  }

  #onAbort = () => this.#cancel(this.#signal.reason);

  /** Takes the reports that wait on the native side. */
  #hear() {
    for (const raw of JSON.parse(this.#native.drain())) {
      // After an abort, what the thread still had to say is not passed on.
      if (this.#ended) return;
      const report = shape.report(raw);
      this.#reports.push(report);
      this.#wake();
      if (this.#onEpoch) this.#call(report);
    }
  }

  #call(report) {
    try {
      const answer = Promise.resolve(this.#onEpoch.call(undefined, report));
      const heard = answer.then(undefined, (error) => this.#cancel(error));
      this.#callbacks = this.#callbacks.then(() => heard);
    } catch (error) {
      this.#cancel(error);
    }
  }

  async #finish(bytes) {
    try {
      this.#hear();
      await this.#callbacks;
      if (this.#ended) return;
      const model = adopt(bytes);
      this.#end(() => this.#resolve(model));
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
    this.#signal?.removeEventListener('abort', this.#onAbort);
    this.#onEpoch = null;
    settle();
    this.#wake();
  }

  #wake() {
    this.#news.reach();
    this.#news = signpost();
  }

  // Gives nothing back: a training that its own `onEpoch` returned would wait for itself.
  stop() {
    if (this.#ended) return;
    // While rows are gathered there is nothing to stop yet.
    this.#stopping = true;
    this.#native?.stop();
  }

  [Symbol.asyncIterator]() {
    // The loop will throw the error, so the promise itself need not be watched as well.
    this.then(undefined, () => {});
    return this.#epochs();
  }

  async *#epochs() {
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

/** A promise with its resolver. */
function signpost() {
  let reach;
  const reached = new Promise((resolve) => {
    reach = resolve;
  });
  return { reach, reached };
}

/** Trains a model on a thread of its own. */
function train(source, epochsOrOptions) {
  return Training.start(source, epochsOrOptions, train);
}

/** Trains a model and returns it; the event loop stands still meanwhile. */
function trainSync(source, epochsOrOptions) {
  return attempt(trainSync, () => {
    const options = settings(epochsOrOptions);
    checkSource(source, 'trainSync');
    const event = ['signal', 'onEpoch'].find((name) => options[name] !== undefined);
    if (event) {
      const message = `option "${event}" needs the event loop, which stands still in trainSync; use train`;
      throw new PolytaskError('ERR_OPTIONS', message, { option: event });
    }
    const json = encode(options);
    return adopt(trainer().trainSync(source, json));
  });
}

module.exports = { train, trainSync };
