// Results as Markdown tables that can also be read as they are.
'use strict';

const { figure } = require('./statistics');

const range = ({ min, max }) => `${figure(min)}–${figure(max)}`;

/** By how much ours is ahead; a loss is said in so many words. */
function ahead(lead) {
  if (!lead) return '';
  const loss = lead.median < 1 ? ', **we lose**' : '';
  return `${figure(lead.median)}× (${range(lead)})${loss}`;
}

function line(contender, table) {
  const { name, version, absent, failed, figure: got } = contender;
  const mark = contender.distrusted ? ' *' : '';
  const label = contender.ours ? `**${name}**` : name;
  const what = absent ?? (failed ? `failed: ${failed}` : '');
  if (!got) return [label, version ?? '', what, ...table.shows.map(() => ''), '', ''];
  const shows = table.shows.map(({ key }) => figure(contender.shows[key]));
  const cells = [label, version ?? '', `${figure(got.median)}${mark}`, range(got)];
  return [...cells, ...(table.compare ? [ahead(contender.lead)] : []), ...shows];
}

/** Cells with their columns in line. */
function aligned(lines) {
  const cells = lines.map((cells) => cells.map((cell) => cell.replaceAll('|', '\\|')));
  const widths = cells[0].map((_, at) => Math.max(3, ...cells.map((row) => row[at]?.length ?? 0)));
  const rule = widths.map((width) => '-'.repeat(width));
  const print = (row) => `| ${widths.map((w, at) => (row[at] ?? '').padEnd(w)).join(' | ')} |\n`;
  return [cells[0], rule, ...cells.slice(1)].map(print).join('');
}

/** A table with its title, what its marks mean, and its bars. */
function renderTable(table) {
  const { title, measure, compare, contenders, bars, shows, threads } = table;
  const head = ['', 'version', measure.title ?? measure.unit, 'least–most'];
  if (compare) head.push('ours is ahead by');
  head.push(...shows.map(({ key, title }) => title ?? key));
  const lines = contenders.map((contender) => line(contender, table));
  const cores = threads ? `, ${threads} ${threads === 1 ? 'thread' : 'threads'}` : '';
  let text = `**${title}**${cores}\n\n${aligned([head, ...lines])}`;
  if (contenders.some(({ distrusted }) => distrusted)) {
    text += '\n\\* other processes kept the machine busy meanwhile: not to be trusted.\n';
  }
  if (bars.length > 0) text += `\n${bars.map(renderBar).join('\n')}\n`;
  return text;
}

function renderBar({ text, value, unit, met }) {
  if (met === null) return `- ${text}: not measured`;
  return `- ${text}: ${figure(value)}${unit}, ${met ? 'met' : '**missed**'}`;
}

/** All tables of a row, under the machine and the command. */
function renderRow(row, machine) {
  return `${machine}\n\n${row.tables.map(renderTable).join('\n')}`;
}

module.exports = { aligned, renderRow, renderTable };
