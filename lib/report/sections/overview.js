// The head of a report: what was trained on what, each task's main figure, and what to know first.
'use strict';

const path = require('node:path');
const { meter } = require('../charts');
const { count, figure, percent, whole } = require('../figures');
const { cut, html, name } = require('../html');

/** What native code calls rows that came from no file. */
const ROWS = 'rows';

/** The heading, a sentence about the model, a card for each task, and the advice. */
function overview({ model, source, title, best, shown, warnings }) {
  const { data, features, parameters, tasks } = model;
  const others = tasks.length > 4 ? `${tasks.length} targets` : null;
  const what = others ?? list(tasks.map((task) => name(task.name, 40)));
  const file = data.source !== ROWS && html` from ${name(lastPart(data.source), 60)}`;
  const heading = title === null ? html`${what}${file}` : name(title, 120);
  const several = 1 + (data.refit?.further?.length ?? 0);
  const who = several > 1 ? html`${several} networks` : 'One network';
  const lead = html`${who} of ${count(parameters, 'weight')} ${several > 1 ? 'predict' : 'predicts'} ${what} from ${count(features.length, 'column')}. ${several > 1 ? 'The first' : 'It'} was trained on ${count(data.trainRows, 'row')}${of(data.source)}${data.validationRows > 0 && html`, with ${count(data.validationRows, 'row')} set apart to choose the best epoch`}${data.refit && html`, and then ${several > 1 && 'all were trained '}anew on all ${count(data.refit.rows, 'row')}`}.`;
  const scored = source
    ? html` The scores on this page are those of ${count(source.rows, 'row')}${of(source.name)}.`
    : html` The scores on this page are those of its validation rows.`;
  return html`<header><p class="eyebrow">polytask report</p><h1>${heading}</h1><p class="lead">${lead}${scored}</p></header>${known(warnings)}<div class="cards">${tasks.slice(0, shown).map((task, i) => card(task, source?.tasks[i], best?.validation?.tasks[task.name]))}</div>`;
}

/** Rows that were given have no name. */
const of = (source) => source !== ROWS && html` of ${name(source, 80)}`;

const lastPart = (file) => path.basename(file) || file;

/** What to know before reading on. */
function known(warnings) {
  if (warnings.length === 0) return null;
  return html`<aside class="advice" aria-labelledby="advice"><h2 id="advice">Worth knowing</h2><ul>${warnings.map((text) => html`<li>${text}</li>`)}</ul></aside>`;
}

/** The main figure of a task, beside what a guess would score. */
function card(task, reported, validated) {
  const { main, small, bar } = reported ? ofRows(task, reported) : ofEpoch(validated);
  return html`<section class="card"><h2>${name(task.name, 48)}</h2><p class="kind">${task.type}</p><p class="main">${main}</p>${bar}<p class="small">${small}</p></section>`;
}

function ofRows({ classes }, { scores, guess }) {
  if (classes) {
    if (scores.accuracy === undefined) return unlabelled(scores);
    const common =
      guess && html`Always ${name(classes[guess.answer], 32)}: ${percent(guess.score)} right`;
    return {
      main: html`<b>${percent(scores.accuracy)}</b> right`,
      bar: meter(scores.accuracy, guess?.score ?? null),
      small: html`${common}<br>${count(scores.n, 'labelled row')}`,
    };
  }
  if (scores.rmse === undefined) return unlabelled(scores);
  const mean = guess && html`Always the mean: ± ${figure(guess.score)}`;
  const explained = scores.r2 !== undefined && html`<br>R² ${figure(scores.r2)}`;
  return {
    main: html`<b>± ${figure(scores.rmse)}</b> RMSE`,
    bar: scores.r2 !== undefined && meter(scores.r2, null),
    small: html`${mean}${explained}<br>${count(scores.n, 'labelled row')}`,
  };
}

const unlabelled = ({ n }) => ({
  main: html`<b>–</b>`,
  bar: null,
  small:
    n === 0
      ? 'No row has a label.'
      : `${whole(n)} labelled rows, but no score: answers are not finite, or weights are 0.`,
});

function ofEpoch(validated) {
  if (!validated)
    return { main: html`<b>–</b>`, bar: null, small: 'There were no validation rows.' };
  const { accuracy, rmse, n } = validated;
  const small = `${count(n, 'validation label')}, at the epoch that was kept.`;
  if (accuracy !== undefined) {
    return { main: html`<b>${percent(accuracy)}</b> right`, bar: meter(accuracy, null), small };
  }
  return { main: html`<b>± ${figure(rmse)}</b> RMSE`, bar: null, small };
}

/** `a, b and c`. */
function list(parts) {
  return parts.map((part, i) => {
    const between = i === parts.length - 1 ? ' and ' : ', ';
    return i === 0 ? part : html`${between}${part}`;
  });
}

/** A file or path as part of a title, which has no markup. */
const plain = (source) => cut(lastPart(source), 60);

module.exports = { overview, plain };
