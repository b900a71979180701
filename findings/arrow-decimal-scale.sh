#!/usr/bin/env bash
# Decimals and days in the rows of an Apache Arrow table in JavaScript.
#
# Version: apache-arrow 21.2.0.
# Guess, written down first: a cell of a decimal column with scale 2 that holds 12.34 prints as 12.34,
#   since decimals carry their scale in every other language; a day is a Date, as JavaScript has one.
# Behaviour: the cell is the unscaled integer, 1234 as text and as number, and only the type of its
#   column knows the scale; a day is a plain number of milliseconds since 1970. Nothing says so, so
#   that rows handed to another library hold prices a hundred times too high, and dates as numbers.
# Output seen:
#   1234 1234 2468 number 1711843200000
#   {"price":"\"1234\"","day":1711843200000}
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > /dev/null
npm install --silent --no-audit --no-fund apache-arrow@21.2.0 > /dev/null
cat > decimals.cjs <<'JAVASCRIPT'
const { DateDay, Decimal, Table, makeData, makeVector, vectorFromArray } = require('apache-arrow');

// 12.34, as any writer of Arrow stores it: the integer 1234 and the scale 2.
const data = new Uint32Array([1234, 0, 0, 0]);
const type = new Decimal(2, 10, 128);
const price = makeVector(makeData({ type, length: 1, nullCount: 0, data }));
const day = vectorFromArray([new Date('2024-03-31T00:00:00Z')], new DateDay());
const row = new Table({ price, day }).get(0);
console.log(String(row.price), Number(row.price), row.price * 2, typeof row.day, row.day);
console.log(JSON.stringify(row));
JAVASCRIPT
node decimals.cjs | tee seen
diff seen - <<'SEEN'
1234 1234 2468 number 1711843200000
{"price":"\"1234\"","day":1711843200000}
SEEN
