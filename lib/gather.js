// Rows that come one by one, as from a database cursor: gathered in native memory a chunk at a
// time, so that JavaScript need not hold them all.
'use strict';

const { setImmediate } = require('node:timers');
const { Foreign } = require('./error');

// Not that of `timers/promises`, which takes longer to load than all of polytask.
const breathe = () => new Promise((resolve) => setImmediate(resolve));

// Rows that cross to native code at once.
const CHUNK = 1024;

/** Whether a source gives rows one by one, now or later. */
function isIterable(source) {
  if (typeof source !== 'object' || source === null) return false;
  if (Array.isArray(source) || ArrayBuffer.isView(source)) return false;
  return [Symbol.asyncIterator, Symbol.iterator].some((key) => typeof source[key] === 'function');
}

class Gathering {
  #source;
  #rows;
  #clock;
  #iterator = null;
  #left = false;

  /** From this source into these native rows, `Date` cells by this clock. */
  constructor(source, rows, clock) {
    this.#source = source;
    this.#rows = rows;
    this.#clock = clock;
  }

  /** Resolves when all rows are gathered, or the iteration was left. */
  async run() {
    const later = typeof this.#source[Symbol.asyncIterator] === 'function';
    const begin = this.#source[later ? Symbol.asyncIterator : Symbol.iterator];
    try {
      this.#iterator = begin.call(this.#source);
    } catch (error) {
      throw new Foreign(error);
    }
    for (let more = true; more; ) {
      const chunk = [];
      while (more && chunk.length < CHUNK) {
        const step = later ? await this.#next() : this.#step();
        if (this.#left) {
          // A generator that was left from within itself did not hear it.
          if (!later) this.#close();
          return;
        }
        more = !step.done;
        if (more) chunk.push(step.value);
      }
      try {
        this.#rows.push(chunk, this.#clock);
      } catch (error) {
        this.leave();
        throw error;
      }
      // Rows that are there at once would otherwise hold up the event loop to the last.
      await breathe();
      if (this.#left) return;
    }
  }

  #step() {
    try {
      return this.#iterator.next();
    } catch (error) {
      throw new Foreign(error);
    }
  }

  async #next() {
    try {
      return await this.#iterator.next();
    } catch (error) {
      throw new Foreign(error);
    }
  }

  /** Ends the iteration. What it says to that is of no interest any more. */
  leave() {
    if (this.#left) return;
    this.#left = true;
    this.#close();
  }

  #close() {
    try {
      Promise.resolve(this.#iterator?.return?.()).catch(() => {});
    } catch {}
  }
}

module.exports = { Gathering, isIterable };
