// Scores as text: what the figures are called, and how they and confusions are laid out.
'use strict';

const { clean, count, figure, table } = require('./text');

const NAMES = {
  accuracy: 'accuracy',
  balancedAccuracy: 'balanced accuracy',
  f1Macro: 'F1, mean over classes',
  f1Weighted: 'F1, by labels',
  logLoss: 'log loss',
  rocAuc: 'ROC AUC',
  averagePrecision: 'average precision',
  brier: 'Brier score',
  ece: 'calibration error',
  rmse: 'RMSE',
  mae: 'mean absolute error',
  r2: 'R²',
  medianAbsoluteError: 'median absolute error',
  poissonDeviance: 'Poisson deviance',
  kappa: 'kappa, quadratic',
  coverage: 'coverage',
  meanWidth: 'mean width',
};

/** The figures of some scores, in order, as pairs of name and key. */
const keys = (scores) =>
  Object.keys(scores).filter((key) => typeof scores[key] === 'number' && key !== 'n');

/** All tasks' scores as lines, those of the groups of column `by` too. */
function lines(evaluation, tasks, paint, by) {
  return tasks.flatMap(({ name, type, classes }, at) => {
    const scores = evaluation[name];
    const rows = keys(scores).map((key) => [NAMES[key] ?? key, figure(scores[key])]);
    return [
      ...(at > 0 ? [''] : []),
      `${paint.bold(clean(name))}  ${paint.dim(`${type}, ${count(scores.n, 'row')}`)}`,
      ...table(rows, { indent: '  ', right: [1] }),
      ...(scores.confusion ? confusion(scores.confusion, classes, paint) : []),
      ...(scores.groups ? groups(scores.groups, by, paint) : []),
    ];
  });
}

// Wider tables would not fit.
const MOST_CLASSES = 12;

function confusion(counts, classes, paint) {
  if (classes.length > MOST_CLASSES) return [];
  const names = classes.map(clean);
  const rows = counts.map((row, at) => [names[at], ...row.map(String)]);
  const right = names.map((_, at) => at + 1);
  const [head, ...body] = table([['true, by answer', ...names], ...rows], { indent: '  ', right });
  return ['', paint.dim(head), ...body];
}

// The figures that a line of groups has room for.
const OF_GROUPS = [
  'accuracy',
  'f1Macro',
  'logLoss',
  'kappa',
  'rmse',
  'mae',
  'r2',
  'poissonDeviance',
];

/** The main scores of each group as a table. */
function groups(all, by, paint) {
  const shown = OF_GROUPS.filter((key) => all.some((scores) => scores[key] !== undefined));
  const rows = all.map((scores) => [
    scores.group === null ? '(missing)' : clean(scores.group),
    String(scores.n),
    ...shown.map((key) => figure(scores[key])),
  ]);
  const heading = [`by ${clean(by)}`, 'rows', ...shown.map((key) => NAMES[key])];
  const right = heading.map((_, at) => at).slice(1);
  const [head, ...body] = table([heading, ...rows], { indent: '  ', right });
  return ['', paint.dim(head), ...body];
}

/** Means and deviations of folds as lines. */
function folds({ mean, deviation }, paint) {
  return Object.keys(mean).flatMap((task, at) => {
    const rows = keys(mean[task]).map((key) => [
      NAMES[key] ?? key,
      figure(mean[task][key]),
      `± ${figure(deviation[task]?.[key])}`,
    ]);
    return [
      ...(at > 0 ? [''] : []),
      `${paint.bold(clean(task))}  ${paint.dim(count(mean[task].n, 'label'))}`,
      ...table(rows, { indent: '  ', right: [1] }),
    ];
  });
}

module.exports = { folds, lines };
