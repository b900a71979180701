// Numbers as they are read: four digits that count, shares as percentages.
'use strict';

const NONE = '–';

/** A number of any size. */
function figure(number) {
  if (typeof number !== 'number') return NONE;
  if (number === 0) return '0';
  const size = Math.abs(number);
  if (Number.isInteger(number) && size < 1e9) return whole(number);
  if (size >= 1e7 || size < 1e-4)
    return signed(
      number
        .toExponential(2)
        .replace('e+', 'e')
        .replace(/\.?0+(?=e)/, ''),
    );
  if (size >= 1e4) return whole(Math.round(number));
  return signed(String(Number(number.toPrecision(4))));
}

/** A whole number, its thousands apart. */
const whole = (number) => signed(String(number).replace(/\B(?=(\d{3})+$)/g, ','));

/** A share of 1 as a percentage. */
const percent = (share) =>
  typeof share === 'number'
    ? `${signed((share * 100).toFixed(1)).replace(/^100\.0$/, '100')} %`
    : NONE;

/** The same with its sign, as a change. */
const change = (share) => (share > 0 ? `+${percent(share)}` : percent(share));

/** So many of something: `1 row`, `2 rows`. */
const count = (number, one, many = `${one}s`) => `${whole(number)} ${number === 1 ? one : many}`;

const signed = (text) => text.replaceAll('-', '−');

/** What figures are called, how they are written, and what they mean. */
const SCORES = {
  accuracy: ['Accuracy', percent, 'share of right classes'],
  balancedAccuracy: ['Balanced accuracy', percent, 'mean share found of each class'],
  f1Macro: ['F1, plain mean', figure, 'precision and recall, mean over classes'],
  f1Weighted: ['F1, by labels', figure, 'the same, classes by their labels'],
  logLoss: ['Log loss', figure, 'nats; lower is better'],
  rocAuc: ['ROC AUC', figure, 'chance that a positive outranks a negative'],
  averagePrecision: ['Average precision', figure, 'area under precision and recall'],
  brier: ['Brier score', figure, 'squared error of probabilities; lower is better'],
  ece: ['Calibration error', figure, 'gap between said and true, 15 bins'],
  kappa: ['Kappa', figure, 'quadratic, over ranks; 0 is chance'],
  rmse: ['RMSE', figure, 'root mean squared error'],
  mae: ['MAE', figure, 'mean absolute error'],
  r2: ['R²', figure, 'share of variance explained'],
  medianAbsoluteError: ['Median error', figure, 'half of the errors are smaller'],
  poissonDeviance: ['Poisson deviance', figure, 'lower is better'],
  coverage: ['Coverage', percent, 'labels within their intervals'],
  meanWidth: ['Interval width', figure, 'mean, in the unit of the labels'],
};

/** What a figure is called. */
const title = (metric) => SCORES[metric]?.[0] ?? metric;

/** A figure of this kind as it is written. */
const score = (metric, number) => (SCORES[metric]?.[1] ?? figure)(number);

module.exports = { SCORES, change, count, figure, percent, score, title, whole };
