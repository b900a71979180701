// How training went: each task's losses and its figure on the validation rows, epoch by epoch.
'use strict';

const { lines } = require('../charts');
const { count, figure, percent } = require('../figures');
const { html } = require('../html');

/** The section on learning; none where no epoch was kept in the file. */
function learning({ model, best, epochs, shown }) {
  const { history, tasks, options } = model;
  if (history.length === 0) return null;
  const last = history.at(-1);
  const ended =
    last.epoch < last.epochs
      ? html`Training ended after ${count(last.epoch, 'epoch')} of ${figure(last.epochs)}`
      : html`${count(last.epoch, 'epoch')} of training`;
  const kept = best && html`; the weights kept are those of epoch ${best.epoch}`;
  const note = html`<p class="note">${ended}${kept}.${epochs.length < history.length && ` Of ${count(history.length, 'epoch')} ${epochs.length} are drawn.`} Losses are means over labels.${options.model.dropout > 0 && ' In training there is dropout, so that training losses may lie above those of validation.'}</p>`;
  const charts = tasks.slice(0, shown).flatMap((task) => ofTask(task, epochs, best));
  const rest = tasks.length - shown;
  const more =
    rest > 0 && html`<p class="note">The first ${count(shown, 'task')} of ${tasks.length}.</p>`;
  return html`<section id="learning"><h2>Learning</h2>${note}${more}<div class="grid">${charts}${total(tasks, epochs, best)}</div></section>`;
}

function ofTask(task, epochs, best) {
  const number = epochs.map(({ epoch }) => epoch);
  const trained = epochs.map(({ tasks }) => tasks[task.name]?.loss ?? null);
  const validated = epochs.map(({ validation }) => validation?.tasks[task.name] ?? null);
  const validationLoss = validated.map((it) => it?.loss ?? null);
  const metric = task.classes ? 'accuracy' : 'rmse';
  const values = validated.map((it) => it?.[metric] ?? null);
  const told = task.classes ? percent : figure;
  return [
    lines({
      of: task.name,
      title: 'loss',
      epochs: number,
      series: [
        { name: 'training', style: 'c1 dashed', values: trained },
        { name: 'validation', style: 'c2', values: validationLoss },
      ],
      marked: best?.epoch,
      yLabel: task.classes ? 'nats' : 'loss',
      note: task.classes ? 'cross-entropy' : null,
      told: `Training loss ${path(trained, figure)}. Validation loss ${path(validationLoss, figure)}.`,
    }),
    values.some((value) => value !== null) &&
      lines({
        of: task.name,
        title: task.classes ? 'accuracy' : 'RMSE',
        note: 'on the validation rows',
        epochs: number,
        series: [{ name: task.classes ? 'accuracy' : 'RMSE', style: 'c2', values }],
        marked: best?.epoch,
        share: Boolean(task.classes),
        yLabel: task.classes ? 'right' : 'in its own unit',
        told: `${task.classes ? 'Accuracy' : 'RMSE'} on the validation rows ${path(values, told)}.`,
      }),
  ];
}

function total(tasks, epochs, best) {
  const trained = epochs.map(({ loss }) => loss);
  const validated = epochs.map(({ validation }) => validation?.loss ?? null);
  const sum =
    tasks.length > 1 &&
    lines({
      title: 'Loss of all tasks',
      note: 'the weighted sum',
      epochs: epochs.map(({ epoch }) => epoch),
      series: [
        { name: 'training', style: 'c1 dashed', values: trained },
        { name: 'validation', style: 'c2', values: validated },
      ],
      marked: best?.epoch,
      yLabel: 'loss',
      told: `Training loss ${path(trained, figure)}. Validation loss ${path(validated, figure)}.`,
    });
  const rate = lines({
    title: 'Learning rate',
    note: 'at the end of each epoch',
    epochs: epochs.map(({ epoch }) => epoch),
    series: [
      {
        name: 'learning rate',
        style: 'c3',
        values: epochs.map(({ learningRate }) => learningRate),
      },
    ],
    air: { zero: true, plain: true },
    told: `Learning rate ${path(
      epochs.map(({ learningRate }) => learningRate),
      figure,
    )}.`,
  });
  return [sum, rate];
}

/** In words: where a line begins and where it ends. */
function path(values, write) {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return 'is not known';
  return `goes from ${write(known[0])} to ${write(known.at(-1))}`;
}

module.exports = { learning, path };
