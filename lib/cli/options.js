// The options of the API as the command line knows them: how the text after one is read, and what
// it means in one line, for `--help`. What a value may be is checked in Rust alone; an option that
// is missing here can still be given. `__test__/cli-options.test.js` holds the names to index.d.ts.
'use strict';

// How text is read. `value`: a number, true or false, JSON, else text. `text`: as it stands.
// `sign`: a character, `\\t` for a tab, or false. `texts`, `numbers`, `values`: lists, apart by commas, or a JSON array.
const TRAINING = {
  epochs: ['value', 'passes over the training rows; default 100, of few rows more'],
  targets: ['texts', 'what to predict, apart by commas, or JSON; see --target'],
  features: ['value', 'which columns the network sees, and as what'],
  sampleWeights: ['text', 'the column that says what each row counts'],
  model: ['value', 'default, fast, realmlp, tabm or article, or its parts'],
  ensemble: ['value', 'networks trained side by side, whose answers are averaged; default 1'],
  optimizer: ['value', 'sgd, adam or adamw; default adamw'],
  learningRate: ['value', 'size of a step; default 0.002'],
  schedule: ['value', 'constant, cosine, coslog4, flat-cosine or one-cycle; default cosine'],
  batchSize: ['value', 'rows in a step; default by the number of rows'],
  weightDecay: ['value', 'pull of the weights to 0; default 0.02'],
  weightDecaySchedule: ['value', 'constant or flat-cosine; default constant'],
  dropoutSchedule: ['value', 'constant or flat-cosine; default constant'],
  ema: ['value', 'what a moving average of the weights keeps at each step, as 0.999'],
  gradientClip: ['value', 'the longest gradient; default 1'],
  balance: ['value', 'how tasks become one step: equal, upgrad, … (docs/balancing.md)'],
  telemetry: ['value', "whether reports tell of the tasks' gradients; default true"],
  validation: ['value', 'rows that choose the best epoch: a share, a file, false; default 0.2'],
  refit: ['value', 'how many networks learn all rows in the end: false, 4, auto; default auto'],
  calibration: ['value', 'whether probabilities are tempered; default true'],
  interval: ['value', 'a level such as 0.9: numbers are answered with low and high ends too'],
  earlyStopping: ['value', 'when to stop, and which epoch is kept; false to go on to the last'],
  compare: ['value', 'single-task: what learning together gained; see polytask compare'],
  seed: ['value', 'of split, first weights, order and dropout; default 0'],
  threads: ['value', 'the most threads; default all cores'],
  engine: ['value', 'auto, fused or libtorch; default auto'],
  device: ['value', 'cpu'],
  csv: ['value', 'how files are written; default found by looking'],
  timeZone: ['text', 'of Date cells in rows, kept with the model: UTC, local, Europe/Berlin, …'],
  checkpoint: ['value', 'a file to go on from, should the process end'],
  resume: ['value', 'goes on from a checkpoint: its path, or alone --checkpoint.path'],
};

const PARTS = {
  'features.include': ['texts', 'the only columns to use'],
  'features.exclude': ['texts', 'columns to leave out'],
  'features.types': [
    'value',
    '--features.types.COLUMN numeric, categorical, boolean, date, currency, percent, ignore',
  ],
  'features.scaling': ['value', 'standard, robust or quantile; default standard'],
  'features.oneHot': ['value', 'up to this many categories are one input each; default 9'],
  'features.minFrequency': ['value', 'categories of fewer training rows count as unseen'],
  'features.unseen': ['value', 'how often training hides a rare category; default 1, 0 is never'],
  'model.preset': ['value', 'the preset that fills in the rest'],
  'model.architecture': [
    'value',
    'shared, omoe, mmoe, cgc, ple, cross-stitch, adatt, dselect-k, …',
  ],
  'model.hidden': ['numbers', 'units in each hidden layer, as 128,128'],
  'model.tower': ['numbers', "units in each hidden layer of a task's own"],
  'model.experts': ['value', 'experts that all tasks have'],
  'model.taskExperts': ['value', 'experts that each task has of its own'],
  'model.levels': ['value', 'levels of experts'],
  'model.gateDropout': ['value', 'how often a gate has to do without an expert'],
  'model.k': ['value', 'the most experts a task selects for a row'],
  'model.members': ['value', 'networks that share most of their weights; 0 for none'],
  'model.entropy': ['value', "what the entropy of a task's selections counts"],
  'model.calibrator': ['value', "what counts of a task's chance above that of the task before"],
  'model.activation': ['value', 'relu, tanh, sigmoid, gelu, silu, mish or selu; default silu'],
  'model.dropout': ['value', 'share of hidden units left out at each step; default 0.1'],
  'model.norm': ['value', 'none or layer; default none'],
  'model.embeddings': ['value', 'none, piecewise, periodic or plr; default piecewise'],
  'model.embeddings.type': ['value', 'the same, beside the parts that follow'],
  'model.embeddings.bins': ['value', 'bins of each number, with piecewise'],
  'model.embeddings.edges': ['value', 'quantiles or targets: what parts the bins'],
  'model.embeddings.width': ['value', "outputs of each number's layer"],
  'model.embeddings.frequencies': ['value', 'frequencies of each number'],
  'model.embeddings.deviation': ['value', 'the deviation that frequencies begin with'],
  'model.categories': ['value', 'embeddings of categories'],
  'model.categories.width': ['value', 'numbers of each category'],
  'model.categories.deviation': ['value', 'the deviation they begin with'],
  'model.front': ['value', 'whether each input is first multiplied with a learnt factor'],
  'model.parametric': ['value', 'whether each unit learns how much activation it has'],
  'model.parametrization': ['value', 'standard or ntk'],
  'model.init': ['value', 'uniform, normal, he or data'],
  'model.rates': ['value', 'what the learning rate is multiplied with'],
  'model.rates.bias': ['value', '… for biases'],
  'model.rates.activation': ['value', '… for what parametric learns'],
  'model.rates.embedding': ['value', '… for embeddings of numbers'],
  'model.rates.front': ['value', '… for the factors of front'],
  'optimizer.method': ['value', 'sgd, adam or adamw'],
  'optimizer.betas': ['numbers', 'what is kept of gradient and square, as 0.9,0.999'],
  'optimizer.epsilon': ['value', 'what joins the root of the mean square'],
  'optimizer.momentum': ['value', 'what sgd keeps of the direction'],
  'optimizer.nesterov': ['value', 'whether sgd looks ahead'],
  'schedule.method': ['value', 'the course of the learning rate'],
  'schedule.warmup': ['value', 'epochs in which the rate first rises'],
  'balance.method': ['value', 'the method'],
  'balance.weights': ['value', '--balance.weights.TASK 2, of the method fixed'],
  'balance.momentum': ['value', 'what is kept of the weights before'],
  'balance.every': ['value', 'steps that the weights of one look at the gradients serve'],
  'balance.on': ['value', 'parameters or representation'],
  'validation.fraction': ['value', 'the share of rows; default 0.2'],
  'validation.stratify': ['value', 'true, false, or the column both sides have alike'],
  'validation.groupBy': ['text', 'the column whose values stay on one side'],
  'validation.column': ['text', 'the column that says train, validation or test'],
  'validation.timeColumn': [
    'text',
    'the column of dates or numbers by which the latest rows validate',
  ],
  'validation.after': ['value', 'where these rows begin: a date, a year or a number'],
  'validation.file': ['text', 'a CSV file with the same columns'],
  'earlyStopping.patience': ['value', 'epochs to wait for a better one; default 20'],
  'earlyStopping.metric': ['value', 'loss, meanImprovement, accuracy, rmse, …; default loss'],
  'earlyStopping.task': ['text', 'the task whose metric it is'],
  'earlyStopping.ties': ['value', 'which of equally good epochs is kept: first or last'],
  'compare.method': ['value', 'single-task'],
  'compare.seeds': ['value', 'how many times; default 3'],
  'compare.fraction': ['value', 'the share of rows held out; default 0.2'],
  'csv.delimiter': ['sign', 'the character between cells; \\t for a tab'],
  'csv.quote': ['sign', 'the character around cells; false for none'],
  'csv.header': ['value', 'whether the first row names the columns'],
  'csv.columns': ['texts', 'names of the columns of a file without a header'],
  'csv.missing': ['texts', 'cells that mean missing too; see csv.missing.only'],
  'csv.missing.only': ['texts', 'the only cells that mean missing; = alone for empty ones'],
  'csv.encoding': ['value', 'utf8, utf16 or latin1'],
  'csv.comment': ['sign', 'lines that begin with this character are passed over; false for none'],
  'csv.decimal': ['text', 'the decimal sign, . or ,; default found by looking'],
  'csv.thousands': ['text', "what stands between thousands: , . ' or a blank"],
  'csv.onError': ['value', 'what a bad row does: fail or skip; default fail'],
  'csv.skipLines': ['value', 'lines to pass over at the top'],
  'checkpoint.path': ['text', 'the file'],
  'checkpoint.every': ['value', 'epochs from one to the next; default 1'],
};

const SEARCH = {
  trials: ['value', 'the most trials; default 30'],
  seconds: ['value', 'the most seconds; default no limit'],
  space: ['value', '--space.OPTION A,B,C, or JSON: what is tried; default by the data'],
  parallel: ['value', 'trainings at a time; default by cores and rows'],
  path: ['text', 'a file of all trials, to go on from'],
  resume: ['value', 'false: begins anew and writes over --path'],
};

const PREDICTION = {
  keep: ['texts', 'columns to copy before the answers; alone for all but the targets'],
  csv: TRAINING.csv,
};

/** Of a target, by `--targets.COLUMN.…`. */
const TARGET = {
  type: ['value', 'classification, regression, count or ordinal'],
  format: ['value', 'how labels are written: currency or percent'],
  weight: ['value', "how much the task's loss counts; default 1"],
  loss: ['value', 'of a regression: mse, mae, huber or quantile'],
  delta: ['value', 'of the loss huber'],
  quantile: ['value', 'of the loss quantile'],
  classes: ['texts', 'the classes in order'],
  classWeights: ['value', 'balanced, or --targets.COLUMN.class-weights.CLASS 2'],
  labelSmoothing: ['value', 'the share of each label spread over all classes'],
  clamp: ['value', 'whether answers stay within the range of the labels'],
};

/** The kind of text that the option at a path takes. */
function kindOf(segments) {
  const [first, ...rest] = segments;
  if (first === 'targets' && rest.length > 1) return TARGET[rest[1]]?.[0] ?? 'value';
  if (first === 'targets' && rest.length === 1) return 'value';
  if (first === 'space' && rest.length > 0) return 'values';
  const path = segments.join('.');
  const known = own(PARTS, path) ?? own(TRAINING, path) ?? own(SEARCH, path);
  return (known ?? own(PREDICTION, path))?.[0] ?? 'value';
}

const own = (table, key) => (Object.hasOwn(table, key) ? table[key] : undefined);

/** Of which options a name is the short form, and what it is called in the long one. */
const SHORT = { model: 'preset', embeddings: 'type', validation: 'file' };

/** What an option without a value means, where that is not `true`. */
const BARE = { compare: 'single-task' };

// What of other programs is said otherwise on this command line, names without dashes.
const ELSEWHERE = [
  [
    /^(verbos|silent$|progress|log|debug|callback|onepoch)/,
    'progress is shown unless --quiet is given, and --json prints each event',
  ],
  [
    /^(metrics?|scoring|scores?|evalmetrics?)$/,
    'polytask evaluate prints every score; --early-stopping.metric says by which the best epoch is chosen',
  ],
  [/^(output|outfile|outputfile|save|savepath|saveto|modelpath)$/, 'the file to write is --out'],
  [/^(folds|cv|kfolds?|nsplits)$/, 'polytask evaluate --folds 5 trains and scores folds'],
];

/** What is said in place of an option that is not there, if it is one of those. */
function said(name) {
  const plain = name.toLowerCase().replace(/[^a-z]/g, '');
  return ELSEWHERE.find(([pattern]) => pattern.test(plain))?.[1];
}

/** Options whose values are paths of files. */
const PATHS = ['validation', 'validation.file', 'checkpoint.path', 'resume', 'path'];

module.exports = { BARE, PARTS, PATHS, PREDICTION, SEARCH, SHORT, TARGET, TRAINING, kindOf, said };
