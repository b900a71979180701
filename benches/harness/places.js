// Where things are: this checkout, the one that is measured, the peers and the tables.
'use strict';

const os = require('node:os');
const path = require('node:path');

const ROOT = path.join(__dirname, '..', '..');

/** The built checkout to measure; another one than this by the environment variable POLYTASK. */
const POLYTASK = path.resolve(process.env.POLYTASK || ROOT);

/** The folder of what is installed to compare with; PEERS says another one. */
const PEERS = path.resolve(process.env.PEERS || path.join(os.homedir(), '.cache', 'peers'));

/** The tables and models every contender reads, made by `tables.js`. */
const TABLES = path.join(PEERS, 'tables');

const PYTHON = path.join(PEERS, 'py', 'bin', 'python');

/** A file of the bench. */
const bench = (...parts) => path.join(ROOT, 'benches', ...parts);

/** A table or model. */
const table = (name) => path.join(TABLES, name);

module.exports = { bench, PEERS, POLYTASK, PYTHON, ROOT, table, TABLES };
