// How accurate models are, ours and those of others, on every shared data set:
//
//     node benches/accuracy                              all sets, models and five seeds; hours
//     node benches/accuracy wine iris --seeds 2          some data sets
//     node benches/accuracy --models default,sklearn     some models, by parts of their names
//     node benches/accuracy --rows 1000                  at most so many training rows
//     node benches/accuracy --write                      also puts the tables into docs/accuracy.md,
//                                                        at the mark of the rows or of --mark
//     node benches/accuracy --table --write              measures nothing
//
// Every result is kept in target/accuracy.jsonl (--json) and not measured again: delete the file,
// or lines of it, to start anew. The rows held out are used for nothing but the scores shown. The
// data sets lie beside the checkout, in ../shared/data, and the peers where benches/README.md says.
'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { parseArgs } = require('node:util');
const { between } = require('../harness/document');
const { machine } = require('../harness/machine');
const { PYTHON, ROOT } = require('../harness/places');
const { DATA } = require('../sets');
const { measure, OURS, PEERS, stopPeers } = require('./measure');
const { files, sets } = require('./sets');
const { render } = require('./table');

const DOCUMENT = path.join(ROOT, 'docs', 'accuracy.md');

function read() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      seeds: { type: 'string', default: '5' },
      models: { type: 'string' },
      rows: { type: 'string' },
      json: { type: 'string', default: path.join(ROOT, 'target', 'accuracy.jsonl') },
      table: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      mark: { type: 'string' },
    },
  });
  const words = values.models?.split(',');
  const models = [...OURS, ...PEERS].filter(
    (model) => !words || words.some((word) => model.includes(word)),
  );
  const wanted = sets.filter(
    ({ name }) => positionals.length === 0 || positionals.some((word) => name.includes(word)),
  );
  const rows = values.rows ? Number(values.rows) : null;
  return { ...values, seeds: Number(values.seeds), rows, models, wanted };
}

function known(file) {
  if (!fs.existsSync(file)) return [];
  return fs
    .readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

async function measureAll({ wanted, seeds, models, rows, json }, records) {
  fs.mkdirSync(path.dirname(json), { recursive: true });
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'polytask-accuracy-'));
  try {
    for (let seed = 0; seed < seeds; seed += 1) {
      for (const { name, set } of wanted) {
        const due = models.filter(
          (model) =>
            !records.some(
              (it) => it.set === name && it.seed === seed && it.model === model && it.rows === rows,
            ),
        );
        if (due.length === 0) continue;
        const paths = files(folder, { set }, seed, rows);
        for (const model of due) {
          const began = performance.now();
          try {
            const found = await measure(model, paths, set, seed);
            const record = { set: name, seed, model, rows, ...found };
            fs.appendFileSync(json, `${JSON.stringify(record)}\n`);
            records.push(record);
          } catch (error) {
            console.log(`${name}, seed ${seed}, ${model}: ${error.message}`);
            continue;
          }
          const seconds = ((performance.now() - began) / 1000).toFixed(1);
          console.log(`${name}, seed ${seed}, ${model}: ${seconds} s`);
        }
      }
    }
  } finally {
    stopPeers();
    fs.rmSync(folder, { recursive: true });
  }
}

async function main() {
  const options = read();
  const it = machine();
  const command = ['node benches/accuracy', ...process.argv.slice(2)].join(' ');
  const words = `${it.cpu}, ${it.cores} cores, Node ${it.node}, polytask ${it.polytask}, ${it.date}; \`${command}\``;
  console.log(`${words}\n`);
  const records = known(options.json);
  if (!options.table) {
    if (!fs.existsSync(DATA)) {
      console.log('skipped: there is no folder shared/data beside the checkout');
      return;
    }
    if (!fs.existsSync(PYTHON)) {
      console.log('the peers are not installed (benches/README.md): ours alone are measured');
      options.models = options.models.filter((model) => OURS.includes(model));
    }
    await measureAll(options, records);
  }
  const names = new Set(options.wanted.map(({ name }) => name));
  const shown = records.filter(
    (record) =>
      names.has(record.set) &&
      record.seed < options.seeds &&
      record.rows === options.rows &&
      options.models.includes(record.model),
  );
  const text = render(shown, options.models);
  console.log(`\n${text}`);
  if (options.write) {
    const mark = options.mark ?? (options.rows ? 'few rows' : 'all rows');
    const document = fs.readFileSync(DOCUMENT, 'utf8');
    fs.writeFileSync(DOCUMENT, between(document, mark, `${words}\n\n${text}`));
  }
}

main();
