// Errors in the words of the command line: an option is called as it was written there.
'use strict';

const { flag, nearest } = require('./names');
const { PARTS, SEARCH, TRAINING, said } = require('./options');

/** Paths whose names no other text is likely to hold. */
const TELLING = [
  ...Object.keys(PARTS),
  ...Object.keys({ ...TRAINING, ...SEARCH }).filter((name) => /[A-Z]/.test(name)),
].sort((one, other) => other.length - one.length);
const MENTIONED = new RegExp(
  `(?<![\\w.-])(${TELLING.join('|').replaceAll('.', '\\.')})(?![\\w])`,
  'g',
);

/** The sentence for an error of the API; `own` are the command's flags. */
function sentence(error, { written = new Map(), own = {} } = {}) {
  const { message, option } = error;
  if (option === undefined) return mention(message);
  const [origin, at] = originOf(option, written);
  // Of a file of options the names there are right.
  if (origin && !origin.startsWith('--')) return `${origin}: ${message}`;
  if (origin === '--options') return `--options: ${message}`;
  const asked = origin && at === option ? origin : flag(option);
  return mention(unknown(message, option, asked, own) ?? named(message, option, asked));
}

/** Where an option came from, or that which it lies within, or a part of it. */
function originOf(option, written) {
  for (let at = option; at !== ''; at = at.split('.').slice(0, -1).join('.')) {
    if (written.has(at)) return [written.get(at), at];
  }
  // What is not there at all may have been given by a part.
  const part = [...written.keys()].find((path) => path.startsWith(`${option}.`));
  return part ? [written.get(part), option] : [];
}

/** An option that is not there, with the nearest one that is. */
function unknown(message, option, asked, own) {
  const [, place, hint] = message.match(/^(.*?)unknown option "(?:[^"\\]|\\.)*"; (.*)$/s) ?? [];
  if (hint === undefined) return null;
  const what = `${place.replace(/^\w+: $/, '')}unknown option ${asked}`;
  const here = said(option);
  if (here) return `${what}; ${here}`;
  if (Object.hasOwn(TRAINING, option))
    return `${what}: it goes with train${Object.hasOwn(own, 'folds') ? ', or with --folds' : ''}`;
  const inside = option.includes('.') ? `${option.split('.').slice(0, -1).join('.')}.` : '';
  const flagOf = (name) => flag(name.startsWith(inside) ? name : inside + name);
  // What the API says: the one that was meant, or all there are.
  const meant = hint.match(/^did you mean "(.*)"\?$/)?.[1];
  const all = hint.match(/^the options are (.*)$/)?.[1].split(', ');
  const list = hint.match(/ takes (?:only )?("\w+"(?:(?:, | and )"\w+")*)$/)?.[1] ?? '';
  const taken = [...list.matchAll(/"(\w+)"/g)].map(([, name]) => name);
  // What is short is too near to anything.
  const flags = meant && option.length < 4 ? [] : Object.keys(own);
  const names = [meant, ...taken.filter((name) => Object.hasOwn(TRAINING, name))].filter(Boolean);
  const near = inside === '' ? nearest(option, [...names, ...flags]) : (meant ?? null);
  if (near)
    return `${what}; did you mean ${Object.hasOwn(own, near) ? `--${near}` : flagOf(near)}?`;
  if (meant) return `${what}; did you mean ${flagOf(meant)}?`;
  if (!all && taken.length === 0) return `${what}; ${hint}`;
  // Of the outermost there are thirty.
  return all && inside ? `${what}; there are ${all.map(flagOf).join(', ')}` : what;
}

/** The option named at the head of a message, or after the place. */
function named(message, option, asked) {
  for (let at = option; at !== ''; at = at.split('.').slice(0, -1).join('.')) {
    const called = at === option ? asked : flag(at);
    if (message.startsWith(`${at}: `)) return called + message.slice(at.length);
    const [place, rest] = message.split(`: ${at}: `);
    if (rest !== undefined) return `${place}: ${called}: ${rest}`;
  }
  return message;
}

/** Options that a text mentions, but for what stands in quotes. */
function mention(text) {
  const parts = text
    .replace(TOKENS, tokens)
    .replace(OF_TARGET, ofTarget)
    .split(/("(?:[^"\\]|\\.)*"|'[^']*')/);
  const told = parts.map((part, at) => (at % 2 ? part : part.replace(MENTIONED, flag))).join('');
  // As one writes them here: --csv.header true for `csv.header: true`, but not at the head.
  return told
    .replace(/(?<=[^:] )(--[a-z][\w.-]*): ('[^']*'|true|false)/g, valued)
    .replace(SAID, (_, option, value) => valued(_, flag(option), value));
}

// csv: { missing: ['a', 'b'] } is --csv.missing a,b here, and { only: [] } --csv.missing.only=.
const TOKENS = /\bcsv: \{ missing: (\{ only: )?\[([^\]]*)\](?: \})? \}/g;
const tokens = (_, only, list) => {
  const texts = list.replaceAll("'", '').replaceAll(', ', ',');
  const safe = /^[\w.,/+-]*$/.test(texts) ? texts : `'${texts}'`;
  return only ? `--csv.missing.only=${safe}` : `--csv.missing=${safe}`;
};

// targets: { column: { loss: 'mae' } } is --targets.COLUMN.loss mae.
const OF_TARGET = /\btargets: \{ column: (?:\{ (\w+): )?'?([\w.]+)'?(?: \})? \}/g;
const ofTarget = (_, part, value) => `${flag(`targets.COLUMN${part ? `.${part}` : ''}`)} ${value}`;

const SAID = new RegExp(
  `(?<=[^:] )(${Object.keys(TRAINING).join('|')}): ('[^']*'|true|false)`,
  'g',
);
const valued = (_, flag, value) => `${flag} ${value.replaceAll("'", '')}`;

/** Where it is, for machines. */
function place({ file, line, row, column, task, option }) {
  return { file, line, row, column, task, option };
}

module.exports = { mention, place, sentence };
