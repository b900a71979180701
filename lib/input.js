// What goes into a model: rows from whatever gives them, and what a row looks like as JSON Schema.
'use strict';

const { Foreign, PolytaskError, found } = require('./error');
const { isIterable } = require('./gather');

/** The rows of an iterable as an array. */
function rowsOf(rows, name) {
  if (Array.isArray(rows)) return rows;
  if (isIterable(rows) && typeof rows[Symbol.iterator] === 'function') {
    try {
      return Array.from(rows);
    } catch (error) {
      throw new Foreign(error);
    }
  }
  const hint = isIterable(rows) ? ', whose rows predictAsync awaits' : '';
  const what = isIterable(rows) ? 'an async iterable' : found(rows);
  const message = `${name} takes an array or another iterable of rows; found ${what}${hint}`;
  throw new PolytaskError('ERR_ROWS', message);
}

/** The same, also of one whose rows come later. */
async function rowsLater(rows, name, signal) {
  const later = isIterable(rows) && typeof rows[Symbol.asyncIterator] === 'function';
  if (!later) return rowsOf(rows, name);
  const all = [];
  try {
    for await (const row of rows) {
      // Whoever aborted wants no more of them.
      if (signal?.aborted) break;
      all.push(row);
    }
  } catch (error) {
    throw new Foreign(error);
  }
  return all;
}

// How many categories a schema names.
const EXAMPLES = 20;

// A cell of each type of feature in JSON; null is a missing one. What `predict` reads beside these,
// such as a number as text, need not be sent.
const CELLS = {
  numeric: ['number', 'null'],
  categorical: ['string', 'number', 'boolean', 'null'],
  boolean: ['boolean', 'string', 'number', 'null'],
  date: ['string', 'number', 'null'],
};

/** A JSON Schema of a row as an object, of a model with these features. */
function inputSchema(features) {
  const cell = ({ name, type, reason, format, categories }) => {
    const schema = { type: [...CELLS[type]], description: reason };
    // Amounts with a currency, or percentages with their sign.
    if (format) schema.type.unshift('string');
    // Another category than these is as good as a missing one, so that none is demanded.
    if (categories?.length) schema.examples = categories.slice(0, EXAMPLES);
    return [name, schema];
  };
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    type: 'object',
    properties: Object.fromEntries(features.map(cell)),
    // A column that had missing cells in training may be left out altogether.
    required: features.filter(({ missing }) => !missing).map(({ name }) => name),
    // Other keys may be there, as for `predict`, which refuses one that looks like a column in the
    // place of which it stands.
  };
}

module.exports = { inputSchema, rowsLater, rowsOf };
