// A report on a model: one HTML file that needs nothing else, neither network nor a script to be
// read. Its numbers come from native code; here they are laid out.
'use strict';

const { createHash } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const { count } = require('./figures');
const { cut, html, name, raw } = require('./html');
const { data } = require('./sections/data');
const { facts } = require('./sections/facts');
const { groups } = require('./sections/groups');
const { importance } = require('./sections/importance');
const { learning } = require('./sections/learning');
const { overview, plain } = require('./sections/overview');
const { tasks } = require('./sections/tasks');
const { comparison, experts, together } = require('./sections/together');

/** No report is larger, in bytes. */
const MOST_BYTES = 380_000;

/**
 * How much is shown, from all that has room on a page downwards; the first that fits is taken:
 * points of a line, columns in the table, points of a scatter plot, curves and classes of a task,
 * columns by importance, tasks.
 */
const DETAILS = [
  { points: 160, columns: 80, dots: 500, curves: 6, classes: 12, importance: 15, tasks: 40 },
  { points: 80, columns: 60, dots: 250, curves: 4, classes: 12, importance: 10, tasks: 24 },
  { points: 50, columns: 40, dots: 150, curves: 3, classes: 12, importance: 8, tasks: 20 },
  { points: 36, columns: 25, dots: 100, curves: 2, classes: 6, importance: 6, tasks: 16 },
  { points: 30, columns: 20, dots: 80, curves: 2, classes: 6, importance: 5, tasks: 9 },
  { points: 20, columns: 10, dots: 40, curves: 1, classes: 2, importance: 3, tasks: 3 },
];

const asset = (file) => fs.readFileSync(path.join(__dirname, file), 'utf8');

/** The HTML of a report on a model as it is described, with the numbers native code found. */
function compose(model, numbers) {
  const style = asset('style.css');
  const script = asset('hover.js');
  let page = '';
  for (const detail of DETAILS) {
    page = laidOut(model, numbers, detail, style, script);
    if (Buffer.byteLength(page) <= MOST_BYTES) break;
  }
  return page;
}

function laidOut(model, numbers, detail, style, script) {
  const { source, title } = numbers;
  const best = model.history.findLast((report) => report.best) ?? null;
  const shown = Math.min(detail.tasks, model.tasks.length);
  const told = {
    model,
    numbers,
    source,
    title,
    best,
    shown,
    detail,
    epochs: thinned(model.history, detail.points),
    warnings: warnings(model, source),
  };
  const sections = [
    ['tasks', 'Answers', source && tasks(told)],
    ['groups', 'Groups', groups(told)],
    ['importance', 'Columns’ worth', importance(told)],
    ['learning', 'Learning', learning(told)],
    ['together', 'Tasks together', together(told)],
    ['alone', 'Together or alone', comparison(told)],
    ['experts', 'Experts', experts(told)],
    ['data', 'Data', data(told)],
    ['facts', 'Options', facts(told)],
  ].filter(([, , content]) => content);
  const heading =
    title === null ? `${plain(model.data.source)}: a polytask report` : cut(title, 120);
  // Nothing is fetched from anywhere, and no script runs but ours.
  const hash = createHash('sha256').update(script).digest('base64');
  const policy = `default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
  const links = sections.map(([id, label]) => html`<li><a href="#${id}">${label}</a></li>`);
  return `<!doctype html>\n${html`<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><link rel="icon" href="data:,"><title>${heading}</title><style>${raw(style)}</style></head><body><main>${overview(told)}<nav aria-label="Sections"><ul>${links}</ul></nav>${!source && sourceless()}${sections.map(([, , content]) => content)}</main><footer>Written by polytask ${model.versions.polytask}. This file needs no network.</footer><script>${raw(script)}</script></body></html>`}\n`;
}

/** What a source would add. */
function sourceless() {
  return html`<aside class="hint"><h2>With labelled rows there is more to see</h2><p>This report tells only what the model file knows. <code>model.report(path, { source })</code> also scores the model on the rows of <code>source</code>: confusion matrices, ROC and calibration curves, predicted against actual, residuals, and what each column is worth. Rows that the model has not seen tell most.</p></aside>`;
}

/** What the reader should know before any figure. */
function warnings(model, source) {
  const all = model.advice.map((text) => cut(text, 600));
  if (source?.trainedOn) {
    all.unshift(
      'The rows scored here are those the model was trained on. Figures flatter it: judge it on rows it has not seen.',
    );
  }
  const few = source?.tasks.filter(({ scores }) => scores.n > 0 && scores.n < 100) ?? [];
  if (few.length > 0) {
    const named = few
      .slice(0, 3)
      .map((task) => html` ${name(task.name, 40)} (${count(task.scores.n, 'label')})`);
    const more = few.length > 3 && ` and ${few.length - 3} more`;
    all.push(html`Scores of few labels are rough:${named}${more}.`);
  }
  return all.slice(0, 12);
}

/** At most so many epochs, evenly: the last one and the best one are among them. */
function thinned(history, most) {
  if (history.length <= most) return history;
  const step = (history.length - 1) / (most - 1);
  const kept = new Set(Array.from({ length: most }, (_, i) => Math.round(i * step)));
  kept.add(history.findLastIndex((report) => report.best));
  return history.filter((_, i) => kept.has(i));
}

module.exports = { compose };
