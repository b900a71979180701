// Start: what requiring costs, and how long a process takes to its first answer.
'use strict';

const { cold, node, ours } = require('../harness/contenders');
const { makeNets } = require('../harness/nets');

const ORT = ['ort', 'onnxruntime-node'];
const TFJS = ['tfjs-node', '@tensorflow/tfjs-node'];
const loading = ([folder, name]) =>
  node(name, [folder, name], 'require.js', { folder, package: name });

module.exports = {
  title: 'Start',
  tables: [
    {
      title: "`require('polytask')`, above bare Node",
      threads: 1,
      measure: { key: 'ms', unit: 'ms', less: true },
      shows: [{ key: 'mb', title: 'MB' }],
      contenders: [ours('polytask', 'require.js'), loading(ORT), loading(TFJS)],
      bars: [{ than: 'onnxruntime-node', times: 1 }],
    },
    {
      title: 'process start to the first prediction, 64-256-128 with three heads',
      prepare: makeNets,
      measure: { key: 'ms', unit: 'ms', less: true },
      shows: [{ key: 'mb', title: 'peak MB' }],
      contenders: [
        cold(ours('polytask', 'start.js')),
        cold(node('bare Node, a loop in JavaScript', null, 'start.js', { peer: 'bare' })),
        cold(node('onnxruntime-node', ORT, 'start.js', { peer: 'ort' })),
        cold(node('tfjs-node', TFJS, 'start.js', { peer: 'tfjs' })),
      ],
      bars: [{ than: 'onnxruntime-node', times: 1 }],
    },
  ],
};
