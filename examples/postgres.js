// Rows out of PostgreSQL into a training, and its answers back into a table, neither held in
// memory as a whole. `pg` finds the server by PGHOST, PGDATABASE, PGUSER and the like. Elsewhere
// than in this checkout it needs `npm install pg pg-query-stream`.
//
//     createdb flowers && PGDATABASE=flowers node examples/postgres.js
//
// The table `flowers` is made from data/iris.csv if it is not there; every fifth flower in it has
// no species yet. The table `flower_answers` is what the model makes of those.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { Pool, types: defaults } = require('pg');
const QueryStream = require('pg-query-stream');
const { train } = require('polytask');

// Rows the cursor fetches at a time, and rows predicted and written at a time.
const BATCH = 1000;

/**
 * How cells are read. `pg` makes a Date of a `date` and of a `timestamp`, which have no time zone, by
 * taking one for them: that of the process. Midnight there may be the day before in UTC, in which
 * polytask reads a Date, and another one where the next process runs. So they stay the texts that
 * the server sends, 2024-03-31 and 2024-03-31 14:30:00, in any zone. A `timestamptz` is an instant,
 * which a Date holds; the option `timeZone` of `train` names a zone whose days and hours it is to be
 * learnt by.
 */
const types = {
  getTypeParser: (type, format) => {
    const { DATE, TIMESTAMP } = defaults.builtins;
    return type === DATE || type === TIMESTAMP ? String : defaults.getTypeParser(type, format);
  },
};

/** The rows of a query one by one, from a cursor on a connection of its own. */
async function* rowsOf(pool, sql, values = []) {
  const client = await pool.connect();
  let failure;
  try {
    const cursor = new QueryStream(sql, values, { batchSize: BATCH, types });
    // Whoever leaves this loop early, or throws in it, closes the cursor.
    yield* client.query(cursor);
  } catch (error) {
    failure = error;
    throw error;
  } finally {
    // A connection on which something failed is not used again.
    client.release(failure);
  }
}

/** The same, in arrays of up to `size` rows. */
async function* batchesOf(rows, size) {
  let batch = [];
  for await (const row of rows) {
    batch.push(row);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** Trains on the flowers whose species is known. */
function learn(pool, options = {}) {
  // In a fixed order, since the seed draws the validation rows by their place.
  const known = rowsOf(
    pool,
    `SELECT sepal_length, sepal_width, petal_length, petal_width, species
       FROM flowers WHERE species IS NOT NULL ORDER BY id`,
  );
  return train(known, { targets: 'species', ...options });
}

/** Writes what the model says of the others, all or nothing; resolves with how many there were. */
async function answer(pool, model) {
  const unknown = rowsOf(pool, 'SELECT * FROM flowers WHERE species IS NULL ORDER BY id');
  const client = await pool.connect();
  let failure;
  let written = 0;
  try {
    await client.query('BEGIN');
    await client.query('TRUNCATE flower_answers');
    for await (const rows of batchesOf(unknown, BATCH)) {
      // Columns that are no features, such as the key, are passed over.
      const answers = await model.predictAsync(rows);
      await client.query(
        `INSERT INTO flower_answers (flower, species, probability)
         SELECT * FROM unnest($1::int[], $2::text[], $3::float8[])`,
        [
          rows.map(({ id }) => id),
          answers.map(({ species }) => species.label),
          answers.map(({ species }) => species.probability),
        ],
      );
      written += rows.length;
    }
    await client.query('COMMIT');
  } catch (error) {
    // Ending the connection ends the transaction.
    failure = error;
    throw error;
  } finally {
    client.release(failure);
  }
  return written;
}

/** The tables, and the flowers if there are none. */
async function prepare(pool) {
  await pool.query(
    `CREATE TABLE IF NOT EXISTS flowers (
       id serial PRIMARY KEY,
       sepal_length real, sepal_width real, petal_length real, petal_width numeric(3, 1),
       species text
     );
     CREATE TABLE IF NOT EXISTS flower_answers (
       flower int PRIMARY KEY REFERENCES flowers, species text, probability float8
     )`,
  );
  const { rows } = await pool.query('SELECT EXISTS (SELECT FROM flowers) AS filled');
  if (rows[0].filled) return;
  const file = path.join(__dirname, '..', 'data', 'iris.csv');
  const [, ...lines] = fs.readFileSync(file, 'utf8').trim().split('\n');
  const cells = lines.map((line) => line.split(','));
  const column = (at) => cells.map((row) => row[at]);
  await pool.query(
    `INSERT INTO flowers (sepal_length, sepal_width, petal_length, petal_width, species)
     SELECT * FROM unnest($1::real[], $2::real[], $3::real[], $4::numeric[], $5::text[])`,
    [0, 1, 2, 3].map(column).concat([column(4).map((name, row) => (row % 5 === 4 ? null : name))]),
  );
}

async function main() {
  const pool = new Pool();
  // A connection that breaks while nobody uses it would otherwise end the process.
  pool.on('error', (error) => console.error(`PostgreSQL: ${error.message}`));
  try {
    await prepare(pool);
    const model = await learn(pool);
    console.log(model.summary());
    console.log(`\n${await answer(pool, model)} flowers answered; the least certain of them:`);
    const { rows } = await pool.query(
      `SELECT flower, species, round(probability::numeric, 3) AS probability
         FROM flower_answers ORDER BY probability, flower LIMIT 3`,
    );
    console.table(rows);
  } finally {
    await pool.end();
  }
}

module.exports = { answer, batchesOf, learn, prepare, rowsOf, types };

if (require.main === module) {
  main().catch((error) => {
    console.error(`${error.code ?? error.name}: ${error.message}`);
    process.exitCode = 1;
  });
}
