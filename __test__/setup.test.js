// What `npm install` does in a checkout, short of fetching: which libtorch it takes, what it
// builds, and the one sentence for each thing that is missing.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { Checkout } = require('./setup-checkout');

jest.setTimeout(60_000);

let checkout;
beforeEach(() => {
  checkout = new Checkout();
});
afterEach(() => checkout.remove());

/** One line on standard error that matches, exit code 1, no stack trace. */
function expectSentence({ code, stdout, stderr }, ...patterns) {
  expect({ code, lines: stderr.trimEnd().split('\n') }).toEqual({
    code: 1,
    lines: [expect.any(String)],
  });
  expect(stderr).toMatch(/^polytask: .*\.\n$/);
  expect(`${stdout}${stderr}`).not.toMatch(/^\s+at /m);
  for (const pattern of patterns) expect(stderr).toMatch(pattern);
}

/** Options of a run that changes a property of what Node says about where it is. */
function pretend(property) {
  const folder = checkout.files('pretend', {
    'here.js': `Object.defineProperty(${property});\n`,
  });
  return { node: ['--require', path.join(folder, 'here.js')] };
}

describe('the libtorch that is taken', () => {
  test('LIBTORCH comes before LIBTORCH_USE_PYTORCH and the cache', async () => {
    const named = checkout.otherLibtorch('named', '2.13.0');
    const { code, stdout } = await checkout.run({
      LIBTORCH: named,
      LIBTORCH_USE_PYTORCH: '1',
    });
    expect(code).toBe(0);
    expect(stdout).toContain(`libtorch 2.13.0 from LIBTORCH (${named})`);
    expect(checkout.linked()).toBe(named);
    expect(checkout.log('pip')).toEqual([]);
  });

  test("LIBTORCH_USE_PYTORCH finds python's torch without importing it, and cargo never sees it", async () => {
    checkout.otherLibtorch('site/torch', '2.13.0');
    checkout.files('site/torch', {
      '__init__.py': 'raise SystemExit("imported")\n',
    });
    const env = {
      LIBTORCH_USE_PYTORCH: '1',
      PYTHONPATH: path.join(checkout.at, 'site'),
    };
    expect(await checkout.run(env)).toMatchObject({ code: 0 });
    expect(checkout.linked()).toBe(path.join(checkout.at, 'site/torch'));
    for (const line of checkout.log('cargo')) expect(line).toMatch(/LIBTORCH_USE_PYTORCH=$/);
  });

  test('a link made before stays in force', async () => {
    const named = checkout.otherLibtorch('named', '2.13.0');
    await checkout.run({ LIBTORCH: named });
    expect(await checkout.run()).toMatchObject({ code: 0 });
    expect(checkout.linked()).toBe(named);
    expect(checkout.log('pip')).toEqual([]);
  });

  test('a link made before moves when told to', async () => {
    await checkout.run({ LIBTORCH: checkout.otherLibtorch('named', '2.13.0') });
    const other = checkout.otherLibtorch('other', '2.13.0');
    await checkout.run({ LIBTORCH: other });
    expect(checkout.linked()).toBe(other);
  });

  test.each([
    ['version.py', { 'version.py': "__version__ = '2.11.0+cpu'\n" }],
    ['build-version', { 'build-version': '2.11.0+cpu\n' }],
    [
      'a header',
      {
        'version.py': '',
        'include/torch/headeronly/version.h': '#define TORCH_VERSION \\\n  "2.11.0"\n',
      },
    ],
  ])('a wrong version in %s is refused', async (_, files) => {
    const named = checkout.otherLibtorch('named', '2.13.0');
    checkout.files('named', files);
    expectSentence(
      await checkout.run({ LIBTORCH: named }),
      /libtorch 2\.11\.0/,
      /libtorch 2\.13\.0/,
      /unset LIBTORCH/,
    );
    expect(fs.existsSync(path.join(checkout.at, 'clone/.libtorch'))).toBe(false);
  });

  test('a folder that is not a libtorch is refused', async () => {
    expectSentence(await checkout.run({ LIBTORCH: '/nowhere' }), /not a folder/);
    expectSentence(await checkout.run({ LIBTORCH: checkout.at }), /has no lib\/libtorch_cpu\.so/);
  });

  test('LIBTORCH_USE_PYTORCH without PyTorch or Python is said', async () => {
    const env = { LIBTORCH_USE_PYTORCH: '1', PYTHONPATH: '' };
    checkout.tool('python3', '');
    expectSentence(await checkout.run(env), /has no PyTorch/);
    checkout.removeTool('python3');
    expectSentence(await checkout.run(env), /no python3/);
  });
});

describe('the modules', () => {
  test('are built apart, copied, and left alone when nothing changed', async () => {
    const env = { LIBTORCH: checkout.otherLibtorch('named', '2.13.0') };
    expect((await checkout.run(env)).stdout).toContain('native/polytask-train.node is built');
    const native = (name) => path.join(checkout.at, 'clone/native', name);
    expect(fs.readFileSync(native('polytask.node'))).toEqual(
      fs.readFileSync(path.join(checkout.at, 'predict.so')),
    );
    expect(fs.readFileSync(native('polytask-train.node'))).toEqual(
      fs.readFileSync(path.join(checkout.at, 'train.so')),
    );
    const before = fs.statSync(native('polytask.node')).ino;
    expect((await checkout.run(env)).stdout).toContain('native/polytask-train.node is up to date');
    expect(fs.statSync(native('polytask.node')).ino).toBe(before);
    expect(fs.readdirSync(native('.'))).toEqual(['polytask-train.node', 'polytask.node']);
  });

  test('that do not compile or do not load are said', async () => {
    const env = { LIBTORCH: checkout.otherLibtorch('named', '2.13.0') };
    const failed = await checkout.run({ ...env, CARGO_FAILS: '1' });
    expect(failed.code).toBe(1);
    expect(failed.stderr).toMatch(
      /it does not compile\npolytask: cargo could not build polytask\.node.*\n$/,
    );
    fs.writeFileSync(path.join(checkout.at, 'train.so'), 'nothing');
    expectSentence(await checkout.run(env), /polytask-train\.node was built but does not load/);
  });

  test('need a libtorch when built alone', async () => {
    expectSentence(await checkout.run({}, { script: 'build.js' }), /npm install/);
  });

  test('are built for another machine, where nobody looks for them here', async () => {
    const env = { LIBTORCH: checkout.otherLibtorch('named', '2.13.0') };
    expect(await checkout.run(env)).toMatchObject({ code: 0 });
    const args = ['--target', 'aarch64-apple-darwin'];
    const { code, stdout } = await checkout.run({}, { script: 'build.js', args });
    expect(code).toBe(0);
    expect(stdout).toContain('native/aarch64-apple-darwin/polytask-train.node is built');
    expect(checkout.log('cargo').at(-1)).toContain('--target aarch64-apple-darwin');
  });

  test('are not built when set-up is skipped', async () => {
    const { code, stdout, stderr } = await checkout.run({
      POLYTASK_SKIP_SETUP: '1',
    });
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: '',
      stderr: '',
    });
  });
});

describe('what is missing', () => {
  test('cargo', async () => {
    checkout.removeTool('cargo');
    expectSentence(await checkout.run(), /no cargo/, /rustup/);
  });

  test('a new enough cargo', async () => {
    expectSentence(
      await checkout.run({ CARGO_SAYS: '1.60.0' }),
      /cargo 1\.60\.0/,
      /needs 1\.\d+ or newer/,
      /rustup/,
    );
  });

  test('a cargo that runs', async () => {
    checkout.tool('cargo', 'echo "error: no default toolchain" >&2; exit 1');
    expectSentence(await checkout.run(), /no default toolchain/, /rustup/);
  });

  test('a C++ compiler, also the one CXX names', async () => {
    expectSentence(
      await checkout.run({ CXX: 'no-such-compiler -O2' }),
      /CXX names no-such-compiler/,
    );
    checkout.removeTool('c++');
    expectSentence(await checkout.run(), /no C\+\+ compiler/, /apt install g\+\+/);
  });

  test('python3, unless there is a libtorch already', async () => {
    checkout.removeTool('python3');
    expectSentence(await checkout.run(), /no python3/, /apt install python3-pip/, /LIBTORCH/);
    expect(
      await checkout.run({
        LIBTORCH: checkout.otherLibtorch('named', '2.13.0'),
      }),
    ).toMatchObject({ code: 0 });
  });

  test('pip', async () => {
    expectSentence(
      await checkout.run({ PIP: 'none' }),
      /no pip/,
      /apt install python3-pip/,
      /LIBTORCH/,
    );
  });

  test('several things are said together, a line each', async () => {
    checkout.removeTool('cargo');
    checkout.removeTool('c++');
    const { code, stderr } = await checkout.run();
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^polytask: there is no cargo.*\npolytask: there is no C\+\+ compiler.*\n$/,
    );
  });

  test('a new enough Node', async () => {
    expectSentence(
      await checkout.run({}, pretend("process.versions, 'node', { value: '18.19.0' }")),
      /Node 18\.19\.0/,
      /20 or newer/,
    );
  });
});

describe('another platform', () => {
  test('without a recipe is told to set LIBTORCH', async () => {
    expectSentence(
      await checkout.run({}, pretend("process, 'arch', { value: 'riscv64' }")),
      /linux-riscv64/,
      /set LIBTORCH/,
    );
  });

  test('with an old C library is told so', async () => {
    const report =
      "process.report, 'getReport', { value: () => ({ header: { glibcVersionRuntime: '2.17' } }) }";
    expectSentence(await checkout.run({}, pretend(report)), /needs glibc 2\.28/, /has 2\.17/);
  });

  test('with musl builds the module that predicts, and only that', async () => {
    const report = "process.report, 'getReport', { value: () => ({ header: {} }) }";
    const { code, stdout } = await checkout.run({}, pretend(report));
    expect(code).toBe(0);
    expect(stdout).toMatch(/no libtorch for musl/);
    expect(fs.readdirSync(path.join(checkout.at, 'clone/native'))).toEqual(['polytask.node']);
  });
});
