// PolytaskError, the one error users meet, and the two ways it comes about: raised here, or
// carried over the native boundary as JSON in an error's message.
'use strict';

const PLACE = ['file', 'line', 'row', 'column', 'task', 'option', 'cause'];

/** An error with a stable code and, where it applies, the place it speaks of. */
class PolytaskError extends Error {
  constructor(code, message, place = {}) {
    super(message);
    this.code = code;
    // What is not known is absent rather than undefined.
    for (const key of PLACE) {
      if (place[key] === undefined || place[key] === null) continue;
      // `cause` is left out of listings, as the language does.
      const enumerable = key !== 'cause';
      const property = { value: place[key], enumerable, writable: true, configurable: true };
      Object.defineProperty(this, key, property);
    }
  }
}
Object.defineProperty(PolytaskError.prototype, 'name', {
  value: 'PolytaskError',
  writable: true,
  configurable: true,
});

/** What code of the user's threw, on its way through ours: it comes out as it is. */
class Foreign {
  constructor(error) {
    this.error = error;
  }
}

/** The PolytaskError for whatever native code threw; `site` is where the user called. */
function fromNative(thrown, site) {
  if (thrown instanceof Foreign) return thrown.error;
  return site.mark(thrown instanceof PolytaskError ? thrown : decode(thrown));
}

function decode(thrown) {
  const text = String(thrown?.message ?? thrown);
  const told = parse(text);
  if (told) return new PolytaskError(told.code, told.message, told);
  return new PolytaskError('ERR_INTERNAL', `polytask failed: ${text.split('\n')[0]}`);
}

function parse(text) {
  if (!text.startsWith('{"polytask":')) return null;
  try {
    const { polytask } = JSON.parse(text);
    return typeof polytask?.code === 'string' ? polytask : null;
  } catch {
    return null;
  }
}

/** Where a user called us: errors that arise later, or in native code, point there. */
class Site {
  // `below` is our function the user called; the frames start at its caller.
  constructor(below) {
    Error.captureStackTrace(this, below);
  }

  mark(error) {
    const stack = String(this.stack);
    const frames = stack.indexOf('\n');
    const value = `${error.name}: ${error.message}${frames < 0 ? '' : stack.slice(frames)}`;
    Object.defineProperty(error, 'stack', { value, writable: true, configurable: true });
    return error;
  }
}

/** Runs `work`, turning what native code throws into a PolytaskError thrown at the caller. */
function attempt(below, work) {
  try {
    return work();
  } catch (thrown) {
    throw fromNative(thrown, new Site(below));
  }
}

/** The same for work that returns a promise. */
async function attemptLater(below, work) {
  const site = new Site(below);
  try {
    return await work();
  } catch (thrown) {
    throw fromNative(thrown, site);
  }
}

/** A value in words, for "found …" in a message. */
function found(value) {
  if (value === null || value === undefined) return String(value);
  if (typeof value === 'string') return JSON.stringify(shorten(value));
  if (typeof value === 'bigint') return shorten(`${value}n`);
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'symbol') return 'a symbol';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object') return named(value);
  return String(value);
}

/** An object by its class, where it has one of its own. */
function named(object) {
  let name;
  try {
    name = object.constructor?.name;
  } catch {}
  if (typeof name !== 'string' || name === 'Object' || !/^[A-Za-z]\w*$/.test(name))
    return 'an object';
  return `${/^[AEIO]/.test(name) ? 'an' : 'a'} ${name}`;
}

const shorten = (text) => (text.length > 60 ? `${text.slice(0, 60)}…` : text);

module.exports = { Foreign, PolytaskError, Site, attempt, attemptLater, found, fromNative };
