// Puts the tables of measured rows between their marks in docs/performance.md, and plots beside it.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { bench, ROOT } = require('./places');
const { inWords } = require('./machine');
const { renderRow } = require('./table');

const DOCUMENT = path.join(ROOT, 'docs', 'performance.md');

/** The text with what stands between the marks of a row replaced. */
function between(text, name, content) {
  const [begin, end] = [`<!-- ${name}: begin -->`, `<!-- ${name}: end -->`];
  const [before, rest] = text.split(begin);
  if (rest === undefined || !rest.includes(end)) throw new Error(`no marks for the row "${name}"`);
  const [, after] = rest.split(end);
  return `${before}${begin}\n\n${content.trim()}\n\n${end}${after}`;
}

function write(results) {
  let text = fs.readFileSync(DOCUMENT, 'utf8');
  for (const row of results.rows) {
    const plots = require(bench('rows', row.name)).plots?.(row) ?? {};
    for (const [file, svg] of Object.entries(plots)) {
      fs.writeFileSync(path.join(ROOT, 'docs', file), svg);
    }
    const images = Object.keys(plots).map((file) => `![${row.title}](${file})\n`);
    const tables = renderRow(row, inWords({ ...results, ...row }));
    text = between(text, row.name, [tables, ...images].join('\n'));
  }
  fs.writeFileSync(DOCUMENT, text);
}

module.exports = { between, DOCUMENT, write };
