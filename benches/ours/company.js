// What two trainings at once cost, against one alone: in one process (`{"mode":"one"}`) or in two
// (`{"mode":"two"}`), with the threads they choose themselves.
'use strict';

const { spawn } = require('node:child_process');
const { once } = require('node:events');
const { createInterface } = require('node:readline');
const { emit, watch } = require('../harness/meter');
const { POLYTASK, table } = require('../harness/places');
const { WIDE } = require('./wide');
const { train } = require(POLYTASK);

const { mode } = JSON.parse(process.argv[2]);
const file = table('wide-32000.csv');
const options = { ...WIDE, epochs: 5, batchSize: 512 };

/** Seconds of the training itself, from the first epoch's end to the last one's. */
async function training() {
  const { history } = await train(file, options);
  return history.at(-1).seconds - history[0].seconds;
}

/** One of two processes: says when it is ready, waits for the word, trains. */
async function child() {
  await train(file, { ...options, epochs: 1 });
  console.log('ready');
  await once(process.stdin, 'data');
  process.stdin.unref();
  console.log(JSON.stringify({ seconds: await training() }));
}

/** So many processes at once; the seconds of the slowest. */
async function processes(count) {
  const children = Array.from({ length: count }, () => {
    const process_ = spawn(process.execPath, [__filename, '{"mode":"child"}'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    return { process: process_, lines: createInterface(process_.stdout)[Symbol.asyncIterator]() };
  });
  for (const { lines } of children) await lines.next();
  for (const { process } of children) process.stdin.end('go\n');
  const said = await Promise.all(children.map(({ lines }) => lines.next()));
  await Promise.all(children.map(({ process }) => process.exitCode ?? once(process, 'exit')));
  return Math.max(...said.map(({ value }) => JSON.parse(value).seconds));
}

const inOneProcess = async (count) =>
  Math.max(...(await Promise.all(Array.from({ length: count }, training))));

async function main() {
  if (mode === 'child') return child();
  const run = mode === 'one' ? inOneProcess : processes;
  await run(1);
  const stop = watch();
  // Before and after, since the machine may change its pace meanwhile.
  const before = await run(1);
  const together_s = await run(2);
  const alone_s = (before + (await run(1))) / 2;
  const { others } = stop();
  emit({ alone_s, together_s, times: together_s / alone_s, other_cores_busy: others });
}

main();
