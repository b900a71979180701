// Lines over two logarithmic axes as SVG, readable on light and on dark ground.
'use strict';

const [WIDTH, HEIGHT] = [640, 400];
const FRAME = { left: 70, right: 44, top: 44, bottom: 52 };
const COLOURS = ['one', 'two', 'three', 'four'];

const STYLE = `
  text { font: 13px system-ui, sans-serif; fill: #24292f; }
  .title { font-size: 15px; font-weight: 600; }
  .grid { stroke: #d0d7de; }
  path, circle { stroke-width: 2; fill: none; }
  .one { stroke: #0969da; } .two { stroke: #bc4c00; } .three { stroke: #1a7f37; } .four { stroke: #8250df; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; }
    .grid { stroke: #3d444d; }
    .one { stroke: #58a6ff; } .two { stroke: #f0883e; } .three { stroke: #3fb950; } .four { stroke: #bc8cff; }
  }
`;

const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const text = (x, y, words, more = '') => `<text x="${x}" y="${y}" ${more}>${escaped(words)}</text>`;

/** The whole powers of ten around some numbers. */
function decades(numbers) {
  const from = Math.floor(Math.log10(Math.min(...numbers)));
  const to = Math.max(from + 1, Math.ceil(Math.log10(Math.max(...numbers))));
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}

const number = (exponent) =>
  exponent < 0 ? (10 ** exponent).toFixed(-exponent) : (10 ** exponent).toLocaleString('en');

/** An SVG of `lines` `{ name, points: [[x, y], …] }`, all numbers above 0; axes are called `x`, `y`. */
function plot({ title, x, y, lines }) {
  const points = lines.flatMap((line) => line.points);
  const [across, up] = [0, 1].map((at) => decades(points.map((point) => point[at])));
  const scale = (exponents, from, to) => (value) => {
    const share = (value - exponents[0]) / (exponents.at(-1) - exponents[0]);
    return Math.round((from + share * (to - from)) * 10) / 10;
  };
  const toX = scale(across, FRAME.left, WIDTH - FRAME.right);
  const toY = scale(up, HEIGHT - FRAME.bottom, FRAME.top);
  const [left, right, top, bottom] = [across[0], across.at(-1)]
    .map(toX)
    .concat([up.at(-1), up[0]].map(toY));

  const parts = [text(WIDTH / 2, 24, title, 'class="title" text-anchor="middle"')];
  for (const exponent of across) {
    const at = toX(exponent);
    parts.push(`<line class="grid" x1="${at}" x2="${at}" y1="${top}" y2="${bottom}"/>`);
    parts.push(text(at, bottom + 18, number(exponent), 'text-anchor="middle"'));
  }
  for (const exponent of up) {
    const at = toY(exponent);
    parts.push(`<line class="grid" x1="${left}" x2="${right}" y1="${at}" y2="${at}"/>`);
    parts.push(text(left - 8, at + 4, number(exponent), 'text-anchor="end"'));
  }
  const [middle, centre] = [(left + right) / 2, (top + bottom) / 2];
  parts.push(text(middle, HEIGHT - 12, x, 'text-anchor="middle"'));
  parts.push(text(0, 0, y, `transform="translate(18 ${centre}) rotate(-90)" text-anchor="middle"`));

  lines.forEach((line, index) => {
    const places = line.points.map(([a, b]) => [toX(Math.log10(a)), toY(Math.log10(b))]);
    const colour = COLOURS[index % COLOURS.length];
    parts.push(
      `<path class="${colour}" d="M${places.map((place) => place.join(' ')).join('L')}"/>`,
    );
    for (const [a, b] of places)
      parts.push(`<circle class="${colour}" cx="${a}" cy="${b}" r="3"/>`);
    const high = top + 16 + index * 20;
    parts.push(`<path class="${colour}" d="M${left + 12} ${high}h24"/>`);
    parts.push(text(left + 44, high + 4, line.name));
  });
  const open = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img">`;
  return `${open}\n<title>${escaped(title)}</title>\n<style>${STYLE}</style>\n${parts.join('\n')}\n</svg>\n`;
}

module.exports = { plot };
