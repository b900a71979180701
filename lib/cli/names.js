// Names of options: from the command line's `--model.task-experts` to the API's
// `model.taskExperts` and back, and the nearest one to a misspelling.
'use strict';

const camel = (name) => name.replace(/-([a-z])/g, (_, letter) => letter.toUpperCase());
const kebab = (name) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/**
 * The steps of a path. Names of columns, tasks and classes within it are data: they stay as they
 * are, and where one ends the path, it may hold dots.
 */
function steps(path, spell = camel) {
  const [first, ...rest] = path.split('.');
  const option = spell(first);
  const tail = (parts) => (parts.length > 0 ? [parts.join('.')] : []);
  if (option === 'space') return [option, ...tail(rest.map(spell))];
  if (option === 'targets') {
    const [column, part, ...label] = rest;
    if (part === undefined) return [option, ...rest];
    return [option, column, spell(part), ...tail(label)];
  }
  const [second, ...others] = rest;
  const inner = second === undefined ? [] : [spell(second)];
  const names = ['features.types', 'balance.weights'].includes(
    `${camel(first)}.${camel(second ?? '')}`,
  );
  return [option, ...inner, ...(names ? tail(others) : others.map(spell))];
}

/** The flag of an option of the API. */
const flag = (path) => `--${steps(path, kebab).join('.')}`;

/** The candidate nearest to a name, if one is near. */
function nearest(name, candidates) {
  let best = null;
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const far = distance(name.toLowerCase(), candidate.toLowerCase());
    if (far <= 1 + candidate.length / 3 && far < least) [best, least] = [candidate, far];
  }
  return best;
}

/** Letters to add, drop, change or swap (Damerau 1964) to make one name of another. */
function distance(one, other) {
  let before = [];
  let last = Array.from({ length: other.length + 1 }, (_, j) => j);
  for (let i = 1; i <= one.length; i++) {
    const row = [i];
    for (let j = 1; j <= other.length; j++) {
      const same = one[i - 1] === other[j - 1];
      const ways = [last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0 : 1)];
      const swapped = one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      if (i > 1 && j > 1 && swapped) ways.push(before[j - 2] + 1);
      row.push(Math.min(...ways));
    }
    [before, last] = [last, row];
  }
  return last[other.length];
}

module.exports = { camel, flag, kebab, nearest, steps };
