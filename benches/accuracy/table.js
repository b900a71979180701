// Scores as Markdown: a line for each task, then what they come to.
'use strict';

const { aligned } = require('../harness/table');
const { byTask, deviation, duel, mean, meanRanks, normalisedErrors } = require('./compare');
const { OURS } = require('./measure');

const digits = (number) =>
  Math.abs(number) >= 1000 ? Math.round(number).toLocaleString('en') : number.toPrecision(4);

/** Mean and spread over seeds of the score that is shown. */
function cell(scores, key) {
  if (!scores) return '';
  const values = [...scores.values()].map((score) => score[key]);
  return `${digits(mean(values))} ± ${deviation(values).toPrecision(1)}`;
}

function details(tasks, models) {
  const lines = [['data', 'task', 'score', ...models]];
  for (const [key, scored] of tasks) {
    const [set, task] = JSON.parse(key);
    const [first] = scored.values();
    const [any] = first.values();
    const score = 'accuracy' in any ? 'accuracy' : 'rmse';
    const cells = models.map((model) => cell(scored.get(model), score));
    const errors = models.map((model) =>
      scored.has(model) ? mean([...scored.get(model).values()].map((it) => it[score])) : NaN,
    );
    const known = errors.filter((error) => !Number.isNaN(error));
    const best = score === 'rmse' ? Math.min(...known) : Math.max(...known);
    const marked = cells.map((text, at) => (errors[at] === best ? `**${text}**` : text));
    lines.push([set, task, score === 'rmse' ? 'RMSE' : score, ...marked]);
  }
  return aligned(lines);
}

/** Seconds to train all tasks of a data set, the mean over seeds. */
function seconds(records, models) {
  const lines = [['data', ...models]];
  for (const set of new Set(records.map((record) => record.set))) {
    const cells = models.map((model) => {
      const some = records.filter((record) => record.set === set && record.model === model);
      const took = some.map(({ tasks }) => {
        const each = Object.values(tasks).map((scores) => scores.seconds);
        // Ours learns all tasks in one training.
        return OURS.includes(model) ? each[0] : each.reduce((sum, time) => sum + time, 0);
      });
      return took.length ? mean(took).toPrecision(3) : '';
    });
    lines.push([set, ...cells]);
  }
  return aligned(lines);
}

function standing(tasks, models) {
  const ours = models.filter((model) => OURS.includes(model));
  const peers = models.filter((model) => !OURS.includes(model) && model !== 'constant');
  const lines = [['ours', 'against', 'tasks', 'better', 'equal', 'worse by more than noise']];
  for (const our of ours) {
    for (const peer of peers) {
      const { tasks: count, better, equal, clearlyWorse } = duel(tasks, our, peer);
      if (count === 0) continue;
      const names = clearlyWorse.map(([set, task]) => `${set}: ${task}`).join(', ');
      lines.push([our, peer, `${count}`, `${better}`, `${equal}`, names || 'none']);
    }
  }
  return aligned(lines);
}

function means(tasks, models) {
  const judged = models.filter((model) => model !== 'constant');
  const { tasks: ranked, ranks } = meanRanks(tasks, judged);
  const { tasks: normal, errors } = normalisedErrors(tasks, judged);
  if (ranked === 0) return '';
  const lines = [['model', `mean rank, ${ranked} tasks`, `mean normalised error, ${normal} tasks`]];
  for (const model of judged) {
    lines.push([model, ranks[model].toFixed(2), errors[model]?.toFixed(4) ?? '']);
  }
  return aligned(lines);
}

/** All of it. */
function render(records, models) {
  const tasks = byTask(records);
  const present = models.filter((model) => records.some((record) => record.model === model));
  const texts = [
    ['Scores on the rows held out, mean ± standard deviation over seeds', details(tasks, present)],
    ['Against each peer', standing(tasks, present)],
    ['Over all tasks that every model has', means(tasks, present)],
    ['Seconds to train all tasks of a data set', seconds(records, present)],
  ];
  return texts
    .filter(([, text]) => text)
    .map(([title, text]) => `**${title}**\n\n${text}`)
    .join('\n');
}

module.exports = { render };
