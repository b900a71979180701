// HTML in the making. Names of columns, tasks and classes are data: whatever a template is given
// is escaped, and cut where it is long, unless it is HTML made here.
'use strict';

/** Text that is HTML already. */
class Markup {
  constructor(text) {
    this.text = text;
  }

  toString() {
    return this.text;
  }
}

const ESCAPES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Nothing that a file may say is longer than this in a report. */
const LONGEST = 1500;

/** Characters that cannot be seen, or that turn the text around them. */
const INVISIBLE = /[\p{Cc}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/gu;

const escaped = (text) => safe(cut(text, LONGEST).replace(INVISIBLE, '�').toWellFormed());

const safe = (text) => text.replace(/[&<>"']/g, (sign) => ESCAPES[sign]);

/** Data for the page's script, as the value of an attribute. */
const data = (value) => new Markup(safe(JSON.stringify(value)));

/** A template whose values are escaped; lists are joined, and what is not there is left out. */
function html(strings, ...values) {
  return new Markup(strings.reduce((text, part, i) => text + markup(values[i - 1]) + part));
}

function markup(value) {
  if (value === null || value === undefined || value === false) return '';
  if (value instanceof Markup) return value.text;
  if (Array.isArray(value)) return value.map(markup).join('');
  return escaped(String(value));
}

/** Text of our own that is HTML already: styles, scripts, paths. */
const raw = (text) => new Markup(text);

/** The first characters of a text. */
function cut(text, most) {
  if (text.length <= most) return text;
  // Signs of two units are not cut in half.
  return `${text.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** A name as part of a sentence or a heading, whichever way its script runs. */
const name = (text, most = 60) => html`<bdi>${cut(text, most) || '(no name)'}</bdi>`;

module.exports = { cut, data, html, name, raw };
