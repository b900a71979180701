// Measures polytask beside whatever peers are installed, and says where it wins and loses.
//
//     npm run bench -- [row …] [--rounds 5] [--json file] [--write]; --help tells the rest
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { write } = require('./harness/document');
const { inWords, machine } = require('./harness/machine');
const { parse } = require('./harness/options');
const { bench, POLYTASK, ROOT } = require('./harness/places');
const { measureTable } = require('./harness/rounds');
const { renderRow } = require('./harness/table');
const { makeTables } = require('./harness/tables');

/** All that is measured, as it is written to the file. */
async function measure(given) {
  const { rounds, rows: names, only } = given;
  const words = [
    ...names.map((name) => ` ${name}`),
    ` --rounds ${rounds}`,
    only && ` --only ${only}`,
  ];
  const command = `npm run bench --${words.filter(Boolean).join('')}`;
  const results = { machine: machine(), command, rounds, rows: [] };
  makeTables((text) => console.error(text));
  for (const name of names) {
    const { title, tables } = require(bench('rows', name));
    const row = { name, title, command, rounds, machine: machine(), tables: [] };
    results.rows.push(row);
    for (const table of tables) {
      const { contenders } = table;
      const chosen = contenders.filter((it) => it.ours || !only || it.name.includes(only));
      console.error(`${name}: ${table.title}`);
      const say = (text) => console.error(text);
      row.tables.push(await measureTable({ ...table, contenders: chosen }, { rounds, say }));
      // After each table, so that an interrupted run leaves what it has.
      save(given.json, results);
    }
  }
  return results;
}

function save(file, results) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, `${JSON.stringify(results, null, 1)}\n`);
}

async function main() {
  let given;
  try {
    given = parse(process.argv.slice(2));
  } catch (error) {
    if (!error.usage) throw error;
    console.error(`${error.message}\n\n${error.usage}`);
    process.exitCode = 2;
    return;
  }
  if (given.help) return console.log(given.usage);
  if (!given.from && !fs.existsSync(path.join(POLYTASK, 'native'))) {
    throw new Error(`${path.relative(ROOT, POLYTASK) || 'this checkout'} is not built`);
  }
  const results = given.from
    ? JSON.parse(fs.readFileSync(given.from, 'utf8'))
    : await measure(given);
  results.rows = results.rows.filter(({ name }) => given.rows.includes(name));
  for (const row of results.rows) {
    console.log(`## ${row.title}\n\n${renderRow(row, inWords(row))}`);
  }
  if (given.write) write(results);
}

main();
