// The tables of methods and architectures, from the single results.
'use strict';

const { aligned } = require('../harness/table');
const { deviation, holm, mean, meanDelta, paired, ranks, signTest } = require('./figures');

/** The values there are of a key, in the order they come. */
const distinct = (results, key) => [...new Set(results.map((result) => result[key]))];

/** Reads gains out of results: a training's mean Δ over the single-task networks of its split. */
function gains(results) {
  const errors = new Map();
  for (const { set, seed, architecture, method, task, errors: own } of results) {
    if (!own) continue;
    const key = [set, seed, architecture, method ?? 'alone'].join('/');
    // The single-task networks of a split together have an error for each task, as one of all has.
    if (task === undefined) errors.set(key, own);
    else errors.set(key, { ...errors.get(key), ...own });
  }
  return {
    /** `null` where one of the trainings failed or is not there; `base` is that of the twins. */
    gain(set, seed, architecture, method, base = 'shared') {
      const own = errors.get([set, seed, architecture, method].join('/'));
      const alone = errors.get([set, seed, base, 'alone'].join('/'));
      return own && alone && Object.keys(own).every((task) => alone[task] > 0)
        ? meanDelta(own, alone)
        : null;
    },
  };
}

const signed = (x, digits = 1) => {
  const text = Math.abs(100 * x).toFixed(digits);
  return Number(text) === 0 ? text : `${x < 0 ? '−' : '+'}${text}`;
};
const spread = (xs) => `${signed(mean(xs))} ± ${(100 * deviation(xs)).toFixed(1)}`;
const chance = (p) => (p < 0.001 ? '< 0.001' : p.toFixed(3));

/** What Holm's corrected p of a comparison says. */
function verdict({ wins, losses }, p) {
  if (p >= 0.05) return 'no difference shown';
  return wins > losses ? '**better**' : '**worse**';
}

/**
 * Compares each of some columns of gains with a reference column, place by place; a place is a set
 * and a seed, and a column `[{ set, seed, gain }]`.
 */
function against(columns, reference) {
  const comparisons = columns.map((column) => {
    const both = column
      .map(({ set, gain }, at) => ({ set, pair: [gain, reference[at].gain] }))
      .filter(({ pair }) => pair.every((gain) => gain !== null));
    const sets = distinct(both, 'set').map((set) => {
      const own = both.filter((it) => it.set === set);
      return mean(own.map(({ pair: [a, b] }) => a - b));
    });
    return {
      ...paired(both.map(({ pair }) => pair)),
      sets: `${sets.filter((x) => x > 0).length}–${sets.filter((x) => x < 0).length}`,
    };
  });
  const corrected = holm(comparisons.map(({ p }) => p));
  return comparisons.map((it, at) => ({
    ...it,
    verdict: verdict(it, corrected[at]),
    holm: corrected[at],
  }));
}

const compared = ({ mean: points, wins, losses, sets, holm: p, verdict: said }) => [
  signed(points, 2),
  `${wins}–${losses}`,
  sets,
  chance(p),
  said,
];

/** Cells of a column of gains, set by set, then the mean of the sets' means. */
function bySet(column, sets) {
  const values = sets.map((set) =>
    column.filter((it) => it.set === set && it.gain !== null).map(({ gain }) => gain),
  );
  return [...values.map(spread), signed(mean(values.map(mean)))];
}

/** The places, set by set, for which `has` finds all that a table needs. */
const places = (results, has) =>
  distinct(results, 'set').flatMap((set) =>
    distinct(results, 'seed')
      .filter((seed) => has(set, seed))
      .map((seed) => ({ set, seed })),
  );

function sharedTables(results, { methods }) {
  const { gain } = gains(results);
  const found = (set, seed) =>
    methods.every((method) =>
      results.some(
        (it) =>
          it.set === set &&
          it.seed === seed &&
          it.method === method &&
          it.architecture === 'shared',
      ),
    );
  const at = places(results, found);
  const sets = distinct(at, 'set');
  const columns = methods.map((method) =>
    at.map((place) => ({ ...place, gain: gain(place.set, place.seed, 'shared', method) })),
  );
  const ranking = at.map((_, place) =>
    ranks(columns.map((column) => column[place].gain ?? Number.NEGATIVE_INFINITY)),
  );
  const meanRank = methods.map((_, method) => mean(ranking.map((places) => places[method])));
  const order = methods.map((_, method) => method).sort((a, b) => meanRank[a] - meanRank[b]);
  const name = (method) => (methods[method] === 'equal' ? '**`equal`**' : `\`${methods[method]}\``);

  const delta = aligned([
    ['method', ...sets, 'mean of sets', 'mean rank'],
    ...order.map((method) => [
      name(method),
      ...bySet(columns[method], sets),
      meanRank[method].toFixed(1),
    ]),
  ]);
  const equal = columns[methods.indexOf('equal')];
  const others = order.filter((method) => methods[method] !== 'equal');
  const versus = against(
    others.map((method) => columns[method]),
    equal,
  );
  const wins = aligned([
    ['method', 'Δ above `equal`, points', 'better–worse', 'sets', 'p (Holm)', ''],
    ...others.map((method, row) => [name(method), ...compared(versus[row])]),
  ]);
  const alone = columns.map((column) => column.filter((it) => it.gain !== null));
  const count = (column, sign) => column.filter(({ gain: x }) => Math.sign(x) === sign).length;
  const [up, down] = [1, -1].map((sign) => count(alone[methods.indexOf('equal')], sign));
  const failures = columns.flat().filter((it) => it.gain === null).length;
  const seeds = distinct(at, 'seed').length;
  return [
    `Mean Δ in percent on the shared trunk, mean ± sd over ${seeds} seeds; methods by their mean rank of ${methods.length} over the ${at.length} splits.${failures ? ` ${failures} trainings failed and are left out.` : ''}`,
    delta.trim(),
    `\`equal\` beats the networks of single tasks in ${up} of the ${up + down} splits (sign test: p ${chance(signTest(up, down)).replace(/^(?=\d)/, '= ')}). Against \`equal\`, on the same splits:`,
    wins.trim(),
  ].join('\n\n');
}

function architectureTables(results, { some, architectures }) {
  const { gain } = gains(results);
  const all = ['shared', ...architectures];
  const keys = new Set(results.map(({ key }) => key));
  const has = (methods) => (set, seed) =>
    all.every((it) => methods.every((method) => keys.has([set, seed, it, method].join('/'))));
  const at = places(results, has(['equal']));
  // Sets with many tasks have no other method.
  const few = places(results, has(some));
  const [sets, fewSets] = [distinct(at, 'set'), distinct(few, 'set')];
  const column = (where, ...what) =>
    where.map((place) => ({ ...place, gain: gain(place.set, place.seed, ...what) }));
  /** The mean over sets, seed by seed. */
  const bySeed = (gained) =>
    distinct(gained, 'seed').map((seed) =>
      mean(gained.filter((it) => it.seed === seed && it.gain !== null).map((it) => it.gain)),
    );

  const crossed = aligned([
    ['architecture', ...some.map((method) => `\`${method}\``)],
    ...all.map((it) => [
      `\`${it}\``,
      ...some.map((method) => spread(bySeed(column(few, it, method)))),
    ]),
  ]);
  const equal = all.map((it) => column(at, it, 'equal'));
  const own = aligned([
    ['architecture, `equal`', ...sets, 'mean of sets', 'over its own twins'],
    ...all.map((it, row) => [
      `\`${it}\``,
      ...bySet(equal[row], sets),
      spread(bySeed(column(few, it, 'equal', it))),
    ]),
  ]);
  const versus = against(equal.slice(1), equal[0]);
  const wins = aligned([
    ['architecture, `equal`', 'Δ above `shared`, points', 'better–worse', 'sets', 'p (Holm)', ''],
    ...architectures.map((it, row) => [`\`${it}\``, ...compared(versus[row])]),
  ]);
  const seeds = distinct(at, 'seed').length;
  return [
    `Architectures with \`equal\`, mean Δ in percent over the single-task network with a plain trunk, mean ± sd over ${seeds} seeds; the last column is over single-task networks of the same architecture, on ${fewSets.join(', ')}:`,
    own.trim(),
    'Against the shared trunk, both with `equal`, on the same splits:',
    wins.trim(),
    `Architectures and methods, the mean of ${fewSets.join(', ')}; mean ± sd over seeds:`,
    crossed.trim(),
  ].join('\n\n');
}

/** By the name of its marks, the Markdown of each part. */
function tables(results, names) {
  return {
    shared: sharedTables(results, names),
    architectures: architectureTables(results, names),
  };
}

module.exports = { against, gains, tables };
