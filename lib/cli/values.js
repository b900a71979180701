// Options of the API from the words of a command line: the text after an option to a value, and
// the value into its place. Objects have no prototype, for names of columns are keys here.
'use strict';

const fs = require('node:fs');
const { kindOf, SHORT } = require('./options');
const { Usage } = require('./problem');

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** The value that the text after an option stands for. */
function read(text, segments, flag) {
  const kind = kindOf(segments);
  if (kind === 'text') return text;
  if (kind === 'sign') return text === 'false' ? false : text.replace('\\t', '\t');
  if (kind === 'value') return one(text, flag);
  if (/^[[{]/.test(text)) return parse(text, flag);
  if (kind === 'texts') return ['true', 'false'].includes(text) ? text === 'true' : split(text);
  return split(text).map((part) => one(part, flag));
}

const split = (text) => (text === '' ? [] : text.split(',').map((part) => part.trim()));

function one(text, flag) {
  if (/^[[{"]/.test(text)) return parse(text, flag);
  if (text === 'true' || text === 'false') return text === 'true';
  return NUMBER.test(text) ? Number(text) : text;
}

function parse(text, flag) {
  try {
    return bare(JSON.parse(text));
  } catch (error) {
    throw new Usage(`${flag}: not valid JSON: ${error.message}`);
  }
}

/** The same without prototypes. */
function bare(value) {
  if (Array.isArray(value)) return value.map(bare);
  if (typeof value !== 'object' || value === null) return value;
  const made = Object.create(null);
  for (const [key, inner] of Object.entries(value)) made[key] = bare(inner);
  return made;
}

const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Puts a value in its place; a short form above it, or there already, becomes the long one. */
function place(options, [name, ...rest], value, above = '') {
  const top = above === '';
  if (top && name === 'targets' && isObject(options.targets) && Array.isArray(value)) {
    addTargets(options, value);
  } else if (rest.length === 0) {
    const long = isObject(options[name]) ? longForm(name, value, above) : null;
    if (long) merge(options[name], long);
    else options[name] = value;
  } else {
    if (top && name === 'targets') options.targets = targetsByName(options.targets);
    if (!isObject(options[name])) {
      options[name] = longForm(name, options[name], above) ?? Object.create(null);
    }
    place(options[name], rest, value, top ? name : 'within');
  }
}

/** What a name or a number stands for as an object; null where it stands for itself. */
function longForm(name, value, above) {
  const made = Object.create(null);
  if (typeof value === 'number' && name === 'validation') made.fraction = value;
  else if (typeof value !== 'string') return null;
  else made[above === 'targets' ? 'type' : (SHORT[name] ?? 'method')] = value;
  return made;
}

/** Targets by column, whatever they were given as. */
function targetsByName(targets) {
  if (isObject(targets)) return targets;
  const named = Object.create(null);
  const names = Array.isArray(targets) ? targets : [targets];
  for (const name of names) if (typeof name === 'string') named[name] = Object.create(null);
  return named;
}

/** Adds the columns of `--target` to what else is said of targets. */
function addTargets(options, names) {
  if (names.length === 0) return;
  if (options.targets === undefined) {
    options.targets = names;
    return;
  }
  const described = targetsByName(options.targets);
  // In the order of --target, which is that of the tasks.
  const all = Object.create(null);
  for (const name of names) all[name] = described[name] ?? Object.create(null);
  for (const name of Object.keys(described)) all[name] = described[name];
  options.targets = all;
}

/** Merges options into others, which they count instead of. */
function merge(options, others) {
  for (const [name, value] of Object.entries(others)) {
    if (isObject(value) && isObject(options[name])) merge(options[name], value);
    else options[name] = value;
  }
}

/** What `--options` names: JSON, or a file of it. */
function readOptions(text) {
  const inline = /^\s*\{/.test(text);
  let json = text;
  if (!inline) {
    try {
      json = fs.readFileSync(text, 'utf8');
    } catch (error) {
      const why = error.code === 'ENOENT' ? 'no such file' : error.message;
      throw new Usage(`--options: ${text}: ${why}`);
    }
  }
  const where = inline ? '--options' : `--options: ${text}`;
  const value = parse(json, where);
  if (!isObject(value)) throw new Usage(`${where}: expected an object of options`);
  return value;
}

module.exports = { addTargets, isObject, merge, place, read, readOptions };
