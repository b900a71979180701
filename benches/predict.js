// How fast a model answers: one row at a time, many rows at once, many in the background, and
// columns.
//
//     node benches/predict.js
'use strict';

const os = require('node:os');
const path = require('node:path');
const { train, version } = require('polytask');

const csv = path.join(__dirname, '..', 'data', 'iris.csv');
const MANY = 200_000;

const show = (name, figure) => console.log(`${name.padEnd(34)}${figure}`);

/** Rows in a second, the best of some tries. */
async function speed(name, rows, work) {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 5; i++) {
    const began = performance.now();
    await work();
    best = Math.min(best, performance.now() - began);
  }
  show(name, `${Math.round((rows / best) * 1000).toLocaleString('en')} rows/s`);
}

async function main() {
  const [{ model: machine }] = os.cpus();
  console.log(`${machine}, ${os.availableParallelism()} cores, Node ${process.version}`);
  console.log(`node benches/predict.js, polytask ${version}\n`);

  for (const preset of ['article', 'default']) {
    const model = await train(csv, { model: preset, epochs: 2 });
    const one = [[5.9, 3.0, 5.1, 1.8]];
    const times = Array.from({ length: 20_000 }, () => {
      const began = process.hrtime.bigint();
      model.predict(one);
      return Number(process.hrtime.bigint() - began) / 1000;
    });
    times.sort((a, b) => a - b);
    const at = (share) => times[Math.floor(times.length * share)].toFixed(1);
    console.log(`model '${preset}', ${model.toJSON().parameters} parameters`);
    show('  predict, one row', `p50 ${at(0.5)} µs, p99 ${at(0.99)} µs`);

    const rows = Array.from({ length: MANY }, (_, i) => [5 + (i % 20) / 10, 3, i % 6, i % 2]);
    await speed(`  predict, ${MANY} rows`, MANY, () => model.predict(rows));
    await speed('  predictAsync, the same', MANY, () => model.predictAsync(rows));
    const data = Object.fromEntries(
      model.features.map(({ name }, j) => [name, Float32Array.from(rows, (row) => row[j])]),
    );
    await speed('  predictColumns, by name', MANY, () => model.predictColumns(data));
    const flat = Float32Array.from(rows.flat());
    await speed('  predictColumns, row after row', MANY, () => model.predictColumns(flat));
    console.log();
  }
}

main();
