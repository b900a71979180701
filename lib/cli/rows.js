// A row in the command line: cells apart by commas, or JSON.
'use strict';

const { Usage } = require('./problem');

/** The row for the API; text that reads as a number is one there. */
function readRow(text) {
  if (!/^\s*[[{]/.test(text)) return text.split(',').map((cell) => cell.trim());
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Usage(`--row: not valid JSON: ${error.message}`);
  }
}

module.exports = { readRow };
