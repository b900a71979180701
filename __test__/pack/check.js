// The packages as users get them: what is in them, and that they install and work on a machine
// that has Node and nothing else. `npm run test:pack`; not part of `npm test`, since libtorch has
// to be packed and copied several times.
'use strict';

const assert = require('node:assert/strict');
const { execFileSync, spawnSync } = require('node:child_process');
const crypto = require('node:crypto');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { after, before, describe, test } = require('node:test');
const { beyond, listed } = require('../../scripts/floor');
const { pack, table } = require('../../scripts/pack');
const { here } = require('../../scripts/platform');
const { Machine, ROOT, size } = require('./machine');
const { serve } = require('./registry');

const TOOLS = path.join(__dirname, 'node_modules');
// What every Linux that Node runs on has.
const SYSTEM =
  /^(ld-linux-x86-64\.so\.2|lib(c|m|dl|rt|pthread|util)\.so\.\d|libstdc\+\+\.so\.6|libgcc_s\.so\.1)$/;

const skip = here().name === 'linux-x64' ? false : `not tried on ${here().name} yet`;

describe('the packages', { skip }, () => {
  const [unpacked, packages] = [{}, {}];
  let [folder, registry, machine] = [];

  before(async () => {
    const made = await pack();
    console.log(table(made));
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'polytask-unpacked-'));
    made.forEach(({ tarball }, index) => {
      const into = path.join(folder, String(index));
      fs.mkdirSync(into);
      execFileSync('tar', ['-xzf', tarball, '-C', into]);
      const name = ['main', 'native', 'libtorch'][index];
      unpacked[name] = path.join(into, 'package');
      const manifest = JSON.parse(fs.readFileSync(path.join(unpacked[name], 'package.json')));
      packages[name] = { manifest, tarball };
    });
    registry = await serve(Object.values(packages));
    machine = new Machine(registry.url);
  });
  after(async () => {
    await registry?.close();
    machine?.remove();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  const all = (folder) =>
    fs
      .readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => !entry.isDirectory())
      .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name));
  const inside = (name) => all(unpacked[name]).map((file) => path.relative(unpacked[name], file));
  const binaries = () =>
    [...all(unpacked.native), ...all(unpacked.libtorch)].filter((it) => /\.(node|so)/.test(it));

  test('nothing runs when they are installed, and the first names the others', () => {
    const { main, native, libtorch } = packages;
    for (const { manifest } of [main, native, libtorch]) {
      for (const field of ['scripts', 'private', 'dependencies', 'devDependencies'])
        assert.equal(manifest[field], undefined, `${manifest.name} has ${field}`);
    }
    assert.deepEqual(main.manifest.optionalDependencies, {
      [native.manifest.name]: main.manifest.version,
      [libtorch.manifest.name]: '2.13.0',
    });
    assert.equal(native.manifest.version, main.manifest.version);
    assert.equal(libtorch.manifest.version, '2.13.0');
    assert.equal(main.manifest.exports['./package.json'], './package.json');
  });

  test('they hold what they need and no more', () => {
    assert.deepEqual(inside('native').sort(), [
      'LICENSE',
      'README.md',
      'THIRD-PARTY-NOTICES.txt',
      'package.json',
      'polytask-train.node',
      'polytask.node',
    ]);
    const lib = inside('libtorch').filter((it) => it.startsWith('lib/'));
    assert.deepEqual(
      inside('libtorch')
        .filter((it) => !lib.includes(it))
        .sort(),
      ['README.md', 'THIRD-PARTY-NOTICES.txt', 'package.json'],
    );
    for (const file of inside('main'))
      assert.match(
        file,
        /^(index\.(js|mjs|d\.ts|d\.mts)|(lib|bin)\/.*|README\.md|LICENSE|package\.json)$/,
      );

    // Every library is asked for by another, and what is asked for is there.
    const asked = binaries().flatMap((file) =>
      [...objdump('-p', file).matchAll(/NEEDED +(\S+)/g)].map(([, name]) => name),
    );
    const ours = [...new Set(asked)].filter((name) => !SYSTEM.test(name));
    assert.deepEqual(lib.map((it) => path.basename(it)).sort(), ours.sort());
  });

  test('no file is there twice', () => {
    const seen = new Map();
    for (const name of ['main', 'native', 'libtorch']) {
      for (const file of all(unpacked[name])) {
        // Each package says its own licence.
        if (path.basename(file) === 'LICENSE') continue;
        const digest = crypto.createHash('sha256').update(fs.readFileSync(file)).digest('hex');
        assert.equal(seen.get(digest), undefined, `${file} is the same as another`);
        seen.set(digest, file);
      }
    }
  });

  test('licences and notices of all that others made are there', () => {
    const read = (name) =>
      fs.readFileSync(path.join(unpacked[name], 'THIRD-PARTY-NOTICES.txt'), 'utf8');
    for (const of of ['tch 0.26.0', 'napi ', 'safetensors ', 'Apache License', 'MIT'])
      assert.ok(read('native').includes(of), of);
    for (const of of [
      'From PyTorch:',
      'NVIDIA',
      'GCC RUNTIME LIBRARY EXCEPTION',
      'GNU GENERAL PUBLIC LICENSE',
      'Intel Simplified Software License',
      'third_party/protobuf',
    ])
      assert.ok(read('libtorch').includes(of), of);
  });

  test('the libraries ask for glibc 2.28 at most, and for nothing that is nowhere', async () => {
    for (const file of binaries()) assert.deepEqual(await beyond(file), [], file);
    const offered = new Set(
      all(path.join(unpacked.libtorch, 'lib'))
        .flatMap((file) => listed(objdump('-T', file)))
        .filter(({ section }) => section !== '*UND*')
        .map(({ name }) => name),
    );
    for (const file of all(unpacked.native).filter((it) => it.endsWith('.node'))) {
      const open = listed(objdump('-T', file))
        .filter(({ section, set, weak }) => section === '*UND*' && !set && !weak)
        .map(({ name }) => name);
      const nowhere = open.filter((name) => !/^napi_/.test(name) && !offered.has(name));
      assert.deepEqual(nowhere, [], file);
    }
  });

  test('the libraries are stripped', () => {
    for (const file of binaries()) assert.match(objdump('-t', file), /no symbols/, file);
  });

  test('npm, flat: trains, saves, loads and predicts', async () => {
    const project = machine.project('flat');
    await npm(project, 'install', 'polytask');
    console.log(`installed with npm: ${mb(size(path.join(project, 'node_modules')))}`);
    assert.ok(fs.existsSync(path.join(project, 'node_modules/@polytask/linux-x64-gnu')));
    await works(project);
    await healthy(project);
  });

  test('npm, nested', async () => {
    const project = machine.project('nested');
    await npm(project, 'install', '--install-strategy=nested', 'polytask');
    const nested = path.join(project, 'node_modules/polytask/node_modules/@polytask');
    assert.ok(fs.existsSync(path.join(nested, 'linux-x64-gnu')));
    await works(project);
  });

  test('pnpm', async (t) => {
    if (!tools()) return t.skip('pnpm cannot be had here');
    const project = machine.project('pnpm');
    const pnpm = path.join(TOOLS, 'pnpm', 'bin', 'pnpm.cjs');
    const ended = await machine.node(project, pnpm, 'add', 'polytask');
    assert.equal(ended.status, 0, ended.stdout + ended.stderr);
    // Where packages are linked, ours are not one another's neighbours by name.
    assert.ok(fs.lstatSync(path.join(project, 'node_modules/polytask')).isSymbolicLink());
    assert.ok(!fs.existsSync(path.join(project, 'node_modules/@polytask')));
    await works(project);
    await healthy(project);
  });

  test('without libtorch it predicts, and says what to install to train', async () => {
    const project = machine.project('predicting');
    await npm(project, 'install', '--omit=optional', 'polytask', '@polytask/linux-x64-gnu');
    assert.ok(!fs.existsSync(path.join(project, 'node_modules/@polytask/libtorch-cpu-linux-x64')));
    console.log(`installed without libtorch: ${mb(size(path.join(project, 'node_modules')))}`);
    fs.copyFileSync(
      path.join(machine.root, 'flat', 'cjs.safetensors'),
      path.join(project, 'model.safetensors'),
    );
    const ended = await machine.node(
      project,
      '-e',
      `const { load, train, trainSync } = require('polytask');
      const told = (error) => console.log(error.code, error.message);
      load('model.safetensors').then(async (model) => {
        console.log(model.predict([[5.1, 3.5, 1.4]])[0].species.label);
        await train('iris.csv', 1).catch(told);
        try { trainSync('iris.csv', 1) } catch (error) { told(error) }
      });`,
    );
    const message =
      'ERR_LIBTORCH training needs libtorch, which is not installed: run ' +
      '`npm install @polytask/libtorch-cpu-linux-x64@2.13.0`; `npx polytask doctor` tells more';
    const lines = ['setosa', message, message, ''];
    assert.deepEqual(ended, { status: 0, stdout: lines.join('\n'), stderr: '' });
    const { ok, checks } = await doctor(project);
    assert.equal(ok, true);
    const { state, fix } = checks.find(({ name }) => name === 'libtorch');
    assert.equal(state, 'warning');
    assert.match(fix, /run `npm install @polytask\/libtorch-cpu-linux-x64@2\.13\.0`/);
    // What it says is what mends it.
    await npm(project, 'install', '@polytask/libtorch-cpu-linux-x64@2.13.0');
    await works(project);
  });

  test('without native code it says what to install', async () => {
    const project = machine.project('bare');
    await npm(project, 'install', '--omit=optional', 'polytask');
    const program = `try { require('polytask') } catch (error) { console.log(error.code, error.message) }`;
    const { stdout } = await machine.node(project, '-e', program);
    const { version } = packages.main.manifest;
    const install = `npm install @polytask/linux-x64-gnu@${version}`;
    assert.equal(
      stdout,
      `ERR_INTERNAL polytask's native code for linux-x64 is not installed: run \`${install}\`; \`npx polytask doctor\` tells more\n`,
    );
    const { ok, checks } = await doctor(project);
    assert.equal(ok, false);
    assert.equal(checks.find(({ name }) => name === 'Prediction').fix, `run \`${install}\``);
    await command(project, 1, /error +Prediction: polytask\.node is not there/);
  });

  test('publint finds nothing', (t) => {
    if (!tools()) return t.skip('publint cannot be had here');
    for (const { tarball } of Object.values(packages)) {
      const [status, said] = tool('publint/src/cli.js', 'run', tarball, '--strict');
      assert.equal(status, 0, said);
      assert.match(said, /All good/, said);
    }
  });

  test('attw finds the types right for every way to import', (t) => {
    if (!tools()) return t.skip('attw cannot be had here');
    const program = '@arethetypeswrong/cli/dist/index.js';
    const [status, said] = tool(program, packages.main.tarball, '--no-color', '--no-emoji');
    assert.equal(status, 0, said);
    assert.match(said, /No problems found/, said);
  });

  async function npm(project, ...args) {
    const ended = await machine.node(project, npmProgram(), ...args);
    assert.equal(ended.status, 0, ended.stdout + ended.stderr);
  }

  // Trains, saves, loads and predicts there, both ways to load a package, both engines.
  async function works(project) {
    const body = (kind, engine, start) => `
      const options = { epochs: 20, seed: 1, engine: '${engine}', targets: ['species', 'petal_width'] };
      const main = async () => {
        const model = await ${start}('iris.csv', options);
        await model.save('${kind}.safetensors');
        const again = await load('${kind}.safetensors');
        const rows = [[5.1, 3.5, 1.4], [5.9, 3.0, 5.1]];
        const [here, there] = [model, again].map((it) => JSON.stringify(it.predict(rows)));
        if (here !== there) throw new Error(here + ' is not ' + there);
        console.log(predict(rows).map((it) => it.species.label + ' ' + typeof it.petal_width.value).join());
      };
      main();`;
    const programs = [
      [
        'cjs.cjs',
        `const { load, predict, train } = require('polytask');${body('cjs', 'fused', 'train')}`,
      ],
      [
        'esm.mjs',
        `import polytask, { load, predict } from 'polytask';${body('esm', 'libtorch', 'polytask.trainSync')}`,
      ],
    ];
    for (const [file, program] of programs) {
      fs.writeFileSync(path.join(project, file), program);
      const ended = await machine.node(project, file);
      assert.deepEqual(
        ended,
        { status: 0, stdout: 'setosa number,virginica number\n', stderr: '' },
        file,
      );
    }
  }

  async function doctor(project) {
    const program = `
      const { dirname, join } = require('node:path');
      const { doctor } = require(join(dirname(require.resolve('polytask/package.json')), 'lib/doctor.js'));
      console.log(JSON.stringify(doctor()));`;
    const { stdout, stderr } = await machine.node(project, '-e', program);
    assert.equal(stderr, '');
    return JSON.parse(stdout);
  }

  async function healthy(project) {
    const { ok, checks } = await doctor(project);
    assert.ok(ok, JSON.stringify(checks));
    const found = (wanted) => checks.find(({ name }) => name === wanted).found;
    assert.match(found('Prediction'), /from @polytask\/linux-x64-gnu \(/);
    assert.match(found('libtorch'), /^2\.13\.0 from @polytask\/libtorch-cpu-linux-x64 \(/);
    await command(project, 0, /ok +libtorch: 2\.13\.0 from @polytask\/libtorch-cpu-linux-x64/);
  }

  // The command says the same, once there is one.
  async function command(project, expected, pattern) {
    if (!packages.main.manifest.bin) return;
    const bin = path.join('node_modules', 'polytask', packages.main.manifest.bin.polytask);
    const { status, stdout, stderr } = await machine.node(project, bin, 'doctor');
    assert.deepEqual([status, stderr], [expected, ''], stdout);
    assert.match(stdout, pattern);
  }
});

const objdump = (flag, file) =>
  execFileSync('objdump', [flag, file], { encoding: 'utf8', maxBuffer: 1 << 30, stdio: 'pipe' });

const mb = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;

// The npm beside us, as a program for node.
function npmProgram() {
  if (process.env.npm_execpath) return process.env.npm_execpath;
  const root = execFileSync('npm', ['root', '--global'], { encoding: 'utf8' }).trim();
  return path.join(root, 'npm', 'bin', 'npm-cli.js');
}

let had = null;

// What is only needed here is installed here, once, from its own lock file.
function tools() {
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'];
  const stamp = path.join(TOOLS, '.package-lock.json');
  had ??=
    fs.existsSync(stamp) ||
    spawnSync(process.execPath, [npmProgram(), ...args], { cwd: __dirname }).status === 0;
  return had;
}

function tool(program, ...args) {
  const env = { ...process.env, NO_COLOR: '1' };
  const options = { cwd: ROOT, encoding: 'utf8', env };
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [path.join(TOOLS, program), ...args],
    options,
  );
  return [status, stdout + stderr];
}
