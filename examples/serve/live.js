// The model in service: read from a file, and read anew when the file is replaced. Whoever holds
// the old one goes on with it; a file that cannot be read leaves the old one in service.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { load } = require('polytask');

// Copying a file tells of itself many times; the last time counts.
const SETTLED_MS = 100;

class LiveModel {
  /** The model in service. */
  model = null;
  /** When it was read. */
  loadedAt = null;
  /** What was wrong with a newer file, if it was not taken. */
  refused = null;

  #file;
  #changed;
  #watcher = null;
  #timer = null;
  // Files are read one after another, so that the last one wins.
  #reading = Promise.resolve();

  /** Of this file; `changed(error)` hears of each later reading, with what was wrong if any was. */
  constructor(file, changed = () => {}) {
    this.#file = path.resolve(file);
    this.#changed = changed;
  }

  /** Reads the file; without a first model there is no service, so that this rejects. */
  async open() {
    this.#take(await load(this.#file));
    return this;
  }

  #take(model) {
    this.model = model;
    this.loadedAt = new Date();
    this.refused = null;
  }

  /** Reads the file anew; never rejects. */
  reload() {
    this.#reading = this.#reading.then(async () => {
      try {
        this.#take(await load(this.#file));
      } catch (error) {
        this.refused = error;
      }
      this.#changed(this.refused);
    });
    return this.#reading;
  }

  /**
   * Reloads whenever the file changes. The folder is watched, since a new file takes the place of
   * the old. Where that is not possible, `failed(error)` hears of it.
   */
  watch(failed) {
    try {
      this.#watcher = fs.watch(path.dirname(this.#file), (_, name) => {
        if (name !== path.basename(this.#file)) return;
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => this.reload(), SETTLED_MS);
      });
      this.#watcher.on('error', failed);
    } catch (error) {
      failed(error);
    }
  }

  close() {
    this.#watcher?.close();
    clearTimeout(this.#timer);
  }
}

module.exports = { LiveModel };
