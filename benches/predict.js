// How fast a model answers: one row in each form, and many rows. Three networks: the article's and
// the default one on iris, and a wide one, 64 - 256 - 128 with heads of two classes, five classes
// and a number, on made-up rows.
//
//     node benches/predict.js            a table
//     node benches/predict.js --json     a line of JSON for each figure
//
// Many rows are measured on all cores and, where `taskset` is there, on one.
'use strict';

const { spawnSync } = require('node:child_process');
const os = require('node:os');
const path = require('node:path');
const { train, version } = require('polytask');
const { mulberry32 } = require('./random');

const IRIS = path.join(__dirname, '..', 'data', 'iris.csv');
const CALLS = 20_000;
const MANY = 131_072;
// What is handed over at once, as a server that gathers requests would.
const BATCH = 8192;

const json = process.argv.includes('--json');
const manyOnly = process.argv.includes('--many');
const threads = os.availableParallelism();

function show(figure) {
  if (json) {
    console.log(JSON.stringify({ bench: 'predict', version, ...figure }));
  } else if (figure.p50_us) {
    const [p50, p99] = [figure.p50_us, figure.p99_us].map((us) => us.toFixed(2));
    console.log(`  ${figure.form.padEnd(58)}p50 ${p50} µs, p99 ${p99} µs`);
  } else {
    const name = `${figure.form}, ${threads} thread${threads > 1 ? 's' : ''}`;
    const rate = Math.round(figure.rows_per_s).toLocaleString('en');
    console.log(`  ${name.padEnd(58)}${rate} rows/s`);
  }
}

/** One call after another, each timed by itself. */
function latency(network, form, call) {
  for (let i = 0; i < CALLS / 4; i++) call(i);
  const times = new Float64Array(CALLS);
  for (let i = 0; i < CALLS; i++) {
    const began = process.hrtime.bigint();
    call(i);
    times[i] = Number(process.hrtime.bigint() - began) / 1000;
  }
  times.sort();
  const at = (share) => times[Math.floor(CALLS * share)];
  show({ network, form, calls: CALLS, p50_us: at(0.5), p99_us: at(0.99) });
}

/** Rows in a second, the best of some tries. */
async function speed(network, form, work) {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 6; i++) {
    const began = performance.now();
    await work();
    best = Math.min(best, performance.now() - began);
  }
  show({ network, form, threads, rows: MANY, rows_per_s: (MANY / best) * 1000 });
}

/** Rows of numbers within what the wide network was trained on, and iris too. */
function numbers(width, count) {
  const random = mulberry32(3);
  return Array.from({ length: count }, () => Array.from({ length: width }, () => random() * 4 - 2));
}

function wide() {
  const random = mulberry32(1);
  const rows = numbers(64, 2000).map((cells) => ({
    ...Object.fromEntries(cells.map((cell, i) => [`x${i}`, cell])),
    bin: random() < 0.5 ? 'no' : 'yes',
    cls: `c${Math.floor(random() * 5)}`,
    reg: random() * 10,
  }));
  return train(rows, {
    epochs: 1,
    targets: { bin: 'classification', cls: 'classification', reg: 'regression' },
    model: { preset: 'fast', hidden: [256, 128], activation: 'relu', dropout: 0, norm: 'none' },
  });
}

function one(network, model, rows, names) {
  const arrays = rows.map((row) => [row]);
  const objects = rows.map((row) => [Object.fromEntries(names.map((name, i) => [name, row[i]]))]);
  const flat = rows.map((row) => Float32Array.from(row));
  const last = rows.length - 1;
  latency(network, 'predict, one row, an array', (i) => model.predict(arrays[i & last]));
  latency(network, 'predict, one row, an object', (i) => model.predict(objects[i & last]));
  latency(network, 'predictColumns, one row, Float32Array', (i) =>
    model.predictColumns(flat[i & last]),
  );
}

async function many(network, model, rows, names) {
  const all = Array.from({ length: MANY }, (_, i) => rows[i % rows.length]);
  const flat = new Float32Array(MANY * names.length);
  all.forEach((row, i) => {
    flat.set(row, i * names.length);
  });
  const columns = Object.fromEntries(
    names.map((name, j) => [name, Float32Array.from(all, (row) => row[j])]),
  );
  const step = BATCH * names.length;
  await speed(network, `predictColumns, Float32Array, ${BATCH} at once`, () => {
    for (let at = 0; at < flat.length; at += step) {
      model.predictColumns(flat.subarray(at, at + step));
    }
  });
  await speed(network, 'predictColumns, by name', () => model.predictColumns(columns));
  await speed(network, 'predict', () => model.predict(all));
  await speed(network, 'predictAsync', () => model.predictAsync(all));
}

async function main() {
  if (!json && !manyOnly) {
    const [{ model: machine }] = os.cpus();
    console.log(`${machine}, ${threads} cores, Node ${process.version}`);
    console.log(`node benches/predict.js, polytask ${version}\n`);
  }
  const networks = [
    ['article', () => train(IRIS, { model: 'article', epochs: 2 })],
    ['default', () => train(IRIS, { epochs: 2 })],
    ['wide', wide],
  ];
  for (const [network, make] of networks) {
    const model = await make();
    const names = model.features.map(({ name }) => name);
    const rows = numbers(names.length, 1024);
    if (!json) console.log(`${network}: ${model.toJSON().parameters} parameters`);
    if (!manyOnly) one(network, model, rows, names);
    await many(network, model, rows, names);
  }
  // On one core all this runs in one thread.
  if (threads === 1 || manyOnly) return;
  const again = [process.execPath, __filename, '--many', ...(json ? ['--json'] : [])];
  spawnSync('taskset', ['-c', '0', ...again], { stdio: 'inherit' });
}

main();
