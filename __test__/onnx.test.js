// An exported ONNX file answers as `predict` does, through onnxruntime.
'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { load, trainSync } = require('..');
const { models } = require('../benches/onnx/models');
const { labelled } = require('../benches/onnx/table');
const { run, runFile } = require('./child');

let folder;
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'onnx-'));
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

const small = (options = {}) =>
  trainSync(labelled(60), { targets: ['price'], epochs: 1, model: { hidden: [4] }, ...options });

test('numbers agree to 1e-5 and labels exactly, whatever the model', async () => {
  // In a process of its own: onnxruntime's arrays are not of the realm that tests run in.
  const args = ['--json', '--epochs', '2', '--rows', '1000'];
  const { status, stdout, stderr } = await runFile('benches/onnx-agreement.js', 240_000, args);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const results = stdout.trim().split('\n').map(JSON.parse);
  expect(results.map(({ name }) => name)).toEqual(Object.keys(models(2)));
  const apart = results.filter(
    ({ probability, value, labels }) => !(probability < 1e-5 && value < 1e-5 && labels === 0),
  );
  expect(apart).toEqual([]);
}, 300_000);
