// The net of the `predict` and `start` rows as an ONNX file, written by hand (protocol buffers), so
// that no Python is needed to make it.
'use strict';

/** Whole numbers, seven bits at a time. */
function varint(number) {
  const bytes = [];
  for (let rest = number; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...bytes, rest]);
    bytes.push((rest % 128) | 128);
  }
}

/** A field: whole numbers as such, all else with its length before it. */
function field(number, value) {
  if (typeof value === 'number') return Buffer.concat([varint(number << 3), varint(value)]);
  const body = typeof value === 'string' ? Buffer.from(value) : value;
  return Buffer.concat([varint((number << 3) | 2), varint(body.length), body]);
}

/** A message of `[field, value]`. */
const message = (...fields) => Buffer.concat(fields.map(([number, value]) => field(number, value)));

const FLOAT = 1;
const INTEGER = 2;

const tensor = (name, shape, values) =>
  message(
    ...shape.map((size) => [1, size]),
    [2, FLOAT],
    [8, name],
    [9, Buffer.from(values.buffer, values.byteOffset, values.byteLength)],
  );

const operation = (type, inputs, outputs, ...attributes) =>
  message(
    ...inputs.map((name) => [1, name]),
    ...outputs.map((name) => [2, name]),
    [4, type],
    ...attributes.map(([name, value]) => [5, message([1, name], [3, value], [20, INTEGER])]),
  );

/** An input or output of any number of rows. */
function value(name, width) {
  const shape = message([1, message([2, 'N'])], [1, message([1, width])]);
  return message([1, name], [2, message([1, message([1, FLOAT], [2, shape])])]);
}

/** The model file of the layers; `parts` are weights (inputs × outputs) and bias of each. */
function onnx(layers, parts) {
  const layer = (name, from, to) => operation('Gemm', [from, `${name}_w`, `${name}_b`], [to]);
  const [[, width], , ...heads] = layers;
  const operations = [
    layer('t1', 'x', 'a1'),
    operation('Relu', ['a1'], ['h1']),
    layer('t2', 'h1', 'a2'),
    operation('Relu', ['a2'], ['h2']),
    layer('bin', 'h2', 'bin_logit'),
    operation('Sigmoid', ['bin_logit'], ['bin']),
    layer('cls', 'h2', 'cls_logits'),
    operation('Softmax', ['cls_logits'], ['cls'], ['axis', 1]),
    layer('reg', 'h2', 'reg'),
  ];
  const tensors = layers.flatMap(([name, inputs, outputs], at) => [
    tensor(`${name}_w`, [inputs, outputs], parts[2 * at]),
    tensor(`${name}_b`, [outputs], parts[2 * at + 1]),
  ]);
  const graph = message(
    ...operations.map((body) => [1, body]),
    [2, 'net'],
    ...tensors.map((body) => [5, body]),
    [11, value('x', width)],
    ...heads.map(([name, , outputs]) => [12, value(name, outputs)]),
  );
  // Version 8 of the format, version 17 of its operations.
  return message([1, 8], [8, message([2, 17])], [7, graph]);
}

module.exports = { onnx };
