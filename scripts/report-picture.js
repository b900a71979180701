// Draws docs/report.png, the picture of a report: trains on customers made up here, writes the
// report and takes a picture of its top in a headless Chromium.
'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { trainSync } = require('..');
const { openBrowser } = require('../__test__/browser');
const { mulberry32 } = require('../benches/random');

const ROWS = 6000;
const PLANS = ['basic', 'plus', 'family', 'business'];
const PICTURE = path.join(__dirname, '..', 'docs', 'report.png');

/** Customers whose three labels hang on some of the same columns; a sixth has no label of churn. */
function customers() {
  const random = mulberry32(7);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const cities = Array.from({ length: 30 }, (_, i) => ({ name: `city ${i}`, lift: normal() }));
  return Array.from({ length: ROWS }, () => {
    const city = cities[Math.floor(random() * cities.length)];
    const age = 18 + Math.floor(random() * 60);
    const income = Math.exp(10 + 0.5 * normal());
    const visits = Math.floor(random() * 20);
    const member = random() < 0.4;
    const joined = 2015 + Math.floor(random() * 10);
    const leaves =
      -0.6 + 0.06 * (age - 45) - 0.11 * visits + city.lift - (member ? 1 : 0) + normal();
    const plan = Math.round((income / 22_000 - 1) * 1.3 + (member ? 1.2 : 0) + 0.5 * normal());
    const spend = income / 400 + visits * 6 + city.lift * 20 + (member ? 30 : 0) + 15 * normal();
    return {
      age,
      income: random() < 0.05 ? null : Math.round(income),
      visits,
      city: city.name,
      member,
      joined: `${joined}-0${1 + Math.floor(random() * 9)}-15`,
      churn: random() < 1 / 6 ? null : leaves > 0 ? 'leaves' : 'stays',
      plan: PLANS[Math.max(0, Math.min(PLANS.length - 1, plan))],
      spend: Number(spend.toFixed(2)),
    };
  });
}

async function draw() {
  const rows = customers();
  const model = trainSync(rows.slice(0, -1000), {
    targets: {
      churn: { classes: ['stays', 'leaves'] },
      plan: { classes: PLANS },
      spend: 'regression',
    },
    balance: 'upgrad',
    epochs: 40,
    threads: 1,
  });
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'polytask-picture-'));
  const file = path.join(folder, 'report.html');
  await model.report(file, {
    source: rows.slice(-1000),
    title: 'Customers: churn, plan and spend',
  });
  // As wide as a page of documentation shows it.
  const viewport = { width: 1180, height: 1190 };
  const browser = await openBrowser({ viewport, deviceScaleFactor: 0.8, colorScheme: 'light' });
  const page = await browser.context.newPage();
  await page.goto(`file://${file}`);
  await page.screenshot({ path: PICTURE });
  await browser.close();
  fs.rmSync(folder, { recursive: true });
  console.log(`${path.relative(process.cwd(), PICTURE)}: ${fs.statSync(PICTURE).size} bytes`);
}

draw();
