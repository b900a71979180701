// Predicting: one row at a time, and many, with the wide net and that of Iris.
'use strict';

const { node, ours, python } = require('../harness/contenders');
const { makeNets } = require('../harness/nets');

const ort = (told) =>
  node('onnxruntime-node', ['ort', 'onnxruntime-node'], 'predict_node.js', told);
const tfjs = (told) =>
  node('tfjs-node', ['tfjs-node', '@tensorflow/tfjs-node'], 'predict_node.js', told, { rounds: 2 });
const inPython = (name, distribution, peer, told) =>
  python(name, distribution, 'predict_python.py', { peer, ...told });

const peers = (told) => [
  ort({ peer: 'ort', ...told }),
  inPython('onnxruntime in Python', 'onnxruntime', 'onnxruntime', told),
  inPython('torch', 'torch', 'torch', told),
  inPython('numpy', 'numpy', 'numpy', told),
  tfjs({ peer: 'tfjs', ...told }),
];

// Only one of the two measurements of a script counts in a table; the other is cut short.
const FEW = { calls: 100 };
const NONE = { rows: 8192 };
const latency = { key: 'p50_us', unit: 'µs, p50', less: true };
const shows = [
  { key: 'p99_us', title: 'p99' },
  { key: 'peak_rss_mb', title: 'peak MB' },
];

module.exports = {
  title: 'Predicting',
  tables: [
    {
      title: 'one row, 64-256-128 with three heads',
      threads: 1,
      prepare: makeNets,
      measure: latency,
      shows,
      contenders: [
        ours('polytask', 'predict.js', { model: 'wide.safetensors', form: 'rows', ...NONE }),
        ours('polytask, Float32Array', 'predict.js', {
          model: 'wide.safetensors',
          form: 'flat',
          ...NONE,
        }),
        ...peers({ threads: 1, ...NONE }),
      ],
      bars: [{ most: 4, unit: 'µs' }],
    },
    {
      title: 'one row, the 4-10-10-3 of Iris',
      threads: 1,
      measure: latency,
      compare: false,
      shows,
      contenders: [
        ours('polytask', 'predict.js', { model: 'iris.safetensors', form: 'rows', ...NONE }),
      ],
      bars: [{ most: 1.5, unit: 'µs' }],
    },
    {
      title: 'many rows, 64-256-128 with three heads',
      threads: 2,
      measure: { key: 'rows_per_s', unit: 'rows/s', less: false },
      shows: [{ key: 'peak_rss_mb', title: 'peak MB' }],
      contenders: [
        ours('polytask, Float32Array', 'predict.js', {
          model: 'wide.safetensors',
          form: 'flat',
          ...FEW,
        }),
        ours('polytask, rows', 'predict.js', {
          model: 'wide.safetensors',
          form: 'rows',
          rows: 100_000,
          ...FEW,
        }),
        ...peers({ threads: 2, ...FEW }),
      ],
      bars: [
        { than: 'onnxruntime-node', times: 1.1 },
        { than: 'onnxruntime in Python', times: 1 },
      ],
    },
  ],
};
