// A CSV to one Float32Array: `--library csv-parse` (its stream), `papaparse` (its stream), or
// `byhand`, a loop over the bytes, which is about the most that plain JavaScript can do.
'use strict';

const fs = require('node:fs');
const { emit, options, peer, watch } = require('../harness/meter');
const { table } = require('../harness/places');

const given = options({ library: 'byhand', file: 'big.csv' });
const path = table(given.file);

/** A matrix that grows by rows. */
class Matrix {
  values = new Float32Array(1 << 16);
  length = 0;
  rows = 0;
  push(row, width = row.length) {
    if (this.length + width > this.values.length) {
      const more = new Float32Array(this.values.length * 2);
      more.set(this.values);
      this.values = more;
    }
    for (let i = 0; i < width; i++) this.values[this.length + i] = +row[i];
    this.length += width;
    this.rows += 1;
  }
}

const [LINE, RETURN, COMMA, MINUS, POINT, ZERO, NINE] = [10, 13, 44, 45, 46, 48, 57];

const POWERS = Array.from({ length: 23 }, (_, exponent) => 10 ** exponent);

const ways = {
  async 'csv-parse'(matrix) {
    const { parse } = peer('csv', 'csv-parse');
    const rows = fs.createReadStream(path).pipe(parse({ from_line: 2 }));
    for await (const row of rows) matrix.push(row);
  },
  papaparse(matrix) {
    const papa = peer('csv', 'papaparse');
    let header = true;
    return new Promise((complete, error) => {
      const step = ({ data }) => {
        if (!header) matrix.push(data);
        header = false;
      };
      const how = { dynamicTyping: true, skipEmptyLines: true, step, complete, error };
      papa.parse(fs.createReadStream(path), how);
    });
  },
  byhand(matrix) {
    const bytes = fs.readFileSync(path);
    const row = new Float64Array(4096);
    let column = 0;
    let at = bytes.indexOf(LINE) + 1;
    while (at < bytes.length) {
      const from = at;
      let byte = bytes[at];
      const negative = byte === MINUS;
      if (negative) byte = bytes[++at];
      let number = 0;
      // Digits after the point, one less before it was seen.
      let decimals = -1;
      for (;;) {
        if (byte >= ZERO && byte <= NINE) {
          number = number * 10 + (byte - ZERO);
          if (decimals >= 0) decimals += 1;
        } else if (byte === POINT) decimals = 0;
        else break;
        byte = bytes[++at];
      }
      if (decimals > 0) number /= POWERS[decimals];
      if (negative) number = -number;
      if (byte !== COMMA && byte !== LINE && byte !== RETURN && at < bytes.length) {
        // An exponent, or no number at all.
        while (at < bytes.length && bytes[at] !== COMMA && bytes[at] !== LINE) at += 1;
        number = Number(bytes.latin1Slice(from, at));
        byte = bytes[at];
      }
      row[column++] = number;
      if (byte === RETURN) byte = bytes[++at];
      if (byte !== COMMA) {
        matrix.push(row, column);
        column = 0;
      }
      at += 1;
    }
  },
};

async function main() {
  // The page cache holds it for everybody.
  for await (const _ of fs.createReadStream(path, { highWaterMark: 1 << 22 }));
  const matrix = new Matrix();
  const stop = watch();
  await ways[given.library](matrix);
  const { seconds, others } = stop();
  const columns = matrix.length / matrix.rows;
  const last = matrix.values.subarray(matrix.length - columns, matrix.length);
  const check = last.reduce((sum, value) => sum + value, 0);
  emit({ seconds, rows: matrix.rows, columns, check, other_cores_busy: others });
}

main();
