// What ends the program with a sentence: a wrong command line, or an interruption.
'use strict';

/** A command line that cannot be meant; exit code 2. */
class Usage extends Error {}

/** The user, or the system, asked the program to end; `signal` by name. */
class Interrupted extends Error {
  constructor(signal) {
    super('interrupted');
    this.signal = signal;
  }
}

module.exports = { Interrupted, Usage };
