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

describe('tokens for missing cells', () => {
  const rows = Array.from({ length: 60 }, (_, i) => ({
    a: i % 6 === 1 ? null : i % 11,
    town: ['Oslo', 'NA', 'Bern'][i % 3],
    y: i % 6 === 1 ? 50 : i % 11,
  }));
  const csv = (gap) => [
    'a,town,y',
    ...rows.map(({ a, ...row }) => [a ?? gap, ...Object.values(row)]),
  ];
  const write = (name, gap) => folder.write(name, `${csv(gap).join('\n')}\n`);

  test.each(['-999', 'unknown'])('%s holds for every command', async (token) => {
    write('gaps.csv', token);
    write('plain.csv', '');
    const args = ['-t', 'y', '--targets.y.type', 'regression', '--model', 'fast', '--epochs', '60'];
    const only = `--csv.missing.only=${token}`;
    await good(['train', 'gaps.csv', ...args, only, '--batch-size', '8', '-o', 'gaps.safetensors']);
    const model = await load(folder.path('gaps.safetensors'));
    expect(model.options.csv.missing).toEqual({ only: [token] });
    expect(model.features[1].categories).toEqual(['Bern', 'NA', 'Oslo']);
    const on = (file) => ['gaps.safetensors', file];
    const answers = await good(['predict', ...on('gaps.csv')]);
    expect(answers).toBe(await good(['predict', ...on('plain.csv')]));
    for (const row of [`${token},NA`, JSON.stringify({ a: token, town: 'NA' })]) {
      const told = ndjson(await good(['predict', 'gaps.safetensors', `--row=${row}`, '--json']));
      expect(told).toEqual(model.predict([{ a: null, town: 'NA' }]));
    }
    const scores = ndjson(await good(['evaluate', ...on('gaps.csv'), '--json']));
    expect(scores).toEqual([await model.evaluate(folder.path('plain.csv'))]);
    expect(scores[0].y.r2).toBeGreaterThan(0.9);
    const worth = (file, ...more) =>
      good(['report', 'gaps.safetensors', '--source', file, '--json', ...more]);
    expect(await worth('gaps.csv')).toBe(await worth('plain.csv'));
    // Other tokens in a call.
    write('gone.csv', 'gone');
    expect(await bad(['evaluate', ...on('gone.csv')], 1)).toMatch(/"gone"/);
    expect(await worth('gone.csv', '--csv.missing', 'gone')).toBe(await worth('plain.csv'));
    const given = ['--csv.missing', 'gone'];
    expect(await good(['predict', ...on('gone.csv'), ...given])).toBe(answers);
    expect(ndjson(await good(['evaluate', ...on('gone.csv'), ...given, '--json']))).toEqual(scores);
    expect(await bad(['report', 'gaps.safetensors', '--out', 'x.html', ...given], 2)).toMatch(
      '--csv.missing: says how a source is read, and none is given',
    );
  });

  test('what was taken for missing by default is told after a training', async () => {
    write('gaps.csv', '');
    const args = [
      '-t',
      'y',
      '--targets.y.type',
      'regression',
      '--epochs',
      '1',
      '-o',
      'x.safetensors',
    ];
    const told = '"town": "NA" ×20 read as missing, 33 % of the rows; if that is a value, give';
    const { stderr, stdout } = await folder.run(['train', 'gaps.csv', ...args]);
    expect(stdout + stderr).toContain(`${told} --csv.missing.only=,`);
    const inspected = await good(['inspect', 'x.safetensors']);
    expect(inspected).toContain(`warning    ${told}`);
    expect(inspected).toMatch(/^missing +empty cells; by default "#N\/A"/m);
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
