// Where native code and libtorch are found: in every way package managers lay packages out.
'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { ROOT, run } = require('./child');

const PLATFORM = `${process.platform}-${process.arch}`;
const NATIVE = `@polytask/${PLATFORM}${process.platform === 'linux' ? '-gnu' : ''}`;
const LIBTORCH = `@polytask/libtorch-cpu-${PLATFORM}`;
const LIBRARY = { darwin: 'libtorch_cpu.dylib', win32: 'torch_cpu.dll' }[process.platform];

let folder;
beforeEach(() => {
  folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'polytask-places-')));
});
afterEach(() => fs.rmSync(folder, { recursive: true }));

// Packages that only look like ours, each at its place.
function install(at) {
  const put = (name, version, file) => {
    const root = path.join(folder, at[name]);
    fs.mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    fs.writeFileSync(path.join(root, file), '');
    // As in what is packed, only what is named here can be asked for.
    const exports = { './package.json': './package.json' };
    fs.writeFileSync(path.join(root, 'package.json'), JSON.stringify({ name, version, exports }));
  };
  put(NATIVE, '0.1.0', 'polytask.node');
  put(LIBTORCH, '2.13.0', path.join('lib', LIBRARY ?? 'libtorch_cpu.so'));
  fs.cpSync(path.join(ROOT, 'lib'), path.join(folder, at.polytask, 'lib'), { recursive: true });
  fs.copyFileSync(path.join(ROOT, 'package.json'), path.join(folder, at.polytask, 'package.json'));
}

async function found(polytask) {
  const { stdout, stderr } = await run(
    `const places = require(process.argv[1]);
     console.log(JSON.stringify([places.modules('polytask.node'), places.libtorch(), places.checkout]))`,
    { args: [path.join(folder, polytask, 'lib', 'places.js')] },
  );
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}

function expectFound([modules, libtorch, checkout], at) {
  const inside = (name, file) => path.join(folder, at[name], file);
  expect(checkout).toBe(false);
  expect(modules).toEqual([
    { file: inside(NATIVE, 'polytask.node'), from: NATIVE, version: '0.1.0' },
  ]);
  expect(libtorch).toEqual([
    {
      file: inside(LIBTORCH, path.join('lib', LIBRARY ?? 'libtorch_cpu.so')),
      from: LIBTORCH,
      version: '2.13.0',
    },
  ]);
}

test.each([
  ['flat', 'node_modules/', 'node_modules/'],
  ['nested', 'node_modules/', 'node_modules/polytask/node_modules/'],
])('%s', async (_, own, others) => {
  const at = {
    polytask: `${own}polytask`,
    [NATIVE]: others + NATIVE,
    [LIBTORCH]: others + LIBTORCH,
  };
  install(at);
  expectFound(await found(at.polytask), at);
});

test('one flat, the other nested', async () => {
  const at = {
    polytask: 'node_modules/polytask',
    [NATIVE]: `node_modules/polytask/node_modules/${NATIVE}`,
    [LIBTORCH]: `node_modules/${LIBTORCH}`,
  };
  install(at);
  expectFound(await found(at.polytask), at);
});

test('linked from a store, as pnpm does', async () => {
  const store = (name) =>
    path.join('node_modules', '.pnpm', name.replaceAll('/', '+'), 'node_modules', name);
  const at = { polytask: store('polytask'), [NATIVE]: store(NATIVE), [LIBTORCH]: store(LIBTORCH) };
  install(at);
  const link = (from, to) => {
    fs.mkdirSync(path.dirname(path.join(folder, from)), { recursive: true });
    fs.symlinkSync(path.join(folder, to), path.join(folder, from), 'junction');
  };
  link('node_modules/polytask', at.polytask);
  for (const name of [NATIVE, LIBTORCH]) link(path.join(path.dirname(at.polytask), name), at[name]);
  expectFound(await found('node_modules/polytask'), at);
});

test('nowhere', async () => {
  const at = { polytask: 'a/polytask', [NATIVE]: 'b', [LIBTORCH]: 'c' };
  install(at);
  expect(await found(at.polytask)).toEqual([[], [], false]);
});
