// Signals that abort work: one listener on each, however much work hears it, for Node warns of a leak
// from the eleventh on.
'use strict';

// The callbacks of each signal, and its listener.
const heard = new WeakMap();

/** Calls back once the signal aborts; gives what ends that. Without a signal nothing is done. */
function whenAborted(signal, callback) {
  if (!signal) return () => {};
  let entry = heard.get(signal);
  if (!entry) {
    const callbacks = new Set();
    const listener = () => {
      for (const each of [...callbacks]) each();
    };
    entry = { callbacks, listener };
    heard.set(signal, entry);
    signal.addEventListener('abort', listener);
  }
  // A function of its own, so that the same callback may be given twice.
  const called = () => callback();
  entry.callbacks.add(called);
  return () => {
    entry.callbacks.delete(called);
    if (entry.callbacks.size > 0 || heard.get(signal) !== entry) return;
    // Nothing of ours is kept by a signal that outlives the work.
    heard.delete(signal);
    signal.removeEventListener('abort', entry.listener);
  };
}

module.exports = { whenAborted };
