// The words of a command line: files, the command's own flags, and options of the API, which are
// all others. Those are `--learning-rate 0.01`, `--model.hidden 64,64`, `--no-calibration`.
'use strict';

const { parseArgs } = require('node:util');
const { nearest, steps } = require('./names');
const { BARE, PREDICTION, SEARCH, TRAINING, said } = require('./options');
const { Usage } = require('./problem');
const { addTargets, merge, place, read, readOptions } = require('./values');

/** What every command takes. */
const COMMON = {
  json: { type: 'boolean', help: 'results, and events as they come, as JSON on standard output' },
  quiet: { type: 'boolean', short: 'q', help: 'no progress and no notes' },
  help: { type: 'boolean', short: 'h', help: 'this help' },
};

/**
 * Reads the words after a command's name. Gives its own `flags`, the `files` and the API's
 * `options`, and of each of these `written`: the flag, or the place, it came from.
 */
function parse(words, command) {
  const own = { ...COMMON, ...command.flags };
  const spec = Object.create(null);
  for (const [name, { type, short, multiple }] of Object.entries(own)) {
    spec[name] = { type, ...(short && { short }), ...(multiple && { multiple }) };
  }
  const args = withValues(words, own, command.options ? spec : null);
  const { tokens, values, positionals } = attempt(
    () => parseArgs({ args, options: spec, allowPositionals: true, tokens: true }),
    command,
  );
  if (values.help) return { flags: values, files: positionals };
  const given = tokens.filter(({ kind, name }) => kind === 'option' && !Object.hasOwn(own, name));
  checkFiles(positionals, command, given);
  return { flags: values, files: positionals, ...optionsOf(given, values) };
}

/**
 * Joins each option with its value, which decides what the value is, and may begin with a minus. Of
 * a command that takes options of the API, those are added to the `spec`.
 */
function withValues(words, own, spec) {
  const args = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at];
    if (word === '--') return [...args, ...words.slice(at)];
    const [, name, value] = word.match(/^--([^=]+)(=.*)?$/s) ?? [];
    const short = shortOf(word, own);
    if (name === undefined || Object.hasOwn(own, name)) {
      const takes = own[short ?? name]?.type === 'string' && value === undefined;
      const next = words[at + 1];
      if (takes && isMinus(next)) args.push(`--${short ?? name}=${words[++at]}`);
      else if (takes && next !== undefined) args.push(word, words[++at]);
      else args.push(word);
      continue;
    }
    if (!spec) {
      args.push(word);
      continue;
    }
    const no = value === undefined && name.startsWith('no-') ? name.slice(3) : null;
    spec[no ?? name] = { type: 'string', multiple: true };
    if (no) args.push(`--${no}=false`);
    else if (value !== undefined) args.push(word);
    else if (isValue(words[at + 1], name)) args.push(`${word}=${words[++at]}`);
    else args.push(`${word}=${Object.hasOwn(BARE, name) ? BARE[name] : true}`);
  }
  return args;
}

/** Whether a word that begins with a minus is a value nevertheless: a number, or cells. */
const isMinus = (word) => /^-([^a-z-]|[^-].*,)/i.test(word ?? '');

const isValue = (word, name) =>
  word !== undefined &&
  // A minus alone is a token for missing cells, say; elsewhere it is standard input.
  (!word.startsWith('-') || isMinus(word) || (word === '-' && name.startsWith('csv.')));

/** The name of the flag of the command's own that a word is short for. */
const shortOf = (word, own) =>
  Object.keys(own).find((name) => own[name].short && word === `-${own[name].short}`);

function unknown(word, { name, flags, options }) {
  const what = `unknown option ${word}`;
  const asked = word.replace(/^-+/, '');
  if (said(asked)) return `${what}; ${said(asked)}`;
  const [first] = steps(asked);
  if (!options && first === 'csv') return `${what}: ${name} reads no CSV file`;
  if (!options && Object.hasOwn(TRAINING, first)) return `${what}: it goes with train, not ${name}`;
  const near = nearest(asked, Object.keys({ ...COMMON, ...flags }));
  return `${what}${near ? `; did you mean --${near}?` : ''}`;
}

function attempt(work, command) {
  try {
    return work();
  } catch (error) {
    if (!String(error.code).startsWith('ERR_PARSE_ARGS')) throw error;
    const [, name] = error.message.match(/(--?[^\s'=,]+)(?: <value>)?'/) ?? [];
    const takesNone = /does not take/.test(error.message);
    if (error.code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') throw new Usage(unknown(name, command));
    throw new Usage(takesNone ? `${name} takes no value` : `${name} needs a value`);
  }
}

/** An error unless there are as many files as the command takes. */
function checkFiles(files, command, given) {
  const { takes } = command;
  const [least, most] = [takes.filter(({ optional }) => !optional).length, takes.at(-1)?.many];
  if (files.length >= least && (most || files.length <= takes.length)) return;
  // A misspelt flag may have taken the file for its value.
  const known = { ...TRAINING, ...SEARCH, ...PREDICTION };
  for (const { name } of given) {
    if (Object.hasOwn(known, steps(name)[0])) continue;
    throw new Usage(unknown(`--${name}`, command));
  }
  if (files.length < least) {
    throw new Usage(`${command.name} needs ${takes[files.length].what}`);
  }
  const all = takes.map(({ what }) => what).join(' and ') || 'no file';
  throw new Usage(
    `unexpected ${JSON.stringify(files[takes.length])}: ${command.name} takes ${all}`,
  );
}

/** The options of the API: those of `--options`, then those by flags, then `--target`. */
function optionsOf(given, values) {
  const options = Object.create(null);
  const written = new Map();
  for (const text of values.options ?? []) {
    const more = readOptions(text);
    for (const name of Object.keys(more)) {
      written.set(name, /^\s*\{/.test(text) ? '--options' : text);
    }
    merge(options, more);
  }
  const lists = new Map();
  for (const { name, value } of given) {
    const segments = steps(name);
    const path = segments.join('.');
    let meant = read(value, segments, `--${name}`);
    // A list that is given several times is all of them.
    if (Array.isArray(meant) && lists.has(path)) meant = [...lists.get(path), ...meant];
    if (Array.isArray(meant)) lists.set(path, meant);
    place(options, segments, meant);
    written.set(path, `--${name}`);
  }
  addTargets(options, values.target ?? []);
  if (values.target) written.set('targets', '--target');
  return { options, written };
}

module.exports = { COMMON, parse };
