// Scales and axes of charts. Numbers come from native code; what is computed here is where they
// lie on the page.
'use strict';

const { html, raw } = require('./html');

/** The area of a chart in its own units, with room for labels beside it. */
const BOX = { width: 360, height: 232, left: 50, right: 12, top: 18, bottom: 36 };

/** A number of more signs reaches to where the label stands. */
const LONGEST_TICK = 6;

/** A coordinate, to a tenth of a unit. */
const at = (number) => String(Math.round(number * 10) / 10);

/** Round numbers between two bounds, about so many. */
function ticks(low, high, about) {
  const span = high - low;
  if (!(span > 0) || !Number.isFinite(span)) return [low];
  const power = 10 ** Math.floor(Math.log10(span / about));
  const step = [1, 2, 5, 10].map((times) => times * power).find((it) => span / it <= about);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) =>
    Number(((first + i) * step).toPrecision(12)),
  );
}

/** From numbers to places along a stretch of the page; evenly, or by ratios. */
function scale([low, high], [from, to], log = false) {
  const by = log ? Math.log10 : (x) => x;
  const span = by(high) - by(low) || 1;
  const place = (x) => from + ((by(x) - by(low)) / span) * (to - from);
  const all = log ? powers(low, high) : ticks(low, high, 5);
  return Object.assign(place, { low, high, ticks: all });
}

/** 1, 2 and 5 times the powers of ten between two bounds, as many as have room. */
function powers(low, high) {
  const first = Math.floor(Math.log10(low));
  const last = Math.ceil(Math.log10(high));
  const exponents = Array.from({ length: last - first + 1 }, (_, i) => first + i);
  const every = Math.ceil(exponents.length / 5);
  const times = exponents.length > 3 ? [1] : [1, 2, 5];
  return exponents
    .filter((_, i) => i % every === 0)
    .flatMap((exponent) => times.map((factor) => Number((factor * 10 ** exponent).toPrecision(6))))
    .filter((tick) => tick >= low * 0.999 && tick <= high * 1.001);
}

/** Bounds around numbers, with a little air; a single number has air too. */
function around(numbers, { zero = false, air = 0.04 } = {}) {
  let [low, high] = zero ? [0, 0] : [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const number of numbers) {
    if (number < low) low = number;
    if (number > high) high = number;
  }
  if (!(low <= high)) return [0, 1];
  const span = high - low || Math.abs(high) * 0.1 || 1;
  return [zero && low === 0 ? 0 : low - span * air, high + span * air];
}

/** The grid, the ticks and what the axes are called. */
function axes(x, y, { xLabel, yLabel, xFormat, yFormat, box = BOX }) {
  const { width, height, left, right, top, bottom } = box;
  const floor = height - bottom;
  const path = (style, d) => html`<path class="${style}" d="${raw(d)}"/>`;
  const lines = y.ticks.map((tick) => `M${left} ${at(y(tick))}H${width - right}`).join('');
  const notches = x.ticks.map((tick) => `M${at(x(tick))} ${floor}v4`).join('');
  // A third of a line's height below its middle.
  const rows = y.ticks.map((tick) => {
    const text = yFormat(tick);
    const squeezed =
      text.length > LONGEST_TICK + 1 &&
      html` textLength="${left - 8}" lengthAdjust="spacingAndGlyphs"`;
    return html`<text y="${at(y(tick) + 3.6)}" x="${left - 6}"${squeezed}>${text}</text>`;
  });
  const columns = x.ticks.map(
    (tick) => html`<text x="${at(x(tick))}" y="${floor + 15}">${xFormat(tick)}</text>`,
  );
  // Long numbers need the room of the label.
  const long = y.ticks.some((tick) => yFormat(tick).length > LONGEST_TICK);
  const beside =
    yLabel &&
    !long &&
    html`<text x="${-(top + floor) / 2}" y="11" transform="rotate(-90)">${yLabel}</text>`;
  return html`<g aria-hidden="true">${path('gridline', lines)}${path('axis', `M${left} ${floor}H${width - right}${notches}`)}<g class="y">${rows}</g>${columns}<text x="${(left + width - right) / 2}" y="${height - 4}">${xLabel}</text>${beside}</g>`;
}

/** A line through points. */
const line = (points) =>
  raw(points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${at(x)} ${at(y)}`).join(''));

module.exports = { BOX, around, at, axes, line, scale, ticks };
