// Holds the answers of an exported file, as onnxruntime gives them, to those of `predict`.
'use strict';

const ort = require('onnxruntime-node');

/** Milliseconds since 1970 of a date as written, read as UTC; NaN where there is none. */
function milliseconds(text) {
  if (text === null) return Number.NaN;
  const [, day, month, year] = /^(\d+)\/(\d+)\/(\d+)$/.exec(text) ?? [];
  if (year) return Date.UTC(year, month - 1, day);
  return Date.parse(`${text.replace(' ', 'T')}Z`);
}

/** A tensor for each input, from rows as `predict` takes them. */
function feeds(session, model, rows) {
  const dates = new Set(model.features.filter(({ type }) => type === 'date').map((f) => f.name));
  const tensor = ({ name, type }) => {
    const cells = rows.map((row) => row[name] ?? null);
    const shape = [rows.length, 1];
    if (type === 'string') {
      return new ort.Tensor(
        'string',
        cells.map((cell) => String(cell ?? '')),
        shape,
      );
    }
    const number = dates.has(name) ? milliseconds : (cell) => cell ?? Number.NaN;
    return new ort.Tensor('float64', Float64Array.from(cells, number), shape);
  };
  return Object.fromEntries(session.inputMetadata.map((input) => [input.name, tensor(input)]));
}

/**
 * The greatest difference of a number in the file's answers from that in the model's, and how many
 * labels are others. Values count in the deviation of the labels, `units` by task, and great counts
 * by their own size: they are exponentials.
 */
async function agreement(model, file, rows, units) {
  const session = await ort.InferenceSession.create(file, { logSeverityLevel: 3 });
  const outputs = await session.run(feeds(session, model, rows));
  // None of a kind of task that the model does not have.
  let [probability, value, labels] = [null, null, 0];
  const expected = model.predict(rows);
  for (const { name, type, classes } of model.tasks) {
    const answers = expected.map((answer) => answer[name]);
    const given = outputs[name].data;
    if (classes) {
      const texts = outputs[`${name}.label`].data;
      answers.forEach(({ label, probabilities }, row) => {
        if (texts[row] !== label) labels++;
        classes.forEach((key, i) => {
          const difference = Math.abs(given[row * classes.length + i] - probabilities[key]);
          probability = Math.max(probability, difference);
        });
      });
      continue;
    }
    const columns = {
      value: given,
      low: outputs[`${name}.low`]?.data,
      high: outputs[`${name}.high`]?.data,
    };
    answers.forEach((answer, row) => {
      for (const key of Object.keys(answer)) {
        const size = type === 'count' ? Math.abs(answer.value) : 0;
        const unit = Math.max(units[name], size);
        value = Math.max(value, Math.abs(columns[key][row] - answer[key]) / unit);
      }
    });
  }
  await session.release();
  return { probability, value, labels, rows: rows.length };
}

/** The standard deviation of each column of numbers. */
function deviations(rows) {
  const deviation = (name) => {
    const numbers = rows.map((row) => row[name]).filter((cell) => typeof cell === 'number');
    const mean = numbers.reduce((sum, x) => sum + x, 0) / numbers.length;
    return Math.sqrt(numbers.reduce((sum, x) => sum + (x - mean) ** 2, 0) / numbers.length);
  };
  return Object.fromEntries(Object.keys(rows[0]).map((name) => [name, deviation(name)]));
}

module.exports = { agreement, deviations, feeds };
