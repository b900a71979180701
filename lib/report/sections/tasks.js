// Each task on the labelled rows: its scores; which classes were taken for which, ROC curves and
// calibration, or how far off its values are.
'use strict';

const charts = require('../charts');
const { SCORES, count, figure, percent, score, whole } = require('../figures');
const { cut, html, name } = require('../html');

/** A matrix of more classes has the width of the page. */
const MOST_IN_COLUMN = 5;

const STYLES = ['c1', 'c2', 'c3', 'c4', 'c5', 'c6'];

/** The section on tasks. */
function tasks({ model, source, detail, shown }) {
  const all = model.tasks.slice(0, shown);
  const rest = model.tasks.length - all.length;
  const more =
    rest > 0 &&
    html`<p class="note">The first ${count(all.length, 'task')} of ${model.tasks.length}.</p>`;
  const blocks = all.map((task, i) => block(task, source.tasks[i], i, detail));
  return html`<section id="tasks"><h2>Answers against labels</h2>${more}${blocks}</section>`;
}

function block(task, reported, index, detail) {
  const parts = reported.classes ? ofClasses(task, reported, detail) : ofNumbers(reported, detail);
  return html`<article class="block" id="task-${index}"><h3>${name(task.name)} <small>${task.type}, ${count(reported.scores.n, 'labelled row')}</small></h3>${reported.scores.n > 0 ? parts : html`<p class="note">No row of the source has a label.</p>`}</article>`;
}

/** Every figure, with what it means. */
function scores({ scores: all, guess }, metric) {
  const known = Object.keys(SCORES).filter((key) => all[key] !== undefined);
  const entry = (label, value, meaning) =>
    html`<div><dt>${label}</dt><dd>${value}<small>${meaning}</small></dd></div>`;
  const entries = known.map((key) => entry(SCORES[key][0], score(key, all[key]), SCORES[key][2]));
  const plain =
    guess &&
    entry(
      `${SCORES[metric][0]} of a guess`,
      score(metric, guess.score),
      metric === 'accuracy' ? 'always the most frequent class' : 'always the mean label',
    );
  return html`<dl class="scores">${entries}${plain}</dl>`;
}

function ofClasses(task, reported, detail) {
  const { calibration, confused, confusion, counts, roc } = reported.classes;
  const binary = task.classes.length === 2;
  const curves = roc.slice(0, detail.curves).map((curve, i) => ({
    ...curve,
    style: STYLES[i],
    name: html`${name(task.classes[curve.class], 24)} <small>${figure(curve.area)}</small>`,
  }));
  const areas = roc.map((curve) => `${cut(task.classes[curve.class], 24)} ${figure(curve.area)}`);
  const square = matrix(task, confusion, detail);
  const large = confusion.counts.length > MOST_IN_COLUMN;
  return html`${scores(reported, 'accuracy')}<div class="charts">${!large && square}${classTable(task, counts, confusion, detail)}${
    curves.length > 0 &&
    charts.roc({
      title: 'ROC curve',
      note: binary ? 'and the area under it' : 'each class against the rest, and the area under it',
      curves,
      told: `Areas under the curve: ${areas.join(', ')}.`,
    })
  }${
    calibration.length > 0 &&
    charts.calibration({
      title: 'Calibration',
      note: binary
        ? html`probability of ${name(task.classes[1], 24)}; bars: rows`
        : 'probability of the predicted class; bars: rows',
      bins: calibration,
      told: calibration
        .map(
          ({ n, predicted, observed }) =>
            `said ${percent(predicted)}, so in ${percent(observed)} of ${count(n, 'row')}`,
        )
        .join('; '),
    })
  }${mistakes(task, confused)}</div>${large && square}`;
}

/** The confusion matrix: a table whose cells are the darker, the greater the share of their row. */
function matrix({ classes }, confusion, detail) {
  const known = confusion.classes.slice(0, detail.classes);
  const others = confusion.counts.length > confusion.classes.length;
  // A matrix too great for this page is left to the table of mistakes.
  if (known.length < confusion.classes.length) return null;
  const names = known.map((index) => name(classes[index], 14));
  if (others) names.push(html`<i>others</i>`);
  const rows = confusion.counts.map((cells, i) => {
    const all = cells.reduce((sum, n) => sum + n, 0);
    const shades = cells.map((n, j) => {
      const share = all > 0 ? n / all : 0;
      // Among those taken together right and wrong cannot be told apart.
      const right = i === j ? (i < known.length ? 'hit' : 'some') : 'miss';
      return html`<td class="${right}${n === 0 && ' none'}" style="--s:${share.toFixed(2)}">${whole(n)}</td>`;
    });
    return html`<tr><th scope="row">${names[i]}</th>${shades}</tr>`;
  });
  return html`<figure class="chart"><figcaption><b>Confusion</b><span>rows: the true class; columns: the predicted one</span></figcaption><div class="scroll" tabindex="0"><table class="matrix"><caption class="heard">Rows by true and predicted class</caption><thead><tr><th scope="col"><span class="heard">True class</span></th>${names.map((it) => html`<th scope="col">${it}</th>`)}</tr></thead><tbody>${rows}</tbody></table></div></figure>`;
}

/** Labels, recall and precision of each class. */
function classTable({ classes }, counts, confusion, detail) {
  const most = Math.max(...counts);
  const shown = confusion.classes.slice(0, detail.classes);
  const rest = classes.length - shown.length;
  const rows = shown.map(
    (index, i) =>
      html`<tr><th scope="row">${name(classes[index], 28)}</th><td class="num">${whole(counts[index])}</td><td class="wide">${charts.bar(counts[index], most)}</td><td class="num">${percent(confusion.recall[i])}</td><td class="num">${percent(confusion.precision[i])}</td></tr>`,
  );
  const note =
    rest > 0 && html`<span>the most frequent ${shown.length} of ${whole(classes.length)}</span>`;
  return html`<figure class="chart"><figcaption><b>Classes</b>${note}</figcaption><div class="scroll" tabindex="0"><table class="classes"><thead><tr><th scope="col">Class</th><th scope="col" class="num" colspan="2">Labels</th><th scope="col" class="num">Recall</th><th scope="col" class="num">Precision</th></tr></thead><tbody>${rows}</tbody></table></div></figure>`;
}

function mistakes({ classes }, confused) {
  if (classes.length < 4 || confused.length === 0) return null;
  const most = confused[0].n;
  const rows = confused.map(
    (pair) =>
      html`<tr><td>${name(classes[pair.class], 24)}</td><td>${name(classes[pair.predicted], 24)}</td><td class="num">${whole(pair.n)}</td><td class="wide">${charts.bar(pair.n, most, { style: 'c2' })}</td></tr>`,
  );
  return html`<figure class="chart"><figcaption><b>Most frequent mistakes</b></figcaption><table class="mistakes"><thead><tr><th scope="col">True</th><th scope="col">Taken for</th><th scope="col" class="num" colspan="2">Rows</th></tr></thead><tbody>${rows}</tbody></table></figure>`;
}

function ofNumbers(reported, detail) {
  const { bias, labels, n, pairs, residuals } = reported.numbers;
  const step = Math.ceil(pairs.length / detail.dots);
  const drawn = pairs.filter((_, i) => i % step === 0);
  const way =
    bias !== null && `; ${figure(Math.abs(bias))} too ${bias > 0 ? 'high' : 'low'} in the mean`;
  const outside = ({ above, below }) =>
    above + below > 0 && `; ${count(above + below, 'row')} farther out`;
  return html`${scores(reported, 'rmse')}<div class="grid">${
    drawn.length > 0 &&
    charts.scatter({
      title: 'Predicted against actual',
      note:
        drawn.length < n ? `${whole(drawn.length)} of ${count(n, 'row')}, drawn at random` : null,
      pairs: drawn,
      told: `A point for each of ${count(drawn.length, 'row')}; the nearer to the diagonal the better. R² ${figure(reported.scores.r2)}.`,
    })
  }${
    residuals &&
    charts.histogram({
      title: 'Residuals',
      note: html`predicted less actual${way}${outside(residuals)}`,
      bins: residuals,
      xLabel: 'predicted − actual',
      zero: true,
      told: `Predicted less actual, from ${figure(residuals.between[0])} to ${figure(residuals.between[1])}; in the mean ${figure(bias)}.`,
    })
  }${
    labels &&
    charts.histogram({
      title: 'Labels',
      note: html`how they are spread${outside(labels)}`,
      bins: labels,
      xLabel: 'actual',
      told: `Labels from ${figure(labels.between[0])} to ${figure(labels.between[1])}.`,
    })
  }</div>`;
}

module.exports = { tasks };
