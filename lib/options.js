// Options on their way to Rust: which of them stay here, and how JavaScript values that JSON
// cannot carry cross. What an option may hold is checked in Rust, once.
'use strict';

const { PolytaskError, found } = require('./error');

/** The second argument of `train` as an options object: anything else means `{ epochs }`. */
function settings(argument) {
  if (argument === undefined) return {};
  const isObject = typeof argument === 'object' && argument !== null && !Array.isArray(argument);
  return isObject ? argument : { epochs: argument };
}

/** Options as JSON. What JSON would drop or blur is written `{"$": "what was found"}`. */
function encode(options) {
  try {
    return JSON.stringify(options, replace) ?? '{}';
  } catch (error) {
    // A cycle, or a getter or toJSON of the user's that throws.
    const reason = String(error?.message ?? error).split('\n')[0];
    throw new PolytaskError('ERR_OPTIONS', `the options cannot be read: ${reason}`);
  }
}

// An undefined option is one not given; in an array it would become null unnoticed.
function replace(_key, value) {
  if (value === undefined) return Array.isArray(this) ? { $: 'undefined' } : undefined;
  const odd = typeof value === 'number' ? !Number.isFinite(value) : ODD.has(typeof value);
  return odd ? { $: found(value) } : value;
}

const ODD = new Set(['function', 'symbol', 'bigint']);

/** Checks that a path is a string. */
function checkPath(path, name) {
  if (typeof path === 'string') return;
  const isUrl = typeof path === 'object' && path !== null && typeof path.href === 'string';
  const hint = isUrl ? ': give its path, fileURLToPath(url)' : '';
  throw new PolytaskError('ERR_OPTIONS', `${name} takes a path; found ${found(path)}${hint}`);
}

/** Checks the signal by its shape, since one of another realm is as good. */
function checkSignal(signal) {
  if (signal === undefined) return;
  if (typeof signal?.aborted === 'boolean' && typeof signal.addEventListener === 'function') return;
  const message = `option "signal" must be an AbortSignal; found ${found(signal)}`;
  throw new PolytaskError('ERR_OPTIONS', message, { option: 'signal' });
}

/** Checks a callback. */
function checkCallback(callback, option) {
  if (callback === undefined || typeof callback === 'function') return;
  const message = `option "${option}" must be a function; found ${found(callback)}`;
  throw new PolytaskError('ERR_OPTIONS', message, { option });
}

module.exports = { checkCallback, checkPath, checkSignal, encode, settings };
