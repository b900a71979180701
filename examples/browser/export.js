// Trains a model of two tasks on the Iris flowers and writes what the page needs: the network with
// its encoding as ONNX, and the description of its columns as JSON.
//
//     node export.js [folder, default model]
'use strict';

const fs = require('node:fs');
const path = require('node:path');
// In a project of your own: require('polytask').
const { train } = require('../..');

async function main(folder = path.join(__dirname, 'model')) {
  const csv = path.join(__dirname, '..', '..', 'data', 'iris.csv');
  const model = await train(csv, { targets: ['species', 'petal_width'], epochs: 100, seed: 1 });
  fs.mkdirSync(folder, { recursive: true });
  await model.exportOnnx(path.join(folder, 'model.onnx'));
  fs.writeFileSync(path.join(folder, 'model.json'), JSON.stringify(model));
  console.log(`wrote model.onnx and model.json to ${folder}`);
}

main(process.argv[2]);
