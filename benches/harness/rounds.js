// Measures the contenders of a table in turn, round after round, so that a machine that is slow for
// minutes is slow for all of them; and draws the figures together.
'use strict';

const { version } = require('./contenders');
const { runProcess } = require('./process');
const { figure, lead, median, spread } = require('./statistics');

// A line is not to be trusted if more of a core than this did something else.
const BUSY = 0.1;

/** All rounds of one table. `say` hears what is going on. */
async function measureTable(table, { rounds, say = () => {}, run = runProcess }) {
  await table.prepare?.();
  const entries = table.contenders.map((contender) => {
    const found = version(contender);
    const absent = contender.absent?.() ?? (found === null ? 'not installed' : null);
    return { contender, version: found, absent, failed: null, samples: [] };
  });
  for (let round = 0; round < rounds; round++) {
    // Every other round goes backwards, so that nobody always comes after the same one.
    for (const entry of round % 2 ? entries.toReversed() : entries) {
      const { contender } = entry;
      if (entry.absent || entry.failed || round >= (contender.rounds ?? rounds)) continue;
      const threads = contender.threads ?? table.threads;
      const { figures, failed } = await run({ ...contender, threads });
      if (failed) entry.failed = failed;
      else entry.samples.push({ round, ...figures });
      const { key, unit } = table.measure;
      const got = failed ? `failed: ${failed}` : `${figure(figures[key])} ${unit}`;
      say(`  round ${round + 1}  ${contender.name}: ${got}`);
    }
  }
  return summarise(table, entries);
}

/** What a table shows, as plain data. */
function summarise(table, entries) {
  const { key, less } = table.measure;
  const first = entries.find(({ contender }) => contender.ours);
  // A contender may name the one of ours that it is compared with, or say `null` for none.
  const baseOf = ({ against }) =>
    against === undefined ? first : entries.find(({ contender }) => contender.name === against);
  const contenders = entries.map((entry) => {
    const { contender, samples } = entry;
    const values = (name) => samples.map((sample) => sample[name]).filter(Number.isFinite);
    const others = values('other_cores_busy');
    const base = baseOf(contender);
    const compared = table.compare !== false && base && entry !== base && samples.length > 0;
    return {
      name: contender.name,
      ours: Boolean(contender.ours),
      version: samples.at(-1)?.version ?? entry.version,
      absent: entry.absent,
      failed: entry.failed,
      figure: spread(values(key)),
      lead: compared ? lead(base.samples, samples, key, less) : null,
      shows: Object.fromEntries(
        (table.shows ?? []).map(({ key }) => [
          key,
          values(key).length ? median(values(key)) : null,
        ]),
      ),
      distrusted: others.length > 0 && median(others) > BUSY,
      samples,
    };
  });
  const { title, threads, measure, shows = [], compare = true } = table;
  const bars = (table.bars ?? []).map((bar) => judge(bar, contenders, measure));
  return { title, threads: threads ?? null, measure, shows, compare, contenders, bars };
}

/**
 * A bar in words, and whether it is met (`null` if that could not be seen): `{ than, times }` asks
 * ours to be so many times ahead of a contender; `{ most, of, name }` asks a figure of ours, the
 * measured one if `of` says none, to be no greater.
 */
function judge(bar, contenders, measure) {
  const own = contenders.find(({ name, ours }) => ours && (!bar.name || name === bar.name));
  if (bar.than) {
    const value = contenders.find(({ name }) => name === bar.than)?.lead?.median ?? null;
    const text = `at least ${bar.times}× ${bar.than}`;
    return { text, value, unit: '×', met: value === null ? null : value >= bar.times };
  }
  const shown = bar.of ? own?.shows[bar.of] : own?.figure?.median;
  const value = shown ?? null;
  const unit = bar.unit ?? measure.unit;
  const text = `${own?.name ?? bar.name}: at most ${figure(bar.most)} ${unit}`;
  return { text, value, unit: ` ${unit}`, met: value === null ? null : value <= bar.most };
}

module.exports = { judge, measureTable, summarise };
