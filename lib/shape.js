// Native answers as JavaScript objects. Names of tasks, classes and columns are data, so objects
// keyed by them are made with Object.fromEntries: a plain assignment would lose `__proto__`.
'use strict';

/** One report as users see it, frozen because every listener is given the same one. */
function report({ phase = 'train', network = 1, progress, seconds = 0, ...raw }) {
  const { epoch, epochs } = raw;
  return freeze({
    phase,
    network,
    progress: progress ?? { done: epoch, total: epochs },
    seconds,
    ...epochOf(raw),
  });
}

/** An epoch of a model's history: a report without what belongs to the moment it was made. */
const pastEpoch = ({ seconds, ...raw }) => epochOf(raw);

function epochOf(raw) {
  const { validation } = raw;
  return {
    ...raw,
    tasks: Object.fromEntries(raw.tasks),
    validation: validation && { ...validation, tasks: Object.fromEntries(validation.tasks) },
  };
}

/** One trial of a search, frozen for the same reason. */
const trial = (raw) => freeze(raw);

/** The description of a model as users see it: frozen, so that nothing they do changes it. */
function description(text) {
  const raw = JSON.parse(text);
  return freeze({
    ...raw,
    tasks: raw.tasks.map(({ offset, width, ...task }) => task),
    history: raw.history.map(pastEpoch),
    comparison: raw.comparison
      ? { ...raw.comparison, tasks: Object.fromEntries(raw.comparison.tasks) }
      : null,
  });
}

/** What turns numbers into answers, given the tasks: name, classes if any, width. */
function answers(tasks) {
  const stride = tasks.reduce((total, task) => total + task.width, 0);
  const names = tasks.map(({ name }) => name);
  const readers = tasks.map((task) => {
    if (task.classes) return classReader(task.classes);
    return hasInterval(task) ? intervalReader : valueReader;
  });
  const places = tasks.map((_, i) => tasks.slice(0, i).reduce((sum, { width }) => sum + width, 0));
  const template = Object.fromEntries(names.map((name) => [name, null]));

  /** One row's answer. */
  const prediction = (flat, at) => {
    const answer = { ...template };
    for (let i = 0; i < names.length; i++) answer[names[i]] = readers[i](flat, at + places[i]);
    return answer;
  };

  return {
    /** How many numbers one row's answer takes. */
    stride,

    /** Appends the answers of `count` rows, whose numbers begin at `at`. */
    predictions(flat, at, count, out) {
      for (let i = 0; i < count; i++) out.push(prediction(flat, at + i * stride));
    },

    /** The typed arrays that native code writes the answers of so many rows into. */
    room: (rows) =>
      tasks.flatMap((task) => {
        const { classes } = task;
        if (hasInterval(task)) return [0, 1, 2].map(() => new Float64Array(rows));
        if (!classes) return [new Float64Array(rows)];
        const probabilities = new Float64Array(rows * classes.length);
        return [new Uint32Array(rows), new Float64Array(rows), probabilities];
      }),

    /** The columns in such typed arrays. */
    columns(room) {
      const rest = [...room];
      const column = (task) => {
        const { classes } = task;
        if (hasInterval(task)) {
          const [value, low, high] = rest.splice(0, 3);
          return { value, low, high };
        }
        if (!classes) return { value: rest.shift() };
        const [code, probability, probabilities] = rest.splice(0, 3);
        return { code, classes: [...classes], probability, probabilities };
      };
      return Object.fromEntries(tasks.map((task) => [task.name, column(task)]));
    },

    /** The columns of a few rows, whose numbers begin at `at`. */
    columnsOf(flat, at, rows) {
      const columns = { ...template };
      for (let i = 0; i < tasks.length; i++) {
        const { classes } = tasks[i];
        const ofValues = hasInterval(tasks[i]) ? intervalColumns : valueColumn;
        const read = classes ? classColumns : ofValues;
        columns[names[i]] = read(flat, at + places[i], stride, rows, classes);
      }
      return columns;
    },
  };
}

// Objects by name: a copy of one that has all the names, in which each is assigned its value. An
// assignment finds the own property first, so that `__proto__` is a name like any other.
function classReader(classes) {
  const template = Object.fromEntries(classes.map((name) => [name, 0.5]));
  // At `at` stands the index of the label, then a probability for each class.
  return (flat, at) => {
    const probabilities = { ...template };
    for (let i = 0; i < classes.length; i++) probabilities[classes[i]] = flat[at + 1 + i];
    const label = flat[at];
    return { label: classes[label], probability: flat[at + 1 + label], probabilities };
  };
}

/** Whether a task answers with a value and the two ends of its interval. */
const hasInterval = ({ classes, width }) => !classes && width === 3;

const intervalReader = (flat, at) => ({ value: flat[at], low: flat[at + 1], high: flat[at + 2] });

const valueReader = (flat, at) => ({ value: flat[at] });

function classColumns(flat, at, stride, rows, classes) {
  const width = classes.length;
  const code = new Uint32Array(rows);
  const probability = new Float64Array(rows);
  const probabilities = new Float64Array(rows * width);
  for (let row = 0; row < rows; row++) {
    const from = at + row * stride;
    code[row] = flat[from];
    probability[row] = flat[from + 1 + code[row]];
    for (let i = 0; i < width; i++) probabilities[row * width + i] = flat[from + 1 + i];
  }
  return { code, classes: [...classes], probability, probabilities };
}

function valueColumn(flat, at, stride, rows) {
  const value = new Float64Array(rows);
  for (let row = 0; row < rows; row++) value[row] = flat[at + row * stride];
  return { value };
}

function intervalColumns(flat, at, stride, rows) {
  const [value, low, high] = [0, 1, 2].map((i) => valueColumn(flat, at + i, stride, rows).value);
  return { value, low, high };
}

/** The arrays that native code made, as arrays of this realm over the same memory. */
const adopted = (arrays) =>
  arrays.flat().map((array) => {
    const Kind = array[Symbol.toStringTag] === 'Uint32Array' ? Uint32Array : Float64Array;
    return new Kind(array.buffer, array.byteOffset, array.length);
  });

/** Scores by task. */
const evaluation = (text) => Object.fromEntries(JSON.parse(text));

/** What features are worth, by task. */
const importance = (text) => byTask(JSON.parse(text));

const byTask = (raw) => ({ ...raw, tasks: Object.fromEntries(raw.tasks) });

/** What native code found for a report. */
function reported(text) {
  const raw = JSON.parse(text);
  const { source } = raw;
  if (!source?.importance) return raw;
  return { ...raw, source: { ...source, importance: byTask(source.importance) } };
}

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
  adopted,
  answers,
  crossValidation,
  description,
  evaluation,
  foldReport,
  importance,
  report,
  reported,
  trial,
};
