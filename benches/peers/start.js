// Loads the wide net and answers one row: `--peer bare` with a forward pass written here and no
// package at all, `ort` in onnxruntime-node, `tfjs` in tfjs-node.
'use strict';

const fs = require('node:fs');
const { float32, memory, options, peer, tfjs } = require('../harness/meter');
const { table } = require('../harness/places');
const { LAYERS, tensors } = require('./net');

const row = Float32Array.from({ length: 64 }, (_, i) => -1 + (2 * i) / 63);

/** A layer of the flat weights that begins somewhere. */
function layer(weights, [, inputs, outputs], from, xs) {
  const ys = weights.slice(from + inputs * outputs, from + inputs * outputs + outputs);
  for (let i = 0; i < inputs; i++) {
    for (let j = 0; j < outputs; j++) ys[j] += xs[i] * weights[from + i * outputs + j];
  }
  return ys;
}

const ways = {
  bare() {
    const weights = float32('net.f32');
    let at = 0;
    let hidden = row;
    let answer;
    LAYERS.forEach((shape, index) => {
      answer = layer(weights, shape, at, hidden);
      if (index < 2) hidden = answer.map((y) => Math.max(0, y));
      at += (shape[1] + 1) * shape[2];
    });
    return answer[0];
  },
  async ort() {
    const ort = peer('ort', 'onnxruntime-node');
    const session = await ort.InferenceSession.create(table('net.onnx'));
    const answers = await session.run({ x: new ort.Tensor('float32', row, [1, 64]) });
    return answers.reg.data[0];
  },
  async tfjs() {
    const tf = await tfjs('tensorflow', 1);
    const { run } = tensors(tf);
    return run(tf.tensor2d(row, [1, 64]))[2].dataSync()[0];
  },
};

async function main() {
  const answer = await ways[options({ peer: 'bare' }).peer]();
  if (!Number.isFinite(answer)) throw new Error(`answered ${answer}`);
  fs.writeSync(1, `READY ${memory('VmHWM')}\n`);
}

main();
