// The page of examples/browser answers in a browser as `predict` does.
'use strict';

const { spawn, spawnSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { trainSync } = require('..');
const { TARGETS, asked, labelled } = require('../benches/onnx/table');
const { models } = require('../benches/onnx/models');
const { findChromium, openBrowser } = require('./browser');
const { ROOT } = require('./child');

const found = findChromium() !== null;
if (!found) console.warn('no Chromium on the PATH: the page of examples/browser is not tested');
const inBrowser = found ? test : test.skip;

let folder;
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'browser-'));
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

/** Serves a model's folder; gives the address and what ends the server. */
function serve(model) {
  const server = spawn(process.execPath, ['examples/browser/server.js', model], {
    cwd: ROOT,
    env: { ...process.env, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const address = new Promise((resolve, reject) => {
    server.stdout.once('data', (line) => resolve(String(line).trim()));
    server.once('exit', () => reject(new Error('the server ended')));
  });
  return { address, stop: () => server.kill() };
}

/** Opens the page with a model and hands it to `use`; what it complained of is given back. */
async function withPage(model, use) {
  const { address, stop } = serve(model);
  const complaints = [];
  const { context, close } = await openBrowser();
  try {
    const page = await context.newPage();
    page.on('console', (line) => line.type() === 'error' && complaints.push(line.text()));
    page.on('pageerror', (error) => complaints.push(String(error)));
    await page.goto(await address);
    await page.waitForSelector('body[data-ready]', { timeout: 60_000 });
    await use(page);
  } finally {
    await close();
    stop();
  }
  return complaints;
}

inBrowser(
  'the page shows the answers of the exported Iris model',
  async () => {
    const model = path.join(folder, 'iris');
    const { status, stderr } = spawnSync(process.execPath, ['examples/browser/export.js', model], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const complaints = await withPage(model, async (page) => {
      for (const [name, cell] of [
        ['sepal_length', '5.1'],
        ['sepal_width', '3.5'],
        ['petal_length', '1.4'],
      ]) {
        await page.fill(`input[name=${name}]`, cell);
      }
      const shown = page.locator('#answers dd').first();
      await shown.filter({ hasText: /^setosa \(setosa 9\d/ }).waitFor({ timeout: 10_000 });
      expect(await page.locator('#answers dt').allTextContents()).toEqual([
        'species',
        'petal_width',
      ]);
    });
    expect(complaints).toEqual([]);
  },
  120_000,
);

inBrowser(
  'every type of column and kind of task is answered there as here',
  async () => {
    const model = trainSync(labelled(200), models(2)['all categories embedded']);
    const rows = asked(200);
    const expected = model.predict(rows);
    await model.exportOnnx(path.join(folder, 'model.onnx'));
    fs.writeFileSync(path.join(folder, 'model.json'), JSON.stringify(model));
    // The example takes dates as its fields do.
    const iso = (text) =>
      text?.replace(/^(\d+)\/(\d+)\/(\d+)$/, (_, d, m, y) => {
        return `${y}-${m.padStart(2, '0')}-${d.padStart(2, '0')}`;
      }) ?? null;
    const given = rows.map((row) => ({ ...row, entered: iso(row.entered) }));
    const complaints = await withPage(folder, async (page) => {
      const answers = await page.evaluate((rows) => window.model.predict(rows), given);
      expect(Object.keys(answers[0])).toEqual(Object.keys(TARGETS));
      answers.forEach((answer, row) => {
        for (const [name, { label, probabilities, value }] of Object.entries(answer)) {
          const here = expected[row][name];
          if (!probabilities) {
            const unit = Math.max(1, Math.abs(here.value));
            expect(Math.abs(value - here.value) / unit).toBeLessThan(1e-5);
            continue;
          }
          expect(label).toBe(here.label);
          for (const [key, p] of Object.entries(probabilities)) {
            expect(Math.abs(p - here.probabilities[key])).toBeLessThan(1e-5);
          }
        }
      });
    });
    expect(complaints).toEqual([]);
  },
  120_000,
);
