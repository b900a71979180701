// The charts, as SVG that needs no script: lines, curves, points and bars. Each has a name and a
// description in words for those who hear it.
'use strict';

const { BOX, around, at, axes, line, scale } = require('./axis');
const { figure, whole } = require('./figures');
const { cut, data, html, name, raw } = require('./html');

const { width, height, left, right, top, bottom } = BOX;
const FLOOR = height - bottom;

/** So few points of a line have a dot each. */
const SPARSE = 15;

/** A chart with its caption; `told` says in words what it shows. */
function frame({ title, of, note, legend, told, hover, content }) {
  const label = of ? `${of}: ${title}` : title;
  return html`<figure class="chart"><figcaption><b>${of ? html`${name(of, 48)} <i>${title}</i>` : title}</b>${note && html`<span>${note}</span>`}</figcaption>${legend && keys(legend)}<div class="plot"${hover && html` data-hover="${data(hover)}" tabindex="0" role="group" aria-label="${cut(label, 60)}: the arrow keys show values"`}><svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${cut(label, 120)}"><desc>${told}</desc>${content}</svg></div></figure>`;
}

/** What the colours and dashes stand for. */
function keys(entries) {
  const key = ({ name: what, style }) =>
    html`<li><svg width="22" height="10" aria-hidden="true"><path class="line ${style}" d="M1 5H21"/></svg><span>${what}</span></li>`;
  return html`<ul class="keys">${entries.map(key)}</ul>`;
}

/** Lines over the epochs; `series` is `{ name, style, values }`, a value `null` where there is none. */
function lines({ title, of, note, told, epochs, series, marked, yLabel, share, air = {} }) {
  const drawn = series.filter(({ values }) => values.some((value) => value !== null));
  const all = drawn.flatMap(({ values }) => values).filter((value) => value !== null);
  const [low, high] = around(all, air);
  // By ratios, where a fall from great to small would hide how small.
  const least = all.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const log = !air.plain && least > 0 && high / least > 30;
  const bounds = log
    ? [least / 1.15, high]
    : share
      ? [Math.max(low, 0), Math.min(high, 1)]
      : [low, high];
  const x = scale([epochs[0], Math.max(epochs.at(-1), epochs[0] + 1)], [left, width - right]);
  x.ticks = x.ticks.filter(Number.isInteger);
  const y = scale(bounds, [FLOOR, top], log);
  const write = share ? percentOf : figure;
  const paths = drawn.map(({ style, values }) => {
    const seen = values.map((value, i) => [value, i]).filter(([value]) => value !== null);
    const points = seen.map(([value, i]) => [x(epochs[i]), y(value)]);
    const path = html`<path class="line ${style}" d="${line(points)}"/>`;
    // Few points are seen as such: between them nothing was looked at.
    if (points.length > SPARSE) return path;
    const dots = points.map(
      ([px, py]) => html`<circle class="dot ${style}" cx="${at(px)}" cy="${at(py)}" r="2.5"/>`,
    );
    return html`${path}${dots}`;
  });
  const mark = marked
    ? html`<g aria-hidden="true"><path class="mark" d="M${at(x(marked))} ${top}V${FLOOR}"/><text x="${at(Math.min(x(marked), width - 22))}" y="${top - 6}">kept</text></g>`
    : null;
  const hover = {
    x: epochs,
    name: 'epoch',
    series: drawn.map(({ name: what, style, values }) => ({
      name: what,
      style,
      values: values.map(short),
    })),
    place: [...bounds, epochs[0], Math.max(epochs.at(-1), epochs[0] + 1)],
    log,
    share: Boolean(share),
  };
  const labels = {
    xLabel: 'epoch',
    yLabel: log ? `${yLabel}, log scale` : yLabel,
    xFormat: whole,
    yFormat: write,
  };
  const content = html`${axes(x, y, labels)}${mark}${paths}`;
  return frame({ title, of, note, legend: drawn.length > 1 ? drawn : null, told, hover, content });
}

const short = (value) => (value === null ? null : Number(value.toPrecision(4)));
const percentOf = (share) => `${Number((share * 100).toPrecision(4))}%`;

/** ROC curves; `curves` is `{ name, style, points }`. */
function roc({ title, note, told, curves }) {
  const x = scale([0, 1], [left, width - right]);
  const y = scale([0, 1], [FLOOR, top]);
  const paths = curves.map(({ style, points }) => {
    const d = line(points.map(([fpr, tpr]) => [x(fpr), y(tpr)]));
    return html`<path class="line ${style}" d="${d}"/>`;
  });
  const labels = {
    xLabel: 'share of the negatives above the threshold',
    yLabel: 'of the positives',
    xFormat: percentOf,
    yFormat: percentOf,
  };
  const content = html`${axes(x, y, labels)}${diagonal(x, y, 0, 1)}${paths}`;
  return frame({ title, note, legend: curves, told, content });
}

/** Said against observed, with the number of rows of each bin below. */
function calibration({ title, note, told, bins }) {
  const x = scale([0, 1], [left, width - right]);
  const y = scale([0, 1], [FLOOR, top]);
  const most = Math.max(...bins.map(({ n }) => n));
  const bars = bins.map(({ between: [from, to], n }) => {
    const tall = Math.max((n / most) * 44, 1);
    return html`<rect class="bar faint" x="${at(x(from) + 1)}" y="${at(FLOOR - tall)}" width="${at(x(to) - x(from) - 2)}" height="${at(tall)}"/>`;
  });
  const points = bins.map(({ predicted, observed }) => [x(predicted), y(observed)]);
  const dots = points.map(
    ([px, py]) => html`<circle class="dot" cx="${at(px)}" cy="${at(py)}" r="3.5"/>`,
  );
  const labels = {
    xLabel: 'probability said',
    yLabel: 'how often it was so',
    xFormat: percentOf,
    yFormat: percentOf,
  };
  const content = html`${bars}${axes(x, y, labels)}${diagonal(x, y, 0, 1)}<path class="line c1" d="${line(points)}"/>${dots}`;
  return frame({ title, note, told, content });
}

/** Points beside the line where both are equal. */
function scatter({ title, note, told, pairs }) {
  const bounds = around(pairs.flat());
  const x = scale(bounds, [left, width - right]);
  const y = scale(bounds, [FLOOR, top]);
  // One path: a dot is a line of no length with round ends.
  const dots = pairs.map(([label, answer]) => `M${at(x(label))} ${at(y(answer))}h0`).join('');
  const labels = { xLabel: 'actual', yLabel: 'predicted', xFormat: figure, yFormat: figure };
  const content = html`${axes(x, y, labels)}${diagonal(x, y, ...bounds)}<path class="dots" d="${raw(dots)}"/>`;
  return frame({ title, note, told, content });
}

/** Bars of one width between two bounds; `zero` marks where 0 is. */
function histogram({ title, note, told, bins: { between, counts }, xLabel, zero }) {
  const x = scale(between, [left, width - right]);
  const y = scale([0, Math.max(...counts, 1) * 1.04], [FLOOR, top]);
  y.ticks = y.ticks.filter(Number.isInteger);
  const wide = (width - left - right) / counts.length;
  const bars = counts.map((n, i) => {
    const tall = FLOOR - y(n);
    return (
      n > 0 &&
      html`<rect class="bar" x="${at(left + i * wide + 0.5)}" y="${at(FLOOR - tall)}" width="${at(Math.max(wide - 1, 0.5))}" height="${at(tall)}"/>`
    );
  });
  const inside = zero && between[0] < 0 && between[1] > 0;
  const mark = inside && html`<path class="mark" d="M${at(x(0))} ${top}V${FLOOR}"/>`;
  const labels = { xLabel, yLabel: 'rows', xFormat: figure, yFormat: whole };
  return frame({ title, note, told, content: html`${axes(x, y, labels)}${bars}${mark}` });
}

const diagonal = (x, y, low, high) =>
  html`<path class="even" d="M${at(x(low))} ${at(y(low))}L${at(x(high))} ${at(y(high))}"/>`;

/**
 * A bar in a cell of a table, from 0 or from the middle, with a whisker of what it may be off.
 * The figure stands beside it, so that it is for the eye alone.
 */
function bar(value, most, { spread = 0, middle = false, style = 'c1' } = {}) {
  const zero = middle ? 50 : 0;
  const room = middle ? 50 : 100;
  const place = (number) => Math.min(Math.max(zero + (number / (most || 1)) * room, 0), 100);
  const [from, to] = [place(Math.min(value, 0)), place(Math.max(value, 0))];
  const whisker =
    spread > 0 &&
    html`<line class="whisker" x1="${at(place(value - spread))}%" x2="${at(place(value + spread))}%" y1="7" y2="7"/>`;
  const stem = middle && html`<line class="stem" x1="50%" x2="50%" y1="0" y2="14"/>`;
  return html`<svg class="cellbar" aria-hidden="true"><rect class="bar ${style}" x="${at(from)}%" y="3" width="${at(to - from)}%" height="8" rx="1.5"/>${stem}${whisker}</svg>`;
}

/** How far a figure is from what a guess scores to perfect. */
function meter(value, guess) {
  const place = (number) => at(Math.min(Math.max(number, 0), 1) * 100);
  const tick =
    guess !== null &&
    html`<line class="guess" x1="${place(guess)}%" x2="${place(guess)}%" y1="0" y2="12"/>`;
  return html`<svg class="meter" aria-hidden="true"><rect class="track" width="100%" y="2" height="8" rx="4"/><rect class="bar" width="${place(value)}%" y="2" height="8" rx="4"/>${tick}</svg>`;
}

module.exports = { bar, calibration, histogram, lines, meter, roc, scatter };
