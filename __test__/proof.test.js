// The proofs of docs/balancing.md count rightly: gains, intervals and tests of differences, the
// synthetic data, the splits, and that a run goes on where it was interrupted.
'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { render, SETTINGS } = require('../benches/proof/adult');
const figures = require('../benches/proof/figures');
const { synthetic } = require('../benches/proof/generator');
const ordering = require('../benches/proof/ordering');
const { read, runAll } = require('../benches/proof/runs');
const { CASES } = require('../benches/proof/synthetic');
const { cells, csv, readSet, split, writeParts } = require('../benches/proof/sets');
const { against, gains, tables } = require('../benches/proof/tables');

let folder;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'polytask-proof-'));
  jest.spyOn(console, 'log').mockImplementation(() => {});
});
afterEach(() => {
  fs.rmSync(folder, { recursive: true });
  jest.restoreAllMocks();
});

describe('figures', () => {
  test('the gain is the mean share of error saved', () => {
    expect(figures.meanDelta({ a: 1, b: 3 }, { a: 2, b: 2 })).toBeCloseTo((0.5 - 0.5) / 2);
    expect(figures.meanDelta({ a: 0.9 }, { a: 1 })).toBeCloseTo(0.1);
  });

  test("quantiles are those of Student's t", () => {
    const known = { 4: 2.7764, 9: 2.2622, 19: 2.093, 29: 2.0452, 200: 1.9719 };
    for (const [freedom, t] of Object.entries(known)) {
      expect(Math.abs(figures.tQuantile(Number(freedom)) - t)).toBeLessThan(0.002);
    }
    expect(() => figures.tQuantile(3)).toThrow('an interval needs five values, not 4');
  });

  test('an interval is as wide as t, deviation and number say', () => {
    const xs = [1, 2, 3, 4, 5];
    expect(figures.deviation(xs)).toBeCloseTo(Math.sqrt(2.5));
    expect(figures.halfWidth(xs)).toBeCloseTo((2.7764 * Math.sqrt(2.5)) / Math.sqrt(5), 2);
  });

  test('the sign test is the binomial distribution', () => {
    expect(figures.signTest(5, 0)).toBeCloseTo(2 / 32);
    expect(figures.signTest(1, 4)).toBeCloseTo((2 * 6) / 32);
    expect(figures.signTest(3, 3)).toBe(1);
    expect(figures.signTest(0, 0)).toBe(1);
  });

  test('a correction for many comparisons keeps the order', () => {
    const corrected = figures.holm([0.02, 0.01, 0.6, 0.019]);
    [0.057, 0.04, 0.6, 0.057].forEach((p, at) => {
      expect(corrected[at]).toBeCloseTo(p);
    });
  });

  test('ranks are shared', () => {
    expect(figures.ranks([5, 1, 5, 9])).toEqual([2.5, 4, 2.5, 1]);
  });
});

describe('the synthetic data', () => {
  const dot = (a, b) => a.reduce((sum, value, at) => sum + value * b[at], 0);

  test.each([1, 0.5, 0])('the weights of tasks have the cosine %p', (rho) => {
    const [w1, w2] = synthetic({ rho, seed: 3, rows: 1, scale: 2 }).weights;
    expect(w1).toHaveLength(100);
    expect(dot(w1, w1)).toBeCloseTo(4);
    expect(dot(w2, w2)).toBeCloseTo(4);
    expect(dot(w1, w2)).toBeCloseTo(4 * rho);
  });

  test('the tasks of like weights differ by noise alone, of a tenth each', () => {
    const { rows } = synthetic({ rho: 1, seed: 0, rows: 4000, inputs: 5 });
    const differences = rows.map(({ y: [a, b] }) => a - b);
    expect(figures.deviation(differences)).toBeCloseTo(0.1 * Math.SQRT2, 2);
    expect(Math.abs(figures.mean(differences))).toBeLessThan(0.01);
  });

  test('a row holds normal inputs; a seed tells all but the second weights', () => {
    const one = synthetic({ rho: 0.2, seed: 7, rows: 60 });
    const other = synthetic({ rho: 0.9, seed: 7, rows: 60 });
    const inputs = one.rows.flatMap(({ x }) => x);
    expect(figures.mean(inputs)).toBeCloseTo(0, 1);
    expect(figures.deviation(inputs)).toBeCloseTo(1, 1);
    expect(one.rows[9].x).toEqual(other.rows[9].x);
    expect(one.rows[9].y[0]).toBe(other.rows[9].y[0]);
    expect(one.rows[9].y[1]).not.toBe(other.rows[9].y[1]);
    expect(synthetic({ rho: 0.2, seed: 7, rows: 60 })).toEqual(one);
  });

  test('several cosines give the second tasks of each, on the same rows', () => {
    const { rows } = synthetic({ rho: [1, 0.2], seed: 7, rows: 9, sines: 10 });
    const [one, other] = [1, 0.2].map((rho) => synthetic({ rho, seed: 7, rows: 9, sines: 10 }));
    rows.forEach(({ x, y }, at) => {
      expect(x).toEqual(other.rows[at].x);
      expect(y).toEqual([...one.rows[at].y, other.rows[at].y[1]]);
    });
    expect(one.rows[0].y[0]).not.toBe(synthetic({ rho: 1, seed: 7, rows: 9 }).rows[0].y[0]);
  });

  test('a curve is the same for all seeds, another for each without', () => {
    const offset = (given) =>
      synthetic({ rho: 1, rows: 1, inputs: 2, scale: 0, noise: 0, ...given }).rows[0].y[0];
    expect(offset({ curve: 3, seed: 7 })).toBe(offset({ curve: 3, seed: 8 }));
    expect(offset({ seed: 7 })).not.toBe(offset({ seed: 8 }));
    expect(offset({ curve: 3, seed: 7 })).not.toBe(offset({ curve: 4, seed: 7 }));
  });
});

describe('the sweep over ρ', () => {
  const { choose, figures: sweep, render: table } = ordering;
  const [low, high] = CASES.many.grid;
  const few = { ...CASES.many, grid: [low, high], rhos: [1, 0] };
  const result = (net, rho, seed, setting, validation, test) => ({
    net,
    rho,
    seed,
    setting,
    validation,
    test,
    parameters: 7,
  });
  // SB is better at low, MMoE at high.
  const choosing = few.choosing.seeds.flatMap((seed) => [
    result('SB', 0.5, seed, low, 2, 9),
    result('SB', 0.5, seed, high, 3, 9),
    result('MMoE', 0.5, seed, low, 5, 9),
    result('MMoE', 0.5, seed, high, 1, 9),
  ]);

  test('a setting is chosen on other seeds, for each net', () => {
    const chosen = choose(few, choosing);
    expect(Object.values(chosen).map(([{ setting }]) => setting)).toEqual([low, high]);
    expect(chosen.SB.map(({ score }) => score)).toEqual([2, 3]);
  });

  test('no seed both chooses a setting and counts', () => {
    for (const { first, seeds, choosing: other } of Object.values(CASES)) {
      const counts = other.seeds.filter((seed) => seed >= first && seed < first + seeds);
      expect(counts).toEqual([]);
    }
  });

  const change = (sb, mmoe) => {
    const seeds = [0, 1, 2, 3, 4, 5].flatMap((seed) => [
      result('SB', 1, seed, low, 0, 2),
      result('SB', 0, seed, low, 0, sb(seed)),
      result('MMoE', 1, seed, high, 0, 1.75),
      // The last seed is not through, and does not count.
      ...(seed < 5 ? [result('MMoE', 0, seed, high, 0, mmoe(seed))] : []),
    ]);
    return table(few, sweep(few, [...choosing, ...seeds])).join('\n');
  };
  const same = () => 1.75;

  test('a shared bottom that gets worse is said to fall behind', () => {
    const text = change(() => 2.5, same);
    expect(text).toContain('of 5 seeds');
    expect(text).toContain('SB − MMoE by 0.5000 ± 0.0000 and SB by 0.5000 ± 0.0000; reproduced');
    expect(text).toContain('SB 2.0000 (2.0000), 2.5000 (2.5000), ln SB changing by 0.2231');
    expect(text).toContain(`changes by ${Math.log(2.5 / 2).toFixed(4)} ± 0.0000`);
    expect(text).toMatch(
      /\| 1 +\| 2\.0000 ± 0\.0000 \| 1\.7500 ± 0\.0000 \| 0\.2500 ± 0\.0000 \| 1\.14 +\| 5 of 5/,
    );
  });

  test.each([
    ['that gets better', () => 1.5, same],
    ['that is as good, beside experts that get better', () => 2, () => 1],
    ['that gets worse in some seeds and better in others', (seed) => (seed % 2 ? 3 : 1.9), same],
  ])('a shared bottom %s is not', (_, sb, mmoe) => {
    expect(change(sb, mmoe)).toMatch(/ and SB by [^;]*; \*\*not reproduced\*\*/);
  });
});

describe('data sets', () => {
  test('cells may be quoted', () => {
    expect(cells('1,"a, ""b""",,c,', ',')).toEqual(['1', 'a, "b"', '', 'c', '']);
    expect(cells('"GP";18;""', ';')).toEqual(['GP', '18', '']);
  });

  test('a set is read by column, and written to be read again', () => {
    const file = path.join(folder, 'set.csv');
    fs.writeFileSync(file, 'a;b;c\n1;"x;y";3\n\n4;"say ""no""";6\n');
    const rows = readSet(folder, { file: 'set.csv', delimiter: ';', drop: ['c'] });
    expect(rows).toEqual([
      { a: '1', b: 'x;y' },
      { a: '4', b: 'say "no"' },
    ]);
    expect(csv(rows)).toBe('a,b\n1,x;y\n4,"say ""no"""\n');
    const named = readSet(folder, {
      file: 'set.csv',
      delimiter: ';',
      header: false,
      change: (row) => ({ ...row, c9: row.c0 }),
    });
    expect(named[1]).toEqual({ c0: '1', c1: 'x;y', c2: '3', c9: '1' });
  });

  test('no row is in two parts, and a seed says which', () => {
    const rows = Array.from({ length: 100 }, (_, at) => ({ at: `${at}` }));
    const parts = split(rows, 5);
    const count = (name) => parts.filter((part) => part === name).length;
    expect([count('test'), count('validation'), count('train')]).toEqual([20, 16, 64]);
    expect(split(rows, 5)).toEqual(parts);
    expect(split(rows, 6)).not.toEqual(parts);
    const files = writeParts(folder, 'set', rows, 5);
    const held = fs.readFileSync(files.test, 'utf8').trim().split('\n').slice(1);
    const known = fs.readFileSync(files.training, 'utf8').trim().split('\n').slice(1);
    expect(held).toEqual(rows.filter((_, at) => parts[at] === 'test').map(({ at }) => at));
    expect(known).toHaveLength(80);
    expect(known.filter((line) => line.endsWith(',validation'))).toHaveLength(16);
  });
});

test('a run goes on where it was, even in the middle of a line, with the same settings only', async () => {
  const file = path.join(folder, 'results', 'proof.jsonl');
  const jobs = ['a', 'b', 'c'].map((key) => ({ key }));
  const ran = [];
  const run = async ({ key }) => {
    ran.push(key);
    return { length: ran.length };
  };
  await runAll({ file, settings: { epochs: 1 }, jobs: jobs.slice(0, 2), run });
  fs.appendFileSync(file, '{"key":"c","len');
  const { results, machine } = await runAll({ file, settings: { epochs: 1 }, jobs, run });
  expect(ran).toEqual(['a', 'b', 'c']);
  expect(results.map(({ key }) => key)).toEqual(['a', 'b', 'c']);
  expect(machine.node).toBe(process.version);
  expect(read(file).results).toHaveLength(3);
  const other = runAll({ file, settings: { epochs: 2 }, jobs, run });
  await expect(other).rejects.toThrow('has results of other settings');
});

describe('tables', () => {
  const training = (set, seed, architecture, method, errors) => {
    const alone = method === undefined ? Object.keys(errors)[0] : undefined;
    const key = [set, seed, architecture, method ?? 'alone', alone]
      .filter((it) => it !== undefined)
      .join('/');
    return { key, set, seed, architecture, method, task: alone, errors };
  };
  const seeds = [0, 1, 2, 3, 4, 5, 6, 7];
  // Alone each task has the error 1; together by 10 % less, with "good" by 20 %, with experts 30 %.
  const results = seeds.flatMap((seed) => [
    training('toy', seed, 'shared', undefined, { a: 1 }),
    training('toy', seed, 'shared', undefined, { b: 1 }),
    training('toy', seed, 'shared', 'equal', { a: 0.9, b: 0.9 }),
    training('toy', seed, 'shared', 'good', { a: 0.7, b: 0.9 }),
    training('toy', seed, 'mmoe', undefined, { a: 0.7 }),
    training('toy', seed, 'mmoe', undefined, { b: 0.7 }),
    training('toy', seed, 'mmoe', 'equal', { a: 0.7, b: 0.7 }),
    training('toy', seed, 'mmoe', 'good', { a: 1.4, b: 1.4 }),
  ]);

  test('a gain is over the networks of single tasks of the same split', () => {
    const { gain } = gains(results);
    expect(gain('toy', 3, 'shared', 'good')).toBeCloseTo(0.2);
    expect(gain('toy', 3, 'mmoe', 'equal')).toBeCloseTo(0.3);
    expect(gain('toy', 3, 'mmoe', 'equal', 'mmoe')).toBeCloseTo(0);
    expect(gain('toy', 99, 'shared', 'equal')).toBeNull();
  });

  test('better and worse are said only where chance would hardly do it', () => {
    const column = (of) => seeds.map((seed) => ({ set: 'toy', seed, gain: of(seed) }));
    const zero = column(() => 0);
    const half = column((seed) => (seed % 2 ? 1 : -1));
    const columns = [column(() => 1), column(() => -1), half];
    expect(against(columns, zero).map(({ verdict }) => verdict)).toEqual([
      '**better**',
      '**worse**',
      'no difference shown',
    ]);
    expect(against([half.slice(0, 7)], zero)[0]).toMatchObject({ wins: 3, losses: 4, sets: '0–1' });
  });

  test('they tell methods and architectures apart', () => {
    const names = { methods: ['equal', 'good'], some: ['equal', 'good'], architectures: ['mmoe'] };
    const { shared, architectures } = tables(results, names);
    expect(shared).toMatch(/`good` +\| \+20\.0 ± 0\.0 \| \+20\.0 +\| 1\.0/);
    expect(shared).toMatch(/`good` +\| \+10\.00 +\| 8–0 +\| 1–0 +\| 0\.008 +\| \*\*better\*\*/);
    expect(shared).toContain('`equal` beats the networks of single tasks in 8 of the 8 splits');
    expect(architectures).toMatch(/`mmoe` +\| \+30\.0 ± 0\.0 \| \+30\.0 +\| 0\.0 ± 0\.0/);
    expect(architectures).toMatch(/`mmoe` +\| \+30\.0 ± 0\.0 \| −40\.0 ± 0\.0/);
    expect(architectures).toMatch(/`mmoe` +\| \+20\.00 +\| 8–0/);
  });
});

test('of Adult only networks of the setting count that validation chose', () => {
  const [low, high] = SETTINGS.cases.published.grid;
  const auc = (income, never) => ({ income, 'never-married': never });
  const scored = (setting, scores, choosing) =>
    ['SB', 'MMoE', 'CGC', 'PLE-2'].flatMap((net) =>
      [0, 1].map((seed) => ({
        case: 'published',
        net,
        seed,
        setting,
        choosing,
        auc: scores,
        parameters: 1,
      })),
    );
  const rest = SETTINGS.cases.published.grid.slice(2);
  const text = render(
    [
      ...scored(low, auc(0.8, 0.8), true),
      ...scored(high, auc(0.9, 0.9), true),
      ...rest.flatMap((setting) => scored(setting, auc(0.7, 0.7), true)),
      ...scored(low, auc(0.99, 0.99), false),
      ...scored(high, auc(0.92, 0.95), false),
    ],
    'published',
  ).join('\n');
  expect(text).toContain(`dropout ${high.dropout}; the best of 10`);
  expect(text).toContain('2 seeds each');
  expect(text).toMatch(/CGC +\| 1 +\| 0\.9200 ± 0\.0000 \| 0\.9500 ± 0\.0000/);
  expect(text).toContain('0.9103 (income): reached by SB, MMoE, CGC, PLE-2');
  expect(text).toContain('0.9638 (never-married): **missed**, the best mean being 0.95000');
  expect(text).toContain('Both: **by none**');
});

test('ensembles of Adult have a grid of their own, in words that tell its settings apart', () => {
  const { grid } = SETTINGS.cases.publishedEnsembles;
  const scored = grid.flatMap((setting) =>
    [true, false].flatMap((choosing) =>
      ['SB', 'MMoE', 'CGC', 'PLE-2'].map((net) => ({
        case: 'publishedEnsembles',
        net,
        seed: choosing ? 1000 : 0,
        setting,
        choosing,
        auc: { income: 0.9, 'never-married': setting === grid.at(-1) ? 0.97 : 0.96 },
        parameters: setting.ensemble * 10,
      })),
    ),
  );
  const text = render(scored, 'publishedEnsembles').join('\n');
  expect(text).toContain('dropout 0.2, 4 networks, ema 0.99; the best of 8');
  expect(text).toContain('trained on the whole of it, 1 seeds each');
  expect(text).toMatch(/PLE-2 +\| 40 +\| 0\.9000/);
  expect(text).toContain('0.9638 (never-married): reached by SB, MMoE, CGC, PLE-2');
});
