// Runs one contender as a process of its own on a number of cores, and reads its line of JSON.
'use strict';

const { spawn, spawnSync } = require('node:child_process');
const os = require('node:os');
const { PEERS, POLYTASK } = require('./places');

const MINUTES = 15;

/** The names by which libraries are told their threads. */
const THREADS = [
  'OMP_NUM_THREADS',
  'MKL_NUM_THREADS',
  'OPENBLAS_NUM_THREADS',
  'POLARS_MAX_THREADS',
  'ARROW_NUM_THREADS',
  'TF_NUM_INTRAOP_THREADS',
];

let taskset;

/**
 * The words before a command that hold it to as many cores, the last ones, since the first one
 * serves interrupts; some libraries heed nothing else. None are needed for all cores.
 */
function pinned(threads, cores = os.cpus().length) {
  taskset ??= spawnSync('taskset', ['--version']).status === 0;
  if (!taskset || !threads || threads >= cores) return [];
  const last = cores - 1;
  return ['taskset', '-c', threads === 1 ? `${last}` : `${cores - threads}-${last}`];
}

/** The last line of JSON in a text; `null` without one. */
function lastJson(text) {
  for (const line of text.split('\n').reverse()) {
    if (!line.startsWith('{')) continue;
    try {
      return JSON.parse(line);
    } catch {
      // Something else that begins with a brace.
    }
  }
  return null;
}

/** Why a process gave nothing: its last words, cut short. */
function reason(errors, code, signal) {
  const lines = errors.trim().split('\n').filter(Boolean);
  const line = lines.findLast((text) => /error|cannot|not /i.test(text)) ?? lines.at(-1);
  return (line ?? (signal ? `ended by ${signal}` : `exit code ${code}`)).trim().slice(0, 160);
}

/** Resolves to `{ figures }` or `{ failed }`. */
function runProcess({ command, threads, cwd, minutes = MINUTES, read = (json) => json }) {
  const [program, ...args] = [...pinned(threads), ...command];
  const limits = threads ? Object.fromEntries(THREADS.map((name) => [name, `${threads}`])) : {};
  const env = { ...process.env, ...limits, PEERS, POLYTASK };
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    // Not by `spawn`'s own limit, which waits on if there is no such program.
    const limit = setTimeout(() => child.kill(), minutes * 60_000);
    const end = (result) => {
      clearTimeout(limit);
      resolve(result);
    };
    let output = '';
    let errors = '';
    child.stdout.on('data', (text) => (output += text));
    child.stderr.on('data', (text) => (errors = (errors + text).slice(-4000)));
    child.on('error', (error) => end({ failed: error.message }));
    child.on('close', (code, signal) => {
      const json = lastJson(output);
      const good = code === 0 && json;
      end(good ? { figures: read(json) } : { failed: reason(errors, code, signal) });
    });
  });
}

module.exports = { lastJson, pinned, runProcess };
