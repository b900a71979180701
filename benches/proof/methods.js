// What learning tasks together gains over learning each alone: every method of balancing, every
// architecture without a chain, on seven public data sets. Writes docs/balancing.md.
//
//     node benches/proof/methods.js                all, two trainings at once; goes on where it was
//     node benches/proof/methods.js --sets heart   some sets; writes no document
//     node benches/proof/methods.js --from FILE    writes the tables of results that are there
//
// The data sets lie beside the checkout, in ../shared/data; without them this says so and ends.
'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { parseArgs } = require('node:util');
const { train } = require('polytask');
const { DATA, head, present, read, resultsFile, runAll, write } = require('./runs');
const { readSet, SETS, writeParts } = require('./sets');
const { tables } = require('./tables');

const METHODS = (
  'equal uncertainty imtl-l dwa gls rlw famo stch gradnorm mgda pcgrad gradvac graddrop imtl-g ' +
  'imtl cagrad nash aligned upgrad dualproj fairgrad db-mtl excess moco sdmgrad config'
).split(' ');
const SOME = 'equal uncertainty famo pcgrad upgrad db-mtl'.split(' ');
const ARCHITECTURES = 'omoe mmoe cgc ple cross-stitch adatt dselect-k'.split(' ');

const SETTINGS = {
  // Beside these, polytask's defaults.
  options: { epochs: 60, threads: 1, telemetry: false },
  hidden: [64, 64],
  seeds: 10,
  // Of architectures other than the shared trunk.
  architectureSeeds: 5,
  // With more tasks, architectures are tried with equal weights only: each method through networks
  // for 14 tasks would take most of the time.
  manyTasks: 4,
};

/** All trainings, seed by seed; those seeds last that only the shared trunk has. */
function plan(names) {
  const jobs = [];
  const add = (set, seed, architecture, method, task) => {
    const key = [set, seed, architecture, method ?? 'alone', task].filter((it) => it !== undefined);
    jobs.push({ key: key.join('/'), set, seed, architecture, method, task });
  };
  for (let seed = 0; seed < SETTINGS.seeds; seed++) {
    for (const set of names) {
      const tasks = Object.keys(SETS[set].tasks);
      const many = tasks.length > SETTINGS.manyTasks;
      const others = seed < SETTINGS.architectureSeeds ? ARCHITECTURES : [];
      for (const architecture of ['shared', ...others]) {
        const isShared = architecture === 'shared';
        const methods = isShared ? METHODS : many ? ['equal'] : SOME;
        if (isShared || !many)
          for (const task of tasks) add(set, seed, architecture, undefined, task);
        for (const method of methods) add(set, seed, architecture, method);
      }
    }
  }
  return jobs;
}

/** The error of one task on held-out rows: log loss of classes, RMSE of numbers. */
const error = (scores) => scores.logLoss ?? scores.rmse;

/** Trains one network on the rows of a seed, and scores it on those held out. */
async function measure(files, { set, seed, architecture, method, task }) {
  const { tasks } = SETS[set];
  const names = task === undefined ? Object.keys(tasks) : [task];
  const options = {
    ...SETTINGS.options,
    targets: Object.fromEntries(names.map((name) => [name, tasks[name]])),
    // Alone or not, no network sees a target as a feature.
    features: { exclude: Object.keys(tasks).filter((name) => !names.includes(name)) },
    validation: { column: 'part' },
    model: { preset: 'fast', architecture, hidden: SETTINGS.hidden },
    ...(method && { balance: method }),
    seed,
  };
  try {
    const model = await train(files.training, options);
    const scores = await model.evaluate(files.test);
    const errors = Object.fromEntries(names.map((name) => [name, error(scores[name])]));
    return { errors, epochs: model.history.length };
  } catch (failure) {
    if (failure.code !== 'ERR_DIVERGED') throw failure;
    return { failed: failure.code };
  }
}

async function runSets(names, file) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'polytask-proof-'));
  try {
    const rows = Object.fromEntries(names.map((name) => [name, readSet(DATA, SETS[name])]));
    const files = new Map();
    const run = (job) => {
      const key = `${job.set}/${job.seed}`;
      if (!files.has(key)) {
        files.set(key, writeParts(folder, job.set, rows[job.set], job.seed));
      }
      return measure(files.get(key), job);
    };
    return await runAll({ file, settings: SETTINGS, jobs: plan(names), run });
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

async function main() {
  const { values } = parseArgs({
    options: { from: { type: 'string' }, sets: { type: 'string' } },
  });
  const names = values.sets?.split(',') ?? Object.keys(SETS);
  const strange = names.find((name) => !SETS[name]);
  if (strange) throw new Error(`there is no set "${strange}", but ${Object.keys(SETS).join(', ')}`);
  if (!values.from && !present(...names.map((name) => SETS[name].file))) return;
  const all = values.from ? read(values.from) : await runSets(names, resultsFile('methods'));
  // In the order of the plan, whatever the order they were made in.
  const made = new Map(all.results.map((result) => [result.key, result]));
  const results = plan(names).flatMap(({ key }) => made.get(key) ?? []);
  const written = tables(results, {
    methods: METHODS,
    some: SOME,
    architectures: ARCHITECTURES,
  });
  const first = head(all, 'node benches/proof/methods.js');
  console.log([first, ...Object.values(written)].join('\n\n'));
  if (values.sets) return;
  for (const [name, text] of Object.entries(written)) write(`proof-${name}`, `${first}\n\n${text}`);
}

main();
