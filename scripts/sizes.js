// What a process that predicts, and one that trains, has to bring along, in bytes on disk and
// compressed, as docs/deploy.md tells it. Compressing libtorch takes half a minute.
//
//     node scripts/sizes.js            prints the table
//     node scripts/sizes.js --write    puts it into docs/deploy.md
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const zlib = require('node:zlib');
const { here } = require('./platform');

const ROOT = path.join(__dirname, '..');
const PAGE = path.join(ROOT, 'docs', 'deploy.md');

const JAVASCRIPT = ['package.json', 'index.js', 'index.mjs', 'lib'];
const CORE = ['native/polytask.node'];
const PREDICTING = [...JAVASCRIPT, ...CORE];

// What is brought, by what it is for.
const PARTS = [
  ['JavaScript', JAVASCRIPT],
  ['the module that predicts', CORE],
  ['to train as well: the module', ['native/polytask-train.node']],
  ['to train as well: libtorch', ['.libtorch/lib', '.libtorch/licenses']],
];

/** The files in these places. */
function* filesIn(places) {
  for (const place of places) {
    const whole = path.join(ROOT, place);
    const folder = fs.statSync(whole).isDirectory();
    if (folder) yield* filesIn(fs.readdirSync(whole).map((name) => path.join(place, name)));
    else yield whole;
  }
}

function sizes(places) {
  const sum = { bytes: 0, packed: 0 };
  for (const file of filesIn(places)) {
    const content = fs.readFileSync(file);
    sum.bytes += content.length;
    sum.packed += zlib.gzipSync(content, { level: 9 }).length;
  }
  return sum;
}

const MEGABYTE = 1e6;

/** A size to two digits or so. */
function inWords(bytes) {
  if (bytes < MEGABYTE / 10) return `${Math.round(bytes / 1000)} KB`;
  const megabytes = bytes / MEGABYTE;
  return `${megabytes < 10 ? megabytes.toFixed(1) : Math.round(megabytes)} MB`;
}

/** Rows of cells as a Markdown table whose columns are even. */
function markdown([head, ...rows]) {
  const widths = head.map((_, at) => Math.max(...[head, ...rows].map((row) => row[at].length)));
  const line = (cells) => `| ${cells.map((cell, at) => cell.padEnd(widths[at])).join(' | ')} |`;
  const rule = line(widths.map((width) => '-'.repeat(width)));
  return [line(head), rule, ...rows.map(line)].join('\n');
}

function table() {
  const parts = PARTS.map(([name, places]) => ({ name, ...sizes(places) }));
  const total = (key, some) => some.reduce((sum, part) => sum + part[key], 0);
  const row = (name, some) => [
    name,
    ...['bytes', 'packed'].map((key) => inWords(total(key, some))),
  ];
  const [javascript, core, ...training] = parts;
  const rows = [
    ['what', 'on disk', 'compressed'],
    ...[javascript, core].map((part) => row(part.name, [part])),
    row('**predicting, all of it**', [javascript, core]),
    ...training.map((part) => row(part.name, [part])),
    row('**training, all of it**', parts),
  ];
  const { version } = require('../package.json');
  const how = `polytask ${version} on ${here().name}, built by \`npm install\``;
  return `${markdown(rows)}\n\n${how}; compressed is gzip, file by file. Node itself is not in it.`;
}

/** The page with this table between its marks. */
const inserted = (page, text) =>
  page.replace(
    /(<!-- sizes: begin -->\n)[\s\S]*?(<!-- sizes: end -->)/,
    (_, begin, end) => `${begin}\n${text}\n\n${end}`,
  );

module.exports = { PREDICTING, sizes };

if (require.main === module) {
  if (process.argv.includes('--write')) {
    fs.writeFileSync(PAGE, inserted(fs.readFileSync(PAGE, 'utf8'), table()));
  } else {
    console.log(table());
  }
}
