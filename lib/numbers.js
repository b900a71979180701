// The quick way to predict, for models whose features are all numeric: rows of numbers are packed
// here and cross to native code as one list. It takes what it reads exactly as the general way
// would, and declines the rest by giving null: the general way then answers, or says what is wrong.
'use strict';

const { mistaken, verdicts } = require('./keys');
const { core } = require('./native');

const { getPrototypeOf, hasOwn, keys, prototype, values } = Object;

// Lists of up to so many numbers are kept for the next call, larger ones are not.
const KEPT = 1024;

// From so many features on, an object's values are taken all at once.
const MANY = 8;

// As many numbers are packed at once, so that memory does not grow with the rows.
const CHUNK = 1 << 18;

class Numbers {
  #native;
  #pack;
  #shape;
  #features;
  #like;
  #stride;
  #few;
  #spare = null;

  /** Over a native model; `layout` is what it says of itself, `shape` makes answers of numbers. */
  constructor(native, layout, shape) {
    const answers = layout.tasks.reduce((sum, { width }) => sum + width, 0);
    this.#native = native;
    answer ??= core().answerer();
    this.#like = verdicts(native);
    this.#pack = packer(layout.features, this.#like);
    this.#shape = shape;
    this.#features = layout.features;
    this.#stride = layout.features.length + answers;
    this.#few = Math.max(1, Math.floor(KEPT / this.#stride));
  }

  /** The predictions for rows. */
  predict(rows) {
    const count = rows.length;
    if (count <= this.#few) {
      const numbers = this.#take();
      if (!this.#pack(rows, 0, count, numbers) || !answer(this.#native, numbers, count))
        return null;
      const predictions = [];
      this.#shape.predictions(numbers, count * this.#features.length, count, predictions);
      this.#spare = numbers;
      return predictions;
    }
    const most = Math.min(count, Math.max(this.#few, Math.floor(CHUNK / this.#stride)));
    const numbers = new Float64Array(most * this.#stride);
    const predictions = [];
    for (let first = 0; first < count; first += most) {
      const some = Math.min(most, count - first);
      if (!this.#pack(rows, first, some, numbers) || !answer(this.#native, numbers, some)) {
        return null;
      }
      this.#shape.predictions(numbers, some * this.#features.length, some, predictions);
    }
    return predictions;
  }

  /** Work on the rows as they are now, and the promise of its numbers; null if it declines. */
  later(rows) {
    const count = rows.length;
    const cells = new Float64Array(count * this.#features.length);
    return this.#pack(rows, 0, count, cells) ? this.#native.answerLater(cells) : null;
  }

  /** The answers by column for a typed array of rows, or for an object of columns. */
  columns(data) {
    const width = this.#features.length;
    const flat = ArrayBuffer.isView(data);
    const arrays = flat ? [data] : this.#arrays(data);
    const first = arrays?.find((array) => array !== null);
    if (!first) return null;
    const rows = flat ? first.length / width : first.length;
    // Not so of a DataView either, which has no length.
    if (!Number.isInteger(rows)) return null;
    if (arrays.some((array) => array !== null && array.length !== first.length)) return null;
    if (rows > 0 && rows <= this.#few && arrays.every(isOfNumbers)) {
      return this.#fewRows(arrays, rows);
    }
    const room = this.#shape.room(rows);
    return this.#native.answerColumns(arrays, rows, room) ? this.#shape.columns(room) : null;
  }

  /** Typed arrays that native code sees are dear to make: of few rows it sees only our list. */
  #fewRows(arrays, rows) {
    const numbers = this.#take();
    const width = this.#features.length;
    const cells = rows * width;
    if (arrays.length === width) {
      for (let i = 0; i < width; i++) {
        const array = arrays[i];
        for (let at = i, row = 0; row < rows; at += width, row++) {
          numbers[at] = array === null ? Number.NaN : array[row];
        }
      }
    } else {
      const [array] = arrays;
      for (let at = 0; at < cells; at++) numbers[at] = array[at];
    }
    if (!answer(this.#native, numbers, rows)) return null;
    const columns = this.#shape.columnsOf(numbers, cells, rows);
    this.#spare = numbers;
    return columns;
  }

  /** The columns of all features, null for one that is missing throughout. */
  #arrays(data) {
    const arrays = [];
    const lacking = [];
    for (const [i, { name, missing }] of this.#features.entries()) {
      const column = hasOwn(data, name) ? data[name] : null;
      if (column === null) {
        if (hasOwn(data, name) || !missing || name in data) return null;
        lacking.push(i);
        arrays.push(null);
      } else if (ArrayBuffer.isView(column)) {
        arrays.push(column);
      } else {
        const packed = Array.isArray(column) ? packedColumn(column) : null;
        if (packed === null) return null;
        arrays.push(packed);
      }
    }
    return lacking.length > 0 && mistaken(data, lacking, this.#like) ? null : arrays;
  }

  // While a list is in use it is not there to be taken: a getter of a row may predict, too.
  #take() {
    const numbers = this.#spare ?? new Float64Array(this.#few * this.#stride);
    this.#spare = null;
    return numbers;
  }
}

const isOfNumbers = (array) => array === null || NUMBERS.has(array[Symbol.toStringTag]);
const NUMBERS = new Set([8, 16, 32].flatMap((bits) => [`Int${bits}Array`, `Uint${bits}Array`]))
  .add('Uint8ClampedArray')
  .add('Float32Array')
  .add('Float64Array');

// Made by the first model, which shows that native code is there.
let answer = null;

/** What packs some of the rows as numbers, NaN for a missing one; false if that cannot be. */
function packer(features, like) {
  const width = features.length;
  const names = features.map(({ name }) => name);
  const mayMiss = features.map(({ missing }) => missing);
  // A name that every object answers to proves nothing.
  const inherited = names.map((name) => name in prototype);

  const packArray = (row, numbers, at) => {
    if (row.length !== width) return false;
    for (let i = 0; i < width; i++) {
      const cell = row[i];
      if (typeof cell === 'number') numbers[at + i] = cell;
      else if (cell === null || cell === undefined) numbers[at + i] = Number.NaN;
      else return false;
    }
    // Where nothing stands at index 0, it may be a row of exceljs, which counts from 1.
    return row[0] !== undefined || hasOwn(row, 0);
  };

  // What an object inherits is no cell. A plain one inherits no number but under the names above,
  // so that a number is its own; of any other the rest is asked.
  const packByName = (row, numbers, at, plain) => {
    let lacking = null;
    for (let i = 0; i < width; i++) {
      const cell = row[names[i]];
      if (typeof cell === 'number' && plain && !inherited[i]) {
        numbers[at + i] = cell;
      } else if (!hasOwn(row, names[i])) {
        if (!mayMiss[i] || (cell !== undefined && !inherited[i])) return false;
        lacking ??= [];
        lacking.push(i);
        numbers[at + i] = Number.NaN;
      } else if (typeof cell === 'number') {
        numbers[at + i] = cell;
      } else if (cell === null || cell === undefined) {
        numbers[at + i] = Number.NaN;
      } else {
        return false;
      }
    }
    // A row without any feature, or with a key in the place of one, the general way looks at.
    return lacking === null || (lacking.length < width && !mistaken(row, lacking, like));
  };

  // Rows of a table have the same keys in the same order, time and again. To compare the keys and
  // take all values at once is more than twice as fast as to look up each of many names.
  const order = orderOf(names);
  const packInOrder = (row, numbers, at) => {
    const listed = keys(row);
    if (listed.length !== width || !order.is(listed)) return false;
    const cells = values(row);
    if (cells.length !== width) return false;
    const { places } = order;
    for (let i = 0; i < width; i++) {
      const cell = cells[i];
      if (typeof cell === 'number') numbers[at + places[i]] = cell;
      else if (cell === null || cell === undefined) numbers[at + places[i]] = Number.NaN;
      else return false;
    }
    return true;
  };

  const packObject = (row, numbers, at) => {
    const parent = getPrototypeOf(row);
    if (width > MANY && parent !== null && packInOrder(row, numbers, at)) return true;
    return packByName(row, numbers, at, parent === prototype || parent === null);
  };

  return (rows, first, count, numbers) => {
    // Somebody has given something to all objects.
    for (const _ in prototype) return false;
    for (let i = 0; i < count; i++) {
      const row = rows[first + i];
      if (typeof row !== 'object' || row === null) return false;
      const pack = Array.isArray(row) ? packArray : packObject;
      if (!pack(row, numbers, i * width)) return false;
    }
    return true;
  };
}

/** The order of keys that was met last. */
function orderOf(names) {
  const index = new Map(names.map((name, i) => [name, i]));
  const order = {
    keys: names,
    /** Where the feature of each key stands. */
    places: names.map((_, i) => i),
    /** Whether these, as many as there are features, are their names; remembers their order. */
    is(listed) {
      const known = order.keys;
      let i = 0;
      while (i < listed.length && listed[i] === known[i]) i++;
      if (i === listed.length) return true;
      const places = listed.map((key) => index.get(key));
      if (places.includes(undefined)) return false;
      order.keys = listed;
      order.places = places;
      return true;
    },
  };
  return order;
}

/** A column of numbers and missing cells as a typed array; null if it holds anything else. */
function packedColumn(column) {
  const packed = new Float64Array(column.length);
  for (let i = 0; i < packed.length; i++) {
    const cell = column[i];
    if (typeof cell === 'number') packed[i] = cell;
    else if (cell === null || cell === undefined) packed[i] = Number.NaN;
    else return null;
  }
  return packed;
}

module.exports = { Numbers };
