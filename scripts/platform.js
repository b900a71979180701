// Where we are: the platform's name as npm packages spell it, its C library, and what
// shared libraries are called here.
'use strict';

const { targets } = require('./targets.json');

function here() {
  const { platform, arch } = process;
  const glibc = platform === 'linux' ? glibcVersion() : null;
  const musl = platform === 'linux' && !glibc;
  return {
    name: `${platform}-${arch}${musl ? '-musl' : ''}`,
    platform,
    musl,
    glibc,
  };
}

function glibcVersion() {
  // The network part of a report can take seconds and is of no use here.
  process.report.excludeNetwork = true;
  return process.report.getReport().header.glibcVersionRuntime ?? null;
}

/** The target of Rust that packages are made for here, or undefined. */
function tripleHere() {
  const { platform, musl } = here();
  const is = ({ os, cpu }) => os === platform && cpu === process.arch && !musl;
  return Object.keys(targets).find((triple) => is(targets[triple]));
}

/** The file name of a shared library: `torch_cpu` is `libtorch_cpu.so` on Linux. */
function library(stem, platform = process.platform) {
  if (platform === 'win32') return `${stem}.lib`;
  return `lib${stem}.${platform === 'darwin' ? 'dylib' : 'so'}`;
}

/** Whether a version is at least another, by their numbers: `1.88` and `1.88.0` are equal. */
function atLeast(version, least) {
  const [a, b] = [version, least].map((v) => v.split('.').map(Number));
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}

module.exports = { here, tripleHere, targets, library, atLeast };
