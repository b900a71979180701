// Predicting from file to file on a thread of its own, until it is through or aborted.
'use strict';

const { PolytaskError, found } = require('./error');
const { checkPath, checkSignal, encode } = require('./options');
const { whenAborted } = require('./signal');

/** Predicts `input` into `output`; null once the signal has aborted. */
async function predictFile(native, input, output, argument = {}) {
  if (typeof argument !== 'object' || argument === null || Array.isArray(argument)) {
    const message = `predictFile takes options as an object; found ${found(argument)}`;
    throw new PolytaskError('ERR_OPTIONS', message);
  }
  const { signal, ...options } = argument;
  checkSignal(signal);
  if (signal?.aborted) return null;
  checkPath(input, 'predictFile');
  checkPath(output, 'predictFile');
  const [prediction, finished] = native.predictFile(input, output, encode(options));
  const deafen = whenAborted(signal, () => prediction.abort());
  try {
    // The promise settles when nothing is left behind, after an abort too.
    return JSON.parse(await finished);
  } catch (thrown) {
    if (signal?.aborted) return null;
    throw thrown;
  } finally {
    deafen();
  }
}

module.exports = { predictFile };
