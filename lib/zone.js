// Time zones: what day and time of day an instant is by the clocks of a zone, for `Date` cells.
// Node knows the zones; Rust reads the texts that come of them.
'use strict';

const { isDate } = require('node:util/types');
const { PolytaskError, found } = require('./error');

const DAY = 86_400_000;

// The farthest instant of a Date, in milliseconds from 1970.
const FARTHEST = 8.64e15;

// So many days of a zone are remembered.
const KEPT = 4096;

/**
 * What native code reads `Date` cells by: whether a zone was `named`, and `wall`, the text of an
 * instant by its clocks. Where none was named, the cells are read in UTC, and `wall` is that of the
 * process, to find those that would be read otherwise there.
 */
function clockOf(timeZone) {
  if (timeZone === undefined) return UNNAMED;
  let clock = clocks.get(timeZone);
  if (!clock) {
    check(timeZone);
    clock = { named: true, wall: wallIn(timeZone) };
    // Names that are not known do not come here, so that these are not many.
    clocks.set(timeZone, clock);
  }
  return clock;
}

/**
 * The same for rows to learn from. Where no zone was named nothing is found out: no model has
 * learnt yet from what they might be mistaken for.
 */
function clockOfSource(timeZone) {
  return timeZone === undefined ? undefined : clockOf(timeZone);
}

/**
 * The clock of the zone that a model names, if it does. One that this runtime does not know is told
 * of when a `Date` is read.
 */
function clockOfModel(timeZone) {
  try {
    return clockOf(timeZone ?? undefined);
  } catch (error) {
    const wall = () => {
      throw error;
    };
    return { named: true, wall };
  }
}

/** The time zone among options, and the rest of them; the source may be one that it is nothing to. */
function takeZone({ timeZone, ...rest }, source) {
  const files =
    typeof source === 'string' || (Array.isArray(source) && typeof source[0] === 'string');
  if (timeZone === undefined || !files) return [timeZone, rest];
  const message = 'timeZone: is for Date cells of rows, and a file holds none';
  throw new PolytaskError('ERR_OPTIONS', message, { option: 'timeZone' });
}

/** Options with the one `Date` among them written by the clocks that `Date` cells are read by. */
function writtenByClock(options) {
  const { timeZone, validation } = options;
  const after = validation?.after;
  if (timeZone === undefined || !isDate(after) || Number.isNaN(after.getTime())) return options;
  return { ...options, validation: { ...validation, after: clockOf(timeZone).wall(+after) } };
}

function check(timeZone) {
  if (typeof timeZone === 'string' && /^[a-z][\w+/-]*$/i.test(timeZone)) {
    if (timeZone === 'local') return;
    try {
      new Intl.DateTimeFormat('en', { timeZone });
      return;
    } catch {}
  }
  const expected =
    "'UTC', 'local' or a name of the IANA time zone database such as 'Europe/Berlin'";
  const message = `timeZone: expected ${expected}, found ${found(timeZone)}`;
  throw new PolytaskError('ERR_OPTIONS', message, { option: 'timeZone' });
}

/** The text of an instant by the clocks of a zone. */
function wallIn(timeZone) {
  // As cells are read where none was named, to the bit.
  if (timeZone === 'UTC') return (instant) => new Date(instant).toISOString();
  return wallOf(timeZone === 'local' ? localOffset : offsetIn(timeZone));
}

/** The text of an instant by clocks that are so many milliseconds ahead of UTC. */
function wallOf(offset) {
  return (instant) => {
    const shown = instant + offset(instant);
    if (!(Math.abs(shown) <= FARTHEST)) return new Date(instant).toISOString();
    const [day, time] = new Date(shown).toISOString().split('T');
    if (time === '00:00:00.000Z') return day;
    // Where clocks skip midnight, the day begins later, and that is where a day without a time is.
    const before = Math.max(instant - 1, -FARTHEST);
    if (offset(instant) !== offset(before)) {
      const shownBefore = new Date(before + offset(before)).toISOString();
      if (!shownBefore.startsWith(`${day}T`)) return day;
    }
    return `${day}T${time.slice(0, -1)}`;
  };
}

/** How far the clocks of the process are ahead of UTC, in milliseconds. */
function localOffset(instant) {
  // Not by getTimezoneOffset, which rounds to minutes what was once seconds.
  const date = new Date(instant);
  const shown = new Date(0);
  shown.setUTCFullYear(date.getFullYear(), date.getMonth(), date.getDate());
  shown.setUTCHours(date.getHours(), date.getMinutes(), date.getSeconds(), date.getMilliseconds());
  return shown.getTime() - instant;
}

/** The same of a zone by its name. To ask Intl takes microseconds: most days have one offset. */
function offsetIn(timeZone) {
  const format = new Intl.DateTimeFormat('en-u-ca-gregory-nu-latn', {
    timeZone,
    hourCycle: 'h23',
    era: 'short',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const exact = (instant) => {
    const whole = Math.floor(instant / 1000) * 1000;
    const parts = {};
    for (const { type, value } of format.formatToParts(whole)) parts[type] = value;
    const { era, year, month, day, hour, minute, second } = parts;
    const shown = new Date(0);
    shown.setUTCFullYear(era.startsWith('B') ? 1 - year : Number(year), month - 1, day);
    shown.setUTCHours(hour, minute, second);
    return shown.getTime() - whole;
  };
  const days = new Map();
  return (instant) => {
    const day = Math.floor(instant / DAY);
    let offset = days.get(day);
    if (offset === undefined) {
      const first = Math.max(day * DAY, -FARTHEST);
      const last = Math.min((day + 1) * DAY - 1, FARTHEST);
      offset = exact(first);
      // On a day when the clocks are changed, each instant is asked for.
      if (exact(last) !== offset) offset = null;
      if (days.size >= KEPT) days.clear();
      days.set(day, offset);
    }
    return offset ?? exact(instant);
  };
}

const UNNAMED = { named: false, wall: wallOf(localOffset) };

// By the name of the zone.
const clocks = new Map();

module.exports = { clockOf, clockOfModel, clockOfSource, takeZone, writtenByClock };
