// A checkout that is not built, or whose libtorch is gone, says how to mend it, and so does a
// package whose native code or libtorch was not installed with it.
'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { ROOT, run } = require('./child');

let folder;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'polytask-unbuilt-'));
  for (const part of ['index.js', 'lib', 'package.json', 'Cargo.toml']) {
    fs.cpSync(path.join(ROOT, part), path.join(folder, part), { recursive: true });
  }
});
afterEach(() => fs.rmSync(folder, { recursive: true }));

const attempt = (code) => {
  const report = `console.log(error.name, error.code, error.message)`;
  const whole = `(async () => { ${code} })().catch((error) => ${report});`;
  return run(whole, { args: [folder] });
};

const NATIVE = `@polytask/${process.platform}-${process.arch}-gnu`;
const LIBTORCH = `@polytask/libtorch-cpu-${process.platform}-${process.arch}`;

// The copy as it is published: no source beside it, the other packages named.
function publish() {
  fs.rmSync(path.join(folder, 'Cargo.toml'));
  const file = path.join(folder, 'package.json');
  const manifest = JSON.parse(fs.readFileSync(file, 'utf8'));
  manifest.optionalDependencies = { [NATIVE]: '0.1.0', [LIBTORCH]: '2.13.0' };
  fs.writeFileSync(file, JSON.stringify(manifest));
}

// The package of native code, with a core that loads and does nothing and, for the training
// module, a file that is no module: it stands for one whose libraries are gone.
function installNative(at, code) {
  const core = `{
    NativeModel: class {}, version: () => '0', preload: async () => false, preloadNow() {}, endAll() {},
  }`;
  return `
    const fs = require('node:fs');
    const path = require('node:path');
    const native = path.join(process.argv[1], ${JSON.stringify(at)});
    fs.mkdirSync(native, { recursive: true });
    fs.writeFileSync(path.join(native, 'package.json'), '{ "version": "0.1.0" }');
    fs.writeFileSync(path.join(native, 'polytask.node'), '');
    fs.writeFileSync(path.join(native, 'polytask-train.node'), 'no module');
    require.cache[path.join(native, 'polytask.node')] = { exports: ${core}, loaded: true };
    const { train, trainSync } = require(process.argv[1]);
    ${code}`;
}

const thrice = `
  for (let time = 0; time < 2; time++) await train('a.csv').catch((error) => console.log(error.message));
  trainSync('a.csv');`;

test('without the core module', async () => {
  const { status, stdout, stderr } = await attempt('require(process.argv[1]);');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toBe(
    'PolytaskError ERR_INTERNAL polytask is not built: there is no polytask.node; ' +
      'run `npm install` in its checkout; `npx polytask doctor` tells more\n',
  );
});

test('without the training module, each time it is asked for', async () => {
  const { status, stdout, stderr } = await attempt(installNative('native', thrice));
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const lines = stdout.trim().split('\n');
  expect(lines).toHaveLength(3);
  for (const line of lines) {
    expect(line).toMatch(/libtorch could not be loaded: .*`npm install`.*`npx polytask doctor`/);
  }
  expect(lines[2]).toMatch(/^PolytaskError ERR_LIBTORCH/);
});

test('published, without native code', async () => {
  publish();
  const { stdout } = await attempt('require(process.argv[1]);');
  expect(stdout).toBe(
    `PolytaskError ERR_INTERNAL polytask's native code for ${process.platform}-${process.arch} is not ` +
      `installed: run \`npm install ${NATIVE}@0.1.0\`; \`npx polytask doctor\` tells more\n`,
  );
});

test('published, where there is nothing to install', async () => {
  publish();
  const musl = `process.report.getReport = () => ({ header: {} }); require(process.argv[1]);`;
  const { stdout } = await attempt(musl);
  expect(stdout).toBe(
    `PolytaskError ERR_INTERNAL there is no package of polytask's native code for ` +
      `${process.platform}-${process.arch} with musl; \`npx polytask doctor\` tells more\n`,
  );
});

test('published, without libtorch, in one sentence each time', async () => {
  publish();
  const { status, stdout, stderr } = await attempt(installNative(`node_modules/${NATIVE}`, thrice));
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const sentence =
    `training needs libtorch, which is not installed: run \`npm install ${LIBTORCH}@2.13.0\`; ` +
    '`npx polytask doctor` tells more';
  expect(stdout.trim().split('\n')).toEqual([
    sentence,
    sentence,
    `PolytaskError ERR_LIBTORCH ${sentence}`,
  ]);
});

test('the doctor works without native code, and says the same', async () => {
  publish();
  const { status, stdout, stderr } = await attempt(`
    const { describe, doctor } = require(require('node:path').join(process.argv[1], 'lib/doctor'));
    console.log(describe(doctor()));`);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toMatch(/^error {4}Prediction: polytask\.node is not there$/m);
  expect(stdout).toContain(`→ run \`npm install ${NATIVE}@0.1.0\`\n`);
  expect(stdout).toContain(`→ to train here, run \`npm install ${LIBTORCH}@2.13.0\`\n`);
  expect(stdout).toMatch(/polytask does not work here as it should\.\n$/);
});
