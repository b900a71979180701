// The tables and the model that every contender of every row reads, made once, seeded, in the
// folder of the peers: plain CSV, raw float32, ONNX. A file that is there is not made again.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { mulberry32 } = require('../random');
const { LAYERS } = require('./layers');
const { onnx } = require('./onnx');
const { ROOT, table, TABLES } = require('./places');

const WIDE = { rows: 200_000, held: 10_000, features: 64, classes: 5, hidden: 32 };
const BIG = { rows: 1_000_000, columns: 20 };

/** Numbers of the normal distribution (Box and Muller). */
function normals(seed) {
  const random = mulberry32(seed);
  let spare;
  return () => {
    if (spare !== undefined) {
      const kept = spare;
      spare = undefined;
      return kept;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - random()));
    const angle = 2 * Math.PI * random();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
}

/** Writes a file in pieces under another name first, so that it is never half there. */
function write(name, pieces) {
  const draft = table(`${name}.draft`);
  const file = fs.openSync(draft, 'w');
  for (const piece of pieces) fs.writeSync(file, piece);
  fs.closeSync(file);
  fs.renameSync(draft, table(name));
}

/** A CSV from a function that gives a row's cells, some thousand rows at a time. */
function* csv(header, from, to, cells) {
  yield `${header.join(',')}\n`;
  for (let at = from; at < to; at += 4096) {
    let text = '';
    for (let row = at; row < Math.min(at + 4096, to); row++) text += `${cells(row).join(',')}\n`;
    yield text;
  }
}

const bytes = (numbers) => new Uint8Array(Float32Array.from(numbers).buffer);

/** 40 rows of each kind of iris to train on. */
function iris() {
  const [head, ...lines] = fs
    .readFileSync(path.join(ROOT, 'data', 'iris.csv'), 'utf8')
    .trim()
    .split('\n');
  const random = mulberry32(0);
  const seen = {};
  const kept = lines.filter((line) => {
    const kind = line.split(',').at(-1);
    seen[kind] = (seen[kind] ?? 0) + 1;
    return seen[kind] <= 40;
  });
  const drawn = kept.map((line) => [random(), line]).sort(([a], [b]) => a - b);
  write('iris.csv', [`${[head, ...drawn.map(([, line]) => line)].join('\n')}\n`]);
}

/** Three targets of 64 numbers through a random layer, with noise; standardised. */
function wide() {
  const { rows, held, features, classes, hidden } = WIDE;
  const all = rows + held;
  const normal = normals(1);
  const draw = (count, scale = 1) => Float64Array.from({ length: count }, () => normal() * scale);
  const [into, yes, kinds, value] = [features * hidden, hidden, hidden * classes, hidden].map(
    (count, at) => draw(count, at === 0 ? 1 / Math.sqrt(features) : 1),
  );
  // Four digits, so that the text and the raw numbers are the same.
  const xs = Float64Array.from(draw(all * features), (x) => Math.round(x * 1e4) / 1e4);
  const targets = { bin: [], cls: [], reg: [] };
  for (let row = 0; row < all; row++) {
    const h = new Float64Array(hidden);
    for (let i = 0; i < features; i++) {
      const x = xs[row * features + i];
      for (let j = 0; j < hidden; j++) h[j] += x * into[i * hidden + j];
    }
    const dot = (weights, width, at) =>
      h.reduce((sum, value, j) => sum + Math.tanh(value) * weights[j * width + at], 0);
    targets.bin.push(Number(dot(yes, 1, 0) + 0.5 * normal() > 0));
    const scores = Array.from(
      { length: classes },
      (_, c) => dot(kinds, classes, c) + 0.5 * normal(),
    );
    targets.cls.push(scores.indexOf(Math.max(...scores)));
    targets.reg.push(dot(value, 1, 0) + 0.3 * normal());
  }
  const mean = targets.reg.reduce((sum, y) => sum + y, 0) / all;
  const deviation = Math.sqrt(targets.reg.reduce((sum, y) => sum + (y - mean) ** 2, 0) / all);
  targets.reg = targets.reg.map((y) => Math.round(((y - mean) / deviation) * 1e4) / 1e4);

  const names = [...Array.from({ length: features }, (_, i) => `x${i}`), ...Object.keys(targets)];
  const cells = (row) => [
    ...xs.subarray(row * features, (row + 1) * features),
    ...Object.values(targets).map((values) => values[row]),
  ];
  for (const [name, values] of Object.entries(targets)) write(`wide-${name}.f32`, [bytes(values)]);
  write('wide-32000.csv', csv(names, 0, 32_000, cells));
  write('wide-held.csv', csv(names, rows, all, cells));
  write('wide.csv', csv(names, 0, rows, cells));
  write('wide-x.f32', [bytes(xs)]);
}

/** 20 columns of numbers with six decimals; also the first 10^4 and 10^5 rows. */
function big() {
  const names = Array.from({ length: BIG.columns }, (_, i) => `f${i}`);
  for (const rows of [10_000, 100_000, BIG.rows]) {
    const normal = normals(2);
    const cells = () => names.map(() => (normal() * 10).toFixed(6));
    write(rows === BIG.rows ? 'big.csv' : `big-${rows}.csv`, csv(names, 0, rows, cells));
  }
}

/** Weights of the net, its answers for one row, and the net as ONNX. */
function net() {
  const normal = normals(3);
  const parts = LAYERS.flatMap(([, inputs, outputs]) => [
    Float32Array.from({ length: inputs * outputs }, () => normal() * Math.sqrt(2 / inputs)),
    Float32Array.from({ length: outputs }, () => normal() / 100),
  ]);
  write('net.onnx', [onnx(LAYERS, parts)]);
  write('net.f32', parts.map(bytes));
}

const MAKERS = { 'iris.csv': iris, 'wide-x.f32': wide, 'big.csv': big, 'net.f32': net };

/** Makes what is missing. */
function makeTables(say = () => {}) {
  fs.mkdirSync(TABLES, { recursive: true });
  for (const [last, make] of Object.entries(MAKERS)) {
    if (fs.existsSync(table(last))) continue;
    say(`makes ${last} and what belongs to it in ${TABLES}`);
    make();
  }
}

module.exports = { makeTables };

if (require.main === module) makeTables(console.log);
