// 64-256-128, ReLU, with a binary, a 5-class and a regression head, summed losses, Adam, in
// tfjs-node:
//   fit   layers and model.fit, what a tutorial shows
//   core  the graph written out, optimizer.minimize
'use strict';

const { mulberry32 } = require('../random');
const { emit, float32, options, permutation, tfjs, watch } = require('../harness/meter');

const given = options({
  variant: 'core',
  rows: 200_000,
  epochs: 4,
  batch: 512,
  rate: 1e-3,
  threads: 2,
});
const HELD = 10_000;
const FEATURES = 64;
const CLASSES = 5;

async function main() {
  const tf = await tfjs('tensorflow', given.threads);
  const { rows, batch } = given;
  const [xs, bins, kinds, values] = ['x', 'bin', 'cls', 'reg'].map((it) =>
    float32(`wide-${it}.f32`),
  );
  const all = bins.length;

  /** The rows from one to another as tensors. */
  const part = (from, to) => [
    tf.tensor2d(xs.slice(from * FEATURES, to * FEATURES), [to - from, FEATURES]),
    tf.tensor2d(bins.slice(from, to), [to - from, 1]),
    tf.tidy(() =>
      tf.oneHot(tf.tensor1d(Int32Array.from(kinds.slice(from, to)), 'int32'), CLASSES).toFloat(),
    ),
    tf.tensor2d(values.slice(from, to), [to - from, 1]),
  ];
  const training = part(0, rows);

  const dense = (units, activation, seed) =>
    tf.layers.dense({
      units,
      activation,
      kernelInitializer: tf.initializers.glorotUniform({ seed }),
    });
  const inputs = tf.input({ shape: [FEATURES] });
  const trunk = dense(128, 'relu', 2).apply(dense(256, 'relu', 1).apply(inputs));
  const heads = [dense(1, 'sigmoid', 3), dense(CLASSES, 'softmax', 4), dense(1, 'linear', 5)];
  const model = tf.model({ inputs, outputs: heads.map((head) => head.apply(trunk)) });

  /** The training for some epochs, and the answers: probabilities twice, and values. */
  const ways = {
    fit() {
      const loss = ['binaryCrossentropy', 'categoricalCrossentropy', 'meanSquaredError'];
      model.compile({ optimizer: tf.train.adam(given.rate), loss });
      const how = { batchSize: batch, shuffle: true, verbose: 0, yieldEvery: 'never' };
      const [x, ...labels] = training;
      return [(epochs) => model.fit(x, labels, { ...how, epochs }), (x) => model.predict(x)];
    },
    core() {
      const weights = model.getWeights().map((weight) => tf.variable(weight.clone()));
      const optimizer = tf.train.adam(given.rate);
      const layer = (x, at) => tf.add(tf.matMul(x, weights[at]), weights[at + 1]);
      const scores = (x) => {
        const h = tf.relu(layer(tf.relu(layer(x, 0)), 2));
        return [layer(h, 4), layer(h, 6), layer(h, 8)];
      };
      const loss = ([x, b, c, r]) => {
        const [bin, cls, reg] = scores(x);
        return tf.addN([
          tf.losses.sigmoidCrossEntropy(b, bin),
          tf.losses.softmaxCrossEntropy(c, cls),
          tf.losses.meanSquaredError(r, reg),
        ]);
      };
      const random = mulberry32(1);
      const step = (parts, at) => {
        const size = Math.min(batch, rows - at);
        const slices = parts.map((whole) => whole.slice([at, 0], [size, whole.shape[1]]));
        optimizer.minimize(() => loss(slices), false, weights);
      };
      const train = (epochs) => {
        for (let epoch = 0; epoch < epochs; epoch++) {
          const order = tf.tensor1d(permutation(rows, random), 'int32');
          const parts = training.map((whole) => whole.gather(order));
          for (let at = 0; at < rows; at += batch) tf.tidy(() => step(parts, at));
          tf.dispose([order, ...parts]);
        }
        weights[0].dataSync();
      };
      const answer = (x) => {
        const [bin, cls, reg] = scores(x);
        return [tf.sigmoid(bin), tf.softmax(cls), reg];
      };
      return [train, answer];
    },
  };

  const [train, answer] = ways[given.variant]();
  await train(1);
  const stop = watch();
  await train(given.epochs - 1);
  const { seconds, others } = stop();
  const epoch = seconds / (given.epochs - 1);

  const [x, b, c, r] = part(all - HELD, all);
  const figures = tf.tidy(() => {
    const [bin, cls, reg] = answer(x);
    const right = (one, other) => tf.equal(one, other).toFloat().mean();
    const [kind, error] = [c.argMax(1), tf.squaredDifference(reg, r).mean()];
    return {
      loss: tf.addN([tf.losses.logLoss(b, bin), c.mul(cls.log()).sum(1).mean().neg(), error]),
      bin_score: right(bin.greater(0.5).toFloat(), b),
      cls_score: right(cls.argMax(1), kind),
      reg_score: tf.sub(1, error.div(tf.moments(r).variance)),
    };
  });
  const shown = Object.entries(figures).map(([name, figure]) => [name, figure.dataSync()[0]]);
  emit({
    us_per_step: (1e6 * epoch) / Math.ceil(rows / batch),
    rows_per_s: rows / epoch,
    version: tf.version.tfjs,
    ...Object.fromEntries(shown),
    other_cores_busy: others,
  });
}

main();
