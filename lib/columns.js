// Columns of other kinds than arrays, for predictColumns: vectors and tables of Apache Arrow, whose
// types say what their numbers stand for, and numbers of half precision.
'use strict';

// Types of Arrow by `type.typeId`.
const INT = 2;
const FLOAT = 3;
const DECIMAL = 7;
const DATE = 8;
const TIME = 9;
const TIMESTAMP = 10;
const DICTIONARY = -1;

// So many digits a double always tells apart.
const DIGITS = 15;

/** The same data in arrays, as native code reads it, for these features. */
function plainColumns(data, features) {
  if (ArrayBuffer.isView(data)) return isHalf(data) ? Float64Array.from(data) : data;
  if (isTable(data)) {
    const fields = data.schema.fields.map(({ name }) => [name, data.getChild(name)]);
    return plainColumns(Object.fromEntries(fields), features);
  }
  let copy = null;
  for (const { name, names } of features) {
    const column = Object.hasOwn(data, name) ? data[name] : null;
    const plain = plainColumn(column, names);
    if (plain === column) continue;
    copy ??= { ...data };
    copy[name] = plain;
  }
  return copy ?? data;
}

function plainColumn(column, names) {
  if (typeof column !== 'object' || column === null || Array.isArray(column)) return column;
  if (isHalf(column)) return names ? Array.from(column, shortest) : Float64Array.from(column);
  return isVector(column) ? ofVector(column) : column;
}

const isHalf = (column) => column[Symbol.toStringTag] === 'Float16Array';

/** The shortest decimal that is this number of half precision: 1.1, not 1.099609375. */
function shortest(half) {
  for (let digits = 1; digits < 5; digits++) {
    const number = Number(half.toPrecision(digits));
    if (Math.f16round(number) === half) return number;
  }
  return half;
}

const isVector = (column) =>
  typeof column.type?.typeId === 'number' &&
  typeof column.get === 'function' &&
  typeof column.toArray === 'function';

const isTable = (data) => typeof data.getChild === 'function' && Array.isArray(data.schema?.fields);

/** The values of a vector: its memory where that holds them, never the codes of a dictionary. */
function ofVector(vector) {
  const { type } = vector;
  const whole = type.typeId === INT || (type.typeId === FLOAT && type.precision > 0);
  if (whole && vector.nullCount === 0) return vector.toArray();
  const read = reader(type.typeId === DICTIONARY ? type.dictionary : type);
  return Array.from(vector, (value) => (value === null ? null : read(value)));
}

/** What a value that is not null stands for in a vector of this type. */
function reader(type) {
  if (type.typeId === DECIMAL) return (value) => decimal(String(value), type.scale);
  if (type.typeId === DATE) return (value) => iso(value).split('T')[0];
  if (type.typeId === TIMESTAMP) {
    // Without a zone it is what the clocks show, and no instant.
    return type.timezone ? (value) => new Date(value) : (value) => iso(value).replace('Z', '');
  }
  if (type.typeId === TIME) return (value) => timeOfDay(BigInt(value), 1000n ** BigInt(type.unit));
  return (value) => value;
}

// What is no date native code refuses.
const iso = (value) =>
  new Date(value).getTime() === Math.trunc(value) ? new Date(value).toISOString() : `${value}`;

function decimal(units, scale) {
  const sign = units.startsWith('-') ? '-' : '';
  const digits = units.slice(sign.length).padStart(scale + 1, '0');
  const at = digits.length - scale;
  const text = scale > 0 ? `${sign}${digits.slice(0, at)}.${digits.slice(at)}` : units;
  const significant = digits.replace(/^0+|0+$/g, '').length;
  return significant > DIGITS ? text : Number(text);
}

function timeOfDay(time, parts) {
  const seconds = Number(time / parts);
  const clock = new Date(seconds * 1000).toISOString().slice(11, 19);
  const part = String(time % parts).padStart(String(parts).length - 1, '0');
  return time % parts === 0n ? clock : `${clock}.${part.replace(/0+$/, '')}`;
}

module.exports = { plainColumns };
