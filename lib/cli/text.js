// Text on a terminal: colours where they are wanted, widths as a terminal counts them, numbers
// short enough to read.
'use strict';

const { stripVTControlCharacters } = require('node:util');

const CODES = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 };

/** Whether a stream redraws and colours: a terminal that is not a dumb one. */
const isScreen = (stream, env = process.env) => Boolean(stream.isTTY) && env.TERM !== 'dumb';

/** The colours of a stream: each wraps a text, or leaves it alone (no-color.org). */
function style(stream, env = process.env) {
  const on = isScreen(stream, env) && !env.NO_COLOR;
  const wrap = (code) => (text) => (on ? `\x1b[${code}m${text}\x1b[0m` : String(text));
  return Object.fromEntries(Object.entries(CODES).map(([name, code]) => [name, wrap(code)]));
}

/** The characters of bars and marks. */
function signs(env = process.env) {
  const plain = env.TERM === 'linux' || (process.platform === 'win32' && !env.WT_SESSION);
  if (plain) return { full: '=', half: '-', rest: '-', done: '*', dot: '|', more: '...' };
  return { full: '━', half: '╾', rest: '─', done: '✓', dot: '·', more: '…' };
}

// What a file says must not steer the terminal: names of columns are data.
// biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is meant
const CONTROL = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** Text without characters that steer a terminal. */
const clean = (text) => String(text).replace(CONTROL, '\ufffd');

const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;
const NONE = /\p{Mark}|\u200b|\u200d|\ufe0f/u;

const charWidth = (char) => (NONE.test(char) ? 0 : WIDE.test(char) ? 2 : 1);

/** The columns a text takes, colours aside. */
function width(text) {
  let sum = 0;
  for (const char of stripVTControlCharacters(text)) sum += charWidth(char);
  return sum;
}

/** A text without colours cut to a width. */
function cut(text, most, more = '…') {
  if (width(text) <= most) return text;
  let kept = '';
  let sum = 0;
  for (const char of text) {
    sum += charWidth(char);
    if (sum > most - width(more)) break;
    kept += char;
  }
  return kept + more;
}

/** Rows of cells as lines, in columns; `right` are the columns of numbers. */
function table(rows, { right = [], gap = '  ', indent = '' } = {}) {
  const widths = [];
  for (const row of rows) {
    for (const [at, cell] of row.entries()) {
      widths[at] = Math.max(widths[at] ?? 0, width(cell));
    }
  }
  const pad = (cell, at) => {
    const room = ' '.repeat(widths[at] - width(cell));
    return right.includes(at) ? room + cell : cell + room;
  };
  return rows.map((row) => (indent + row.map(pad).join(gap)).trimEnd());
}

/** Lines of words no longer than a width. */
function wrap(text, most = 80) {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    if (line !== '' && width(line) + 1 + width(word) > most) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines;
}

/** A number in four figures or so. */
function figure(number) {
  if (typeof number !== 'number') return '–';
  const size = Math.abs(number);
  if (size >= 1e7 || (size < 1e-4 && size > 0)) return number.toExponential(3);
  return number.toFixed(size >= 1000 ? 0 : size >= 100 ? 1 : size >= 10 ? 2 : 4);
}

/** A duration in seconds, as 0:07 or 1:02:03. */
function clock(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  const two = (number) => String(number).padStart(2, '0');
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const rest = two(whole % 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${rest}` : `${minutes}:${rest}`;
}

/** A duration in seconds as it is said afterwards. */
function took(seconds) {
  if (seconds >= 60) return clock(seconds);
  return `${seconds.toFixed(seconds < 10 ? 2 : 1)} s`;
}

/** A count with its noun. */
const count = (number, noun) => `${number} ${noun}${number === 1 ? '' : 's'}`;

module.exports = {
  clean,
  clock,
  count,
  cut,
  figure,
  isScreen,
  signs,
  style,
  table,
  took,
  width,
  wrap,
};
