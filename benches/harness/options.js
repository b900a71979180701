// What `npm run bench` may be told.
'use strict';

const fs = require('node:fs');
const { parseArgs } = require('node:util');
const { bench } = require('./places');

/** The rows there are: the files of `rows/`. */
const rowNames = () => fs.readdirSync(bench('rows')).map((file) => file.replace(/\.js$/, ''));

const HELP = `npm run bench -- [row …] [options]      measures polytask and its peers, round by round

rows      ${'{rows}'}
          none: all of them

--rounds N     rounds, in each of which every contender is measured once (default 5)
--only WORD    only contenders whose name holds the word, and ours
--json FILE    where the results go (default target/bench.json)
--from FILE    measures nothing: shows the results in a file
--write        also puts tables and plots of the rows into docs/
--help         this

PEERS is the folder of the peers (default ~/.cache/peers), POLYTASK the built checkout to measure
(default this one). benches/README.md tells how to install peers; those missing are left out.`;

/** Throws an error with `usage` for what it does not know. */
function parse(args) {
  const known = rowNames();
  const help = HELP.replace('{rows}', known.join(' '));
  const refuse = (message) => Object.assign(new Error(message), { usage: help });
  let parsed;
  try {
    parsed = parseArgs({
      args,
      allowPositionals: true,
      options: {
        rounds: { type: 'string', default: '5' },
        only: { type: 'string' },
        json: { type: 'string', default: bench('..', 'target', 'bench.json') },
        from: { type: 'string' },
        write: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw refuse(error.message);
  }
  const { values, positionals } = parsed;
  const strange = positionals.find((name) => !known.includes(name));
  if (strange) throw refuse(`there is no row "${strange}"`);
  const rounds = Number(values.rounds);
  if (!(Number.isInteger(rounds) && rounds > 0)) throw refuse('--rounds is a whole number from 1');
  const rows = positionals.length > 0 ? [...new Set(positionals)] : known;
  return { ...values, rounds, rows, usage: help };
}

module.exports = { parse, rowNames };
