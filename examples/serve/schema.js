// What a request to a model must look like, as a JSON schema made from the model's own features,
// and the schema's complaints in words.
'use strict';

// A cell of each type of feature. null is a missing cell; a category that training never saw is
// allowed, and so no category is listed.
const CELLS = {
  numeric: ['number', 'null'],
  categorical: ['string', 'number', 'boolean', 'null'],
  boolean: ['boolean', 'string', 'number', 'null'],
  date: ['string', 'null'],
};

/** The schema of `{ rows: [{ column: cell, … }, …] }` for these features. */
function requestSchema(features, maxRows) {
  const cell = ({ name, type, reason }) => [name, { type: CELLS[type], description: reason }];
  const row = {
    type: 'object',
    properties: Object.fromEntries(features.map(cell)),
    // A column that had missing cells in training may be left out altogether.
    required: features.filter(({ missing }) => !missing).map(({ name }) => name),
    // Other keys may be there, as for `predict`, which refuses one that looks like a column in the
    // place of which it stands.
  };
  return {
    type: 'object',
    properties: { rows: { type: 'array', minItems: 1, maxItems: maxRows, items: row } },
    required: ['rows'],
    additionalProperties: false,
  };
}

/** Whether the validator misses a column, of which `predict` knows more: what it may be called there. */
function lacksColumn({ keyword, instancePath }) {
  return keyword === 'required' && instancePath.startsWith('/rows/');
}

/** What the validator complains of, in words and with its place, as polytask's own errors have it. */
function complaint({ instancePath, message, params }, body) {
  // A JSON pointer: /rows/3/sepal_width.
  const steps = instancePath.split('/').slice(1);
  const path = steps.map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  const value = path.reduce((within, key) => within[key], body);
  // A key beside `rows` that is there in vain, or `rows` itself, is no part of the pointer.
  const odd = params.additionalProperty ?? params.missingProperty;
  const [, row, column = odd] = path;
  const where = row === undefined ? (path[0] ?? odd ?? 'the body') : `rows[${row}]`;
  const place = row && column !== undefined ? `${where}, column "${column}"` : where;
  const known = { additionalProperty: 'is not known', missingProperty: 'is missing' };
  const said = Object.keys(known).find((key) => params[key] !== undefined);
  const found = params.type ? `; found ${(JSON.stringify(value) ?? 'nothing').slice(0, 60)}` : '';
  const expected = params.type ? `must be ${[params.type].flat().join(' or ')}` : message;
  return {
    message: `${place}: ${known[said] ?? expected + found}`,
    ...(row !== undefined && { row: Number(row) }),
    ...(row !== undefined && column !== undefined && { column }),
  };
}

module.exports = { complaint, lacksColumn, requestSchema };
