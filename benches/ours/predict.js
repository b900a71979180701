// One row and many with a saved model. Told in JSON: the `model`'s file and how its rows are given:
// `form` is `rows`, of arrays, or `flat`, one Float32Array, many of them in pieces of 8,192 as the
// peers take them. benches/predict.js has all forms side by side; here each figure is a process
// that can be held to its cores and measured in turn with others.
'use strict';

const { mulberry32 } = require('../random');
const { emit, watch } = require('../harness/meter');
const { POLYTASK, table } = require('../harness/places');
const { median } = require('../harness/statistics');
const { load } = require(POLYTASK);

const PIECE = 8192;
const { model: file, form, calls = 20_000, rows: count = 500_000 } = JSON.parse(process.argv[2]);

/** Microseconds of single calls, sorted. */
function single(model, rows) {
  const flat = rows.map((row) => Float32Array.from(row));
  const asRows = (i) => model.predict([rows[i & 1023]]);
  const asFlat = (i) => model.predictColumns(flat[i & 1023]);
  const call = form === 'flat' ? asFlat : asRows;
  const times = new Float64Array(calls);
  for (let i = -2000; i < calls; i++) {
    const began = process.hrtime.bigint();
    call(i);
    if (i >= 0) times[i] = Number(process.hrtime.bigint() - began) / 1000;
  }
  return times.sort();
}

async function main() {
  const model = await load(table(file));
  const width = model.features.length;
  const random = mulberry32(0);
  const rows = Array.from({ length: 1024 }, () =>
    Array.from({ length: width }, () => random() * 4 - 2),
  );
  const stop = watch();
  const times = single(model, rows);

  const many = Array.from({ length: count }, (_, i) => rows[i & 1023]);
  const flat = form === 'flat' ? Float32Array.from(many.flat()) : null;
  const runs = [];
  for (let run = 0; run < 4; run++) {
    const began = performance.now();
    for (let at = 0; flat && at < flat.length; at += PIECE * width) {
      model.predictColumns(flat.subarray(at, at + PIECE * width));
    }
    if (!flat) await model.predictAsync(many);
    runs.push((performance.now() - began) / 1000);
  }
  emit({
    p50_us: times[calls >> 1],
    p99_us: times[Math.floor(calls * 0.99)],
    rows_per_s: count / median(runs.slice(1)),
    other_cores_busy: stop().others,
  });
}

main();
