// examples/postgres.js against a server of its own: a cursor into a training, answers into a table.
'use strict';

const { execFile } = require('node:child_process');
const { Pool } = require('pg');
const { answer, batchesOf, learn, prepare, rowsOf } = require('../examples/postgres');
const { trainSync } = require('..');
const { ROOT, run } = require('./child');
const { binaries, start } = require('./postgres-server');

// Processes and servers take their time where the machine is busy.
jest.setTimeout(60_000);

const bin = binaries();
const server = bin
  ? describe
  : (name, tests) => {
      describe.skip(`${name} (no initdb on the PATH or in /usr/lib/postgresql: skipped)`, tests);
    };

test('batches hold all rows in their order', async () => {
  const sizes = [];
  for await (const batch of batchesOf([1, 2, 3, 4, 5], 2)) sizes.push(batch);
  expect(sizes).toEqual([[1, 2], [3, 4], [5]]);
});

server('with a PostgreSQL server', () => {
  let postgres;
  let pool;
  beforeAll(async () => {
    postgres = await start(bin);
    pool = new Pool(postgres.connection);
    // The server may end sessions that the pool is about to end.
    pool.on('error', () => {});
  });
  afterAll(async () => {
    await pool?.end();
    await postgres?.stop();
  });

  test('the example fills, learns, answers and tells', async () => {
    const { host, user, database } = postgres.connection;
    const env = { ...process.env, PGHOST: host, PGUSER: user, PGDATABASE: database };
    const ended = await new Promise((resolve) => {
      const options = { cwd: ROOT, env, timeout: 60_000 };
      execFile(process.execPath, ['examples/postgres.js'], options, (error, stdout, stderr) => {
        resolve({ status: error ? error.code : 0, stdout, stderr });
      });
    });
    expect(ended).toMatchObject({ status: 0, stderr: '' });
    expect(ended.stdout).toMatch(/task +"species": classification/);
    expect(ended.stdout).toMatch(/30 flowers answered/);
    const { rows } = await pool.query(
      'SELECT count(*)::int AS rows, avg(probability) AS mean FROM flower_answers',
    );
    expect(rows[0].rows).toBe(30);
    expect(rows[0].mean).toBeGreaterThan(0.5);
  });

  test('what a cursor gives trains the same network as the rows themselves', async () => {
    await prepare(pool);
    const options = { epochs: 3, seed: 7 };
    const model = await learn(pool, options);
    const { rows } = await pool.query(
      `SELECT sepal_length, sepal_width, petal_length, petal_width, species
         FROM flowers WHERE species IS NOT NULL ORDER BY id`,
    );
    expect(rows).toHaveLength(120);
    // pg gives numeric(3, 1) as text, to lose no digit; text that reads as a number is one.
    expect(typeof rows[0].petal_width).toBe('string');
    expect(model.features.map(({ type }) => type)).toEqual(Array(4).fill('numeric'));
    const again = trainSync(rows, { targets: 'species', ...options });
    expect(model.predict(rows)).toEqual(again.predict(rows));

    expect(await answer(pool, model)).toBe(30);
    const { rows: written } = await pool.query(
      `SELECT flowers.*, answers.species AS answered, answers.probability
         FROM flower_answers AS answers JOIN flowers ON flowers.id = answers.flower`,
    );
    const expected = model
      .predict(written)
      .map(({ species }) => [species.label, species.probability]);
    expect(written.map((row) => [row.answered, row.probability])).toEqual(expected);
  });

  test('an abort in the middle of the rows closes the cursor', async () => {
    const controller = new AbortController();
    let given = 0;
    async function* endless() {
      const sql = `SELECT n::real AS n, (n % 3)::text AS kind FROM generate_series(1, 1000000) AS n`;
      for await (const row of rowsOf(pool, sql)) {
        given += 1;
        if (given === 5000) controller.abort(new Error('enough'));
        yield row;
      }
    }
    const training = learnFrom(endless(), { signal: controller.signal });
    await expect(training).rejects.toThrow('enough');
    // The connection goes back to the pool, and is fit for use.
    await until(() => pool.idleCount === pool.totalCount);
    expect(given).toBeLessThan(10_000);
    expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  });

  test.each(['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Pacific/Apia'])(
    'days and times are those of the table where the clocks are those of %s',
    async (zone) => {
      const code = `
      const { Pool } = require('pg');
      const { Model, trainSync } = require('polytask');
      const { rowsOf, types } = require('./examples/postgres');
      (async () => {
        const pool = new Pool(${JSON.stringify(postgres.connection)});
        const sql = \`SELECT '2024-03-31'::date AS day, '2024-03-31 14:30'::timestamp AS time,
          '2024-03-31 14:30+00'::timestamptz AS instant, NULL::date AS none\`;
        const rows = [];
        for await (const row of rowsOf(pool, sql)) rows.push(row);
        rows.push(...(await pool.query({ text: sql, types })).rows);
        const days = Array.from({ length: 40 }, (_, i) =>
          ({ day: new Date(Date.UTC(2024, 0, 1 + 7 * i)).toISOString().slice(0, 10), y: i % 5 }));
        const model = trainSync(days, { targets: 'y', epochs: 1, refit: false, model: 'fast' });
        const [asked, expected] = [rows, [{ day: '2024-03-31' }]].map(([row]) => model.predict([row]));
        await pool.end();
        console.log(JSON.stringify({ rows, asked, expected }));
      })();`;
      const { status, stdout, stderr } = await run(code, { env: { TZ: zone } });
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      const { rows, asked, expected } = JSON.parse(stdout);
      const instant = '2024-03-31T14:30:00.000Z';
      const row = { day: '2024-03-31', time: '2024-03-31 14:30:00', instant, none: null };
      expect(rows).toEqual([row, row]);
      expect(asked).toEqual(expected);
    },
  );

  test('what the database says is what the training fails with, and nothing is written', async () => {
    const bad = rowsOf(pool, 'SELECT 1 / (n - 3) AS x, n FROM generate_series(1, 9) AS n');
    await expect(learnFrom(bad)).rejects.toThrow('division by zero');

    await answer(pool, await learn(pool, { epochs: 1 }));
    const half = { predictAsync: () => Promise.reject(new Error('not now')) };
    await expect(answer(pool, half)).rejects.toThrow('not now');
    const { rows } = await pool.query('SELECT count(*)::int AS rows FROM flower_answers');
    expect(rows).toEqual([{ rows: 30 }]);
  });
});

const learnFrom = (rows, options) => require('..').train(rows, { epochs: 1, ...options });

async function until(holds) {
  for (let patience = 100; !holds() && patience > 0; patience--) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  expect(holds()).toBe(true);
}
