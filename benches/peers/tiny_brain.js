// Iris in brain.js, which updates after every row and knows the squared error only; leaky ReLU,
// since with ReLU it leaves a class dead. It refuses a momentum or a threshold of 0.
'use strict';

const { mulberry32 } = require('../random');
const { emit, options, peer, watch } = require('../harness/meter');
const { median } = require('../harness/statistics');
const { readIris } = require('./iris');

const given = options({ epochs: 200, rate: 0.01, seconds: 1 });
// It draws its first weights from Math.random.
Math.random = mulberry32(1);

const { NeuralNetwork } = peer('brain1', 'brain.js');
const [rows, labels] = readIris();
const data = rows.map((input, i) => ({ input, output: [0, 1, 2].map((c) => +(c === labels[i])) }));
const most = (answers) => answers.indexOf(Math.max(...answers));

const nothing = 1e-12;
const how = { errorThresh: nothing, learningRate: given.rate, momentum: nothing, log: false };
const whole = watch();
const runs = [];
let net;
for (let total = 0; total < given.seconds; ) {
  net = new NeuralNetwork({ hiddenLayers: [10, 10], activation: 'leaky-relu' });
  net.train(data, { ...how, iterations: 1 });
  const stop = watch();
  net.train(data, { ...how, iterations: given.epochs - 1 });
  const { seconds } = stop();
  total += seconds;
  runs.push(seconds / (given.epochs - 1));
}
const { others } = whole();
const right = rows.filter((row, i) => most(Array.from(net.run(row))) === labels[i]);
emit({
  // A step of ours is 32 rows, the last one of an epoch 24: so is this, a quarter of an epoch.
  us_per_step: (1e6 * median(runs)) / Math.ceil(rows.length / 32),
  accuracy: right.length / rows.length,
  other_cores_busy: others,
});
