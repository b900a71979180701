// Workers: a training in one, the model's bytes from it to others, and predictions in those.
//
//     node examples/worker.js
//
// `train`, `predictAsync` and `predictFile` run on threads of their own as it is, and need no
// worker for that. A worker is for what JavaScript does around them, such as making rows out of
// text, when that would keep the event loop busy.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { Worker, isMainThread, parentPort, workerData } = require('node:worker_threads');
const { Model, train } = require('polytask');

const CSV = path.join(__dirname, '..', 'data', 'iris.csv');
const WORKERS = 2;

/** In a worker: trains, tells of its epochs, and ends with the model as bytes. */
async function learn({ csv, options }) {
  const training = train(csv, options);
  for await (const { epoch, loss } of training) parentPort.postMessage({ epoch, loss });
  const model = await training;
  parentPort.postMessage({ bytes: model.toBuffer() });
}

/** In a worker: answers each batch of lines, text as it came, until the port is closed. */
function answer({ bytes }) {
  const model = Model.fromBuffer(bytes);
  const names = model.features.map(({ name }) => name);
  parentPort.on('message', ({ batch, lines }) => {
    const rows = lines.map((line) => line.split(',').slice(0, names.length));
    parentPort.postMessage({ batch, answers: model.predict(rows) });
  });
}

/** Starts a worker of this file, which does `task`. */
const worker = (task, data) => new Worker(__filename, { workerData: { task, ...data } });

/** Trains in a worker; resolves with the model's bytes. What fails there rejects here. */
function trainInWorker(csv, options, onEpoch = () => {}) {
  return new Promise((resolve, reject) => {
    const learner = worker('learn', { csv, options });
    learner.on('message', (message) => {
      if (message.bytes) resolve(message.bytes);
      else onEpoch(message);
    });
    // The error is a copy: its name and message arrive, and its code among its properties.
    learner.on('error', reject);
    learner.on('exit', () => reject(new Error('the worker ended without a model')));
  });
}

/** Predicts batches of lines in several workers; resolves with the answers in their order. */
async function predictInWorkers(bytes, batches, count = WORKERS) {
  const answers = [];
  let next = 0;
  const work = () =>
    new Promise((resolve, reject) => {
      const predictor = worker('answer', { bytes });
      const give = () => {
        if (next >= batches.length) return resolve(predictor.terminate());
        predictor.postMessage({ batch: next, lines: batches[next++] });
      };
      predictor.on('message', (message) => {
        answers[message.batch] = message.answers;
        give();
      });
      predictor.on('error', reject);
      give();
    });
  await Promise.all(Array.from({ length: count }, work));
  return answers.flat();
}

async function main() {
  const options = { epochs: 50, seed: 1 };
  const bytes = await trainInWorker(CSV, options, ({ epoch, loss }) => {
    if (epoch % 10 === 0) console.log(`epoch ${epoch}  loss ${loss.toFixed(4)}`);
  });
  console.log(`a model of ${bytes.length} bytes came from the worker`);

  const [, ...lines] = fs.readFileSync(CSV, 'utf8').trim().split('\n');
  const batches = [];
  for (let at = 0; at < lines.length; at += 32) batches.push(lines.slice(at, at + 32));
  const answers = await predictInWorkers(bytes, batches);
  const right = answers.filter(({ species }, row) => lines[row].endsWith(species.label)).length;
  console.log(`${WORKERS} workers answered ${answers.length} rows, ${right} of them right`);
}

module.exports = { predictInWorkers, trainInWorker };

if (!isMainThread) {
  const tasks = { learn, answer };
  tasks[workerData?.task]?.(workerData);
} else if (require.main === module) {
  main();
}
