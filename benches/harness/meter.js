// What the measured scripts in JavaScript share: their options, the clock that also sees what else
// the machine did, memory, and the one line of JSON they end with. `peers/meter.py` is its twin.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { createRequire } = require('node:module');
const { PEERS, table } = require('./places');

/** `--name value` pairs over defaults, whose type they take. */
function options(defaults) {
  const values = { ...defaults };
  const words = process.argv.slice(2);
  for (let i = 0; i < words.length; i += 2) {
    const name = words[i].replace(/^--/, '');
    if (!(name in defaults)) throw new Error(`unknown option --${name}`);
    values[name] = typeof defaults[name] === 'number' ? Number(words[i + 1]) : words[i + 1];
  }
  return values;
}

/** Seconds in which any core of the machine was busy since its start; NaN where nobody counts. */
function busy() {
  try {
    const line = fs.readFileSync('/proc/stat', 'utf8').split('\n', 1)[0];
    const [user, nice, system, , , irq, softirq, steal] = line
      .trim()
      .split(/\s+/)
      .slice(1)
      .map(Number);
    return (user + nice + system + irq + softirq + steal) / 100;
  } catch {
    return NaN;
  }
}

/** Seconds of the processor for this process's children that have ended. */
function children() {
  try {
    const [, fields] = fs.readFileSync('/proc/self/stat', 'utf8').match(/\) (.*)$/m);
    const [user, system] = fields.split(' ').slice(13, 15).map(Number);
    return (user + system) / 100;
  } catch {
    return 0;
  }
}

const own = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6 + children();
};

/**
 * Starts a clock; calling what it returns stops it: seconds, and how many cores were busy with
 * anything but this process and its children meanwhile. Counts of cores are too coarse below half a second.
 */
function watch() {
  const before = { busy: busy(), own: own(), at: process.hrtime.bigint() };
  return () => {
    const seconds = Number(process.hrtime.bigint() - before.at) / 1e9;
    const others = busy() - before.busy - (own() - before.own);
    return { seconds, others: Math.max(0, others) / seconds };
  };
}

// The system counts in 1,024 bytes, we in a million.
const KILO = 1024 / 1e6;

/** A figure of memory from the system, in MB: `VmRSS` now, `VmHWM` at most so far. */
function memory(which) {
  try {
    // Not `maxRSS`, which begins with that of the process that started this one.
    const status = fs.readFileSync('/proc/self/status', 'utf8');
    return Number(status.match(new RegExp(`${which}:\\s+(\\d+)`))[1]) * KILO;
  } catch {
    const now = process.memoryUsage.rss() / 1e6;
    return which === 'VmRSS' ? now : process.resourceUsage().maxRSS * KILO;
  }
}

/** Prints what was measured, as the harness wants it. */
function emit(figures) {
  console.log(JSON.stringify({ peak_rss_mb: memory('VmHWM'), ...figures }));
}

/** A package of a peer, each of which is installed alone. */
const peer = (folder, name) => createRequire(path.join(PEERS, 'node', folder, 'x.js'))(name);

/** tfjs on one of its backends; threads must be said before it is loaded. */
async function tfjs(backend, threads) {
  Object.assign(process.env, {
    TF_NUM_INTRAOP_THREADS: String(threads),
    TF_NUM_INTEROP_THREADS: '1',
    TF_CPP_MIN_LOG_LEVEL: '2',
  });
  const { log, warn } = console;
  // tfjs without its native module recommends it, at length, where our line of JSON goes.
  console.log = console.warn = () => {};
  const node = backend === 'tensorflow';
  const tf = node ? peer('tfjs-node', '@tensorflow/tfjs-node') : peer('tfjs', '@tensorflow/tfjs');
  Object.assign(console, { log, warn });
  await tf.setBackend(backend);
  await tf.ready();
  return tf;
}

/** Raw numbers of a table. */
function float32(name) {
  const bytes = fs.readFileSync(table(name));
  return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
}

/** The numbers from 0 in a drawn order. */
function permutation(count, random) {
  const order = Int32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

module.exports = { emit, float32, memory, options, peer, permutation, tfjs, watch };
