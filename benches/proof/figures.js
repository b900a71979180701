// The statistics of the proofs: gains over single-task twins, intervals, and what a difference is
// worth that was taken in pairs.
'use strict';

const mean = (xs) => xs.reduce((sum, x) => sum + x, 0) / xs.length;

/** Standard deviation of a sample, over n − 1; NaN of fewer than two. */
const deviation = (xs) =>
  Math.sqrt(xs.reduce((sum, x) => sum + (x - mean(xs)) ** 2, 0) / (xs.length - 1));

/**
 * The 97.5 % quantile of Student's t by its series about the normal one's (Abramowitz and Stegun
 * 26.7.5); right to 0.002 from 4 degrees of freedom on.
 */
function tQuantile(freedom) {
  if (!(freedom >= 4)) throw new RangeError(`an interval needs five values, not ${freedom + 1}`);
  const z = 1.959963985;
  const terms = [
    z,
    (z ** 3 + z) / 4,
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96,
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384,
    (79 * z ** 9 + 776 * z ** 7 + 1482 * z ** 5 - 1920 * z ** 3 - 945 * z) / 92160,
  ];
  return terms.reduce((sum, term, power) => sum + term / freedom ** power, 0);
}

/** Half the width of the 95 % confidence interval of a mean. */
const halfWidth = (xs) => (tQuantile(xs.length - 1) * deviation(xs)) / Math.sqrt(xs.length);

/**
 * The mean over tasks of 1 − error ÷ error alone: how much of the single-task networks' error the
 * one network of all tasks saves. Both are errors by task, lower being better and above 0.
 */
function meanDelta(errors, alone) {
  const tasks = Object.keys(errors);
  return mean(tasks.map((task) => 1 - errors[task] / alone[task]));
}

/** The two-sided p of the sign test: as many wins or losses, or more, if either were as likely. */
function signTest(wins, losses) {
  const n = wins + losses;
  let chance = 0.5 ** n;
  let tail = 0;
  for (let k = 0; k <= Math.min(wins, losses); k++) {
    tail += chance;
    chance *= (n - k) / (k + 1);
  }
  return Math.min(1, 2 * tail);
}

/** Holm's correction: each p as it is worth among so many, in the order given. */
function holm(ps) {
  const order = ps.map((p, at) => [p, at]).sort(([a], [b]) => a - b);
  const corrected = [];
  let least = 0;
  order.forEach(([p, at], rank) => {
    least = Math.max(least, Math.min(1, p * (ps.length - rank)));
    corrected[at] = least;
  });
  return corrected;
}

/** What pairs of numbers say of the first against the second, higher being better. */
function paired(pairs) {
  const differences = pairs.map(([a, b]) => a - b);
  const wins = differences.filter((difference) => difference > 0).length;
  const losses = differences.filter((difference) => difference < 0).length;
  return { mean: mean(differences), wins, losses, p: signTest(wins, losses) };
}

/** The rank of each number, 1 for the highest; equal ones share the mean of theirs. */
function ranks(numbers) {
  return numbers.map((number) => {
    const higher = numbers.filter((other) => other > number).length;
    const equal = numbers.filter((other) => other === number).length;
    return higher + (equal + 1) / 2;
  });
}

module.exports = {
  deviation,
  halfWidth,
  holm,
  mean,
  meanDelta,
  paired,
  ranks,
  signTest,
  tQuantile,
};
