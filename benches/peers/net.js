// The net of the `predict` and `start` rows for peers in JavaScript.
'use strict';

const { float32 } = require('../harness/meter');
const { LAYERS } = require('../harness/layers');

/** In tfjs: the fused operations over its weights, and what a row of outputs holds. */
function tensors(tf) {
  const weights = float32('net.f32');
  let at = 0;
  const parts = LAYERS.map(([, inputs, outputs]) => {
    const from = at + inputs * outputs;
    const a = tf.tensor2d(weights.slice(at, from), [inputs, outputs]);
    at = from + outputs;
    return [a, tf.tensor1d(weights.slice(from, at))];
  });
  const dense = (x, [b, bias], activation) => tf.fused.matMul({ a: x, b, bias, activation });
  const run = (x) => {
    const h = dense(dense(x, parts[0], 'relu'), parts[1], 'relu');
    return [tf.sigmoid(dense(h, parts[2])), tf.softmax(dense(h, parts[3])), dense(h, parts[4])];
  };
  return { run };
}

module.exports = { LAYERS, tensors };
