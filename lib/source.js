// What rows to learn from or to score may come from, and what is said of all else that is given for
// them: what it is, and what to do.
'use strict';

const fs = require('node:fs');
const { PolytaskError, found } = require('./error');
const { isIterable } = require('./gather');

// What needs all rows before it begins, and does not wait for them.
const AT_ONCE = new Set(['trainSync']);

/** Checks that a source of rows is of a kind we read. */
function checkSource(source, name) {
  if (typeof source === 'string') return;
  const waits = !AT_ONCE.has(name);
  const hint = Array.isArray(source) ? hintForArray(source) : hintFor(source);
  if (hint === undefined && (Array.isArray(source) || (waits && isIterable(source)))) return;
  const kinds = 'the path of a CSV file or an array of paths or of rows';
  const taken = waits ? `${kinds}, or an iterable of rows` : kinds;
  const what = `${found(source)}${hint ? `: ${hint}` : ''}`;
  const message =
    !waits && !hint && isIterable(source)
      ? `${name} takes ${kinds}; found an iterable, which train takes`
      : `${name} takes ${taken}; found ${what}`;
  throw new PolytaskError('ERR_OPTIONS', message);
}

/** What to do with an object that is no source; undefined where nothing is known against it. */
function hintFor(source) {
  if (typeof source === 'function') return 'call it, and give what it returns';
  if (typeof source !== 'object' || source === null) return undefined;
  if (typeof source.then === 'function') return 'await it first';
  const bytes = bytesOf(source);
  if (bytes) return hintForBytes(bytes, source);
  if (isMap(source)) return 'source.values() gives what it holds';
  return KINDS.find(([is]) => is(source))?.[1](source);
}

const has =
  (...names) =>
  (object) =>
    names.every((name) => typeof object[name] === 'function');

// Objects of libraries and of Node by what they have, and what to do with each.
const KINDS = [
  [
    (it) => has('pipe', 'read')(it) && it.readableObjectMode !== true,
    (it) =>
      typeof it.path === 'string'
        ? `a stream of bytes is no stream of rows: give the path, ${JSON.stringify(it.path)}`
        : 'a stream of bytes is no stream of rows: pipe it through csv-parse, and give that',
  ],
  [
    (it) => has('json', 'arrayBuffer')(it),
    () => 'await response.json() gives its rows, if it is JSON; of CSV give csv-parse its text',
  ],
  [
    (it) => has('arrayBuffer', 'stream')(it),
    () => 'of CSV give csv-parse its text, await blob.text()',
  ],
  [
    (it) => typeof it.href === 'string',
    (it) =>
      it.href.startsWith('file:')
        ? 'give its path, fileURLToPath(url)'
        : 'download it first, with fetch, and give the path of the file',
  ],
  [(it) => has('createReadStream', 'readFile')(it), () => 'give the path of the file'],
  [(it) => has('iterate', 'all')(it), () => 'a statement gives its rows: statement.iterate()'],
  [has('getRowObjects'), () => 'reader.getRowObjects() gives its rows'],
  [has('toRecords'), () => 'its rows are df.toRecords()'],
  [has('objects', 'numRows'), () => 'its rows are table.objects()'],
  [
    has('eachRow', 'getRow'),
    () => 'a worksheet is no list of rows: collect them with worksheet.eachRow',
  ],
  [
    (it) => Array.isArray(it.worksheets) || Array.isArray(it.SheetNames),
    () => 'a workbook has sheets: give the rows of one',
  ],
  [(it) => typeof it['!ref'] === 'string', () => 'XLSX.utils.sheet_to_json(sheet) gives its rows'],
  [(it) => !isIterable(it), hintForObject],
];

/** What to do with an object of no class that is known. */
function hintForObject(object) {
  for (const name of ['rows', 'data', 'records', 'items', 'results', 'values']) {
    if (Array.isArray(object[name]) && !Object.values(object).every(isList)) {
      return `its rows seem to be in .${name}`;
    }
  }
  const columns = Object.values(object);
  if (columns.length > 0 && columns.every(isList)) {
    return 'an object of columns is no list of rows: give an array with an object for each row';
  }
  return 'give an array of rows, if it is one row alone';
}

const isList = (value) => Array.isArray(value) || ArrayBuffer.isView(value);

/** What to do with an array that holds neither rows nor paths. */
function hintForArray([first, second, ...rest]) {
  if (typeof first === 'string' && typeof second === 'string') {
    const isLine = (text) => /[,;\t]/.test(text) && !fs.existsSync(text);
    if (!isLine(first) || !isLine(second)) return undefined;
    return 'strings are paths of files, and these seem to be lines of CSV: join them into a file, or give csv-parse the text';
  }
  // What mysql2 gives: rows, and fields.
  const isObject = (it) =>
    typeof it === 'object' && it !== null && it.toString === Object.prototype.toString;
  const isPair = rest.length === 0 && Array.isArray(first) && Array.isArray(second);
  if (isPair && first.length > 0 && first.every((it) => isObject(it) && !bytesOf(it))) {
    return 'of [rows, fields], as mysql2 gives them, give the rows: const [rows] = await …';
  }
  return undefined;
}

/** The bytes of a buffer, of whatever realm; null of anything else. */
function bytesOf(value) {
  if (ArrayBuffer.isView(value)) {
    return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  }
  return /^\[object (Shared)?ArrayBuffer\]$/.test(tag(value)) ? new Uint8Array(value) : null;
}

const tag = (value) => Object.prototype.toString.call(value);
const isMap = (value) => /^\[object (Weak)?Map\]$/.test(tag(value));

/** What to do with bytes, by the first of them. */
function hintForBytes(bytes, source) {
  const begins = Buffer.from(bytes.subarray(0, 64)).toString('latin1');
  if (begins.startsWith('PK\x03\x04')) {
    return 'the bytes of an .xlsx or .zip file: give the rows that exceljs or SheetJS reads from it';
  }
  if (begins.startsWith('PAR1')) {
    return 'the bytes of a Parquet file: give the rows that hyparquet or DuckDB reads from it';
  }
  if (/^\s*(\[\s*[[{]|\{\s*")/.test(begins))
    return 'the bytes of JSON: give its rows, JSON.parse(bytes)';
  const isNumbers =
    ArrayBuffer.isView(source) &&
    !/^(Uint8|DataView)/.test(source.constructor?.name ?? '') &&
    !Buffer.isBuffer(source);
  if (isNumbers) return 'a row is an array or an object: cut it into rows';
  return 'bytes are no rows: give the path of the file, or the rows that csv-parse reads from them';
}

/** Checks that rows are of a kind we read; `first` is the index of the first of them. */
function checkRows(rows, first = 0) {
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i];
    // Nearly all are of these two kinds.
    if (Array.isArray(row) || row === null || row === undefined) continue;
    if (typeof row === 'object' && Object.getPrototypeOf(row) === Object.prototype) continue;
    const hint = hintForRow(row);
    if (!hint) continue;
    const index = first + i;
    const message = `rows[${index}]: expected an array or an object by column, found ${found(row)}: ${hint}`;
    throw new PolytaskError('ERR_ROWS', message, { row: index });
  }
}

/** What to do with a row that is none; undefined where nothing is known against it. */
function hintForRow(row) {
  if (typeof row === 'string') {
    return 'lines or pieces of text are no rows: give the path of the file, or what csv-parse makes of the text';
  }
  if (typeof row === 'function') return 'call it, and give what it returns';
  if (typeof row !== 'object') return undefined;
  if (typeof row.then === 'function') return 'await it first, as in await Promise.all(rows)';
  if (isMap(row)) return 'Object.fromEntries(row) makes an object of it';
  if (tag(row) === '[object Set]') return 'give an array, [...row]';
  if (Buffer.isBuffer(row) || bytesOf(row)?.buffer === row) {
    return 'pieces of bytes are no rows: give the path of the file, or pipe the stream through csv-parse';
  }
  return undefined;
}

module.exports = { bytesOf, checkRows, checkSource };
