// How nearly an exported ONNX file answers as `predict` does: models of every preset, architecture
// and kind of task, trained for a few epochs on a table of every type of column, asked the same
// rows, with cells missing and unseen, through both.
//
//     node benches/onnx-agreement.js                 the table as text
//     node benches/onnx-agreement.js --json          as JSON, a line for each model
//     node benches/onnx-agreement.js --pairs         every preset with every architecture
//     node benches/onnx-agreement.js --write         both into docs/onnx.md
//     node benches/onnx-agreement.js --only mmoe     models whose names hold the word
'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { parseArgs } = require('node:util');
const { trainSync } = require('polytask');
const { agreement, deviations } = require('./onnx/agreement');
const { models, pairs } = require('./onnx/models');
const { asked, labelled } = require('./onnx/table');

const DOCUMENT = path.join(__dirname, '..', 'docs', 'onnx.md');

const { values: given } = parseArgs({
  options: {
    epochs: { type: 'string', default: '10' },
    rows: { type: 'string', default: '1000' },
    only: { type: 'string', default: '' },
    json: { type: 'boolean', default: false },
    pairs: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
});

async function main() {
  const epochs = Number(given.epochs);
  const results = given.pairs ? [] : await measure(models(epochs));
  if (given.pairs || given.write) {
    const all = await measure(pairs(epochs));
    results.push(
      ...(given.write ? [worst(`${all.length} pairs of preset and architecture`, all)] : all),
    );
  }
  if (!given.json) console.log(table(results));
  if (given.write) write(results);
}

/** Trains each model, and asks it and its file. */
async function measure(list) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'onnx-agreement-'));
  const [training, rows] = [labelled(400), asked(Number(given.rows))];
  const units = deviations(training);
  const results = [];
  try {
    for (const [name, options] of Object.entries(list)) {
      if (!name.includes(given.only)) continue;
      const model = trainSync(training, options);
      const file = path.join(folder, 'model.onnx');
      await model.exportOnnx(file);
      const result = { name, ...(await agreement(model, file, rows, units)) };
      results.push(result);
      if (given.json) console.log(JSON.stringify(result));
    }
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
  return results;
}

/** The worst of several results as one. */
function worst(name, results) {
  const most = (key) => Math.max(...results.map((result) => result[key]));
  return {
    name,
    probability: most('probability'),
    value: most('value'),
    labels: most('labels'),
    rows: most('rows'),
  };
}

function equal(probability, labels, rows) {
  if (probability === null) return '–';
  return labels === 0 ? `all ${rows}` : `all but ${labels}`;
}

/** A table of Markdown. */
function table(results) {
  const number = (x) => (x === null ? '–' : x.toExponential(1));
  const cells = results.map(({ name, probability, value, labels, rows }) => [
    name,
    number(probability),
    number(value),
    equal(probability, labels, rows),
  ]);
  const all = [['model', 'probabilities', 'values', 'equal labels'], ...cells];
  const widths = all[0].map((_, i) => Math.max(...all.map((row) => row[i].length)));
  const line = (row) => `| ${row.map((cell, i) => cell.padEnd(widths[i])).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [line(all[0]), rule, ...all.slice(1).map(line)].join('\n');
}

/** Puts the table where one stands in the document. */
function write(results) {
  const text = fs.readFileSync(DOCUMENT, 'utf8');
  const there = /^\| model .*(\n\|.*)+/m;
  if (!there.test(text)) throw new Error(`${DOCUMENT} has no table to replace`);
  fs.writeFileSync(
    DOCUMENT,
    text.replace(there, () => table(results)),
  );
}

main();
