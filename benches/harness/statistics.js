// Medians, spreads and ratios of repeated measurements, and how figures are written.
'use strict';

function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/** Median, least and most; `null` of nothing. */
function spread(numbers) {
  if (numbers.length === 0) return null;
  return { median: median(numbers), min: Math.min(...numbers), max: Math.max(...numbers) };
}

/**
 * By how much ours is ahead, above 1 where it is: the quotient within each round that has both, so
 * that a machine that is slow for minutes is slow for both. Samples are `{ round, [key] }`; `less`
 * says that the smaller figure is the better one.
 */
function lead(ours, theirs, key, less) {
  const quotients = [];
  for (const { round, [key]: their } of theirs) {
    const our = ours.find((sample) => sample.round === round)?.[key];
    if (Number.isFinite(our) && Number.isFinite(their)) {
      quotients.push(less ? their / our : our / their);
    }
  }
  return spread(quotients);
}

/** Three digits, or whole numbers with their thousands apart. */
function figure(number) {
  if (number === null || number === undefined || Number.isNaN(number)) return '';
  if (typeof number === 'string') return number;
  if (Math.abs(number) >= 999.5) return Math.round(number).toLocaleString('en');
  return Number.isInteger(number) ? String(number) : number.toPrecision(3);
}

module.exports = { figure, lead, median, spread };
