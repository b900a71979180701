// How the set-up fetches libtorch into the cache: what it downloads and keeps, that nothing
// half done is ever there, and what it says when it cannot.
'use strict';

const { execFileSync } = require('node:child_process');
const crypto = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const { Checkout, REAL_PYTHON } = require('./setup-checkout');

const FOLDER = 'libtorch-2.13.0-cpu-linux-x64';
const hasPip = REAL_PYTHON !== null && canRun(REAL_PYTHON, ['-m', 'pip', '--version']);

function canRun(command, args) {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

jest.setTimeout(60_000);

let checkout;
beforeEach(() => {
  checkout = new Checkout();
});
afterEach(() => checkout.remove());

const read = (name) => fs.readFileSync(path.join(checkout.libtorch, name), 'utf8');

function expectOneLine({ code, stderr }, pattern) {
  expect({ code, lines: stderr.trimEnd().split('\n').length }).toEqual({
    code: 1,
    lines: 1,
  });
  expect(stderr).toMatch(pattern);
}

describe('fetching', () => {
  test('keeps the part of the wheels that is needed, with a manifest', async () => {
    const { code, stdout } = await checkout.run();
    expect(code).toBe(0);
    expect(stdout).toMatch(/fetching libtorch 2\.13\.0 with pip/);
    expect(checkout.linked()).toBe(checkout.libtorch);
    expect(checkout.inCache()).toEqual([FOLDER]);
    const libraries = [
      'libc10.so',
      'libcudart.so.13',
      'libcupti.so.13',
      'libgomp.so.1',
      'libtorch.so',
      'libtorch_cpu.so',
    ];
    expect(fs.readdirSync(path.join(checkout.libtorch, 'lib'))).toEqual(libraries);
    expect(fs.readdirSync(path.join(checkout.libtorch, 'licenses'))).toHaveLength(3);
    expect(read('lib/libtorch.so')).toBe('INPUT(libtorch_cpu.so libc10.so)\n');
    const { version, files } = JSON.parse(read('polytask-manifest.json'));
    const cpu = read('lib/libtorch_cpu.so');
    expect(version).toBe('2.13.0');
    expect(files['lib/libtorch_cpu.so']).toEqual({
      bytes: cpu.length,
      sha256: crypto.createHash('sha256').update(cpu).digest('hex'),
    });
  });

  test('asks pip for pinned wheels and leaves its settings alone', async () => {
    await checkout.run();
    const [line] = checkout.log('pip');
    expect(line).toMatch(
      /--no-deps --only-binary=:all: .*--require-hashes --requirement \S+libtorch-linux-x64\.txt/,
    );
    expect(line).not.toMatch(/index|isolated|proxy|cert|https?:/);
  });

  (hasPip ? test : test.skip)(
    'works with the real pip, which refuses a wheel with another hash',
    async () => {
      const env = {
        PIP: 'real',
        PIP_NO_INDEX: '1',
        PIP_FIND_LINKS: path.join(checkout.at, 'wheels'),
      };
      expect(await checkout.run(env)).toMatchObject({ code: 0, stderr: '' });
      checkout.remove();
      checkout = new Checkout();
      const wheels = path.join(checkout.at, 'wheels');
      const [cupti] = fs.readdirSync(wheels).filter((name) => name.startsWith('nvidia_cuda_cupti'));
      fs.appendFileSync(path.join(wheels, cupti), 'x');
      expectOneLine(
        await checkout.run({ ...env, PIP_FIND_LINKS: wheels }),
        /DO NOT MATCH THE HASHES/,
      );
      expect(checkout.inCache()).toEqual([]);
    },
  );

  test('happens once for all checkouts', async () => {
    await checkout.run();
    checkout.clone('second');
    expect(await checkout.run({}, { clone: 'second' })).toMatchObject({
      code: 0,
    });
    expect(checkout.linked('second')).toBe(checkout.libtorch);
    expect(checkout.log('pip')).toHaveLength(1);
  });

  test.each([
    [
      'a library cut short',
      () => fs.truncateSync(path.join(checkout.libtorch, 'lib/libtorch_cpu.so'), 5),
    ],
    [
      'a header gone',
      () => fs.rmSync(path.join(checkout.libtorch, 'include/torch/headeronly/version.h')),
    ],
    ['no manifest', () => fs.rmSync(path.join(checkout.libtorch, 'polytask-manifest.json'))],
  ])('happens again when the cache is damaged: %s', async (_, harm) => {
    await checkout.run();
    harm();
    const { code, stdout } = await checkout.run();
    expect(code).toBe(0);
    expect(stdout).toMatch(/the libtorch in the cache is damaged \(.+\), fetching it again/);
    expect(read('lib/libtorch_cpu.so')).toHaveLength(3000);
    expect(checkout.inCache()).toEqual([FOLDER]);
  });

  test('finds its cache by XDG_CACHE_HOME, else in the home folder', async () => {
    await checkout.run({
      POLYTASK_CACHE: '',
      XDG_CACHE_HOME: path.join(checkout.at, 'xdg'),
    });
    expect(checkout.linked()).toBe(path.join(checkout.at, 'xdg/polytask', FOLDER));
    checkout.clone('second');
    await checkout.run({ POLYTASK_CACHE: '' }, { clone: 'second' });
    expect(checkout.linked('second')).toBe(path.join(checkout.at, 'home/.cache/polytask', FOLDER));
  });
});

describe('a refused fetch leaves nothing behind', () => {
  afterEach(() => {
    expect(checkout.inCache()).toEqual([]);
    expect(fs.existsSync(path.join(checkout.at, 'clone/.libtorch'))).toBe(false);
  });

  test('a file that is not what the RECORD says', async () => {
    checkout.wheels('torch/lib/libc10.so');
    expectOneLine(
      await checkout.run(),
      /torch\/lib\/libc10\.so is not what the RECORD of torch-2\.13\.0-\S+ says/,
    );
  });

  test('a wheel without a file that is needed', async () => {
    checkout.recipe(({ take }) =>
      Object.assign(take.torch, { 'torch/lib/libnew.so': 'lib/libnew.so' }),
    );
    expectOneLine(await checkout.run(), /has no torch\/lib\/libnew\.so/);
  });

  test('a pip that fails, with the last word of pip', async () => {
    expectOneLine(
      await checkout.run({ PIP: 'fails' }),
      /pip could not download libtorch \(ERROR: No matching distribution found for torch==2\.13\.0\): .*mirror, proxy.*LIBTORCH/,
    );
  });

  test('a disk that is full, or about to be', async () => {
    expectOneLine(await checkout.run({ PIP: 'full' }), /not enough room .* set POLYTASK_CACHE/);
    checkout.recipe((recipe) => Object.assign(recipe, { downloadBytes: 1e18 }));
    expectOneLine(await checkout.run(), /not enough room/);
    expect(checkout.log('pip')).toHaveLength(1);
  });

  test('a cache folder that is a file', async () => {
    const file = path.join(checkout.at, 'file');
    fs.writeFileSync(file, '');
    expectOneLine(
      await checkout.run({ POLYTASK_CACHE: file }),
      /cannot be written .* set POLYTASK_CACHE/,
    );
  });
});

describe('interrupted', () => {
  const moments = [
    ['downloading', { PIP: 'hangs' }],
    ['unpacking', { UNPACK: 'hangs' }],
  ];

  test.each(moments)('by SIGKILL while %s, the next run clears up and succeeds', async (_, env) => {
    const { child, ended } = checkout.start(env);
    await checkout.hanging();
    child.kill('SIGKILL');
    await ended;
    expect(checkout.inCache()).toEqual([expect.stringMatching(/^\.libtorch.*\.tmp\./)]);
    expect(await checkout.run()).toMatchObject({ code: 0 });
    expect(checkout.inCache()).toEqual([FOLDER]);
  });

  test.each(moments)(
    'by SIGINT while %s, it stops its children and clears up itself',
    async (_, env) => {
      const { child, ended } = checkout.start(env);
      await checkout.hanging();
      child.kill('SIGINT');
      expect(await ended).toMatchObject({ signal: 'SIGINT', stderr: '' });
      expect(checkout.inCache()).toEqual([]);
      expect(await checkout.run()).toMatchObject({ code: 0 });
    },
  );

  test('or not, a run leaves the work of another that is alive', async () => {
    const { child, ended } = checkout.start({ PIP: 'hangs' });
    await checkout.hanging();
    expect(await checkout.run()).toMatchObject({ code: 0 });
    expect(checkout.inCache()).toHaveLength(2);
    child.kill('SIGINT');
    await ended;
    expect(checkout.inCache()).toEqual([FOLDER]);
  });
});

test('two at once both end well', async () => {
  checkout.clone('second');
  const ends = await Promise.all([checkout.run(), checkout.run({}, { clone: 'second' })]);
  expect(ends).toMatchObject([{ code: 0 }, { code: 0 }]);
  expect(checkout.inCache()).toEqual([FOLDER]);
  expect([checkout.linked(), checkout.linked('second')]).toEqual([
    checkout.libtorch,
    checkout.libtorch,
  ]);
});
