// What can be measured: each contender is a command that prints one line of JSON. Here are the ways
// to name one, and whether what it needs is installed.
'use strict';

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { bench, PEERS, POLYTASK, PYTHON } = require('./places');

const words = (options) =>
  Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);

/** Ours, by a script of `ours/` that is told all in one JSON. */
function ours(name, script, told = {}, more = {}) {
  const file = bench('ours', script);
  const flags = more.flags ?? [];
  const command = [process.execPath, ...flags, file, JSON.stringify(told)];
  return { name, ours: true, file, command, ...more };
}

/** A peer in Python: the distribution it needs, a script of `peers/` and its options. */
function python(name, distribution, script, options = {}, more = {}) {
  const file = bench('peers', script);
  const command = [PYTHON, file, ...words(options)];
  return { name, file, needs: { python: distribution }, command, ...more };
}

/** A peer in JavaScript: the folder and name of its package. */
function node(name, needed, script, options = {}, more = {}) {
  const file = bench('peers', script);
  const command = [process.execPath, '--max-old-space-size=16000', file, ...words(options)];
  const needs = needed && { folder: needed[0], package: needed[1] };
  return { name, file, needs, command, ...more };
}

/** Process start to first prediction of a contender whose command prints `READY MB`. */
function cold(contender) {
  const command = [process.execPath, bench('harness', 'cold.js'), ...contender.command];
  return { ...contender, command };
}

let distributions;

/** Versions of all that is installed for Python, asked for once. */
function inPython() {
  if (distributions) return distributions;
  const list = `import importlib.metadata as m, json
print(json.dumps({d.metadata['Name'].lower(): d.version for d in m.distributions() if d.metadata['Name']}))`;
  try {
    distributions = JSON.parse(execFileSync(PYTHON, ['-c', list], { encoding: 'utf8' }));
  } catch {
    distributions = {};
  }
  return distributions;
}

const versionIn = (folder) =>
  JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8')).version;

/** The version of ours, with the commit where there is one. */
function ourVersion() {
  const git = (...args) => execFileSync('git', ['-C', POLYTASK, ...args], { encoding: 'utf8' });
  const version = versionIn(POLYTASK);
  try {
    const changed = git('status', '--porcelain').trim() === '' ? '' : ', changed';
    return `${version} (${git('rev-parse', '--short', 'HEAD').trim()}${changed})`;
  } catch {
    return version;
  }
}

/** The version of what a contender needs; `null` where it is not installed. */
function version(contender) {
  if (contender.ours) return ourVersion();
  const { needs } = contender;
  if (!needs) return process.version;
  if (needs.python) return inPython()[needs.python] ?? null;
  try {
    return versionIn(path.join(PEERS, 'node', needs.folder, 'node_modules', needs.package));
  } catch {
    return null;
  }
}

module.exports = { cold, node, ours, ourVersion, python, version };
