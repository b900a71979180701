// The commands export, report and doctor, run for real: what they write, good and bad input, exit
// codes, and their commands in docs/cli.md.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { load } = require('..');
const { describe: described } = require('../lib/doctor');
const { blocks } = require('../scripts/readme');
const { ROOT } = require('./child');
const { Folder, ndjson } = require('./cli');

jest.setTimeout(60_000);

const MODEL = 'iris.safetensors';

let folder;
let model;
beforeAll(async () => {
  folder = new Folder();
  const args = ['train', 'iris.csv', '-t', 'species', '-t', 'petal_width', '--epochs', '20'];
  expect((await folder.run([...args, '--out', MODEL])).code).toBe(0);
  model = await load(folder.path(MODEL));
});
afterAll(() => folder.remove());
afterEach(() => expect(folder.left()).toEqual([]));

async function good(args, options) {
  const ended = await folder.run(args, options);
  expect({ args, code: ended.code, stderr: ended.stderr }).toMatchObject({ args, code: 0 });
  return ended.stdout;
}

async function bad(args, code) {
  const ended = await folder.run(args);
  expect({ args, ...ended }).toMatchObject({ args, code, stdout: '' });
  return ended.stderr;
}

describe('export', () => {
  test('writes the file of the API', async () => {
    expect(await good(['export', MODEL, '--out', 'iris.onnx'])).toBe('✓ iris.onnx\n');
    await model.exportOnnx(folder.path('same.onnx'));
    const [one, other] = ['iris.onnx', 'same.onnx'].map((name) =>
      fs.readFileSync(folder.path(name)),
    );
    expect(one.length).toBeGreaterThan(1000);
    expect(one.equals(other)).toBe(true);
  });

  test('--json and --quiet', async () => {
    const json = await good(['export', MODEL, '--out', 'j.onnx', '--json']);
    expect(ndjson(json)).toEqual([{ event: 'result', out: 'j.onnx' }]);
    expect(await good(['export', MODEL, '--out', 'q.onnx', '--quiet'])).toBe('');
    expect(folder.has('q.onnx')).toBe(true);
  });

  test('wrong usage and errors', async () => {
    expect(await bad(['export', MODEL], 2)).toMatch(/export needs --out FILE/);
    expect(await bad(['export', '--out', 'x.onnx'], 2)).toMatch(/export needs a model file/);
    expect(await bad(['export', MODEL, '--out', 'no/x.onnx'], 2)).toMatch(/there is no folder/);
    expect(await bad(['export', MODEL, '--otu', 'x.onnx'], 2)).toMatch(/--otu; did you mean --out/);
    expect(await bad(['export', 'iris.csv', '--out', 'x.onnx'], 1)).toMatch(/\[ERR_ARTIFACT\]/);
    expect(folder.has('x.onnx')).toBe(false);
  });
});

describe('report', () => {
  test('writes a page, with and without rows', async () => {
    const args = ['report', MODEL, '--out', 'report.html'];
    expect(await good([...args, '--source', 'iris.csv'])).toBe('✓ report.html\n');
    const withRows = folder.read('report.html');
    expect(withRows).toMatch(/^<!doctype html>/i);
    expect(withRows).toContain('petal_width');
    await good([...args, '--source', '-'], { input: folder.read('iris.csv') });
    expect(folder.read('report.html')).toMatch(/^<!doctype html>/i);
    await good(args);
    expect(folder.read('report.html').length).toBeLessThan(withRows.length);
  });

  test('--json tells where it is, or how much columns matter', async () => {
    const args = ['report', MODEL, '--json', '--source', 'iris.csv'];
    expect(ndjson(await good([...args, '--out', 'j.html']))).toEqual([
      { event: 'result', out: 'j.html' },
    ]);
    const importance = await model.importance(folder.path('iris.csv'));
    expect(JSON.parse(await good(args))).toEqual(JSON.parse(JSON.stringify(importance)));
  });

  test('wrong usage and errors', async () => {
    expect(await bad(['report', MODEL], 2)).toMatch(/report needs --out FILE/);
    expect((await folder.run(['report', MODEL, '--json'])).code).toBe(2);
    expect(await bad(['report', MODEL, '--out', 'x', '--sorce', 'y'], 2)).toMatch(
      /--sorce; did you mean --source\?/,
    );
    expect(await bad(['report', MODEL, '--out', 'x', '--source', 'nowhere.csv'], 1)).toMatch(
      /nowhere\.csv: no such file \[ERR_CSV\]/,
    );
    expect(folder.has('x')).toBe(false);
  });
});

describe('doctor', () => {
  test('tells what it found, and by its exit code whether all is well', async () => {
    const json = await folder.run(['doctor', '--json']);
    const report = JSON.parse(json.stdout);
    expect(json.code).toBe(report.ok ? 0 : 1);
    expect(report.checks.length).toBeGreaterThan(3);
    const text = await folder.run(['doctor']);
    expect(text.code).toBe(json.code);
    expect(text.stdout.trimEnd()).toBe(described(report).trimEnd());
  });

  test('wrong usage', async () => {
    expect(await bad(['doctor', 'more'], 2)).toMatch(/unexpected "more": doctor takes no file/);
  });
});

describe('docs/cli.md', () => {
  const page = fs.readFileSync(path.join(ROOT, 'docs', 'cli.md'), 'utf8');
  const examples = blocks(page).filter(({ code }) =>
    /^polytask (export|report|doctor)\b/.test(code),
  );

  test('has an example of each', () => expect(examples).toHaveLength(3));

  test.each(examples)('the example on line $line runs', async ({ code }) => {
    expect(await folder.shell(code)).toMatchObject({ code: 0, stderr: '' });
  });
});
