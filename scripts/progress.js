// Shows how far a download or an unpacking is: one line that is rewritten on a terminal,
// a plain line every ten seconds or tenth of the way elsewhere.
'use strict';

const PLAIN_MS = 10_000;
const MB = 1e6;

class Progress {
  constructor(verb, totalBytes, stream = process.stdout) {
    this.verb = verb;
    this.total = totalBytes;
    this.stream = stream;
    this.shown = 0;
    this.shownAt = Date.now();
  }

  show(bytes) {
    // Estimates may fall short and temporary copies count twice: never back, never past the end.
    const done = Math.max(this.shown, Math.min(bytes, this.total));
    if (this.stream.isTTY) {
      this.stream.write(`\r\x1b[K${this.line(done)}`);
    } else if (done < this.shown + this.total / 10 && Date.now() < this.shownAt + PLAIN_MS) {
      return;
    } else {
      this.stream.write(`${this.line(done)}\n`);
    }
    this.shown = done;
    this.shownAt = Date.now();
  }

  end() {
    if (this.stream.isTTY) this.stream.write('\r\x1b[K');
  }

  line(done) {
    return `  ${this.verb} ${Math.floor(done / MB)} of about ${Math.ceil(this.total / MB)} MB`;
  }
}

module.exports = { Progress };
