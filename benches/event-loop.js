// How little a training disturbs the event loop: the delay of its timers while one runs, beside
// the same while nothing does.
//
//     node benches/event-loop.js
'use strict';

const os = require('node:os');
const path = require('node:path');
const { monitorEventLoopDelay, performance } = require('node:perf_hooks');
const { setTimeout: pause } = require('node:timers/promises');
const { train, version } = require('polytask');

const csv = path.join(__dirname, '..', 'data', 'iris.csv');
const SECONDS = 5;
const TICK = 5;

/** Watches the event loop during some work. */
async function watch(name, work) {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  let ticks = 0;
  const timer = setInterval(() => {
    ticks += 1;
  }, TICK);
  const began = performance.now();
  delay.enable();
  await work();
  delay.disable();
  clearInterval(timer);
  const milliseconds = performance.now() - began;
  // The histogram holds the time from tick to tick, in nanoseconds.
  const figure = (nanoseconds) => (nanoseconds / 1e6).toFixed(2).padStart(9);
  const figures = [delay.percentile(50), delay.percentile(99), delay.max].map(figure);
  const due = Math.floor(milliseconds / TICK);
  console.log(`${name.padEnd(20)}${figures.join('')}   ${ticks} of ${due}`);
}

async function main() {
  const [{ model }] = os.cpus();
  console.log(`${model}, ${os.availableParallelism()} cores, Node ${process.version}`);
  console.log(`node benches/event-loop.js, polytask ${version}\n`);
  console.log('event loop, ms            p50      p99      max   5 ms timers fired');

  await watch('idle', () => pause(SECONDS * 1000));
  await watch('loading libtorch', () => train(csv, 1));
  const endless = { epochs: 1_000_000_000, earlyStopping: false };
  let epochs = 0;
  await watch('training', async () => {
    const training = train(csv, { ...endless, onEpoch: (report) => (epochs = report.epoch) });
    await pause(SECONDS * 1000);
    training.stop();
    await training;
  });
  console.log(`\n${epochs} epochs of ${path.basename(csv)} in ${SECONDS} seconds, each reported`);
}

main();
