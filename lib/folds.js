// Cross-validation: a promise of the scores of k folds, trained one after another on a thread.
'use strict';

const { Site, fromNative } = require('./error');
const { trainer } = require('./native');
const { checkCallback, checkSignal, checkSource, encode, settings } = require('./options');
const shape = require('./shape');
const { clockOfSource } = require('./zone');

/** Trains on all folds but one, scores on that one, for each of `k` folds. */
function crossValidate(source, epochsOrOptions, k = 5) {
  const site = new Site(crossValidate);
  return new Promise((resolve, reject) => {
    try {
      const { signal, onFold, ...options } = settings(epochsOrOptions);
      checkSignal(signal);
      if (signal?.aborted) return reject(signal.reason);
      checkSource(source, 'crossValidate');
      checkCallback(onFold, 'onFold');
      run({ source, options, k, signal, onFold }, site, resolve, reject);
    } catch (thrown) {
      reject(fromNative(thrown, site));
    }
  });
}

function run({ source, options, k, signal, onFold }, site, resolve, reject) {
  // What the user's callbacks still have to say, after the last fold too.
  const heard = [];
  let ended = false;
  const end = (settle) => {
    if (ended) return;
    ended = true;
    signal?.removeEventListener('abort', onAbort);
    settle();
  };
  // For a reason of the user's: at once; the thread follows by itself.
  const cancel = (reason) => {
    if (!ended) native.abort();
    end(() => reject(reason));
  };
  const onAbort = () => cancel(signal.reason);
  const hear = () => {
    for (const raw of JSON.parse(native.drain())) {
      if (ended || !onFold) return;
      try {
        const answer = Promise.resolve(onFold.call(undefined, shape.foldReport(raw)));
        heard.push(answer.then(undefined, cancel));
      } catch (error) {
        cancel(error);
      }
    }
  };
  const clock = clockOfSource(options.timeZone);
  const [native, finished] = trainer().crossValidate(
    source,
    encode(options),
    encode({ k }),
    hear,
    clock,
  );
  signal?.addEventListener('abort', onAbort);
  const scored = finished.then(async (text) => {
    hear();
    await Promise.all(heard);
    end(() => resolve(shape.crossValidation(text)));
  });
  scored.catch((thrown) => {
    hear();
    end(() => reject(fromNative(thrown, site)));
  });
}

module.exports = { crossValidate };
