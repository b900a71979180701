// The bench works, whatever it measures: figures are drawn together rightly, tables say who loses
// and what is missing, and all that rows name is there. No time is asserted.
'use strict';

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { between, DOCUMENT } = require('../benches/harness/document');
const { onnx } = require('../benches/harness/onnx');
const { parse, rowNames } = require('../benches/harness/options');
const { plot } = require('../benches/harness/plot');
const { lastJson, pinned, runProcess } = require('../benches/harness/process');
const { measureTable } = require('../benches/harness/rounds');
const { figure, lead, median, spread } = require('../benches/harness/statistics');
const { renderTable } = require('../benches/harness/table');
const { ROOT } = require('./child');

const bench = (...parts) => path.join(ROOT, 'benches', ...parts);

describe('statistics', () => {
  test('medians and spreads', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
    expect(spread([2, 9, 4])).toEqual({ median: 4, min: 2, max: 9 });
    expect(spread([])).toBeNull();
  });

  test('a lead is taken within rounds, and is above 1 where ours is better', () => {
    const ours = [10, 20, 10].map((x, round) => ({ round, x }));
    const theirs = [30, 60, 50].map((x, round) => ({ round, x }));
    expect(lead(ours, theirs, 'x', true)).toEqual({ median: 3, min: 3, max: 5 });
    expect(lead(ours, theirs.slice(0, 1), 'x', false).median).toBeCloseTo(1 / 3);
    expect(lead([], theirs, 'x', true)).toBeNull();
  });

  test('figures have three digits or are whole', () => {
    const shown = [0.96666, 3.2149, 67, 210.4, 999.7, 336123.4, null, 'text'].map(figure);
    expect(shown).toEqual(['0.967', '3.21', '67', '210', '1,000', '336,123', '', 'text']);
  });
});

describe('a table', () => {
  const table = {
    title: 'a race',
    threads: 1,
    measure: { key: 'us', unit: 'µs', less: true },
    shows: [{ key: 'loss' }],
    contenders: [
      { name: 'ours', ours: true },
      { name: 'slow' },
      { name: 'fast' },
      { name: 'gone', absent: () => 'not installed' },
      { name: 'broken' },
      { name: 'strange', needs: { folder: 'no-such-folder', package: 'no-such-package' } },
    ],
    bars: [
      { than: 'slow', times: 10 },
      { than: 'fast', times: 1 },
      { than: 'gone', times: 1 },
      { most: 12 },
    ],
  };
  const times = { ours: 10, slow: 200, fast: 5 };
  const order = [];
  const run = ({ name }) => {
    order.push(name);
    if (!(name in times)) return { failed: 'it broke' };
    const other_cores_busy = name === 'slow' ? 0.5 : 0;
    return { figures: { us: times[name], loss: 0.25, other_cores_busy } };
  };
  let measured;
  let text;
  beforeAll(async () => {
    measured = await measureTable(table, { rounds: 2, run });
    text = renderTable(measured);
  });
  const line = (name) => text.split('\n').find((line) => line.includes(`| ${name}`));

  test('is measured in turn, forth and back, and nobody who failed again', () => {
    expect(order).toEqual(['ours', 'slow', 'fast', 'broken', 'fast', 'slow', 'ours']);
  });

  test('says who wins, who loses, who is missing and who failed', () => {
    expect(line('slow')).toMatch(/200 \* .*20\.0×|200 \* .*20×/);
    expect(line('slow')).not.toContain('we lose');
    expect(line('fast')).toMatch(/0\.500× .*\*\*we lose\*\*/);
    expect(line('gone')).toContain('not installed');
    expect(line('strange')).toContain('not installed');
    expect(line('broken')).toContain('failed: it broke');
    expect(line('**ours**')).toContain('0.250');
    expect(text).toContain('not to be trusted');
  });

  test('says which bars are met', () => {
    expect(measured.bars.map(({ met }) => met)).toEqual([true, false, null, true]);
    expect(text).toMatch(/at least 1× fast: 0\.500×, \*\*missed\*\*/);
    expect(text).toContain('at least 1× gone: not measured');
    expect(text).toContain('ours: at most 12 µs: 10 µs, met');
  });

  test('compares a contender with the one of ours that it names', async () => {
    const contenders = [
      { name: 'ours', ours: true },
      { name: 'fast', ours: true, against: null },
      { name: 'slow', against: 'fast' },
    ];
    const { contenders: found } = await measureTable({ ...table, contenders }, { rounds: 1, run });
    expect(found.map(({ lead }) => lead?.median)).toEqual([undefined, undefined, 40]);
  });

  test('survives being written to a file', () => {
    expect(renderTable(JSON.parse(JSON.stringify(measured)))).toBe(text);
  });
});

describe('a process', () => {
  const node = (code) => runProcess({ command: [process.execPath, '-e', code], minutes: 1 });

  test('answers with its last line of JSON', async () => {
    const { figures } = await node(`console.log('{"a":1}\\n{ no\\n{"a":2}\\nend')`);
    expect(figures).toEqual({ a: 2 });
    expect(lastJson('nothing')).toBeNull();
  });

  test('that fails says why', async () => {
    const { failed } = await node(`throw new Error('no such thing')`);
    expect(failed).toMatch(/no such thing/);
    expect((await runProcess({ command: ['no-such-program'] })).failed).toMatch(/ENOENT/);
    expect((await node('0')).failed).toBe('exit code 0');
  });

  test('is held to the last cores, if there are more', () => {
    expect(pinned(4, 4)).toEqual([]);
    const words = pinned(1, 4);
    // Where there is no taskset, nothing holds it.
    if (words.length > 0) expect(words).toEqual(['taskset', '-c', '3']);
  });
});

describe('the command', () => {
  test('knows its rows and options', () => {
    const all = parse([]);
    expect(all.rows).toEqual(rowNames());
    expect(all.rounds).toBe(5);
    expect(parse(['tiny', 'wide', '--rounds', '2']).rows).toEqual(['tiny', 'wide']);
    expect(() => parse(['nonsense'])).toThrow('there is no row "nonsense"');
    expect(() => parse(['--nonsense'])).toThrow(/nonsense/);
    expect(() => parse(['--rounds', '0'])).toThrow(/whole number/);
  });

  test('shows what was measured before, without measuring', () => {
    const file = path.join(os.tmpdir(), `polytask-bench-${process.pid}.json`);
    const machine = { cpu: 'a machine', cores: 2, memoryGb: 1, load: 0, date: '', node: 'v0' };
    const row = { name: 'tiny', title: 'Tiny', machine, rounds: 1, command: 'it', tables: [] };
    fs.writeFileSync(file, JSON.stringify({ rows: [row] }));
    try {
      const { status, stdout } = runBench('tiny', '--from', file);
      expect([status, stdout]).toEqual([0, expect.stringContaining('a machine, 2 cores')]);
    } finally {
      fs.rmSync(file);
    }
  });

  test('helps', () => {
    const { status, stdout } = runBench('--help');
    expect(status).toBe(0);
    for (const name of rowNames()) expect(stdout).toContain(name);
    expect(runBench('nonsense').status).toBe(2);
  });
});

describe.each(rowNames())('the row %s', (name) => {
  const row = require(bench('rows', name));

  test('has contenders whose files are there, ours among them', () => {
    expect(row.title).toBeTruthy();
    expect(row.tables.length).toBeGreaterThan(0);
    for (const { title, measure, contenders } of row.tables) {
      expect(title).toBeTruthy();
      expect(measure).toEqual(expect.objectContaining({ key: expect.any(String) }));
      expect(contenders.some(({ ours }) => ours)).toBe(true);
      expect(new Set(contenders.map(({ name }) => name)).size).toBe(contenders.length);
      const files = contenders.map(({ file }) => file).filter(Boolean);
      expect(files.filter((file) => !fs.existsSync(file))).toEqual([]);
    }
  });

  test('has bars that speak of its contenders', () => {
    for (const { contenders, bars = [] } of row.tables) {
      const names = contenders.map(({ name }) => name);
      for (const { than } of bars) if (than) expect(names).toContain(than);
    }
  });

  test('has its place in docs/performance.md, and in the README', () => {
    const filled = between(fs.readFileSync(DOCUMENT, 'utf8'), name, 'the table');
    expect(filled).toContain(`<!-- ${name}: begin -->\n\nthe table\n\n<!-- ${name}: end -->`);
    expect(fs.readFileSync(bench('README.md'), 'utf8')).toContain(`\`${name}\``);
  });
});

test('peers are pinned, each package to one version', () => {
  const pins = Object.values(require('../benches/peers/packages.json')).flat();
  for (const pin of pins) expect(pin).toMatch(/^@?[\w./-]+@\d+\.\d+\.\d+$/);
  const lines = fs.readFileSync(bench('peers', 'requirements.txt'), 'utf8').trim().split('\n');
  for (const line of lines) expect(line).toMatch(/^#|^[\w-]+==\d+\.\d+\.\d+$/);
});

test('a plot has its title, axes, powers of ten and lines', () => {
  const points = [
    [10, 0.02],
    [1000, 3],
  ];
  const svg = plot({ title: 'a < b', x: 'rows', y: 'seconds', lines: [{ name: 'ours', points }] });
  for (const words of ['a &lt; b', '>rows<', '>seconds<', '>ours<', '>0.01<', '>1,000<']) {
    expect(svg).toContain(words);
  }
  expect(svg).toContain('prefers-color-scheme: dark');
  expect(svg).not.toContain('NaN');
});

test('an ONNX file begins with its version and holds the weights as they are', () => {
  const layers = ['t1', 't2', 'bin', 'cls', 'reg'].map((name) => [name, 1, 1]);
  const parts = layers.flatMap((_, at) => [Float32Array.of(at + 0.5), Float32Array.of(-at)]);
  const file = onnx(layers, parts);
  expect([file[0], file[1]]).toEqual([8, 8]);
  for (const part of parts) expect(file.includes(Buffer.from(part.buffer))).toBe(true);
});

/** The command, in a process of its own. */
function runBench(...args) {
  return spawnSync(process.execPath, [bench('run.js'), ...args], { encoding: 'utf8' });
}
