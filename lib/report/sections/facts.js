// What it takes to train the same model again: options, versions, hashes, the trials of a search.
'use strict';

const { count, figure, whole } = require('../figures');
const { cut, html, name } = require('../html');

/** The section at the end. */
function facts({ model, detail }) {
  const { data, engine, parameters, tasks, tuning, versions } = model;
  const list = [
    ['polytask', versions.polytask],
    ['libtorch', versions.libtorch],
    ['Steps computed by', engine || '–'],
    ['Weights', whole(parameters)],
    ['Hash of the data', html`<code>${data.fingerprint}</code>`],
  ];
  const fitted = tasks.filter((task) => task.calibration ?? task.interval).slice(0, detail.tasks);
  const json = cut(JSON.stringify(said(model), null, 2), 12_000);
  return html`<section id="facts"><h2>To train it again</h2><dl class="facts">${list.map(([term, text]) => html`<div><dt>${term}</dt><dd>${text}</dd></div>`)}</dl>${fitted.length > 0 && html`<h3>Fitted afterwards</h3><ul class="plain">${fitted.map(after)}</ul>`}${tuning && trials(tuning)}<details><summary>All options, defaults filled in</summary><pre tabindex="0">${pieces(json)}</pre></details></section>`;
}

/** The options, without the tokens for missing cells that are so by default. */
function said({ options, missing }) {
  const { missing: all, ...csv } = options.csv;
  const given = Array.isArray(all) ? missing.given : all;
  const some = !Array.isArray(given) || given.length > 0;
  return { ...options, csv: some ? { missing: given, ...csv } : csv };
}

/** What calibration and intervals found. */
function after({ name: task, calibration, interval }) {
  if (calibration) {
    const { temperature, labels, before, after: then } = calibration;
    return html`<li>${name(task)}: temperature ${figure(temperature)}, fitted to ${count(labels, 'validation label')}; calibration error there ${figure(before.ece)} before, ${figure(then.ece)} after.</li>`;
  }
  const { level, labels, halfWidth } = interval;
  return html`<li>${name(task)}: ${figure(level * 100)} % intervals of ± ${figure(halfWidth)}, from ${count(labels, 'validation label')}.</li>`;
}

/** The best trials of the search that found it. */
function trials(tuning) {
  const best = tuning
    .filter(({ score }) => score !== null)
    .sort((a, b) => a.score - b.score)
    .slice(0, 10);
  const rows = best.map(
    ({ trial, score, epochs, options }) =>
      html`<tr><th scope="row" class="num">${whole(trial)}</th><td class="num">${figure(score)}</td><td class="num">${whole(epochs)}</td><td class="why"><code>${cut(JSON.stringify(options), 300)}</code></td></tr>`,
  );
  return html`<h3>Search</h3><p class="note">The best ${best.length} of ${count(tuning.length, 'trial')}; lower scores are better.</p><div class="scroll" tabindex="0"><table><thead><tr><th scope="col" class="num">Trial</th><th scope="col" class="num">Score</th><th scope="col" class="num">Epochs</th><th scope="col">What was varied</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

/** A long text in pieces, each escaped, none cut. */
const pieces = (text) => text.match(/[^\n]*\n?/g).map((line) => html`${line}`);

module.exports = { facts };
