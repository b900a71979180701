// Scores by group: of the rows that have the same in a column that the user named.
'use strict';

const { SCORES, score, whole } = require('../figures');
const { html, name } = require('../html');

/** The figures of a table, with the one that groups are compared by first. */
const OF_CLASSES = ['accuracy', 'balancedAccuracy', 'f1Macro', 'logLoss'];
const OF_NUMBERS = ['rmse', 'mae', 'r2'];

/** A group of fewer rows may well be the worst by chance. */
const LEAST_ROWS = 30;

/** The section on groups. */
function groups({ source, shown }) {
  if (!source?.by) return null;
  const tables = source.tasks.slice(0, shown).map((task) => table(task, source.by));
  return html`<section id="groups"><h2>Scores by group</h2><p class="note">Rows by what they have in ${name(source.by, 40)}. The worst is marked of those groups with at least ${LEAST_ROWS} labelled rows.</p>${tables}</section>`;
}

function table(task, by) {
  const wanted = task.classes ? OF_CLASSES : OF_NUMBERS;
  const keys = wanted.filter((key) => task.groups.some((scores) => scores[key] !== undefined));
  const isWorst = worst(task.groups, keys[0]);
  const rows = task.groups.map(
    (scores) =>
      html`<tr><th scope="row">${scores.group === null ? '(missing)' : name(scores.group, 60)}${isWorst(scores) && html` <small>worst</small>`}</th><td class="num">${whole(scores.n)}</td>${keys.map((key) => html`<td class="num">${scores[key] === undefined ? '–' : score(key, scores[key])}</td>`)}</tr>`,
  );
  return html`<h3>${name(task.name)}</h3><div class="scroll" tabindex="0"><table><thead><tr><th scope="col">${name(by, 40)}</th><th scope="col" class="num">Rows</th>${keys.map((key) => html`<th scope="col" class="num">${SCORES[key][0]}</th>`)}</tr></thead><tbody>${rows}</tbody></table></div>`;
}

/** Tells the groups with the worst of this figure, where there is a better one to compare with. */
function worst(groups, key) {
  const compared = groups.filter(({ n, [key]: figure }) => n >= LEAST_ROWS && figure !== undefined);
  const loss = (scores) => (key === 'accuracy' ? -scores[key] : scores[key]);
  const losses = compared.map(loss);
  const [least, most] = [Math.min(...losses), Math.max(...losses)];
  return (scores) => least < most && compared.includes(scores) && loss(scores) === most;
}

module.exports = { groups };
