// Rows from JavaScript gathered in native memory a portion at a time: those of an array, so that the
// event loop goes on meanwhile, and those that come one by one, as from a database cursor, so that
// JavaScript need not hold them all.
'use strict';

const { setImmediate } = require('node:timers');
const { Foreign } = require('./error');

// Not that of `timers/promises`, which takes longer to load than all of polytask.
const breathe = () => new Promise((resolve) => setImmediate(resolve));

// Rows, and cells, that cross to native code at once: some milliseconds.
const ROWS = 1024;
const CELLS = 1 << 14;

/** Whether a source gives rows one by one, now or later. */
function isIterable(source) {
  if (typeof source !== 'object' || source === null) return false;
  if (Array.isArray(source) || ArrayBuffer.isView(source)) return false;
  return [Symbol.asyncIterator, Symbol.iterator].some((key) => typeof source[key] === 'function');
}

/** Whether a source is rows in an array, not paths. */
const isRows = (source) => Array.isArray(source) && typeof source[0] !== 'string';

/** How many rows like this one cross at once. */
function portionOf(row) {
  if (typeof row !== 'object' || row === null) return ROWS;
  const cells = Array.isArray(row) ? row.length : Object.keys(row).length;
  return Math.max(1, Math.min(ROWS, Math.floor(CELLS / Math.max(1, cells))));
}

class Gathering {
  #source;
  #rows;
  #clock;
  #check;
  #heard;
  #count = 0;
  #iterator = null;
  #left = false;

  /**
   * From this source into these native rows, `Date` cells by this clock. Each portion is first
   * `check`ed with the index of its first row, and `heard` is called with the rows so far.
   */
  constructor(source, rows, clock, { check = () => {}, heard = () => {} } = {}) {
    this.#source = source;
    this.#rows = rows;
    this.#clock = clock;
    this.#check = check;
    this.#heard = heard;
  }

  /** Resolves when all rows are gathered, or the gathering was left. */
  async run() {
    if (Array.isArray(this.#source)) await this.#array(this.#source);
    else await this.#iterable();
  }

  async #array(source) {
    const portion = portionOf(source[0]);
    for (let at = 0; at < source.length; at += portion) {
      this.#push(source.slice(at, at + portion));
      await breathe();
      if (this.#left) return;
    }
  }

  async #iterable() {
    const later = typeof this.#source[Symbol.asyncIterator] === 'function';
    const begin = this.#source[later ? Symbol.asyncIterator : Symbol.iterator];
    try {
      this.#iterator = begin.call(this.#source);
    } catch (error) {
      throw new Foreign(error);
    }
    let portion = 1;
    for (let more = true; more; ) {
      const chunk = [];
      while (more && chunk.length < portion) {
        const step = later ? await this.#next() : this.#step();
        if (this.#left) {
          // A generator that was left from within itself did not hear it.
          if (!later) this.#close();
          return;
        }
        more = !step.done;
        if (!more) break;
        if (this.#count + chunk.length === 0) portion = portionOf(step.value);
        chunk.push(step.value);
      }
      try {
        this.#push(chunk);
      } catch (error) {
        this.leave();
        throw error;
      }
      // Rows that are there at once would otherwise hold up the event loop to the last.
      await breathe();
      if (this.#left) return;
    }
  }

  #push(rows) {
    this.#check(rows, this.#count);
    this.#rows.push(rows, this.#clock);
    this.#count += rows.length;
    if (rows.length > 0) this.#heard(this.#count);
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

module.exports = { Gathering, isIterable, isRows };
