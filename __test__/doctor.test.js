// The doctor: what it says of set-ups in order and broken ones, which are made up here.
'use strict';

const { describe: text, doctor } = require('../lib/doctor');
const { run, ROOT } = require('./child');

const NATIVE = '@polytask/linux-x64-gnu';
const LIBTORCH = '@polytask/libtorch-cpu-linux-x64';
const at = (from, version, file) => ({ from, version, file: `/app/node_modules/${from}/${file}` });

// A Linux on which all packages are installed, and what is different about it.
function system(different = {}) {
  return {
    node: '22.1.0',
    platform: 'linux',
    arch: 'x64',
    glibc: '2.31',
    cpu: { model: 'A CPU', flags: new Set(['avx2', 'fma', 'avx512f']) },
    threads: 4,
    cores: 8,
    nvidia: true,
    checkout: false,
    version: '0.1.0',
    modules: (name) => [at(NATIVE, '0.1.0', name)],
    libtorch: () => [at(LIBTORCH, '2.13.0', 'lib/libtorch_cpu.so')],
    install: ([name]) => `npm install ${name}@1.2.3`,
    load: () => ({ ok: true, libraries: [] }),
    ...different,
  };
}

const lines = (report) => text(report).split('\n');

function check(name, different) {
  const report = doctor(system(different));
  return { ok: report.ok, ...report.checks.find((it) => it.name === name) };
}

test('where all is well it says what there is and from where', () => {
  const report = doctor(system());
  expect(report.ok).toBe(true);
  expect(report.checks.map(({ state, fix }) => [state, fix])).toEqual(Array(8).fill(['ok', null]));
  expect(lines(report)).toEqual([
    'ok       Node.js: 22.1.0',
    'ok       System: linux x64, glibc 2.31',
    'ok       CPU: A CPU, with AVX2 and AVX-512',
    `ok       Prediction: 0.1.0 from ${NATIVE} (/app/node_modules/${NATIVE}/polytask.node)`,
    `ok       Training: 0.1.0 from ${NATIVE} (/app/node_modules/${NATIVE}/polytask-train.node)`,
    `ok       libtorch: 2.13.0 from ${LIBTORCH} (/app/node_modules/${LIBTORCH}/lib/libtorch_cpu.so)`,
    'ok       Threads: trainings may use 4, of the 8 of this machine',
    'ok       CUDA: not used, though there is a GPU: training runs on the CPU',
    'polytask works here.',
  ]);
});

test('Node, glibc or C library that will not do', () => {
  expect(check('Node.js', { node: '18.20.0' })).toMatchObject({
    ok: false,
    state: 'error',
    found: '18.20.0',
    fix: 'install Node.js 20 or later',
  });
  expect(check('System', { glibc: '2.27' })).toMatchObject({
    ok: false,
    state: 'error',
    found: 'linux x64, glibc 2.27',
    fix: expect.stringContaining('glibc 2.28 or later'),
  });
  expect(check('System', { glibc: '2.28' })).toMatchObject({ ok: true, state: 'ok' });
  expect(check('System', { glibc: null })).toMatchObject({
    ok: false,
    state: 'error',
    found: 'linux x64, no glibc (musl)',
    fix: expect.stringContaining('use a system with glibc'),
  });
});

test('a checkout on musl predicts', () => {
  const different = { glibc: null, checkout: true, libtorch: () => [] };
  const report = doctor(system(different));
  expect(report.ok).toBe(true);
  const warned = report.checks.filter(({ state }) => state === 'warning').map(({ name }) => name);
  expect(warned).toEqual(['System', 'Training', 'libtorch']);
  expect(lines(report).at(-1)).toBe('polytask works here, but for what the warnings say.');
});

test('a CPU without the instructions is only slower', () => {
  const cpu = { model: 'An old CPU', flags: new Set(['avx']) };
  expect(check('CPU', { cpu })).toMatchObject({
    ok: true,
    state: 'warning',
    found: 'An old CPU, without AVX2 and FMA',
  });
  // Where they are not told, nothing is said of them.
  expect(check('CPU', { cpu: { model: 'M1', flags: null } })).toMatchObject({ found: 'M1' });
});

test('without native code', () => {
  const different = { modules: () => [], load: () => ({ ok: false, error: 'none' }) };
  expect(check('Prediction', different)).toMatchObject({
    ok: false,
    state: 'error',
    found: 'polytask.node is not there',
    fix: `run \`npm install ${NATIVE}@1.2.3\``,
  });
  expect(check('Prediction', { ...different, checkout: true })).toMatchObject({
    fix: 'run `npm install` in the checkout',
  });
  expect(check('Prediction', { ...different, install: () => null })).toMatchObject({
    fix: 'build polytask from its source',
  });
});

test('native code that does not load, or is of another version', () => {
  const load = () => ({ ok: false, error: "version `GLIBC_2.28' not found" });
  expect(check('Prediction', { load })).toMatchObject({
    ok: false,
    state: 'error',
    found: expect.stringMatching(
      /polytask\.node\) does not load: version `GLIBC_2\.28' not found$/,
    ),
  });
  expect(check('Training', { version: '0.2.0' })).toMatchObject({
    ok: false,
    state: 'error',
    found: expect.stringMatching(/^0\.1\.0 from .*, beside polytask 0\.2\.0$/),
  });
});

test('without libtorch it predicts', () => {
  const load = (what) => ({ ok: what === 'core', error: 'libtorch_cpu.so: cannot open' });
  const report = doctor(system({ libtorch: () => [], load }));
  expect(report.ok).toBe(true);
  expect(report.checks[4]).toMatchObject({ name: 'Training', state: 'warning' });
  expect(report.checks[5]).toEqual({
    name: 'libtorch',
    state: 'warning',
    found: 'not there; predicting needs none',
    fix: `to train here, run \`npm install ${LIBTORCH}@1.2.3\``,
  });
  expect(lines(report)).toContain(`         → ${report.checks[5].fix}`);
});

test('libtorch that is there but cannot be loaded, and one that is not the one meant', () => {
  const load = (what) => ({ ok: what === 'core', error: 'libgomp.so.1: cannot open' });
  expect(check('Training', { load })).toMatchObject({ ok: false, state: 'error' });
  const libraries = ['/usr/lib/libtorch_cpu.so'];
  expect(check('libtorch', { load: () => ({ ok: true, libraries }) })).toMatchObject({
    ok: true,
    state: 'warning',
    found: expect.stringMatching(/^\/usr\/lib\/libtorch_cpu\.so is loaded instead of/),
    fix: expect.stringMatching(/^unset LD_LIBRARY_PATH/),
  });
});

test('this checkout is in order, by the real thing', async () => {
  const { stdout, stderr, status } = await run(`
    const { describe, doctor } = require('./lib/doctor');
    console.log(describe(doctor()))`);
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  expect(stdout).toContain(`from this checkout (${ROOT}/native/polytask.node)`);
  expect(stdout).toMatch(/ok {7}Training/);
  expect(stdout).toMatch(/ok {7}libtorch: 2\.13\.0\S* from this checkout/);
  expect(stdout.trim().split('\n').at(-1)).toMatch(/^polytask works here/);
});
