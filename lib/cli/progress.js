// How far long work is, on standard error: a line that redraws itself on a terminal, plain lines
// elsewhere. What a report says in words is its `about`: the work's own.
'use strict';

const { clean, clock, cut, isScreen, signs, style, took, width } = require('./text');

const REDRAW_MS = 80;
const PLAIN_MS = 10_000;
const [LEAST_BAR, MOST_BAR] = [8, 28];

/**
 * The progress of work. `about` tells of a report how many are `done` of how `many`, the `seconds`
 * so far, what a step is called (`unit`), the `figures` a bar has room for and the `line` elsewhere;
 * `then` is what follows the last step, if that takes a while.
 */
function progress(stream, about, { quiet = false } = {}) {
  if (quiet) return new Silence();
  return isScreen(stream) ? new Bar(stream, about) : new Lines(stream, about);
}

class Silence {
  start() {}
  show() {}
  note() {}
  end() {}
}

/** A plain line for every tenth of the way, or every ten seconds. */
class Lines {
  #stream;
  #about;
  #last = null;
  #written = null;
  #writtenAt = Date.now();
  #tenth = 0;

  constructor(stream, about) {
    this.#stream = stream;
    this.#about = about;
  }

  start(text) {
    this.note(text);
  }

  show(report) {
    this.#last = this.#about(report);
    const tenth = Math.floor((10 * this.#last.done) / this.#last.many);
    if (tenth > this.#tenth || Date.now() > this.#writtenAt + PLAIN_MS) this.#write(tenth);
  }

  #write(tenth) {
    this.#tenth = tenth;
    this.#written = this.#last;
    this.#writtenAt = Date.now();
    this.note(this.#last.line);
  }

  note(text) {
    this.#stream.write(`${clean(text)}\n`);
  }

  end() {
    if (this.#last !== this.#written) this.#write(this.#tenth);
  }
}

/** Work without steps: on a terminal a line tells how long it has taken. */
async function waiting(stream, text, work, { quiet = false } = {}) {
  if (quiet || !isScreen(stream)) return work;
  const bar = new Bar(stream);
  bar.start(text);
  try {
    return await work;
  } finally {
    bar.end();
  }
}

/** A line that redraws itself. */
class Bar {
  #stream;
  #about;
  #first = null;
  #last = null;
  #heardAt = 0;
  #drawnAt = 0;
  #start = '';
  #startedAt = 0;
  #timer = null;

  constructor(stream, about) {
    this.#stream = stream;
    this.#about = about;
  }

  start(text) {
    this.#start = clean(text);
    this.#startedAt = Date.now();
    this.#draw();
    // Time runs on where epochs are slow.
    this.#timer = setInterval(() => this.#draw(), 1000).unref();
  }

  show(report) {
    this.#last = this.#about(report);
    this.#heardAt = Date.now();
    // A training that was resumed does not begin at its first epoch.
    this.#first ??= this.#last.done === 1 ? { done: 0, seconds: 0 } : this.#last;
    if (this.#heardAt >= this.#drawnAt + REDRAW_MS) this.#draw();
  }

  /** A line of its own, above the bar. */
  note(text) {
    this.#stream.write(`\r\x1b[K${clean(text)}\n`);
    this.#draw();
  }

  end() {
    clearInterval(this.#timer);
    this.#timer = null;
    if (!this.#last) return this.#stream.write('\r\x1b[K');
    this.#draw(true);
    this.#stream.write('\n');
  }

  #draw(ended = false) {
    this.#drawnAt = Date.now();
    // Some terminals wrap a full line, and a Ctrl-C is shown as two characters.
    const room = (this.#stream.columns || 80) - 3;
    const paint = style(this.#stream);
    const line = this.#last ? this.#line(room, paint, ended) : paint.dim(this.#waiting(room));
    this.#stream.write(`\r\x1b[K${line}`);
  }

  #waiting(room) {
    const seconds = (Date.now() - this.#startedAt) / 1000;
    const time = seconds >= 1 ? `  ${clock(seconds)}` : '';
    return cut(this.#start, room - time.length) + time;
  }

  #line(room, paint, ended) {
    const { done, many, unit, figures, seconds } = this.#last;
    const head = `${unit} ${String(done).padStart(String(many).length)}/${many}`;
    const pace = this.#pace();
    const time = ended ? took(seconds) : this.#left(pace);
    const within = room - width(head) - 2;
    const texts = fitting(figures.map(clean), pace ? rate(pace, unit) : '', time, within);
    const [told, ...others] = texts.map((text) => (text === '' ? '' : `  ${text}`));
    const bar = this.#bar(Math.min(MOST_BAR, within - widthOf(texts)), done / many, paint);
    return `${paint.bold(head)}  ${bar}${told}${paint.dim(others.join(''))}`;
  }

  #bar(cells, share, paint) {
    if (cells < 1) return '';
    const { full, half, rest } = signs();
    const filled = Math.min(cells, Math.floor(share * cells));
    const part = filled < cells && share * cells - filled >= 0.5 ? half : '';
    const colour = share >= 1 ? paint.green : paint.cyan;
    return (
      colour(full.repeat(filled) + part) + paint.dim(rest.repeat(cells - filled - part.length))
    );
  }

  /** Steps a second; null while there is nothing to tell it by. */
  #pace() {
    const seconds = this.#last.seconds - this.#first.seconds;
    const steps = this.#last.done - this.#first.done;
    return seconds > 0 && steps > 0 ? steps / seconds : null;
  }

  #left(pace) {
    const { done, many, limit, seconds, then } = this.#last;
    const waited = (Date.now() - this.#heardAt) / 1000;
    if (then && (done === many || waited > 2)) return `${then} ${clock(waited)}`;
    const ends = [pace && (many - done) / pace, limit && limit - seconds].filter(Number.isFinite);
    return ends.length > 0 ? `${clock(Math.min(...ends) - waited)} left` : '';
  }
}

/** What a line has room for beside a bar: the rate is left out first, then figures from the last. */
function fitting(figures, pace, time, room) {
  const { dot } = signs();
  for (let left = 0; left <= figures.length; left++) {
    const shown = figures.slice(0, figures.length - left);
    if (left > 0 && shown.length > 0) shown.push(`+${left}`);
    for (const rest of [
      [pace, time],
      ['', time],
    ]) {
      const texts = [shown.join(` ${dot} `), ...rest];
      if (widthOf(texts) + LEAST_BAR <= room) return texts;
    }
  }
  return ['', '', ''];
}

const widthOf = (texts) =>
  texts.reduce((sum, text) => sum + (text === '' ? 0 : width(text) + 2), 0);

/** How fast, in the unit that gives a number above 1. */
function rate(pace, unit) {
  if (pace >= 100) return `${pace.toFixed(0)}/s`;
  return pace >= 1 ? `${pace.toFixed(1)}/s` : `${(1 / pace).toFixed(1)} s/${unit}`;
}

module.exports = { progress, waiting };
