// How many requests examples/serve.js answers, and how soon: connections that are kept, each of
// which asks anew as soon as it has its answer. Service and callers are processes of their own.
//
//     node benches/serve.js                  10 connections, 5 seconds each
//     node benches/serve.js --connections 50 --seconds 10
//     node benches/serve.js --json           a line of JSON for each figure
//
// /health is what HTTP alone costs: no model is asked.
'use strict';

const { spawn } = require('node:child_process');
const fs = require('node:fs');
const net = require('node:net');
const os = require('node:os');
const path = require('node:path');
const { parseArgs } = require('node:util');
const { train } = require('polytask');
const { inWords, machine } = require('./harness/machine');

const ROOT = path.join(__dirname, '..');
const CSV = path.join(ROOT, 'data', 'iris.csv');

const { values: given } = parseArgs({
  options: {
    connections: { type: 'string', default: '10' },
    seconds: { type: 'string', default: '5' },
    json: { type: 'boolean', default: false },
  },
});
const connections = Number(given.connections);
const seconds = Number(given.seconds);
// Not counted: the compilers warm up.
const warmUp = Math.min(1, seconds);
if (!(connections >= 1 && seconds > 0)) {
  console.error('--connections is a whole number from 1, --seconds a number above 0');
  process.exit(2);
}

const FLOWER = { sepal_length: 5.9, sepal_width: 3, petal_length: 5.1, petal_width: 1.8 };

/** A request as it goes over the line. */
function request(method, url, body = '') {
  const head = [`${method} ${url} HTTP/1.1`, 'host: localhost', `content-length: ${body.length}`];
  if (body) head.push('content-type: application/json');
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`);
}

/** One connection, until `until`; times from `from` on are kept. */
function caller({ port, asked, from, until, times }) {
  return new Promise((resolve, reject) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.setNoDelay(true);
    let had = Buffer.alloc(0);
    let began;
    const ask = () => {
      began = performance.now();
      socket.write(asked);
    };
    socket.on('connect', ask);
    socket.on('error', reject);
    socket.on('data', (bytes) => {
      had = had.length === 0 ? bytes : Buffer.concat([had, bytes]);
      const end = had.indexOf('\r\n\r\n');
      if (end < 0) return;
      const head = had.toString('latin1', 0, end);
      if (!head.startsWith('HTTP/1.1 200')) {
        socket.destroy();
        return reject(new Error(`the service answered ${head.split('\r\n')[0]}`));
      }
      const length = Number(head.match(/content-length: (\d+)/i)[1]);
      if (had.length < end + 4 + length) return;
      had = Buffer.alloc(0);
      const now = performance.now();
      if (began >= from && now <= until) times.push(now - began);
      if (now < until) return ask();
      socket.end();
      resolve();
    });
  });
}

async function measure(port, name, asked, rows) {
  const times = [];
  const from = performance.now() + warmUp * 1000;
  const until = from + seconds * 1000;
  const work = { port, asked, from, until, times };
  await Promise.all(Array.from({ length: connections }, () => caller(work)));
  times.sort((one, other) => one - other);
  const at = (share) => times[Math.min(times.length - 1, Math.floor(times.length * share))];
  const figure = {
    bench: 'serve',
    name,
    connections,
    requests_per_s: Math.round(times.length / seconds),
    rows_per_s: Math.round((times.length * rows) / seconds),
    p50_ms: at(0.5),
    p99_ms: at(0.99),
    max_ms: times.at(-1),
  };
  if (given.json) return console.log(JSON.stringify(figure));
  const [p50, p99, max] = ['p50_ms', 'p99_ms', 'max_ms'].map((key) => figure[key].toFixed(2));
  const rates = [figure.requests_per_s, figure.rows_per_s].map((rate) => rate.toLocaleString('en'));
  console.log(
    [name.padEnd(26), ...[...rates, p50, p99, max].map((cell) => cell.padStart(12))].join(''),
  );
}

/** The service as a user would start it; resolves with its port and how to end it. */
async function serve(file) {
  const child = spawn(process.execPath, ['examples/serve.js', file], {
    cwd: ROOT,
    env: { ...process.env, HOST: '127.0.0.1', PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const address = new Promise((resolve, reject) => {
    let said = '';
    child.stdout.on('data', (text) => {
      said += text;
      const port = said.match(/http:\/\/127\.0\.0\.1:(\d+)/)?.[1];
      if (port) resolve(Number(port));
    });
    ended.then(() => reject(new Error('the service ended')));
  });
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
  };
  return { port: await address, stop };
}

async function main() {
  const here = machine();
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'polytask-bench-'));
  try {
    const file = path.join(folder, 'iris.safetensors');
    const model = await train(CSV, { seed: 1 });
    await model.save(file);
    const { port, stop } = await serve(file);
    if (!given.json) {
      console.log(inWords({ machine: here, rounds: 1, command: 'node benches/serve.js' }));
      const weights = model.toJSON().parameters.toLocaleString('en');
      console.log(`${connections} connections, ${seconds} s; iris, ${weights} weights\n`);
      const heads = ['requests/s', 'rows/s', 'p50, ms', 'p99, ms', 'max, ms'];
      console.log(`${' '.repeat(26)}${heads.map((head) => head.padStart(12)).join('')}`);
    }
    try {
      await measure(port, 'GET /health', request('GET', '/health'), 0);
      for (const rows of [1, 100, 1000]) {
        const body = JSON.stringify({ rows: Array(rows).fill(FLOWER) });
        const name = `POST /predict, ${rows} row${rows > 1 ? 's' : ''}`;
        await measure(port, name, request('POST', '/predict', body), rows);
      }
    } finally {
      await stop();
    }
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
