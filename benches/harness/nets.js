// Trains and saves the models that `predict` and `start` load, with the build that is measured, so
// that the files are of its format.
'use strict';

const { ours } = require('./contenders');
const { runProcess } = require('./process');

let made;

/** Once in a run. */
async function makeNets() {
  made ??= runProcess(ours('polytask', 'net.js'));
  const { failed } = await made;
  if (failed) throw new Error(`could not make the models to predict with: ${failed}`);
}

module.exports = { makeNets };
