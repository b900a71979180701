// Ctrl-C, and other signals that ask the program to end. The first asks the work at hand to stop
// with what it has, where there is such work; the second, or the first otherwise, aborts.
'use strict';

const os = require('node:os');
const { Interrupted } = require('./problem');

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

class Interrupt {
  #controller = new AbortController();
  #stop = null;
  /** The signal that came, by name; null while none has. */
  signal = null;

  listen() {
    for (const name of SIGNALS) process.on(name, () => this.#hear(name));
    return this;
  }

  #hear(name) {
    const stop = this.signal === null ? this.#stop : null;
    this.signal ??= name;
    if (stop) stop();
    else this.#controller.abort(new Interrupted(name));
  }

  /** Aborts what is under way. */
  get aborted() {
    return this.#controller.signal;
  }

  /** Runs work that `stop` can end early; the second signal then aborts. */
  async stoppable(work, stop) {
    this.#stop = stop;
    try {
      return await work;
    } finally {
      this.#stop = null;
    }
  }

  /** Work that cannot be aborted itself: it is left alone. */
  async leaving(work) {
    const { aborted } = this;
    return Promise.race([
      work,
      new Promise((_, reject) => {
        if (aborted.aborted) reject(aborted.reason);
        aborted.addEventListener('abort', () => reject(aborted.reason));
      }),
    ]);
  }

  /** The exit code, as a shell counts a process that a signal ended. */
  get code() {
    return 128 + os.constants.signals[this.signal];
  }
}

module.exports = { Interrupt };
