// The controlled test of the MMoE paper: two regressions whose relatedness ρ is set, shared bottoms
// against experts with a gate for each task; once with one curve for all seeds, as in the paper, once
// with many, each seed drawing its own. Writes docs/balancing.md.
//
//     node benches/proof/synthetic.js one               two trainings at once; goes on where it was
//     node benches/proof/synthetic.js many              the same with a curve for each seed
//     node benches/proof/synthetic.js many --scale 2    other data: prints the table, writes none
//     node benches/proof/synthetic.js one --from FILE   writes the table of results that are there
//
// --rows, --sines, --scale, --curve, --seeds and --rhos 1,0 change the data of a case.
'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { parseArgs } = require('node:util');
const { train } = require('polytask');
const { mean } = require('./figures');
const { synthetic } = require('./generator');
const { choose, figures, inWords, render } = require('./ordering');
const { head, read, resultsFile, runAll, write } = require('./runs');

// An SB of 113 units has as many weights as the experts, as in section 5.1 of the paper.
const NETS = {
  SB: { architecture: 'shared', hidden: [16], tower: [8] },
  'SB-113': { architecture: 'shared', hidden: [113], tower: [8] },
  MMoE: { architecture: 'mmoe', experts: 8, hidden: [16], tower: [8], gateDropout: 0 },
};

const SETTINGS = {
  options: { optimizer: 'adam', weightDecay: 0, batchSize: 128, threads: 1, telemetry: false },
  model: { preset: 'fast', activation: 'relu', dropout: 0 },
};

const grid = (rates, epochs) =>
  rates.flatMap((learningRate) => epochs.map((count) => ({ learningRate, epochs: count })));

/**
 * The data; the nets; what they may be trained with; the data, of other seeds, on which that is
 * chosen for each; and the seeds of the test, from the `first`.
 */
const CASES = {
  one: {
    mark: 'proof-synthetic',
    data: { rows: 100_000, held: 5_000, sines: 10, scale: 1, noise: 0.01, curve: 3 },
    rhos: [1, 0.5, 0],
    nets: ['SB', 'SB-113', 'MMoE'],
    options: { gradientClip: false },
    grid: grid([0.003, 0.01, 0.03], [10]),
    choosing: { rho: 0.5, seeds: [1000, 1001, 1002] },
    first: 2000,
    seeds: 24,
  },
  many: {
    mark: 'proof-synthetic-many',
    data: { rows: 100_000, held: 5_000, sines: 10, scale: 1 },
    rhos: [1, 0.5, 0],
    nets: ['SB', 'MMoE'],
    options: {},
    grid: grid([0.003, 0.01, 0.03], [10]),
    choosing: { rho: 0.5, seeds: [1000, 1001] },
    first: 0,
    seeds: 48,
  },
};

const second = (rho) => `y2 at ${rho}`;

/** Writes lines a part at a time: a string of all of them may be too long. */
function put(file, heads, rows, line) {
  const out = fs.openSync(file, 'w');
  fs.writeSync(out, `${heads.join(',')}\n`);
  for (let at = 0; at < rows.length; at += 1_000) {
    fs.writeSync(
      out,
      `${rows
        .slice(at, at + 1_000)
        .map(line)
        .join('\n')}\n`,
    );
  }
  fs.closeSync(out);
  return file;
}

/** Writes the data of a seed for every ρ; the paths of the rows to train with and of those to test. */
function writeData(folder, { data: { rows: count, held, ...data }, rhos }, seed) {
  const { rows } = synthetic({ ...data, rho: rhos, seed, rows: count + 2 * held });
  const names = [...rows[0].x.map((_, at) => `x${at + 1}`), 'y1', ...rhos.map(second)];
  const line = ({ x, y, part = [] }) =>
    [[...x, ...y].map((value) => value.toPrecision(7)), part].flat().join(',');
  const known = rows
    .slice(0, count + held)
    .map((row, at) => ({ ...row, part: at < count ? 'train' : 'validation' }));
  const file = (name) => path.join(folder, `${seed}-${name}.csv`);
  return {
    training: put(file('training'), [...names, 'part'], known, line),
    test: put(file('test'), names, rows.slice(known.length), line),
  };
}

/** The mean over the tasks of the squared error. */
const meanSquare = (scores) => mean(Object.values(scores).map(({ rmse }) => rmse ** 2));

async function measure(files, { rhos, options }, { net, rho, setting, seed }) {
  const model = await train(files.training, {
    ...SETTINGS.options,
    ...options,
    ...setting,
    model: { ...SETTINGS.model, ...NETS[net] },
    targets: { y1: 'regression', [second(rho)]: 'regression' },
    features: { exclude: rhos.filter((other) => other !== rho).map(second) },
    validation: { column: 'part' },
    seed,
  });
  const best = model.history.findLast((report) => report.best);
  return {
    validation: meanSquare(best.validation.tasks),
    test: meanSquare(await model.evaluate(files.test)),
    epochs: model.history.length,
    parameters: model.toJSON().parameters,
  };
}

/** Runs jobs that share the data of their seed, which are there for as long as they are needed. */
function runWithData(folder, file, of, cases) {
  const jobs = cases.map((job) => ({
    key: `${job.net}/${job.rho}/${job.seed}/${inWords(job.setting)}`,
    ...job,
  }));
  const held = new Map();
  const run = async (job) => {
    for (const [seed, files] of held) {
      if (files.users > 0 || seed === job.seed) continue;
      fs.rmSync(files.training);
      fs.rmSync(files.test);
      held.delete(seed);
    }
    if (!held.has(job.seed)) held.set(job.seed, { ...writeData(folder, of, job.seed), users: 0 });
    const files = held.get(job.seed);
    files.users += 1;
    const result = await measure(files, of, job);
    files.users -= 1;
    return result;
  };
  return runAll({ file, settings: { ...SETTINGS, ...of }, jobs, run });
}

async function runNets(file, of) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'polytask-proof-'));
  const { nets } = of;
  try {
    const { rho, seeds } = of.choosing;
    const choices = seeds.flatMap((seed) =>
      of.grid.flatMap((setting) => nets.map((net) => ({ net, rho, seed, setting }))),
    );
    const chosen = choose(of, (await runWithData(folder, file, of, choices)).results);
    for (const net of nets) console.log(`chosen for ${net}: ${inWords(chosen[net][0].setting)}`);
    const cases = Array.from({ length: of.seeds }, (_, at) => of.first + at).flatMap((seed) =>
      of.rhos.flatMap((cosine) =>
        nets.map((net) => ({ net, rho: cosine, seed, setting: chosen[net][0].setting })),
      ),
    );
    await runWithData(folder, file, of, cases);
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

/** The case of the command line, and whether it is one of the documented ones. */
function caseOf({ positionals, values }) {
  const [name] = positionals;
  if (!Object.hasOwn(CASES, name)) throw new Error(`say which: ${Object.keys(CASES).join(' or ')}`);
  const of = structuredClone(CASES[name]);
  for (const key of ['rows', 'sines', 'scale', 'curve']) {
    if (values[key]) of.data[key] = Number(values[key]);
  }
  if (values.seeds) of.seeds = Number(values.seeds);
  if (!(of.seeds >= 5)) throw new Error('--seeds: an interval needs five or more');
  if (values.rhos) of.rhos = values.rhos.split(',').map(Number);
  if (!of.rhos.includes(of.choosing.rho)) of.choosing.rho = of.rhos.at(-1);
  const changed = ['rows', 'sines', 'scale', 'curve', 'seeds', 'rhos'].filter((key) => values[key]);
  const words = changed.map((key) => `-${key}-${values[key]}`).join('');
  const flags = changed.map((key) => ` --${key} ${values[key]}`).join('');
  return { of, file: resultsFile(`synthetic-${name}${words}`), words, command: `${name}${flags}` };
}

async function main() {
  const string = { type: 'string' };
  const options = { from: string, rows: string, sines: string, scale: string, curve: string };
  const parsed = parseArgs({
    options: { ...options, seeds: string, rhos: string },
    allowPositionals: true,
  });
  const { of, file: own, words, command } = caseOf(parsed);
  const file = parsed.values.from ?? own;
  if (!parsed.values.from) await runNets(file, of);
  const all = read(file);
  const text = [
    head(all, `node benches/proof/synthetic.js ${command}`),
    ...render(of, figures(of, all.results)),
  ].join('\n\n');
  console.log(text);
  if (words === '') write(of.mark, text);
}

if (require.main === module) main();

module.exports = { CASES };
