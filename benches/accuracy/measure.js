// One model on one data set for one seed: ours in this process, a peer in one of its own.
'use strict';

const { spawn } = require('node:child_process');
const os = require('node:os');
const path = require('node:path');
const { train } = require('polytask');
const { PYTHON } = require('../harness/places');

/** Ours by preset; all tasks of a data set are learnt together. */
const OURS = ['default', 'fast', 'realmlp', 'tabm'];

/** Peers, which learn each task alone; `constant` guesses the mean or the commonest class. */
const PEERS = ['constant', 'sklearn MLP', 'sklearn HGB', 'RealMLP-TD', 'TabM-D'];

/** Those that take minutes where others take seconds. */
const SLOW = ['RealMLP-TD', 'TabM-D'];

/** The scores on the rows held out that tell the most, and the seconds it took to train. */
function scores(evaluation, seconds) {
  const kept = ['accuracy', 'logLoss', 'rocAuc', 'rmse', 'mae'];
  return Object.fromEntries(
    Object.entries(evaluation).map(([task, all]) => [
      task,
      {
        ...Object.fromEntries(kept.filter((key) => key in all).map((key) => [key, all[key]])),
        seconds,
      },
    ]),
  );
}

async function ours(preset, { training, test }, [, options], seed) {
  const began = performance.now();
  const model = await train(training, { ...options, model: preset, seed, telemetry: false });
  const seconds = (performance.now() - began) / 1000;
  return { tasks: scores(await model.evaluate(test), seconds), epochs: model.history.length };
}

/** What our reader found of a data set: how it is written, its features and tasks. */
async function understand({ training }, [, options]) {
  const model = await train(training, {
    ...options,
    model: { hidden: [] },
    epochs: 1,
    telemetry: false,
  });
  const { data, features, tasks } = model.toJSON();
  const { delimiter, header } = data.reading;
  return {
    delimiter,
    header,
    columns: features.map(({ name, type, dateOrder }) => ({ name, type, dateOrder })),
    tasks: tasks.map(({ name, type }) => ({ name, type })),
  };
}

function peer(name, { training, test }, set, seed) {
  return new Promise((resolve, reject) => {
    const threads = os.availableParallelism();
    understand({ training }, set).then((found) => {
      const job = { ...found, train: training, test, peer: name, seed, threads };
      const child = spawn(PYTHON, [path.join(__dirname, 'baselines.py')]);
      let [out, errors] = ['', ''];
      child.stdout.on('data', (text) => (out += text));
      child.stderr.on('data', (text) => (errors = (errors + text).slice(-2000)));
      child.on('error', reject);
      child.on('close', () => {
        const line = out.split('\n').findLast((text) => text.startsWith('{'));
        if (line) resolve(JSON.parse(line));
        else reject(new Error(`${name}: ${errors.trim().split('\n').at(-1)}`));
      });
      child.stdin.end(JSON.stringify(job));
    }, reject);
  });
}

const measure = (name, files, set, seed) =>
  OURS.includes(name) ? ours(name, files, set, seed) : peer(name, files, set, seed);

module.exports = { measure, OURS, PEERS, SLOW };
