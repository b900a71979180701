// Reports: what is in the file, and what a browser makes of it.
'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { Model, train, trainSync } = require('..');
const { run } = require('./child');
const { findChromium, openBrowser } = require('./browser');
const { CSV, rows, split } = require('./iris');

const MOST_BYTES = 400_000;
const TARGETS = ['species', 'petal_width'];

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'polytask-report-'));
const at = (name) => path.join(folder, name);
const read = (name) => fs.readFileSync(at(name), 'utf8');
afterAll(() => fs.rmSync(folder, { recursive: true }));

let model;
const { training, heldOut } = split(1);
beforeAll(() => {
  model = trainSync(training, { targets: TARGETS, epochs: 60, balance: 'dwa' });
});

/** The text of a page as it is read, without its style and script. */
const textOf = (html) =>
  html
    .replace(/<(style|script)\b.*?<\/\1>/gs, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ');

/** Names that are HTML, or too long, or turn the line around. */
const EVIL = `</script><img src=x onerror="document.title='hurt'"><b onclick='x'>`;
const LONG = 'long '.repeat(20_000);

/** Fourteen tasks, 500 columns, 200 classes, and names that mean harm. */
function hostile() {
  const columns = Array.from({ length: 500 }, (_, i) => `column ${i}`);
  columns.splice(0, 3, LONG, `${EVIL}column`, '\u202econstructor');
  const made = Array.from({ length: 400 }, (_, row) => {
    const cells = columns.map((name, i) => [name, Math.sin(row * (i + 1) * 0.37)]);
    const labels = [
      [EVIL, row % 3 ? EVIL : 'plain'],
      ['many', `class ${row % 200}`],
      ['__proto__', ['a', 'b', LONG, '\ud800'][row % 4]],
      ...Array.from({ length: 11 }, (_, i) => [`task ${i}`, Math.cos(row * i * 0.1) * 10]),
    ];
    return Object.fromEntries([...cells, ...labels]);
  });
  const tasks = [EVIL, 'many', '__proto__', ...Array.from({ length: 11 }, (_, i) => `task ${i}`)];
  const kinds = tasks.map((task, i) => [task, i < 3 ? 'classification' : 'regression']);
  const options = { epochs: 3, model: { hidden: [8] }, targets: Object.fromEntries(kinds) };
  return { made, model: trainSync(made, options) };
}

describe('the file', () => {
  test('tells that the network learnt from all rows in the end', async () => {
    const options = { targets: TARGETS, epochs: 5, refit: true };
    await trainSync(training, options).report(at('refit.html'));
    await model.report(at('once.html'));
    const told = `best epoch, and then anew on all ${training.length} rows.`;
    expect(textOf(read('refit.html'))).toContain(told);
    await trainSync(training, { ...options, refit: 2 }).report(at('several.html'));
    const several = textOf(read('several.html'));
    expect(several).toMatch(/2 networks of [\d,]+ weights predict /);
    expect(several).toContain(`and then all were trained anew on all ${training.length} rows.`);
    expect(textOf(read('once.html'))).not.toContain('anew');
  });

  test('tells what evaluate tells, on rows the model has not seen', async () => {
    await model.report(at('scored.html'), { source: heldOut });
    const text = textOf(read('scored.html'));
    const { species, petal_width } = await model.evaluate(heldOut);
    expect(text).toContain(`${(species.accuracy * 100).toFixed(1)} %`);
    expect(text).toContain(String(Number(petal_width.rmse.toPrecision(4))));
    expect(text).toContain(String(Number(species.rocAuc.toPrecision(4))));
    for (const part of ['Confusion', 'ROC curve', 'Calibration', 'Residuals', 'setosa']) {
      expect(text).toContain(part);
    }
    for (const part of ['Predicted against actual', 'What each column is worth', 'dwa']) {
      expect(text).toContain(part);
    }
    expect(text).toContain('trained on 96 rows');
    expect(text).toContain('Scores of few labels are rough');
    expect(text).not.toContain('Figures flatter it');
    expect(text).not.toMatch(/undefined|NaN|\[object/);
  });

  test('says so where the rows are those it was trained on', async () => {
    await model.report(at('flattered.html'), { source: training, importance: false });
    const text = textOf(read('flattered.html'));
    expect(text).toContain('Figures flatter it');
    expect(text).not.toContain('What each column is worth');
  });

  test('tells without rows what the model knows, and what they would add', async () => {
    await model.report(at('alone.html'));
    const text = textOf(read('alone.html'));
    const best = model.history.findLast(({ best }) => best);
    const { accuracy } = best.validation.tasks.species;
    expect(text).toContain(`${(accuracy * 100).toFixed(1)} %`);
    expect(text).toContain('With labelled rows there is more to see');
    expect(text).toContain(`those of epoch ${best.epoch}`);
    expect(text).not.toMatch(/undefined|NaN|\[object/);
  });

  test('is the same, byte by byte, when written again, from a file of the model too', async () => {
    const options = { source: CSV, title: 'Iris & co' };
    await model.report(at('first.html'), options);
    await Model.fromBuffer(model.toBuffer()).report(at('again.html'), options);
    expect(read('again.html')).toBe(read('first.html'));
    expect(read('first.html')).toContain('<title>Iris &amp; co</title>');
  });

  test('tells of a comparison, of experts, of intervals and of one task', async () => {
    const many = await train(rows(), {
      targets: TARGETS,
      epochs: 2,
      model: { architecture: 'mmoe' },
      interval: 0.8,
      compare: { method: 'single-task', seeds: 2 },
    });
    await many.report(at('many.html'), { source: CSV });
    const text = textOf(read('many.html'));
    expect(text).toContain('Together or alone');
    expect(text).toContain('Use of experts');
    expect(text).toContain('80 % intervals');
    expect(text).toContain('over 2 seeds');
    const one = trainSync(rows(), { epochs: 1, validation: false });
    await one.report(at('one.html'), { source: CSV });
    expect(textOf(read('one.html'))).not.toContain('How the tasks got along');
    await one.report(at('one.html'));
    expect(textOf(read('one.html'))).toContain('There were no validation rows');
  });

  test('is small and harmless, whatever columns, classes and tasks are called', async () => {
    const { made, model: bad } = hostile();
    await bad.report(at('hostile.html'), {
      source: made,
      title: EVIL,
      importance: { rows: 50, repeats: 1 },
    });
    const html = read('hostile.html');
    expect(Buffer.byteLength(html)).toBeLessThan(MOST_BYTES);
    expect(html).not.toContain('<img');
    expect(html).not.toContain('\u202e');
    expect(html.match(/<\/script>/g)).toHaveLength(1);
    expect(html).not.toContain(LONG.slice(0, 2000));
    const text = textOf(html);
    expect(text).toContain('of 500 columns: the most important');
    expect(text).toContain('the most frequent');
    expect(text).toContain('__proto__');
    // All fourteen tasks have their place.
    expect(html.match(/<article/g)).toHaveLength(14);
  }, 60_000);
});

describe('arguments', () => {
  test.each([
    [[3], /report takes a path/],
    [['x.html', 3], /report takes options as an object/],
    [['x.html', { source: 3 }], /report takes the path of a CSV file/],
    [['x.html', { sauce: 'a.csv' }], /did you mean "source"/],
    [['x.html', { importance: { rows: 1 } }], /importance\.rows/],
    [['x.html', { title: 1 }], /title: expected a string/],
  ])('%j is refused', async (given, message) => {
    const args = given.map((it) => (it === 'x.html' ? at(it) : it));
    const error = { code: 'ERR_OPTIONS', message: expect.stringMatching(message) };
    await expect(model.report(...args)).rejects.toMatchObject(error);
    expect(fs.existsSync(at('x.html'))).toBe(false);
  });

  test('a file is written whole or not at all', async () => {
    fs.writeFileSync(at('kept.html'), 'before');
    const before = fs.readdirSync(folder);
    const broken = model.report(at('kept.html'), { source: [{ species: 'setosa' }] });
    await expect(broken).rejects.toMatchObject({ code: 'ERR_ROWS' });
    expect(read('kept.html')).toBe('before');
    expect(fs.readdirSync(folder)).toEqual(before);
    const nowhere = model.report(at('no/such/folder.html'));
    await expect(nowhere).rejects.toMatchObject({ code: 'ERR_ARTIFACT', file: expect.anything() });
  });
});

describe('importance', () => {
  test('is greatest of the column that tells most, and repeats by its seed', async () => {
    const importance = await model.importance(CSV, { seed: 3 });
    expect(await model.importance(CSV, { seed: 3 })).toEqual(importance);
    expect(await model.importance(CSV, { seed: 4 })).not.toEqual(importance);
    expect(importance).toMatchObject({ rows: 150, repeats: 5 });
    const { species, petal_width } = importance.tasks;
    expect(species).toMatchObject({ metric: 'logLoss', higherIsBetter: false, n: 150 });
    expect(species.features.map(({ name }) => name).sort()).toEqual(
      model.features.map(({ name }) => name).sort(),
    );
    expect(species.features[0].name).toBe('petal_length');
    expect(species.features[0].loss.values).toHaveLength(5);
    expect(petal_width.metric).toBe('rmse');
    const scores = await model.evaluate(CSV);
    expect(species.score).toBe(scores.species.logLoss);
    expect(petal_width.score).toBe(scores.petal_width.rmse);
  });

  test('is told in the score asked for, of rows from anywhere', async () => {
    const options = { rows: 40, repeats: 1, metrics: { species: 'accuracy' } };
    const { rows: n, tasks } = await model.importance(heldOut.values(), options);
    expect([n, tasks.species.metric, tasks.species.higherIsBetter]).toEqual([30, 'accuracy', true]);
    expect(tasks.petal_width.features[0].loss.deviation).toBeNull();
    const wrong = { metrics: { species: 'rmse' } };
    const error = { code: 'ERR_OPTIONS', message: expect.stringContaining("has no 'rmse'") };
    await expect(model.importance(CSV, wrong)).rejects.toMatchObject(error);
    const unlabelled = rows().map(({ species, ...row }) => ({ ...row, species: null }));
    const { species } = (await model.importance(unlabelled, { repeats: 1 })).tasks;
    expect([species.n, species.score, species.features[0].loss]).toEqual([0, null, null]);
  });
});

const browser = findChromium();
if (!browser)
  console.warn('report.test.js: no chromium on the PATH, reports are not opened in one');

(browser ? describe : describe.skip)('in a browser', () => {
  let opened;
  let problems;
  let page;

  beforeAll(async () => {
    opened = await openBrowser();
    const { model: bad, made } = hostile();
    await bad.report(at('evil.html'), { source: made, importance: { rows: 40, repeats: 1 } });
    await model.report(at('page.html'), { source: CSV });
    await model.report(at('bare.html'));
    const wild = Array.from({ length: 120 }, (_, x) => ({
      x,
      y: (x % 3 ? 1 : -1) * 10 ** (90 + (x % 40)),
    }));
    const far = trainSync(wild, { targets: 'y', epochs: 3 });
    await far.report(at('wild.html'), { source: wild });
  }, 120_000);
  afterAll(() => opened?.close());

  beforeEach(async () => {
    page = await opened.context.newPage();
    problems = [];
    page.on('console', (message) => problems.push(message.text()));
    page.on('pageerror', (error) => problems.push(String(error)));
    page.on('request', (request) => {
      const own = /^(file|data):/.test(request.url());
      if (!own || request.url().includes('.css')) problems.push(request.url());
    });
  }, 60_000);
  afterEach(() => page.close());

  const open = (name) => page.goto(`file://${at(name)}`);

  /** What of the charts is not drawn, not named, or lies outside of its place. */
  const faults = () =>
    page.evaluate(() => {
      const wrong = [];
      const charts = [...document.querySelectorAll('svg[role=img]')];
      for (const svg of charts) {
        const label = svg.getAttribute('aria-label');
        // A single point is a path of no width with round ends.
        const drawn = [...svg.querySelectorAll('.line, .dots, .bar, circle')].some(
          (mark) => mark.getBoundingClientRect().width > 0 || /h0$/.test(mark.getAttribute('d')),
        );
        if (!drawn) wrong.push(`${label}: nothing is drawn`);
        if (!label || !(svg.querySelector('desc')?.textContent.length > 10)) {
          wrong.push(`${label}: no description`);
        }
        const box = svg.getBoundingClientRect();
        for (const mark of svg.querySelectorAll('.line, .bar, circle, text')) {
          const own = mark.getBoundingClientRect();
          const inside = own.left >= box.left - 4 && own.right <= box.right + 8;
          if (own.width > 0 && !inside) wrong.push(`${label}: ${mark.outerHTML} lies outside`);
        }
        if (/NaN|undefined|Infinity/.test(svg.outerHTML)) wrong.push(`${label}: no number`);
      }
      return { wrong, charts: charts.length };
    });

  test.each([
    ['page.html', 14],
    ['bare.html', 7],
    ['evil.html', 50],
    ['wild.html', 6],
  ])(
    'every chart of %s is drawn and named; no error, no request',
    async (name, least) => {
      await open(name);
      const { charts, wrong } = await faults();
      expect(wrong).toEqual([]);
      expect(charts).toBeGreaterThanOrEqual(least);
      expect(await page.title()).not.toBe('hurt');
      expect(await page.locator('img, iframe, link[rel=stylesheet], script[src]').count()).toBe(0);
      expect(problems).toEqual([]);
    },
    60_000,
  );

  test.each(['page.html', 'evil.html', 'wild.html'])(
    '%s fits a phone, in light and dark',
    async (name) => {
      await page.setViewportSize({ width: 360, height: 740 });
      await open(name);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
      const paper = () =>
        page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
      const light = await paper();
      await page.emulateMedia({ colorScheme: 'dark' });
      expect(await paper()).not.toBe(light);
      expect((await faults()).wrong).toEqual([]);
      expect(problems).toEqual([]);
    },
    60_000,
  );

  test('text can be read on its ground, in light and dark', async () => {
    await open('page.html');
    const faint = () =>
      page.evaluate(() => {
        const canvas = document
          .createElement('canvas')
          .getContext('2d', { willReadFrequently: true });
        const shade = (colour) => {
          canvas.fillStyle = colour;
          canvas.fillRect(0, 0, 1, 1);
          const part = [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3).map((it) => {
            const share = it / 255;
            return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
          });
          return 0.2126 * part[0] + 0.7152 * part[1] + 0.0722 * part[2];
        };
        const ground = (element) => {
          const own = getComputedStyle(element).backgroundColor;
          return /, 0\)$|transparent/.test(own) && element.parentElement
            ? ground(element.parentElement)
            : own;
        };
        const texts = [...document.querySelectorAll('p, td, th, h1, h2, h3, li, dd, dt, b, small')];
        const contrasts = texts
          .filter(
            (element) => element.textContent.trim() && element.getBoundingClientRect().width > 1,
          )
          .map((element) => {
            const [a, b] = [shade(getComputedStyle(element).color), shade(ground(element))];
            return [
              (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05),
              element.outerHTML.slice(0, 90),
            ];
          });
        return contrasts.filter(([contrast]) => contrast < 4.5);
      });
    expect(await faint()).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await faint()).toEqual([]);
  }, 60_000);

  test('the pointer and the arrow keys show values of an epoch', async () => {
    await open('page.html');
    const plot = page.locator('#learning .plot').first();
    await plot.scrollIntoViewIfNeeded();
    const box = await plot.boundingBox();
    await page.mouse.move(box.x + box.width * 0.99, box.y + box.height / 2);
    const last = model.history.at(-1);
    const tip = plot.locator('.tip');
    expect(await tip.textContent()).toContain(`epoch ${last.epoch}`);
    expect(await tip.textContent()).toContain(
      String(Number(last.tasks.species.loss.toPrecision(4))),
    );
    await page.mouse.move(box.x, 0);
    expect(await tip.isVisible()).toBe(false);
    await plot.focus();
    await page.keyboard.press('Home');
    expect(await tip.textContent()).toContain('epoch 1');
    await page.keyboard.press('ArrowRight');
    expect(await tip.textContent()).toContain('epoch 2');
    await page.keyboard.press('Escape');
    expect(await tip.isVisible()).toBe(false);
  }, 60_000);

  test('prints on paper, and is whole without scripts', async () => {
    await open('page.html');
    const pdf = await page.pdf({ format: 'A4' });
    const pages = pdf.toString('latin1').match(/\/Type\s*\/Page\b/g).length;
    expect(pages).toBeGreaterThan(1);
    expect(pages).toBeLessThan(12);
    const still = read('page.html').replace(/<script>.*<\/script>/s, '');
    fs.writeFileSync(at('still.html'), still);
    await open('still.html');
    expect((await faults()).wrong).toEqual([]);
    expect(problems).toEqual([]);
  }, 60_000);
});

test('a report on a model of a file needs no libtorch', async () => {
  await model.save(at('model.safetensors'));
  const { status, stdout, stderr } = await run(`
    const { load } = require('.');
    load(${JSON.stringify(at('model.safetensors'))})
      .then((model) => model.report(${JSON.stringify(at('loaded.html'))}, { source: 'data/iris.csv' }))
      .then(() => console.log(Object.keys(require.cache).some((file) => /train.node$/.test(file))));
  `);
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: 'false\n', stderr: '' });
  expect(read('loaded.html')).toMatch(/^<!doctype html>/);
});
