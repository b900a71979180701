// One model on one data set for one seed: ours in this process, the peers in one of
// theirs.
'use strict';

const { spawn } = require('node:child_process');
const os = require('node:os');
const path = require('node:path');
const readline = require('node:readline');
const { train } = require('polytask');
const { PYTHON } = require('../harness/places');

/** Ours by preset; all tasks of a data set are learnt together. */
const OURS = ['default', 'fast', 'realmlp', 'tabm'];

/** Peers, which learn each task alone; `constant` guesses the mean or the commonest class. */
const PEERS = ['constant', 'sklearn MLP', 'sklearn HGB', 'RealMLP-TD', 'TabM-D'];

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

/** The process of the peers, which answers a line for a line; null while there is none. */
let peers = null;

function startPeers() {
  const child = spawn(PYTHON, [path.join(__dirname, 'baselines.py')]);
  const lines = readline.createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  let errors = '';
  child.stderr.on('data', (text) => (errors = (errors + text).slice(-2000)));
  // Its end is told by the end of its lines.
  child.stdin.on('error', () => {});
  child.on('error', (error) => (errors += error.message));
  return {
    async ask(job) {
      child.stdin.write(`${JSON.stringify(job)}\n`);
      const { value, done } = await lines.next();
      if (done) {
        peers = null;
        throw new Error(`the peers ended: ${errors.trim().split('\n').at(-1)}`);
      }
      const answer = JSON.parse(value);
      if (answer.error) throw new Error(answer.error);
      return answer;
    },
    stop: () => child.stdin.end(),
  };
}

/** Lets the process of the peers end. */
function stopPeers() {
  peers?.stop();
  peers = null;
}

async function peer(name, { training, test }, set, seed) {
  const threads = os.availableParallelism();
  const found = await understand({ training }, set);
  peers ??= startPeers();
  return peers.ask({ ...found, train: training, test, peer: name, seed, threads });
}

const measure = (name, files, set, seed) =>
  OURS.includes(name) ? ours(name, files, set, seed) : peer(name, files, set, seed);

module.exports = { measure, OURS, PEERS, stopPeers };
