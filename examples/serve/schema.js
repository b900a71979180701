// What a request to a model must look like, as a JSON schema around the model's own of a row, and
// the schema's complaints in words.
'use strict';

/** The schema of `{ rows: [{ column: cell, … }, …] }` for a model. */
function requestSchema(model, maxRows) {
  const { $schema, ...row } = model.inputSchema();
  return {
    $schema,
    type: 'object',
    properties: { rows: { type: 'array', minItems: 1, maxItems: maxRows, items: row } },
    required: ['rows'],
    additionalProperties: false,
  };
}

/** Whether the validator complains of what stands in a row, of which `predict` knows more. */
function isInRow({ instancePath }) {
  return instancePath.startsWith('/rows/');
}

/** Whether the validator misses a column, without which `predict` may do. */
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
  const found = params.type ? `, found ${(JSON.stringify(value) ?? 'nothing').slice(0, 60)}` : '';
  const expected = params.type ? `expected ${[params.type].flat().join(' or ')}` : message;
  return {
    message: `${place}: ${known[said] ?? expected + found}`,
    ...(row !== undefined && { row: Number(row) }),
    ...(row !== undefined && column !== undefined && { column }),
  };
}

module.exports = { complaint, isInRow, lacksColumn, requestSchema };
