// The controlled test of the MMoE paper: two regressions whose relatedness ρ is set, a shared bottom
// against experts with a gate for each task; once with few rows, once with many. Writes
// docs/balancing.md.
//
//     node benches/proof/synthetic.js few               two trainings at once; goes on where it was
//     node benches/proof/synthetic.js many              the same with more rows
//     node benches/proof/synthetic.js many --scale 2    other data: prints the table, writes none
//     node benches/proof/synthetic.js few --from FILE   writes the table of results that are there
//
// --rows, --sines, --scale, --seeds and --rhos 1,0 change the data of a case.
'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { parseArgs } = require('node:util');
const { train } = require('polytask');
const { aligned } = require('../harness/table');
const { deviation, halfWidth, mean } = require('./figures');
const { synthetic } = require('./generator');
const { head, read, resultsFile, runAll, write } = require('./runs');

const NETS = {
  SB: { architecture: 'shared', hidden: [16], tower: [8] },
  MMoE: { architecture: 'mmoe', experts: 8, hidden: [16], tower: [8], gateDropout: 0 },
};

const SETTINGS = {
  options: { optimizer: 'adam', weightDecay: 0, batchSize: 128, threads: 1, telemetry: false },
  model: { preset: 'fast', activation: 'relu', dropout: 0 },
};

const grid = (rates, epochs) =>
  rates.flatMap((learningRate) => epochs.map((count) => ({ learningRate, epochs: count })));

/**
 * The data; what the nets may be trained with; and the data, of other seeds, on which that is
 * chosen, for both nets `together` or for each. Many rows have fewer epochs, so the steps are as many.
 */
const CASES = {
  few: {
    mark: 'proof-synthetic',
    data: { rows: 10_000, held: 1_000, sines: 5, scale: 1 },
    rhos: [1, 0.8, 0.5, 0.2, 0],
    seeds: 12,
    grid: grid([0.001, 0.003, 0.01], [30, 100]),
    choosing: { rho: 0.5, seeds: [1000, 1001, 1002], together: true },
  },
  many: {
    mark: 'proof-synthetic-many',
    data: { rows: 100_000, held: 5_000, sines: 10, scale: 1 },
    rhos: [1, 0.5, 0],
    seeds: 48,
    grid: grid([0.003, 0.01, 0.03], [10]),
    choosing: { rho: 0.5, seeds: [1000, 1001], together: false },
  },
};

const inWords = ({ learningRate, epochs }) => `learning rate ${learningRate}, ${epochs} epochs`;
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

async function measure(files, { rhos }, { net, rho, setting, seed }) {
  const model = await train(files.training, {
    ...SETTINGS.options,
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

/** By net, the settings from the one with the least mean squared error on the validation rows. */
function choose({ grid, choosing: { seeds, together } }, results) {
  const tried = results.filter(({ seed }) => seeds.includes(seed));
  const score = (net, setting) => {
    const own = tried.filter((it) => inWords(it.setting) === inWords(setting));
    const of = together ? own : own.filter((it) => it.net === net);
    return mean(of.map(({ validation }) => validation));
  };
  const ranked = (net) =>
    grid
      .map((setting) => ({ setting, score: score(net, setting) }))
      .sort((a, b) => a.score - b.score);
  return Object.fromEntries(Object.keys(NETS).map((net) => [net, ranked(net)]));
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
  const nets = Object.keys(NETS);
  try {
    const { rho, seeds } = of.choosing;
    const choices = seeds.flatMap((seed) =>
      of.grid.flatMap((setting) => nets.map((net) => ({ net, rho, seed, setting }))),
    );
    const chosen = choose(of, (await runWithData(folder, file, of, choices)).results);
    for (const net of nets) console.log(`chosen for ${net}: ${inWords(chosen[net][0].setting)}`);
    const cases = Array.from({ length: of.seeds }, (_, seed) =>
      of.rhos.flatMap((cosine) =>
        nets.map((net) => ({ net, rho: cosine, seed, setting: chosen[net][0].setting })),
      ),
    ).flat();
    await runWithData(folder, file, of, cases);
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

/** The figures of each ρ, from all results; only seeds count of which every training is there. */
function figures(of, results) {
  const chosen = choose(of, results);
  const rest = results.filter(
    ({ net, seed, setting }) =>
      !of.choosing.seeds.includes(seed) && inWords(setting) === inWords(chosen[net][0].setting),
  );
  const all = 2 * of.rhos.length;
  const seeds = [...new Set(rest.map(({ seed }) => seed))]
    .filter((seed) => rest.filter((it) => it.seed === seed).length === all)
    .sort((a, b) => a - b);
  const test = (net, rho, seed) =>
    rest.find((it) => it.net === net && it.rho === rho && it.seed === seed).test;
  const byRho = of.rhos.map((rho) => {
    const [sb, mmoe] = Object.keys(NETS).map((net) => seeds.map((seed) => test(net, rho, seed)));
    return { rho, sb, mmoe, gaps: sb.map((error, at) => error - mmoe[at]) };
  });
  return {
    chosen,
    byRho,
    parameters: Object.keys(NETS).map((net) => rest.find((it) => it.net === net).parameters),
  };
}

const interval = (xs) => `${mean(xs).toFixed(4).replace('-', '−')} ± ${halfWidth(xs).toFixed(4)}`;

/** How the settings were chosen, in words. */
function choiceInWords({ choosing: { rho, seeds, together } }, chosen) {
  const list = (settings) =>
    settings.map(({ setting, score }) => `${inWords(setting)}: ${score.toFixed(4)}`).join('; ');
  const where = `at ρ = ${rho}, on data of ${seeds.length} other seeds`;
  if (together) {
    const [settings] = Object.values(chosen);
    return `The setting, for both nets, is the best of ${settings.length} by the mean validation MSE of both nets ${where}: ${list(settings)}.`;
  }
  const each = Object.entries(chosen).map(([net, settings]) => `${net}, ${list(settings)}`);
  return `The setting of each net is the best of ${chosen.SB.length} by its mean validation MSE ${where}. ${each.join('. ')}.`;
}

/** The table, and in words whether the order of the paper is there. */
function render(of, { chosen, byRho, parameters }) {
  const lines = byRho.map(({ rho, sb, mmoe, gaps }) => [
    `${rho}`,
    interval(sb),
    interval(mmoe),
    interval(gaps),
    `${gaps.filter((gap) => gap > 0).length} of ${gaps.length}`,
    `${deviation(sb).toFixed(4)} / ${deviation(mmoe).toFixed(4)}`,
  ]);
  const heads = ['ρ', 'SB', 'MMoE', 'SB − MMoE', 'seeds where MMoE is better', 'sd SB / MMoE'];
  const [first, last] = [byRho[0], byRho.at(-1)];
  // Seeds have the same data but for w2, so the growth of the gap is paired too.
  const growth = last.gaps.map((gap, at) => gap - first.gaps[at]);
  const behind = mean(growth) > halfWidth(growth);
  const wider = byRho.filter(({ sb, mmoe }) => deviation(sb) > deviation(mmoe)).length;
  const ratio = ({ sb, mmoe }) => Math.exp(mean(sb.map((error, at) => Math.log(error / mmoe[at]))));
  const ratios = byRho.map((it) => `${ratio(it).toFixed(2)} at ${it.rho}`).join(', ');
  return [
    `Test MSE, mean over the two tasks, of ${first.sb.length} seeds; ± is half a 95 % confidence interval (Student's t). Parameters: SB ${parameters[0]}, MMoE ${parameters[1]}.`,
    aligned([heads, ...lines]).trim(),
    [
      `- That SB falls behind MMoE as ρ falls: from ${first.rho} to ${last.rho} SB − MMoE changes by ${interval(growth)}; ${behind ? 'reproduced' : '**not reproduced**'}.`,
      `- That SB's spread over the seeds is the larger one: so at ${wider} of ${byRho.length} ρ; ${wider === byRho.length ? 'reproduced' : '**not reproduced** throughout'}.`,
      `- SB ÷ MMoE, the geometric mean over the seeds, in which no seed outweighs the others: ${ratios}.`,
      `- ${choiceInWords(of, chosen)}`,
    ].join('\n'),
  ];
}

/** The case of the command line, and whether it is one of the documented ones. */
function caseOf({ positionals, values }) {
  const [name] = positionals;
  if (!Object.hasOwn(CASES, name)) throw new Error(`say which: ${Object.keys(CASES).join(' or ')}`);
  const of = structuredClone(CASES[name]);
  for (const key of ['rows', 'sines', 'scale']) {
    if (values[key]) of.data[key] = Number(values[key]);
  }
  if (values.seeds) of.seeds = Number(values.seeds);
  if (!(of.seeds >= 5)) throw new Error('--seeds: an interval needs five or more');
  if (values.rhos) of.rhos = values.rhos.split(',').map(Number);
  if (!of.rhos.includes(of.choosing.rho)) of.choosing.rho = of.rhos.at(-1);
  const changed = ['rows', 'sines', 'scale', 'seeds', 'rhos'].filter((key) => values[key]);
  const words = changed.map((key) => `-${key}-${values[key]}`).join('');
  const flags = changed.map((key) => ` --${key} ${values[key]}`).join('');
  return { of, file: resultsFile(`synthetic-${name}${words}`), words, command: `${name}${flags}` };
}

async function main() {
  const string = { type: 'string' };
  const options = { from: string, rows: string, sines: string, scale: string };
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

module.exports = { CASES, choose, figures, render };
