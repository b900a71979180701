// What `polytask doctor` finds: Node, the system, the CPU, native code and libtorch, where each
// comes from, and what to do about what is wrong. Loads no native code into this process.
'use strict';

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const places = require('./places');

// The same as scripts/floor.js builds for and package.json asks for.
const NODE = 20;
const GLIBC = '2.28';

/**
 * Looks at everything polytask needs here: `{ ok, checks }`, each check `{ name, state, found, fix }`
 * with state `'ok'`, `'warning'` or `'error'`; `fix` says what to do about the latter two, and is
 * null for the first. `ok` says that there is no error. Tests give it other systems.
 */
function doctor(system = here()) {
  const loaded = {};
  // Two checks ask for what the training module does.
  const load = (what) => {
    loaded[what] ??= system.load(what);
    return loaded[what];
  };
  const checks = [node, platform, cpu, prediction, training, libtorch, threads, gpu].map(
    (check) => {
      const { name, state = 'ok', found, fix = null } = check({ ...system, load });
      return { name, state, found, fix };
    },
  );
  return { ok: checks.every(({ state }) => state !== 'error'), checks };
}

/** The report as text, a line or two for each check and one for all of them. */
function describe({ ok, checks }) {
  const lines = [];
  for (const { name, state, found, fix } of checks) {
    lines.push(`${state.padEnd(8)} ${name}: ${found}`);
    if (fix) lines.push(`${' '.repeat(9)}→ ${fix}`);
  }
  const warnings = checks.filter(({ state }) => state === 'warning').length;
  const mended = ok ? 'polytask works here' : 'polytask does not work here as it should';
  lines.push(`${mended}${ok && warnings > 0 ? ', but for what the warnings say' : ''}.`);
  return lines.join('\n');
}

/** This system, as `doctor` asks it. */
function here() {
  return {
    node: process.versions.node,
    platform: process.platform,
    arch: process.arch,
    glibc: places.glibc(),
    cpu: cpuHere(),
    threads: os.availableParallelism?.() ?? os.cpus().length,
    cores: os.cpus().length,
    nvidia: fs.existsSync('/proc/driver/nvidia/version'),
    checkout: places.checkout,
    version: places.own.version,
    modules: places.modules,
    libtorch: places.libtorch,
    install: places.install,
    load,
  };
}

function node({ node }) {
  const name = 'Node.js';
  if (Number(node.split('.')[0]) >= NODE) return { name, found: node };
  return { name, state: 'error', found: node, fix: `install Node.js ${NODE} or later` };
}

function platform({ platform, arch, glibc, checkout }) {
  const name = 'System';
  const found = `${platform} ${arch}`;
  if (platform !== 'linux') return { name, found };
  if (!glibc) {
    const fix = checkout
      ? 'nothing to be done for predicting; training needs a system with glibc'
      : 'use a system with glibc, such as Debian: there are no packages for musl';
    return { name, state: checkout ? 'warning' : 'error', found: `${found}, no glibc (musl)`, fix };
  }
  if (atLeast(glibc, GLIBC)) return { name, found: `${found}, glibc ${glibc}` };
  const fix = `use a system with glibc ${GLIBC} or later: Debian 10, Ubuntu 20.04, RHEL 8 or newer ones`;
  return { name, state: 'error', found: `${found}, glibc ${glibc}`, fix };
}

const musl = ({ platform, glibc }) => platform === 'linux' && !glibc;

function cpu({ arch, cpu: { model, flags } }) {
  const name = 'CPU';
  if (arch !== 'x64' || !flags) return { name, found: model };
  const has = (...names) => names.every((flag) => flags.has(flag));
  if (!has('avx2', 'fma')) {
    const fix =
      'nothing has to be done, but training and predicting are faster on a CPU with AVX2 and FMA';
    return { name, state: 'warning', found: `${model}, without AVX2 and FMA`, fix };
  }
  return { name, found: `${model}, with AVX2${has('avx512f') ? ' and AVX-512' : ''}` };
}

const prediction = (system) => nativeModule('Prediction', 'polytask.node', 'core', system);

function training(system) {
  const [name, file] = ['Training', 'polytask-train.node'];
  if (musl(system)) {
    const fix = 'train on a system with glibc: libtorch has no build for musl';
    return { name, state: 'warning', found: 'not there; predicting does without', fix };
  }
  const check = nativeModule(name, file, 'trainer', system);
  const [place] = system.modules(file);
  if (check.state !== 'error' || !place || system.libtorch().length > 0) return check;
  const fix = 'get libtorch, as the next check says';
  return { name, state: 'warning', found: `${told(place)}, which needs libtorch`, fix };
}

// A native module: where it is, whether it loads, and whether it is of this version.
function nativeModule(name, file, what, { checkout, version, install, modules, load }) {
  const [place] = modules(file);
  const command = checkout ? 'npm install' : install(places.MODULES);
  const fix = command
    ? `run \`${command}\`${checkout ? ' in the checkout' : ''}`
    : 'build polytask from its source';
  if (!place) return { name, state: 'error', found: `${file} is not there`, fix };
  const { ok, error } = load(what);
  if (!ok) return { name, state: 'error', found: `${told(place)} does not load: ${error}`, fix };
  if (place.version === version) return { name, found: told(place) };
  return { name, state: 'error', found: `${told(place)}, beside polytask ${version}`, fix };
}

function libtorch(system) {
  const name = 'libtorch';
  const { checkout, install, libtorch, load } = system;
  const [place] = libtorch();
  const { libraries = [] } = load('trainer');
  if (!place) {
    if (libraries.length > 0) return { name, found: libraries.join(', ') };
    const command = checkout ? 'npm install' : install([places.LIBTORCH]);
    const run = command && `run \`${command}\`${checkout ? ' in the checkout' : ''}`;
    const other = 'build polytask from its source, with LIBTORCH set to a libtorch';
    const fix = musl(system) ? 'train on a system with glibc' : `to train here, ${run ?? other}`;
    return { name, state: 'warning', found: 'not there; predicting needs none', fix };
  }
  const real = realpath(place.file);
  const stray = libraries.find((file) => realpath(file) !== real);
  if (stray) {
    const fix = `unset LD_LIBRARY_PATH and LD_PRELOAD, so that ${real} is loaded`;
    return { name, state: 'warning', found: `${stray} is loaded instead of ${real}`, fix };
  }
  return { name, found: `${versionOf(place)} from ${place.from} (${real})` };
}

function threads({ threads, cores }) {
  const held = threads < cores ? `, of the ${cores} of this machine` : '';
  return { name: 'Threads', found: `trainings may use ${threads}${held}` };
}

const gpu = ({ nvidia }) => ({
  name: 'CUDA',
  found: `not used${nvidia ? ', though there is a GPU' : ''}: training runs on the CPU`,
});

const told = ({ file, from, version }) => `${version} from ${from} (${file})`;

// A package has libtorch's version; a checkout links to a folder that says it.
function versionOf({ file, from, version }) {
  if (from !== 'this checkout') return version;
  try {
    const folder = path.join(path.dirname(file), '..');
    return fs.readFileSync(path.join(folder, 'build-version'), 'utf8').trim();
  } catch {
    return 'a version not told';
  }
}

function realpath(file) {
  try {
    return fs.realpathSync(file);
  } catch {
    return file;
  }
}

/**
 * Loads what `lib/native.js` loads by that name, in a process of its own, since it may crash:
 * `{ ok, error, libraries }`, the latter being the libraries of libtorch that came with it.
 */
function load(what) {
  const program = `
    try {
      require(${JSON.stringify(path.join(__dirname, 'native.js'))})[${JSON.stringify(what)}]();
    } catch (error) {
      console.log(JSON.stringify({ ok: false, error: String(error.cause ?? error.message).split('\\n')[0] }));
      process.exit();
    }
    let libraries = [];
    try {
      const maps = require('node:fs').readFileSync('/proc/self/maps', 'utf8');
      libraries = [...new Set(maps.match(/\\/.*\\/libtorch_cpu\\.so.*$/gm))];
    } catch {}
    console.log(JSON.stringify({ ok: true, libraries }));`;
  const child = spawnSync(process.execPath, ['-e', program], { encoding: 'utf8' });
  try {
    return JSON.parse(child.stdout);
  } catch {
    const end = child.error?.message ?? child.signal ?? `exit code ${child.status}`;
    return { ok: false, error: `the process that tried ended with ${end}` };
  }
}

function cpuHere() {
  const model = os.cpus()[0]?.model.trim() ?? 'not told';
  try {
    const [, flags] = fs.readFileSync('/proc/cpuinfo', 'utf8').match(/^flags\s*: (.*)$/m);
    return { model, flags: new Set(flags.split(' ')) };
  } catch {
    // Elsewhere the system does not say it so plainly.
    return { model, flags: null };
  }
}

/** Whether a version is at least another, by their first two numbers. */
function atLeast(version, least) {
  const [[major, minor], [leastMajor, leastMinor]] = [version, least].map((it) =>
    it.split('.').map(Number),
  );
  return major > leastMajor || (major === leastMajor && minor >= leastMinor);
}

module.exports = { describe, doctor };
