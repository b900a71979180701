// A small table with every type of column and every kind of task, with cells and labels missing;
// and rows to ask that hold what training never saw: other words, farther numbers, later dates.
'use strict';

const { mulberry32 } = require('../random');

const KINDS = ['loft', 'house', 'flat'];
const RATINGS = ['poor', 'fair', 'good', 'fine'];

/** The targets, by kind of task. */
const TARGETS = {
  kind: 'classification',
  sold: 'classification',
  price: { type: 'regression', clamp: true },
  rooms: 'regression',
  visits: 'count',
  rating: { type: 'ordinal', classes: RATINGS },
};

/** Two-class tasks of which each implies the one before. */
const CHAIN = ['seen', 'asked', 'bought'];

/** What a column may be that its cells do not tell. */
const TYPES = { grade: 'categorical', entered: 'date-dmy' };

const two = (number) => String(number).padStart(2, '0');

function pick(random, list) {
  return list[Math.floor(random() * list.length)];
}

function day(random, first, years) {
  const year = first + Math.floor(random() * years);
  return [year, 1 + Math.floor(random() * 12), 1 + Math.floor(random() * 28)];
}

function features(random, strange) {
  const other = (share) => strange && random() < share;
  const empty = (share, value) => (random() < share ? null : value);
  const [year, month, date] = day(random, strange ? 1890 : 2015, strange ? 180 : 6);
  const [built, by, on] = day(random, 1980, 40);
  const clock = `${two(Math.floor(random() * 24))}:${two(Math.floor(random() * 60))}`;
  const leap = other(0.05) ? '2024-02-29' : `${year}-${two(month)}-${two(date)}`;
  return {
    size: empty(0.08, Math.round(random() * 2000) / 10 + (other(0.05) ? 1000 : 0)),
    // Far from zero: in single precision its last digits would be lost.
    plot: 1e9 + Math.floor(random() * 1000) + (other(0.03) ? -5000 : 0),
    income: empty(0.05, Math.exp(random() * 8) * (other(0.03) ? 5 : 1)),
    floor: Math.floor(random() * 4),
    heating: empty(0.1, other(0.2) ? 'peat' : pick(random, ['gas', 'oil', 'wood'])),
    town: empty(0.05, other(0.2) ? `new town ${random()}` : `town ${Math.floor(random() * 40)}`),
    grade: other(0.2) ? 99.5 : empty(0.05, 1 + Math.floor(random() * 5)),
    code: empty(0.1, 100 + Math.floor(random() * (strange ? 60 : 30))),
    balcony: empty(0.1, pick(random, strange ? ['yes', 'No', 'YES', 'no'] : ['yes', 'no'])),
    garden: pick(random, [true, false]),
    listed: empty(0.08, `${leap} ${clock}`),
    entered: `${on}/${by}/${built}`,
  };
}

function labels(random, row) {
  const { size, floor, heating, balcony, listed } = row;
  const noise = () => random() + random() - 1;
  const worth = (size ?? 100) * 0.01 + floor * 0.2 + (heating === 'gas' ? 0.4 : 0) + noise();
  const light = (balcony === 'yes' ? 1 : 0) + (listed === null ? 0.5 : 0) + noise();
  const seen = worth + light > 1;
  const asked = seen && light > 0;
  const hidden = (value) => (random() < 0.1 ? null : value);
  return {
    kind: hidden(KINDS[worth > 1.8 ? 0 : light > 0.5 ? 1 : 2]),
    sold: hidden(worth > light + 0.5 ? 'sold' : 'open'),
    price: hidden(Math.round(250_000 + 90_000 * worth)),
    rooms: hidden(1 + worth + 0.2 * light),
    visits: hidden(Math.max(0, Math.round(2 * worth + 3 * light))),
    rating: hidden(RATINGS[Math.max(0, Math.min(3, Math.floor(worth + light)))]),
    seen: seen ? 'yes' : 'no',
    asked: asked ? 'yes' : 'no',
    bought: asked && worth > 1 ? 'yes' : 'no',
  };
}

/** So many labelled rows. */
function labelled(count, seed = 5) {
  const random = mulberry32(seed);
  return Array.from({ length: count }, () => {
    const row = features(random, false);
    return { ...row, ...labels(random, row) };
  });
}

/** So many rows to ask. */
function asked(count, seed = 6) {
  const random = mulberry32(seed);
  return Array.from({ length: count }, () => features(random, true));
}

module.exports = { CHAIN, TARGETS, TYPES, asked, labelled };
