// One row and many with the wide net: `--peer ort` in onnxruntime-node, `tfjs` in tfjs-node. One
// row is a Float32Array in and three results out; many rows go in pieces of 8,192.
'use strict';

const { mulberry32 } = require('../random');
const { emit, options, peer, tfjs, watch } = require('../harness/meter');
const { table } = require('../harness/places');
const { median } = require('../harness/statistics');
const { tensors } = require('./net');

const given = options({ peer: 'ort', calls: 20_000, rows: 500_000, batch: 8192, threads: 2 });

const ways = {
  async ort() {
    const ort = peer('ort', 'onnxruntime-node');
    const how = { intraOpNumThreads: given.threads, interOpNumThreads: 1 };
    const session = await ort.InferenceSession.create(table('net.onnx'), how);
    return async (xs, rows) => {
      const { bin, cls, reg } = await session.run({ x: new ort.Tensor('float32', xs, [rows, 64]) });
      return [bin.data, cls.data, reg.data];
    };
  },
  async tfjs() {
    const tf = await tfjs('tensorflow', given.threads);
    const { run } = tensors(tf);
    return (xs, rows) => {
      let answers;
      // Not returned from `tidy`, which would walk over every number.
      tf.tidy(() => {
        answers = run(tf.tensor2d(xs, [rows, 64])).map((tensor) => tensor.dataSync());
      });
      return answers;
    };
  },
};

async function main() {
  const answer = await ways[given.peer]();
  const random = mulberry32(0);
  const rows = Array.from({ length: 1024 }, () =>
    Float32Array.from({ length: 64 }, () => random() * 4 - 2),
  );
  const times = new Float64Array(given.calls);
  const one = watch();
  for (let i = -500; i < given.calls; i++) {
    const began = process.hrtime.bigint();
    await answer(rows[i & 1023], 1);
    if (i >= 0) times[i] = Number(process.hrtime.bigint() - began) / 1000;
  }
  const { others } = one();
  times.sort();

  const xs = new Float32Array(given.rows * 64);
  for (let row = 0; row < given.rows; row++) xs.set(rows[row & 1023], row * 64);
  const out = new Float32Array(given.rows * 7);
  const runs = [];
  const many = watch();
  for (let run = 0; run < 4; run++) {
    const began = performance.now();
    for (let at = 0; at < given.rows; at += given.batch) {
      const size = Math.min(given.batch, given.rows - at);
      const [bin, cls, reg] = await answer(xs.subarray(at * 64, (at + size) * 64), size);
      out.set(bin, at);
      out.set(cls, given.rows + at * 5);
      out.set(reg, given.rows * 6 + at);
    }
    runs.push((performance.now() - began) / 1000);
  }
  emit({
    p50_us: times[given.calls >> 1],
    p99_us: times[Math.floor(given.calls * 0.99)],
    rows_per_s: given.rows / median(runs.slice(1)),
    other_cores_busy: Math.max(others, many().others),
  });
}

main();
