// Iris 4-10-10-3 in tfjs, in plain JavaScript (`--backend cpu`) or on libtensorflow
// (`--backend tensorflow`):
//   fit   layers and model.fit, what a tutorial shows
//   core  the graph written out, optimizer.minimize
'use strict';

const { mulberry32 } = require('../random');
const { emit, options, permutation, tfjs, watch } = require('../harness/meter');
const { median } = require('../harness/statistics');
const { readIris } = require('./iris');

const given = options({
  backend: 'tensorflow',
  variant: 'core',
  epochs: 200,
  batch: 32,
  rate: 0.1,
  threads: 1,
  seconds: 1,
});

async function main() {
  const tf = await tfjs(given.backend, given.threads);
  const [rows, labels] = readIris();
  const count = rows.length;
  const xs = tf.tensor2d(rows);
  const ys = tf.oneHot(tf.tensor1d(labels, 'int32'), 3).toFloat();

  const dense = (units, activation, seed, more = {}) =>
    tf.layers.dense({
      units,
      activation,
      kernelInitializer: tf.initializers.glorotUniform({ seed }),
      ...more,
    });
  const network = () =>
    tf.sequential({
      layers: [
        dense(10, 'relu', 1, { inputShape: [4] }),
        dense(10, 'relu', 2),
        dense(3, 'softmax', 3),
      ],
    });

  /** A model's training for some epochs, and its probabilities after it. */
  const ways = {
    fit() {
      const model = network();
      model.compile({ optimizer: tf.train.sgd(given.rate), loss: 'categoricalCrossentropy' });
      const how = { batchSize: given.batch, shuffle: true, verbose: 0, yieldEvery: 'never' };
      const train = (epochs) => model.fit(xs, ys, { ...how, epochs });
      return [train, () => model.predict(xs)];
    },
    core() {
      const weights = network()
        .getWeights()
        .map((weight) => tf.variable(weight.clone()));
      const optimizer = tf.train.sgd(given.rate);
      const layer = (x, at) => tf.add(tf.matMul(x, weights[at]), weights[at + 1]);
      const scores = (x) => layer(tf.relu(layer(tf.relu(layer(x, 0)), 2)), 4);
      const random = mulberry32(1);
      const step = (x, y, at) => {
        const size = Math.min(given.batch, count - at);
        const [bx, by] = [x.slice([at, 0], [size, 4]), y.slice([at, 0], [size, 3])];
        optimizer.minimize(() => tf.losses.softmaxCrossEntropy(by, scores(bx)), false, weights);
      };
      const train = (epochs) => {
        for (let epoch = 0; epoch < epochs; epoch++) {
          const order = tf.tensor1d(permutation(count, random), 'int32');
          const [x, y] = [xs.gather(order), ys.gather(order)];
          for (let at = 0; at < count; at += given.batch) tf.tidy(() => step(x, y, at));
          tf.dispose([order, x, y]);
        }
        weights[0].dataSync();
      };
      return [train, () => tf.softmax(scores(xs))];
    },
  };

  const whole = watch();
  const runs = [];
  let probabilities;
  for (let total = 0; total < given.seconds; ) {
    const [train, answer] = ways[given.variant]();
    await train(1);
    const stop = watch();
    await train(given.epochs - 1);
    const { seconds } = stop();
    total += seconds;
    runs.push(seconds / (given.epochs - 1));
    probabilities = tf.tidy(answer).arraySync();
  }
  const { others } = whole();
  const right = probabilities.filter((row, i) => row.indexOf(Math.max(...row)) === labels[i]);
  const loss = probabilities.reduce((sum, row, i) => sum - Math.log(row[labels[i]]), 0) / count;
  emit({
    us_per_step: (1e6 * median(runs)) / Math.ceil(count / given.batch),
    version: tf.version.tfjs,
    loss,
    accuracy: right.length / count,
    other_cores_busy: others,
  });
}

main();
