// Native answers as JavaScript objects. Names of tasks, classes and columns are data, so objects
// keyed by them are made with Object.fromEntries: a plain assignment would lose `__proto__`.
'use strict';

/** One report as users see it, frozen because every listener is given the same one. */
function report(raw) {
  const { validation } = raw;
  return freeze({
    ...raw,
    tasks: Object.fromEntries(raw.tasks),
    validation: validation && { ...validation, tasks: Object.fromEntries(validation.tasks) },
  });
}

/** The description of a model as users see it: frozen, so that nothing they do changes it. */
function description(text) {
  const raw = JSON.parse(text);
  return freeze({
    ...raw,
    tasks: raw.tasks.map(({ offset, width, ...task }) => task),
    history: raw.history.map(report),
    comparison: raw.comparison
      ? { ...raw.comparison, tasks: Object.fromEntries(raw.comparison.tasks) }
      : null,
  });
}

/** What turns the flat answer for `count` rows into one object a row, given the raw tasks. */
function predictions(tasks) {
  const stride = tasks.reduce((total, task) => total + task.width, 0);
  const readers = tasks.map(({ name, classes, offset }) => {
    const read = classes ? classReader(classes) : valueReader;
    return (flat, row) => [name, read(flat, row * stride + offset)];
  });
  return (flat, count) =>
    Array.from({ length: count }, (_, row) =>
      Object.fromEntries(readers.map((read) => read(flat, row))),
    );
}

// At `at` stands the index of the label, then a probability for each class.
const classReader = (classes) => (flat, at) => ({
  label: classes[flat[at]],
  probability: flat[at + 1 + flat[at]],
  probabilities: Object.fromEntries(classes.map((name, index) => [name, flat[at + 1 + index]])),
});

const valueReader = (flat, at) => ({ value: flat[at] });

/** What turns the native columns into one object a task, given the raw tasks. */
function columns(tasks) {
  return (parts) =>
    Object.fromEntries(
      tasks.map(({ name, classes }, task) => {
        const [first, ...rest] = parts[task];
        if (!classes) return [name, { value: own(Float64Array, first) }];
        const [probability, probabilities] = rest.map((part) => own(Float64Array, part));
        const code = own(Uint32Array, first);
        return [name, { code, classes: [...classes], probability, probabilities }];
      }),
    );
}

// The same memory as an array of this realm: under jest, native code makes those of another.
const own = (Kind, array) => new Kind(array.buffer, array.byteOffset, array.length);

/** Scores by task. */
const evaluation = (text) => Object.fromEntries(JSON.parse(text));

/** What one fold of a cross-validation scored. */
const foldReport = (raw) => freeze({ ...raw, scores: Object.fromEntries(raw.scores) });

/** The scores of all folds. */
function crossValidation(text) {
  const { folds, mean, deviation } = JSON.parse(text);
  return {
    folds: folds.map((scores) => Object.fromEntries(scores)),
    mean: Object.fromEntries(mean),
    deviation: Object.fromEntries(deviation),
  };
}

function freeze(value) {
  if (typeof value !== 'object' || value === null) return value;
  for (const part of Object.values(value)) freeze(part);
  return Object.freeze(value);
}

module.exports = {
  columns,
  crossValidation,
  description,
  evaluation,
  foldReport,
  predictions,
  report,
};
