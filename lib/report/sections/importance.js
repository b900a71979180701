// What each column is worth to each task: how much worse its score becomes without it.
'use strict';

const { bar } = require('../charts');
const { count, figure, score, title, whole } = require('../figures');
const { html, name } = require('../html');

/** The section on importance. */
function importance({ model, source, detail, shown }) {
  if (!source?.importance) return null;
  const { repeats, rows, tasks } = source.importance;
  const blocks = model.tasks.slice(0, shown).map((task) => block(task, tasks[task.name], detail));
  return html`<section id="importance"><h2>What each column is worth</h2><p class="note">How much worse a task’s score becomes when one column’s cells are shuffled among the rows, so that they tell the model nothing (permutation importance): the mean of ${count(repeats, 'shuffle')} of ${count(rows, 'row')}; whiskers are one standard deviation. Columns that say the same share their worth, since each can stand in for the other.</p><div class="charts">${blocks}</div></section>`;
}

function block(task, { metric, score: before, features, n }, detail) {
  const known = features.filter(({ loss }) => loss !== null);
  const heading = html`<figcaption><b>${name(task.name, 48)}</b><span>${title(metric)} ${before !== null && score(metric, before)} on ${count(n, 'labelled row')}</span></figcaption>`;
  if (known.length === 0) {
    return html`<figure class="chart">${heading}<p class="note">No labelled row to measure on.</p></figure>`;
  }
  const shown = known.slice(0, detail.importance);
  const most = Math.max(...shown.map(({ loss }) => Math.max(loss.mean, 0) + (loss.deviation ?? 0)));
  const write = fixed(most);
  const rows = shown.map(
    ({ name: feature, loss }) =>
      html`<tr><th scope="row">${name(feature, 32)}</th><td class="wide">${bar(Math.max(loss.mean, 0), most, { spread: loss.deviation ?? 0 })}</td><td class="num">${write(loss.mean)}${loss.deviation !== null && html` <small>± ${write(loss.deviation)}</small>`}</td></tr>`,
  );
  const rest = known.length - shown.length;
  const more = rest > 0 && html`<p class="note">and ${whole(rest)} more, worth less.</p>`;
  return html`<figure class="chart">${heading}<table class="bars"><thead class="heard"><tr><th scope="col">Column</th><th scope="col">Bar</th><th scope="col">Loss of ${title(metric)}</th></tr></thead><tbody>${rows}</tbody></table>${more}</figure>`;
}

/** Numbers with as many decimals as the greatest of them needs for three digits that count. */
function fixed(most) {
  const size = Math.floor(Math.log10(most || 1));
  if (size < -5 || size > 6) return figure;
  const decimals = Math.max(0, 2 - size);
  return (number) =>
    number
      .toFixed(decimals)
      .replace(/^-(?=[0.]*$)/, '')
      .replace('-', '−');
}

module.exports = { importance };
