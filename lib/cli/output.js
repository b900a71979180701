// What a command says: results on standard output, for people or as JSON, notes on standard error.
'use strict';

const { clean, signs, style } = require('./text');

class Output {
  /** `json` for machines; `quiet` without notes. */
  constructor({ json = false, quiet = false } = {}) {
    this.json = json;
    this.quiet = quiet;
    this.paint = style(process.stdout);
  }

  /** Lines for people; nothing for machines. */
  lines(lines) {
    if (!this.json && lines.length > 0) process.stdout.write(`${lines.join('\n')}\n`);
  }

  /** What was done, for people: neither for machines nor when quiet. */
  done(text, lines = []) {
    if (this.quiet) return;
    const mark = this.paint.green(signs().done);
    this.lines([`${mark} ${clean(text)}`, ...lines]);
  }

  /** An event, or a result, for machines. */
  data(value) {
    if (this.json) process.stdout.write(`${JSON.stringify(value)}\n`);
  }

  /** A line beside the results. */
  note(text) {
    if (!this.quiet) process.stderr.write(`${clean(text)}\n`);
  }
}

module.exports = { Output };
