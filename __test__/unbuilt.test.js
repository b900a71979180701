// A checkout that is not built, or whose libtorch is gone, says how to mend it.
'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { ROOT, run } = require('./child');

let folder;
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'polytask-unbuilt-'));
  for (const part of ['index.js', 'lib', 'package.json']) {
    fs.cpSync(path.join(ROOT, part), path.join(folder, part), { recursive: true });
  }
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

const attempt = (code) => {
  const report = `console.log(error.name, error.code, error.message)`;
  const whole = `(async () => { ${code} })().catch((error) => ${report});`;
  return run(whole, { args: [folder] });
};

test('without the core module', async () => {
  const { status, stdout, stderr } = await attempt('require(process.argv[1]);');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toMatch(/^PolytaskError ERR_INTERNAL polytask is not built: .*`npm install`.*\n$/);
});

test('without the training module, each time it is asked for', async () => {
  // The copy gets a core that loads and does nothing; a file that is no module stands for one
  // whose libraries are gone.
  const core = `{
    NativeModel: class {}, version: () => '0', preload: async () => false, endAll() {},
  }`;
  const { status, stdout, stderr } = await attempt(`
    const path = require('node:path');
    const native = path.join(process.argv[1], 'native');
    require('node:fs').mkdirSync(native);
    require('node:fs').writeFileSync(path.join(native, 'polytask.node'), '');
    require.cache[path.join(native, 'polytask.node')] = { exports: ${core}, loaded: true };
    const { train, trainSync } = require(process.argv[1]);
    for (let time = 0; time < 2; time++) await train('a.csv').catch((error) => console.log(error.message));
    require('node:fs').writeFileSync(path.join(native, 'polytask-train.node'), 'no module');
    trainSync('a.csv');`);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const lines = stdout.trim().split('\n');
  expect(lines).toHaveLength(3);
  for (const line of lines) expect(line).toMatch(/libtorch could not be loaded: .*`npm install`/);
  expect(lines[2]).toMatch(/^PolytaskError ERR_LIBTORCH/);
});
