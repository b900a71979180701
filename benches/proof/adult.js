// Adult with its official split and two tasks: an income above 50K, and never married. Once with
// the inputs and the five epochs of published figures, once with no input that tells who is
// married; then both with ensembles and averaged weights. Writes docs/balancing.md.
//
//     node benches/proof/adult.js                         two trainings at once; goes on where it was
//     node benches/proof/adult.js ensembles               the same with ensembles
//     node benches/proof/adult.js [ensembles] --from FILE writes the tables of results that are there
//
// The data lie beside the checkout, in ../shared/data; without them this says so and ends.
'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { parseArgs } = require('node:util');
const { train } = require('polytask');
const { aligned } = require('../harness/table');
const { deviation, mean } = require('./figures');
const { DATA, head, present, read, resultsFile, runAll, write } = require('./runs');
const { csv, split } = require('./sets');

const FILES = ['adult/adult.data', 'adult/adult.test'];
const COLUMNS = (
  'age workclass fnlwgt education education-num marital-status occupation relationship race sex ' +
  'capital-gain capital-loss hours-per-week native-country income'
).split(' ');
const TASKS = ['income', 'never-married'];

/** The best published of each task, over four architectures (methods and settings as in `published`). */
const BARS = { income: 0.9103, 'never-married': 0.9638 };

const NETS = {
  SB: { architecture: 'shared', hidden: [128, 128], tower: [64, 32] },
  MMoE: { architecture: 'mmoe', experts: 8, hidden: [64, 64], tower: [64, 32] },
  CGC: { architecture: 'cgc', experts: 4, taskExperts: 4, hidden: [64, 64], tower: [64, 32] },
  'PLE-2': {
    architecture: 'ple',
    levels: 2,
    experts: 2,
    taskExperts: 2,
    hidden: [64, 64],
    tower: [64, 32],
  },
};

const grid = (epochs, rates) =>
  epochs.flatMap((count) =>
    rates.flatMap((learningRate) =>
      [0, 0.2].map((dropout) => ({ epochs: count, learningRate, dropout })),
    ),
  );

/** Of five epochs, with the dropout that the grid without ensembles chose. */
const ensembles = (dropout) =>
  [1, 4].flatMap((ensemble) =>
    [0.004, 0.008].flatMap((learningRate) =>
      [false, 0.99].map((ema) => ({ epochs: 5, learningRate, dropout, ensemble, ema })),
    ),
  );

/** The cases of a run, which share a file of results and the marks in the document. */
const RUNS = {
  single: { mark: 'proof-adult', results: 'adult', seeds: 10, cases: ['published', 'honest'] },
  ensembles: {
    mark: 'proof-adult-ensembles',
    results: 'adult-ensembles',
    seeds: 5,
    cases: ['publishedEnsembles'],
  },
};

const SETTINGS = {
  options: { optimizer: 'adam', batchSize: 256, weightDecay: 0, threads: 1, telemetry: false },
  model: { preset: 'fast', activation: 'relu' },
  cases: {
    published: {
      title: '**With `relationship` among the inputs, five epochs**, as published',
      bars: BARS,
      exclude: ['marital-status'],
      grid: grid([5], [0.001, 0.002, 0.004, 0.008, 0.016]),
    },
    honest: {
      title: '**With neither marital status nor `relationship`**',
      exclude: ['marital-status', 'relationship'],
      grid: grid([5, 15], [0.002, 0.004, 0.008]),
    },
    publishedEnsembles: {
      title: '**With ensembles**, inputs and epochs as published',
      bars: BARS,
      exclude: ['marital-status'],
      grid: ensembles(0.2),
    },
  },
  // On these nets and seeds, a fifth of the training file scores the grid.
  choosing: { nets: ['SB', 'MMoE'], seeds: [1000, 1001] },
};

const inWords = ({ epochs, learningRate, dropout, ensemble, ema }) =>
  [
    `${epochs} epochs, learning rate ${learningRate}, dropout ${dropout}`,
    ensemble === undefined ? [] : `${ensemble} network${ensemble === 1 ? '' : 's'}`,
    ema === undefined ? [] : ema === false ? 'weights not averaged' : `ema ${ema}`,
  ]
    .flat()
    .join(', ');

/** The rows of an official file. The test file begins with a remark, and its labels end in a stop. */
function rowsOf(file, skip) {
  const lines = fs.readFileSync(path.join(DATA, file), 'utf8').split('\n').slice(skip);
  return lines
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const cells = line.replace(/\.$/, '').split(', ');
      const row = Object.fromEntries(COLUMNS.map((name, at) => [name, cells[at]]));
      return { ...row, 'never-married': row['marital-status'] === 'Never-married' ? 'yes' : 'no' };
    });
}

/** Writes the whole training file, the test file, and the training file in parts, by seed. */
function writeFiles(folder) {
  const put = (name, rows) => {
    const file = path.join(folder, `${name}.csv`);
    fs.writeFileSync(file, csv(rows));
    return file;
  };
  const known = rowsOf(FILES[0], 0);
  const files = { whole: [put('training', known), put('test', rowsOf(FILES[1], 1))] };
  for (const seed of SETTINGS.choosing.seeds) {
    const parts = split(known, seed);
    const sides = [(part) => part !== 'test', (part) => part === 'test'];
    files[seed] = sides.map((isOn, side) =>
      put(
        `part-${seed}-${side}`,
        known.filter((_, at) => isOn(parts[at])),
      ),
    );
  }
  return files;
}

async function measure(files, { net, case: name, setting, seed, choosing }) {
  const [training, scored] = files[choosing ? seed : 'whole'];
  const { dropout, ...options } = setting;
  const model = await train(training, {
    ...SETTINGS.options,
    ...options,
    model: { ...SETTINGS.model, ...NETS[net], dropout },
    targets: Object.fromEntries(TASKS.map((task) => [task, 'classification'])),
    features: { exclude: SETTINGS.cases[name].exclude, types: { age: 'categorical' } },
    validation: false,
    earlyStopping: false,
    seed,
  });
  const scores = await model.evaluate(scored);
  const auc = Object.fromEntries(TASKS.map((task) => [task, scores[task].rocAuc]));
  return { auc, parameters: model.toJSON().parameters };
}

/** The settings of a case, best first by the mean AUC on the validation parts. */
function ranked(results, name) {
  const own = results.filter((result) => result.choosing && result.case === name);
  const score = (setting) =>
    mean(
      own
        .filter((result) => inWords(result.setting) === inWords(setting))
        .map(({ auc }) => mean(TASKS.map((task) => auc[task]))),
    );
  const scored = SETTINGS.cases[name].grid.map((setting) => ({ setting, score: score(setting) }));
  return scored.sort((a, b) => b.score - a.score);
}

function jobsOf(name, settings, nets, seeds, choosing) {
  return settings.flatMap((setting) =>
    seeds.flatMap((seed) =>
      nets.map((net) => {
        const key = `${choosing ? 'choosing/' : ''}${name}/${net}/${seed}/${inWords(setting)}`;
        return { key, net, case: name, setting, seed, choosing };
      }),
    ),
  );
}

async function runNets(file, { cases, seeds: count }) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'polytask-proof-'));
  try {
    const files = writeFiles(folder);
    const run = (job) => measure(files, job);
    const seeds = Array.from({ length: count }, (_, seed) => seed);
    for (const name of cases) {
      const { grid } = SETTINGS.cases[name];
      const { choosing } = SETTINGS;
      const first = jobsOf(name, grid, choosing.nets, choosing.seeds, true);
      const { results } = await runAll({ file, settings: SETTINGS, jobs: first, run });
      const [{ setting }] = ranked(results, name);
      console.log(`${name}: chosen ${inWords(setting)}`);
      const jobs = jobsOf(name, [setting], Object.keys(NETS), seeds, false);
      await runAll({ file, settings: SETTINGS, jobs, run });
    }
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

const figure = (xs) => `${mean(xs).toFixed(4)} ± ${deviation(xs).toFixed(4)}`;

/** The table of one case, and how its setting was chosen. */
function render(results, name) {
  const order = ranked(results, name);
  const [best, worst] = [order[0], order.at(-1)];
  // A file may have networks of a setting that was the best of fewer.
  const own = results.filter(
    ({ choosing, case: of, setting }) =>
      !choosing && of === name && inWords(setting) === inWords(best.setting),
  );
  const nets = Object.keys(NETS).map((net) => {
    const runs = own.filter((result) => result.net === net);
    const aucs = TASKS.map((task) => runs.map(({ auc }) => auc[task]));
    return { net, runs, aucs };
  });
  const lines = nets.map(({ net, runs, aucs }) => [
    net,
    runs[0].parameters.toLocaleString('en'),
    ...aucs.map(figure),
  ]);
  const { choosing } = SETTINGS;
  const chosen = `Setting: ${inWords(best.setting)}; the best of ${order.length} by the mean AUC (${best.score.toFixed(4)}; the worst ${worst.score.toFixed(4)}) of ${choosing.nets.join(' and ')} on a fifth of the training file, ${choosing.seeds.length} seeds. The networks below were then trained on the whole of it, ${nets[0].runs.length} seeds each; mean ± sd of the test AUC.`;
  const table = aligned([['', 'parameters', ...TASKS], ...lines]).trim();
  const { bars } = SETTINGS.cases[name];
  if (bars === undefined) return [chosen, table];
  const meets = nets.filter(({ aucs }) => TASKS.every((task, at) => mean(aucs[at]) >= bars[task]));
  const each = TASKS.map((task, at) => {
    const reached = nets.filter(({ aucs }) => mean(aucs[at]) >= bars[task]);
    const by =
      reached.length > 0 ? `reached by ${reached.map(({ net }) => net).join(', ')}` : '**missed**';
    const most = Math.max(...nets.map(({ aucs }) => mean(aucs[at])));
    return `${bars[task]} (${task}): ${by}, the best mean being ${most.toFixed(5)}`;
  });
  const both = meets.length > 0 ? `by ${meets.map(({ net }) => net).join(', ')}` : '**by none**';
  return [chosen, table, `The best published figures, ${each.join('; ')}. Both: ${both}.`];
}

async function main() {
  const string = { type: 'string' };
  const { values, positionals } = parseArgs({ options: { from: string }, allowPositionals: true });
  const [name = 'single'] = positionals;
  const of = RUNS[name];
  if (!of) throw new Error(`there is no "${name}", but ${Object.keys(RUNS).join(' and ')}`);
  const file = values.from ?? resultsFile(of.results);
  if (!values.from) {
    if (!present(...FILES)) return;
    await runNets(file, of);
  }
  const all = read(file);
  const done = of.cases.filter((it) => all.results.some((at) => at.case === it && !at.choosing));
  const text = [
    head(all, `node benches/proof/adult.js${name === 'single' ? '' : ` ${name}`}`),
    ...done.flatMap((it) => [SETTINGS.cases[it].title, ...render(all.results, it)]),
  ].join('\n\n');
  console.log(text);
  write(of.mark, text);
}

if (require.main === module) main();

module.exports = { render, SETTINGS };
