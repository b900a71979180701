// How the tasks got along: the cosines between their gradients, what each counted for, and what
// learning together gained or cost where that was measured.
'use strict';

const { bar, lines } = require('../charts');
const { change, count, figure, score, title, whole } = require('../figures');
const { cut, html, name } = require('../html');
const { path } = require('./learning');

const STYLES = ['c1', 'c2', 'c3', 'c4', 'c5', 'c6'];

/** The most tasks that a table of pairs has room for. */
const MOST = 14;

/** The section on several tasks; none of one. */
function together({ model, numbers, epochs }) {
  const { tasks, options } = model;
  if (tasks.length < 2) return null;
  const { means } = numbers;
  const charts = [
    cosineTable(tasks, means.cosines),
    cosineLines(tasks, means.cosines, epochs),
    !even(epochs) &&
      ofTasks(tasks, epochs, {
        title: 'What each task counted for',
        note: 'the weight of its gradient',
        read: ({ weight }) => weight,
        yLabel: 'weight',
        air: { zero: true, plain: true },
      }),
    ofTasks(tasks, epochs, {
      title: 'How hard each task pulled',
      note: 'the length of its gradient, before weights',
      read: ({ gradientNorm }) => gradientNorm,
      yLabel: 'gradient norm',
    }),
  ];
  const same = even(epochs) && html` Every task counted for 1.`;
  const seen = charts.some(Boolean);
  const missing = seen
    ? null
    : html`<p class="note">Nothing was looked at while this model was trained: telemetry was off, or the file is older than that.</p>`;
  return html`<section id="together"><h2>How the tasks got along</h2><p class="note">The tasks share layers, and were balanced by the method <code>${options.balance.method}</code>.${same} A cosine below 0 says that a step for one task undoes what was done for the other.</p>${missing}<div class="grid">${charts}</div></section>`;
}

/** Whether nothing was weighed: all weights are 1. */
const even = (epochs) =>
  epochs.every(({ tasks }) => Object.values(tasks).every(({ weight }) => weight === 1));

function cosineTable(tasks, cosines) {
  if (cosines.every((cosine) => cosine === null)) return null;
  const shown = tasks.slice(0, MOST);
  const cell = (i, j) => {
    const cosine = cosines[i * tasks.length + j];
    if (i === j) return html`<td class="none">·</td>`;
    const side = cosine < 0 ? 'miss' : 'hit';
    const size = Math.min(Math.abs(cosine ?? 0), 1);
    return html`<td class="${side}" style="--s:${size.toFixed(2)}">${cosine === null ? '–' : cosine.toFixed(2).replace('-0.00', '0.00').replace('-', '−')}</td>`;
  };
  const rows = shown.map(
    (task, i) =>
      html`<tr><th scope="row">${name(task.name, 22)}</th>${shown.map((_, j) => cell(i, j))}</tr>`,
  );
  const rest = tasks.length - shown.length;
  return html`<figure class="chart${shown.length > 5 && ' broad'}"><figcaption><b>Cosines of the gradients</b><span>means over the epochs up to the one kept${rest > 0 && `; the first ${shown.length} of ${tasks.length} tasks`}</span></figcaption><div class="scroll" tabindex="0"><table class="matrix"><caption class="heard">Mean cosine of each pair of tasks</caption><thead><tr><td></td>${shown.map((task) => html`<th scope="col">${name(task.name, 14)}</th>`)}</tr></thead><tbody>${rows}</tbody></table></div></figure>`;
}

/** The pairs that pull against each other most, over the epochs. */
function cosineLines(tasks, cosines, epochs) {
  const pairs = tasks.flatMap((_, a) => tasks.slice(a + 1).map((_, i) => [a, a + 1 + i]));
  const mean = ([a, b]) => cosines[a * tasks.length + b];
  const known = pairs.filter((pair) => mean(pair) !== null).sort((x, y) => mean(x) - mean(y));
  const shown = known.slice(0, STYLES.length);
  const values = ([a, b]) => epochs.map(({ cosines }) => cosines?.[a]?.[b] ?? null);
  if (shown.length === 0) return null;
  const told = shown.map((pair) => {
    const [a, b] = pair.map((at) => cut(tasks[at].name, 24));
    return `${a} and ${b} ${path(values(pair), figure)}`;
  });
  return lines({
    title: 'Cosines by epoch',
    note:
      known.length > shown.length
        ? `the lowest ${shown.length} of ${count(known.length, 'pair')}`
        : null,
    epochs: epochs.map(({ epoch }) => epoch),
    series: shown.map((pair, i) => ({
      name: pair.map((at) => cut(tasks[at].name, 18)).join(' · '),
      style: STYLES[i],
      values: values(pair),
    })),
    yLabel: 'cosine',
    air: { zero: true, plain: true },
    told: `${told.join('; ')}.`,
  });
}

function ofTasks(tasks, epochs, { title: heading, note, read, yLabel, air }) {
  const shown = tasks.slice(0, STYLES.length);
  const series = shown.map((task, i) => ({
    name: cut(task.name, 28),
    style: STYLES[i],
    values: epochs.map((epoch) => read(epoch.tasks[task.name] ?? {}) ?? null),
  }));
  const known = series.filter(({ values }) => values.some((value) => value !== null));
  if (known.length === 0) return null;
  const rest = tasks.length - shown.length;
  return lines({
    title: heading,
    note: rest > 0 ? `${note}; the first ${shown.length} of ${tasks.length} tasks` : note,
    epochs: epochs.map(({ epoch }) => epoch),
    series,
    yLabel,
    air,
    told: `${known.map(({ name: task, values }) => `${task} ${path(values, figure)}`).join('; ')}.`,
  });
}

/** Multi-task against single-task networks, where `compare` asked for it. */
function comparison({ model, shown }) {
  const { comparison: compared, tasks } = model;
  if (!compared) return null;
  const { seeds, heldOutRows, meanDelta, deviation } = compared;
  const of = tasks.slice(0, shown * 2).map((task) => [task, compared.tasks[task.name]]);
  const most = Math.max(
    ...of.map(([, { delta }]) => Math.abs(delta?.mean ?? 0) + (delta?.deviation ?? 0)),
    0.01,
  );
  const spread = (metric, it) =>
    it
      ? html`${score(metric, it.mean)}${it.deviation !== null && html` <small>± ${score(metric, Number(it.deviation.toPrecision(2)))}</small>`}`
      : '–';
  const verdict = ({ gained, suffered }) =>
    gained ? 'gained' : suffered ? 'suffered' : 'no clear difference';
  const rows = of.map(
    ([task, it]) =>
      html`<tr><th scope="row">${name(task.name, 40)}<small>${title(it.metric)}</small></th><td class="num">${spread(it.metric, it.multi)}</td><td class="num">${spread(it.metric, it.single)}</td><td class="wide">${it.delta && bar(it.delta.mean, most, { spread: it.delta.deviation ?? 0, middle: true, style: it.delta.mean < 0 ? 'c2' : 'c1' })}</td><td class="num">${it.delta ? change(it.delta.mean) : '–'}</td><td>${verdict(it)}</td></tr>`,
  );
  const all =
    meanDelta !== null &&
    html` In the mean over tasks: ${change(meanDelta)}${deviation !== null && `, standard deviation ${change(deviation).replace('+', '')}`}.`;
  return html`<section id="alone"><h2>Together or alone</h2><p class="note">Each task was also learnt by a network of its own, over ${count(seeds.length, 'seed')}, and scored on ${count(heldOutRows, 'row')} held out from both.${all}</p><div class="scroll" tabindex="0"><table><thead><tr><th scope="col">Task</th><th scope="col" class="num">Together</th><th scope="col" class="num">Alone</th><th scope="col" class="num" colspan="2">Better together by</th><th scope="col">Verdict</th></tr></thead><tbody>${rows}</tbody></table></div></section>`;
}

/** Which experts each task draws on, of architectures that have some. */
function experts({ model, shown }) {
  const tasks = model.tasks.slice(0, shown).filter((task) => task.experts);
  if (tasks.length === 0) return null;
  const most = Math.max(...tasks.map((task) => task.experts.length));
  const rows = tasks.map(
    (task) =>
      html`<tr><th scope="row">${name(task.name, 40)}</th>${task.experts.map((weight) => html`<td class="hit" style="--s:${Math.min(Math.max(weight, 0), 1).toFixed(2)}">${figure(Number(weight.toFixed(3)))}</td>`)}</tr>`,
  );
  const heads = Array.from({ length: most }, (_, i) => html`<th scope="col">${whole(i + 1)}</th>`);
  return html`<section id="experts"><h2>Use of experts</h2><p class="note">The mean weight of each expert in what a task gets.</p><div class="scroll" tabindex="0"><table class="matrix"><thead><tr><th scope="col">Task</th>${heads}</tr></thead><tbody>${rows}</tbody></table></div></section>`;
}

module.exports = { comparison, experts, together };
