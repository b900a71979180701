// What the model was trained on: the rows, the tasks with their labels, the columns as understood.
'use strict';

const { count, figure, percent, whole } = require('../figures');
const { html, name } = require('../html');

/** The section on data. */
function data({ model, source, detail }) {
  const { data: rows, dropped, tasks } = model;
  const facts = [
    ['Trained on', name(rows.source, 120)],
    [
      'Rows',
      `${whole(rows.rows)}: ${whole(rows.trainRows)} to train, ${whole(rows.validationRows)} to validate`,
    ],
    rows.split && [
      'Split by time',
      html`${name(rows.split.column, 40)}: up to ${name(rows.split.last, 40)} to train, from ${name(rows.split.first, 40)} on to validate`,
    ],
    rows.reading && ['Read as', reading(rows.reading)],
    rows.zeroWeightRows > 0 && ['Of weight 0', `${count(rows.zeroWeightRows, 'row')}, left out`],
    rows.reading?.skipped > 0 && ['Left out', `${count(rows.reading.skipped, 'row')} with errors`],
    source && [
      'Scored on',
      html`${name(source.name, 120)}, ${count(source.rows, 'row')}${source.weighted && ', which count by their weights'}${source.zeroWeightRows > 0 && `; ${count(source.zeroWeightRows, 'row')} of weight 0 left out`}`,
    ],
  ].filter(Boolean);
  return html`<section id="data"><h2>Data</h2><dl class="facts">${facts.map(([term, text]) => html`<div><dt>${term}</dt><dd>${text}</dd></div>`)}</dl><h3>Tasks</h3>${taskTable(tasks.slice(0, detail.tasks * 2), rows)}${columns(model, source, detail)}${left(dropped, detail)}</section>`;
}

function reading({ delimiter, encoding, gzip, header }) {
  const apart = delimiter === '\t' ? 'a tab' : `“${delimiter}”`;
  return `${encoding}${gzip ? ', gzip' : ''}, cells apart by ${apart}, ${header ? 'a header' : 'no header'}`;
}

function taskTable(tasks, { trainRows }) {
  const rows = tasks.map(
    (task) =>
      html`<tr><th scope="row">${name(task.name)}</th><td>${task.type}${task.classes && `, ${count(task.classes.length, 'class', 'classes')}`}${task.loss && `, loss ${task.loss}`}</td><td class="num">${whole(task.labels)}</td><td class="num">${percent(trainRows > 0 ? task.labels / trainRows : null)}</td><td class="num">${figure(task.weight)}</td><td class="why">${task.reason}</td></tr>`,
  );
  return html`<div class="scroll" tabindex="0"><table><thead><tr><th scope="col">Task</th><th scope="col">Kind</th><th scope="col" class="num">Labels</th><th scope="col" class="num">of training rows</th><th scope="col" class="num">Weight</th><th scope="col">Why this kind</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

/** The columns, the most important first where that is known. */
function columns({ features }, source, detail) {
  const all = ordered(features, source?.importance);
  const shown = all.slice(0, detail.columns);
  const rest = all.length - shown.length;
  const order = source?.importance ? 'the most important' : 'the first';
  const note =
    rest > 0 &&
    html`<p class="note">${whole(shown.length)} of ${whole(all.length)} columns: ${order}.</p>`;
  const rows = shown.map(
    (feature) =>
      html`<tr><th scope="row">${name(feature.name)}</th><td>${feature.type}${feature.categories && `, ${whole(feature.categories.length)} ${feature.categories.length === 1 ? 'category' : 'categories'}`}</td><td class="num">${feature.missingCells > 0 ? whole(feature.missingCells) : '–'}</td><td class="why">${feature.reason}</td></tr>`,
  );
  return html`<h3>Columns</h3>${note}<div class="scroll tall" tabindex="0"><table><thead><tr><th scope="col">Column</th><th scope="col">Read as</th><th scope="col" class="num">Missing</th><th scope="col">Why</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

/** Features by the place they have in the task where they matter most. */
function ordered(features, importance) {
  if (!importance) return features;
  const places = new Map();
  for (const { features: ranked } of Object.values(importance.tasks)) {
    ranked.forEach((feature, place) => {
      places.set(feature.name, Math.min(places.get(feature.name) ?? place, place));
    });
  }
  return [...features].sort((a, b) => places.get(a.name) - places.get(b.name));
}

function left(dropped, detail) {
  if (dropped.length === 0) return null;
  const shown = dropped.slice(0, detail.columns);
  const rest = dropped.length - shown.length;
  return html`<h3>Columns not used</h3><ul class="plain">${shown.map((column) => html`<li>${name(column.name)}: ${column.reason}</li>`)}${rest > 0 && html`<li>and ${whole(rest)} more</li>`}</ul>`;
}

module.exports = { data };
