// Scores by group: of the rows that have the same in a column.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { train } = require('..');
const { Folder } = require('./cli');

/** 300 rows of three regions, of which the last has labels that nothing explains. */
function rows() {
  const regions = ['north', 'north', 'south', 'north', 'south', 'west'];
  let state = 7;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  return Array.from({ length: 300 }, (_, i) => {
    const region = i % 50 === 0 ? null : regions[i % 6];
    const size = random() * 100;
    const noise = region === 'west' ? 80 * random() : 0;
    const price = i % 7 === 0 ? null : size + noise;
    const sold = new Date(Date.UTC(2023, i % 18, 1 + (i % 28))).toISOString().slice(0, 10);
    return { region, size, sold, price, dear: size + noise > 60 ? 'yes' : 'no' };
  });
}

const TARGETS = { price: 'regression', dear: 'classification' };
const csvOf = (all) =>
  [Object.keys(all[0]), ...all.map(Object.values)].map((cells) => cells.join(',')).join('\n');

let model;
beforeAll(async () => {
  // The model has never seen the regions.
  const seen = rows().map(({ region, ...row }) => row);
  model = await train(seen, { targets: TARGETS, epochs: 10, seed: 1, refit: false });
});

test('the scores of a group are those of its rows alone', async () => {
  const scores = await model.evaluate(rows(), { by: 'region' });
  const plain = await model.evaluate(rows());
  for (const [task, { groups, ...all }] of Object.entries(scores)) {
    expect(all).toEqual(plain[task]);
    expect(groups.map(({ group }) => group)).toEqual(['north', 'south', 'west', null]);
    expect(groups.reduce((sum, { n }) => sum + n, 0)).toBe(all.n);
    for (const { group, ...own } of groups) {
      const alone = await model.evaluate(rows().filter(({ region }) => region === group));
      const { confusion, ...expected } = alone[task];
      expect(own).toEqual(expected);
    }
  }
  const worst = scores.price.groups.find(({ group }) => group === 'west');
  expect(worst.rmse).toBeGreaterThan(2 * scores.price.groups[0].rmse);
});

test('rows of every kind of source are grouped, and columns of every type', async () => {
  const names = (scores) => scores.dear.groups.map(({ group, n }) => `${group} ${n}`);
  const regions = names(await model.evaluate(rows(), { by: 'region' }));
  expect(regions).toEqual(['north 148', 'south 96', 'west 50', 'null 6']);
  const folder = new Folder();
  try {
    folder.write('rows.csv', csvOf(rows()));
    const file = await model.evaluate(folder.path('rows.csv'), { by: 'region' });
    expect(names(file)).toEqual(regions);
  } finally {
    folder.remove();
  }
  async function* later() {
    yield* rows();
  }
  expect(names(await model.evaluate(later(), { by: 'region' }))).toEqual(regions);
  const ranges = names(await model.evaluate(rows(), { by: 'size' }));
  expect(ranges).toHaveLength(4);
  expect(ranges.every((range) => /^[\d.]+ to [\d.]+ 75$/.test(range))).toBe(true);
  const months = names(await model.evaluate(rows(), { by: 'sold' }));
  expect(months).toHaveLength(18);
  expect(months[0]).toMatch(/^2023-01 \d+$/);
  const labels = names(await model.evaluate(rows(), { by: 'dear' }));
  expect(labels.map((text) => text.split(' ')[0]).sort()).toEqual(['no', 'yes']);
  const prices = names(await model.evaluate(rows(), { by: 'price' }));
  expect(prices.at(-1)).toMatch(/^null/);
});

test('rows of weight 0 are in no group, and weights count', async () => {
  const weighted = rows().map((row, i) => ({
    ...row,
    weight: row.region === 'west' ? 0 : 1 + (i % 2),
  }));
  const options = { targets: TARGETS, epochs: 2, sampleWeights: 'weight' };
  const other = await train(weighted, options);
  const { dear } = await other.evaluate(weighted, { by: 'region' });
  expect(dear.groups.map(({ group }) => group)).toEqual(['north', 'south', null]);
  const south = await other.evaluate(weighted.filter(({ region }) => region === 'south'));
  expect(dear.groups[1].accuracy).toBe(south.dear.accuracy);
});

test('a column that cannot group is told', async () => {
  const many = rows().map((row, i) => ({ ...row, name: `row ${i}` }));
  for (const [by, code, words] of [
    ['regoin', 'ERR_SCHEMA', 'by: no column "regoin"; did you mean "region"?'],
    ['name', 'ERR_OPTIONS', 'by: "name" has 300 different values; expected at most 100'],
    [3, 'ERR_OPTIONS', 'by: expected a string, found 3'],
    [['region'], 'ERR_OPTIONS', 'by: expected a string, found an array'],
  ]) {
    await expect(model.evaluate(many, { by })).rejects.toMatchObject({
      code,
      option: 'by',
      message: expect.stringContaining(words),
    });
  }
  await expect(model.evaluate(many, { bye: 'region' })).rejects.toMatchObject({
    code: 'ERR_OPTIONS',
    message: expect.stringContaining('did you mean "by"?'),
  });
});

test('no group of equal ones is the worst in a report', async () => {
  const { groups } = require('../lib/report/sections/groups');
  const section = (...accuracies) => {
    const all = accuracies.map((accuracy, i) => ({ group: `g${i}`, n: 50, accuracy }));
    const task = { name: 'y', classes: {}, groups: all };
    const text = String(groups({ source: { by: 'g', tasks: [task] }, shown: 1 }));
    return [...text.matchAll(/(g\d)<\/bdi> <small>worst/g)].map(([, group]) => group);
  };
  expect(section(1, 1)).toEqual([]);
  expect(section(0.9)).toEqual([]);
  expect(section(0.9, 0.5, 0.5)).toEqual(['g1', 'g2']);
  expect(section(0.9, 0.4, 0.5)).toEqual(['g1']);
});

test('a report has a section of them, and the program a table', async () => {
  const folder = new Folder();
  try {
    const page = folder.path('report.html');
    await model.report(page, { source: rows(), by: 'region', importance: false });
    const html = fs.readFileSync(page, 'utf8');
    const section = html.match(/<section id="groups">.*?<\/section>/s)[0];
    expect(section).toContain('Scores by group');
    expect(section).toMatch(/west<\/bdi> <small>worst<\/small>/);
    expect(section).toContain('(missing)');
    await expect(model.report(page, { by: 'region' })).rejects.toMatchObject({
      code: 'ERR_OPTIONS',
      option: 'by',
    });
    await model.report(page, { source: rows(), importance: false });
    expect(fs.readFileSync(page, 'utf8')).not.toContain('id="groups"');

    folder.write('rows.csv', csvOf(rows()));
    await model.save(folder.path('m.safetensors'));
    const files = [folder.path('m.safetensors'), folder.path('rows.csv')];
    const text = await folder.run(['evaluate', ...files, '--by', 'region']);
    expect(text.stdout).toMatch(/^ {2}by region +rows +accuracy/m);
    expect(text.stdout).toMatch(/^ {2}west +50 /m);
    const json = await folder.run(['evaluate', ...files, '--by', 'region', '--json']);
    expect(JSON.parse(json.stdout).price.groups).toHaveLength(4);
    const out = path.join(path.dirname(page), 'by.html');
    const report = await folder.run([
      'report',
      files[0],
      '--source',
      files[1],
      '--by',
      'region',
      '--out',
      out,
    ]);
    expect(report.code).toBe(0);
    expect(fs.readFileSync(out, 'utf8')).toContain('id="groups"');
  } finally {
    folder.remove();
  }
});
