// examples/serve.js and benches/serve.js as programs: signals, and the figures of the load test.
'use strict';

const { execFile, spawn } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { trainSync } = require('..');
const { ROOT } = require('./child');
const { CSV } = require('./iris');

// Processes take their time where the machine is busy.
jest.setTimeout(60_000);

let folder;
let file;
beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'polytask-serve-'));
  file = path.join(folder, 'model.safetensors');
  await trainSync(CSV, 2).save(file);
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

async function until(holds) {
  for (let patience = 1000; patience > 0; patience--) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('it did not come about');
}

test('SIGHUP reads the file, SIGTERM ends the service', async () => {
  const env = { ...process.env, HOST: '127.0.0.1', PORT: '0' };
  const child = spawn(process.execPath, ['examples/serve.js', file], { cwd: ROOT, env });
  const ended = new Promise((resolve) => child.once('exit', (...how) => resolve(how)));
  try {
    let said = '';
    let complaints = '';
    child.stderr.on('data', (text) => {
      complaints += text;
    });
    child.stdout.on('data', (text) => {
      said += text;
    });
    await until(() => /http:\S+/.test(said));
    const [at] = said.match(/http:\S+/);
    const health = async () => (await fetch(`${at}/health`)).json();
    expect((await health()).model.tasks).toHaveLength(1);
    const before = (await health()).model.loadedAt;
    // The same file again: nothing to watch has changed.
    child.kill('SIGHUP');
    await until(async () => (await health()).model.loadedAt !== before);
    child.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
    expect(complaints).toBe('');
  } finally {
    child.kill('SIGKILL');
  }
});

test('the load test prints a figure for each kind of request', async () => {
  const args = ['benches/serve.js', '--json', '--seconds', '0.2', '--connections', '3'];
  const { status, stdout, stderr } = await new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: ROOT }, (error, stdout, stderr) => {
      resolve({ status: error ? error.code : 0, stdout, stderr });
    });
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const figures = stdout.trim().split('\n').map(JSON.parse);
  expect(figures.map(({ name }) => name)).toEqual([
    'GET /health',
    'POST /predict, 1 row',
    'POST /predict, 100 rows',
    'POST /predict, 1000 rows',
  ]);
  for (const { requests_per_s, p50_ms, p99_ms, max_ms } of figures) {
    expect(requests_per_s).toBeGreaterThan(0);
    expect(p50_ms).toBeGreaterThan(0);
    expect(p99_ms).toBeGreaterThanOrEqual(p50_ms);
    expect(max_ms).toBeGreaterThanOrEqual(p99_ms);
  }
});
