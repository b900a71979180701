// Work of a model on a thread, as its caller watches it: rows gathered first, a signal that aborts it,
// and a callback that hears how far it is.
'use strict';

const { Foreign } = require('./error');
const { Gathering, isIterable, isRows } = require('./gather');
const { checkCallback, checkSignal } = require('./options');
const { whenAborted } = require('./signal');
const { checkRows } = require('./source');

// So many milliseconds from one look at the progress to the next.
const LOOK = 50;

class Work {
  #signal;
  #onProgress;
  #abort = () => {};
  #aborted;
  #cancel;
  // Promises that the callback returned.
  #heard = [];

  constructor({ signal, onProgress }) {
    checkSignal(signal);
    checkCallback(onProgress, 'onProgress');
    if (signal?.aborted) throw new Foreign(signal.reason);
    this.#signal = signal;
    this.#onProgress = onProgress;
    this.#aborted = new Promise((_, reject) => {
      this.#cancel = (reason) => {
        reject(new Foreign(reason));
        this.#abort();
      };
    });
    // Only a race looks at it.
    this.#aborted.catch(() => {});
  }

  /** Runs what gathers and computes; rejects at once for a reason of the user's. */
  async run(steps) {
    const deafen = whenAborted(this.#signal, () => this.#cancel(this.#signal.reason));
    try {
      const result = await Promise.race([steps(this), this.#aborted]);
      await Promise.race([Promise.all(this.#heard), this.#aborted]);
      return result;
    } finally {
      deafen();
    }
  }

  /** A source as native code takes it. */
  async rows(native, source, clock) {
    if (!isRows(source) && !isIterable(source)) return source;
    const rows = new native.NativeRows();
    const total = Array.isArray(source) ? source.length : null;
    const heard = (done) => this.#tell({ phase: 'read', done, total });
    const gathering = new Gathering(source, rows, clock, { check: checkRows, heard });
    this.#abort = () => gathering.leave();
    // One that was left resolves, when nobody waits for it any more.
    await Promise.race([gathering.run(), this.#aborted]);
    return rows;
  }

  /** What a promise of the user's gives, unless the work is aborted before. */
  async until(promise) {
    return Promise.race([promise, this.#aborted]);
  }

  /** What native work gives: `[work, promise]`. */
  async of([work, finished]) {
    this.#abort = () => work.abort();
    let last = 0;
    const look = (ended) => {
      const [done, total] = work.progress();
      if (total === 0 || (done === last && !ended)) return;
      last = done;
      this.#tell({ phase: 'compute', done: ended ? total : done, total });
    };
    const timer = this.#onProgress && setInterval(look, LOOK, false);
    timer?.unref();
    try {
      const given = await Promise.race([finished, this.#aborted]);
      look(true);
      return given;
    } finally {
      clearInterval(timer);
      // What the thread says after an abort is not heard.
      finished.catch(() => {});
    }
  }

  #tell(progress) {
    if (!this.#onProgress) return;
    try {
      const answer = Promise.resolve(this.#onProgress.call(undefined, Object.freeze(progress)));
      this.#heard.push(answer.then(undefined, this.#cancel));
    } catch (error) {
      this.#cancel(error);
    }
  }
}

/** Does work that `options` watch by `signal` and `onProgress`. */
const watched = async ({ signal, onProgress }, steps) =>
  new Work({ signal, onProgress }).run(steps);

/** Options without those that watch. */
const unwatched = ({ signal, onProgress, ...rest }) => rest;

module.exports = { unwatched, watched };
