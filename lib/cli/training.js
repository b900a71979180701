// What the commands that train have in common: their flags, an epoch in words, a training that
// shows how far it is and can be interrupted, what came of it.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { mention } = require('./message');
const { Interrupted, Usage } = require('./problem');
const { progress } = require('./progress');
const { clean, count, figure, table, took } = require('./text');

/** The flags of all commands that train. */
const FLAGS = {
  target: {
    type: 'string',
    short: 't',
    multiple: true,
    value: 'COLUMN',
    help: 'a column to predict; again for each further one; default the last column',
  },
  options: {
    type: 'string',
    multiple: true,
    value: 'JSON',
    help: 'options of the API, as JSON or a file of it; flags count instead',
  },
};

const OUT = { type: 'string', short: 'o', value: 'FILE', help: 'where the model goes' };

/** An error, before long work, if what comes of it could not be written, or over what is read. */
function checkOut(out, command, files = []) {
  if (out === undefined) return;
  if (out === '-' || out === '') throw new Usage(`${command}: --out takes the name of a file`);
  const at = path.resolve(out);
  if (files.some((file) => path.resolve(file) === at)) {
    throw new Usage(`--out: ${out} is a file that is read; it would be written over`);
  }
  const folder = path.dirname(at);
  if (!fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw new Usage(`--out: ${out}: there is no folder ${folder}`);
  }
  if (fs.statSync(at, { throwIfNoEntry: false })?.isDirectory()) {
    throw new Usage(`--out: ${out} is a folder`);
  }
}

/** What stands out in a task's figures over an epoch: its name, what it is called, the number. */
function taskFigure(report, task) {
  const { accuracy, rmse, loss } = report.validation?.tasks[task] ?? {};
  if (accuracy !== undefined) return [task, 'accuracy', accuracy];
  if (rmse !== undefined) return [task, 'rmse', rmse];
  return [task, 'loss', loss ?? report.tasks[task]?.loss];
}

/** What of a training an epoch is of, where it is not the first part. */
function partOf({ phase, network, validation }) {
  if (phase === 'train') return '';
  const whose = network === 1 ? '' : `network ${network}, `;
  return validation ? whose : `${whose}all rows, `;
}

/** An epoch for the progress. */
function epoch(report) {
  const tasks = Object.keys(report.tasks).map((task) => taskFigure(report, task));
  const spoken = tasks.map(([task, metric, number]) => `${task} ${metric} ${figure(number)}`);
  const { validation } = report;
  const losses = [`loss ${figure(report.loss)}`];
  if (validation) losses.push(`validation ${figure(validation.loss)}`);
  return {
    done: report.progress.done,
    many: report.progress.total,
    seconds: report.seconds,
    unit: 'epoch',
    figures: spoken,
    line: `${partOf(report)}epoch ${report.epoch}/${report.epochs}  ${[...losses, ...spoken].join('  ')}`,
  };
}

/**
 * Trains, telling of each epoch; the first signal stops it with its best. Gives the model and the
 * `seconds` until its last epoch. What it does `then` is said where that takes a while.
 */
async function train(call, source, options, then) {
  const { output, interrupt } = call;
  let seconds = 0;
  const bar = progress(process.stderr, (report) => ({ ...epoch(report), then }), {
    quiet: output.quiet || output.json,
  });
  const training = call.polytask.train(source, {
    ...options,
    signal: interrupt.aborted,
    onEpoch: (report) => {
      seconds = report.seconds;
      bar.show(report);
      output.data({ event: 'epoch', ...report });
    },
  });
  bar.start(`reading ${source.join(', ')}`);
  let model;
  try {
    model = await interrupt.stoppable(training, () => {
      bar.note('stopping; what was best so far is kept (once more to drop it)');
      training.stop();
    });
  } finally {
    bar.end();
  }
  // Stopped before its first step, it has learnt nothing that is worth a file.
  if (interrupt.signal && !hasLearnt(model)) throw new Interrupted(interrupt.signal);
  return { model, seconds };
}

const hasLearnt = ({ history }) =>
  history.some(({ tasks }) => Object.values(tasks).some(({ labels }) => labels > 0));

/** The best epoch of a model's history. */
const bestOf = (model) => model.history.findLast(({ best }) => best) ?? model.history.at(-1);

/** How the tasks stood in the best epoch, as lines. */
function standing(model) {
  const best = bestOf(model);
  const rows = model.tasks.map(({ name, type }) => {
    const [, metric, number] = taskFigure(best, name);
    const { loss } = best.validation?.tasks[name] ?? {};
    const more = metric === 'loss' || loss === undefined ? [] : ['loss', figure(loss)];
    return [clean(name), type, metric, figure(number), ...more];
  });
  return table(rows, { indent: '  ', right: [3, 5] });
}

/** Which epoch it was, in words, and whether the training was interrupted. */
function chosen(model, { signal }, seconds) {
  const best = bestOf(model);
  const last = model.history.at(-1);
  const { validationRows, refit } = model.toJSON().data;
  const by = best.validation ? `, the best by ${count(validationRows, 'validation row')}` : '';
  return `epoch ${best.epoch} of ${last.epoch}${by}, in ${took(seconds)}${again(refit)}${signal ? ', interrupted' : ''}`;
}

/** What learnt from all rows after that, in words. */
function again(refit) {
  if (!refit) return '';
  const all = [refit.epochs, ...(refit.further ?? [])];
  const last = all.pop();
  if (all.length === 0) return `, then ${count(last, 'epoch')} on all rows`;
  return `, then ${all.length + 1} networks on all rows, ${all.join(', ')} and ${count(last, 'epoch')}`;
}

/** What its training tells of its tasks, as lines to show. */
const advice = (model) => model.advice().map((text) => `  ${clean(mention(text))}`);

/** A model's training for machines. */
function asData(model) {
  const { data, engine, parameters } = model.toJSON();
  const tasks = model.tasks.map(({ name, type, classes }) => ({ name, type, classes }));
  return {
    tasks,
    epochs: model.history.at(-1)?.epoch ?? 0,
    best: bestOf(model) ?? null,
    rows: data.rows,
    trainRows: data.trainRows,
    validationRows: data.validationRows,
    refit: data.refit ?? null,
    parameters,
    engine,
    advice: model.advice(),
  };
}

module.exports = { FLAGS, OUT, advice, asData, checkOut, chosen, standing, train };
