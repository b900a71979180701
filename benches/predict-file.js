// The speed of predictFile and the memory it takes: a file of 100,000 rows and one of 1,000,000,
// 20 columns each, both made here, each predicted in a process of its own.
//
//     node benches/predict-file.js
'use strict';

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { load, train, version } = require('polytask');

const COLUMNS = 20;
const CITIES = ['Oslo', 'Rome', 'Lima', 'Cairo'];
const names = Array.from({ length: COLUMNS }, (_, i) => (i === 0 ? 'city' : `x${i}`));

/** One row of figures that repeat only after long. */
function row(i) {
  const cells = names.map((_, j) =>
    ((Math.imul(i + 1, 2654435761 + j * 97) >>> 8) / 1e5).toFixed(4),
  );
  cells[0] = CITIES[i % CITIES.length];
  return cells;
}

function write(file, rows) {
  const out = fs.openSync(file, 'w');
  fs.writeSync(out, `${names.join(',')}\n`);
  for (let first = 0; first < rows; first += 10_000) {
    const lines = Array.from({ length: 10_000 }, (_, i) => row(first + i).join(','));
    fs.writeSync(out, `${lines.join('\n')}\n`);
  }
  fs.closeSync(out);
}

/** The most memory this process has held, in kilobytes. */
function peak() {
  // On Linux maxRSS counts what the parent held when it forked; VmHWM does not.
  const status = '/proc/self/status';
  const told = fs.existsSync(status) && /VmHWM:\s*(\d+)/.exec(fs.readFileSync(status, 'utf8'));
  return told ? Number(told[1]) : process.resourceUsage().maxRSS;
}

/** In a process of its own: predicts, and prints what it took. */
async function measure(model, input, output) {
  const loaded = await load(model);
  const before = peak();
  const began = performance.now();
  const { rows } = await loaded.predictFile(input, output, { keep: ['city'] });
  const seconds = (performance.now() - began) / 1000;
  console.log(JSON.stringify({ rows, seconds, before, peak: peak() }));
}

async function main() {
  const [{ model: machine }] = os.cpus();
  console.log(`${machine}, ${os.availableParallelism()} cores, Node ${process.version}`);
  console.log(`node benches/predict-file.js, polytask ${version}\n`);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'polytask-bench-'));
  try {
    const model = path.join(folder, 'model.safetensors');
    const rows = Array.from({ length: 2000 }, (_, i) => {
      const cells = Object.fromEntries(row(i).map((cell, j) => [names[j], cell]));
      return {
        ...cells,
        price: Number(cells.x1) + Number(cells.x2),
        kind: cells.x3 > 80 ? 'a' : 'b',
      };
    });
    const options = { targets: { price: 'regression', kind: 'classification' }, epochs: 2 };
    await (await train(rows, options)).save(model);
    console.log('     rows    input MB   seconds    rows/s   RSS before, MB   peak RSS, MB');
    for (const count of [100_000, 1_000_000]) {
      const [input, output] = [path.join(folder, 'in.csv'), path.join(folder, 'out.csv')];
      write(input, count);
      const told = execFileSync(process.execPath, [__filename, model, input, output]);
      const { rows, seconds, before, peak } = JSON.parse(told);
      const figures = [
        String(rows).padStart(9),
        (fs.statSync(input).size / 1e6).toFixed(1).padStart(12),
        seconds.toFixed(2).padStart(10),
        String(Math.round(rows / seconds)).padStart(10),
        (before / 1024).toFixed(1).padStart(17),
        (peak / 1024).toFixed(1).padStart(15),
      ];
      console.log(figures.join(''));
    }
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

const job = process.argv.length > 2 ? measure(...process.argv.slice(2)) : main();
job.catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
