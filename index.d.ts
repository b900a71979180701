// The reference of polytask's public interface: every function, option, unit and default.

/// <reference types="node" />

/**
 * One value of a row. `null`, `NaN`, `''`, `'?'`, `'NA'` and the like mean missing. A `Date` is the
 * text of its `toISOString()`, that is in UTC.
 */
export type Cell = number | string | boolean | Date | null;

/**
 * One row: an array in the order of the columns, or an object by column name. Columns of array
 * rows to train on are called `c0`, `c1`, …
 *
 * For prediction an array holds the model's features in the order of `model.features`; in an
 * object extra keys are ignored and a missing key is an error, unless the column had missing
 * cells in training. Text that reads as a number is one, as in a CSV file.
 */
export type Row = readonly Cell[] | { readonly [column: string]: Cell };

/**
 * Rows that are there at once: the path of a CSV file, several paths of files with the same columns,
 * or the rows themselves.
 */
export type SyncSource = string | readonly string[] | readonly Row[];

/**
 * Rows to learn from or to score: as in `SyncSource`, or whatever gives them one by one, such as a
 * database cursor. They are gathered outside of JavaScript's memory, about a thousand at a time.
 * What the iterable throws is what the training rejects with; an abort, or a row that cannot be
 * read, ends the iteration with `return()`. A `stop()` takes effect once all rows are read.
 */
export type Source = SyncSource | AsyncIterable<Row> | Iterable<Row>;

/** An activation function of the hidden layers. */
export type Activation = 'relu' | 'tanh' | 'sigmoid' | 'gelu' | 'silu' | 'mish' | 'selu';

/** What kind of task a target column makes. */
export type TaskType = 'classification' | 'regression';

/**
 * What kind of feature a column is.
 *
 * - `'numeric'`: standardised; a missing cell is the mean, and marked.
 * - `'categorical'`: up to nine categories are one input each, more are embedded; a missing or unseen
 *   category, and an embedded one of a single training row, counts as unseen.
 * - `'boolean'`: one input, 1 for true and -1 for false, 0 for a missing cell. Found by two opposite
 *   words: `true false`, `t f`, `yes no`, `y n`, `on off`, in capitals or not. Declared, 1 and 0 are
 *   taken too.
 * - `'date'`: the year, standardised; the season to the day, the weekday and, where there are times,
 *   the hour, each as sine and cosine; a missing cell is zeros, and marked. Written `2011-01-31`,
 *   `2011-01-31 05:00`, `2011-01-31T05:00:00Z`, or with another offset, which is read over: times
 *   count as written. `31.1.2011` has the day first; `31/1/2011` and `1/31/2011` are dates where all
 *   rows together leave no doubt of the order.
 */
export type FeatureType = 'numeric' | 'categorical' | 'boolean' | 'date';

/**
 * What a column may be declared to be: a type; dates with the day or the month first; or nothing
 * that the network should see. A cell that does not fit is `ERR_SCHEMA`, with its line.
 */
export type DeclaredType = FeatureType | 'date-dmy' | 'date-mdy' | 'ignore';

/** A target described in full. */
export interface TargetOptions {
  /** Default: from the column; text and up to ten whole numbers are classes, else a regression. */
  type?: TaskType;
  /** How much the task's loss counts in the sum over tasks; above 0. Default 1. */
  weight?: number;
}

/** Which columns the network sees, and as what. */
export interface FeatureOptions {
  /** The only columns to use, by name. Default: all that are not targets. */
  include?: readonly string[];
  /** Columns to leave out, by name. Default: none. */
  exclude?: readonly string[];
  /**
   * What columns are, by name; one that would be dropped (constant, empty, an identifier) is used if
   * it stands here. Default: found by looking at every row.
   */
  types?: { readonly [column: string]: DeclaredType };
}

/** The network's shape. What is not given comes from the preset. */
export interface ModelOptions {
  /** The preset that fills in the rest. Default `'default'`. */
  preset?: 'default' | 'article';
  /** Units in each hidden layer. Default `[128, 128]`; `'article'`: `[10, 10]`. */
  hidden?: readonly number[];
  /** Activation after each hidden layer. Default `'silu'`; `'article'`: `'relu'`. */
  activation?: Activation;
  /** Share of hidden units left out at each step, from 0 to below 1. Default 0.1; `'article'`: 0. */
  dropout?: number;
  /** Normalisation after each hidden layer. Default `'none'`. */
  norm?: 'none' | 'layer';
}

/** How a CSV file is read. What is not given is found by looking at the file. */
export interface CsvOptions {
  /** The character between cells. Default: found, one of `,` `;` tab and `|`. */
  delimiter?: string;
  /** The character around cells that hold delimiters; `false` for none. Default `"`. */
  quote?: string | false;
  /** Whether the first row names the columns. Default: found by its types. */
  header?: boolean;
  /** Names of the columns of a file without a header. Default `c0`, `c1`, … */
  columns?: readonly string[];
  /** Cells that mean missing, beside the empty one. Default `NA N/A NaN nan null NULL ?`. */
  missing?: readonly string[];
  /** Default: by the byte order mark, else `'utf8'`. */
  encoding?: 'utf8' | 'utf16' | 'latin1';
  /** Lines that begin with this character are passed over. Default: none. */
  comment?: string;
  /** The decimal sign of numbers. Default `'.'`. */
  decimal?: '.' | ',';
  /** What a row that cannot be read does: end with `ERR_CSV`, or be left out. Default `'fail'`. */
  onError?: 'fail' | 'skip';
  /** Lines to pass over at the top of the file. Default 0. */
  skipLines?: number;
}

/** Everything that may be said about a training. All of it is optional. */
export interface TrainOptions {
  /** Passes over the training rows; a whole number from 1. Default 100; `model: 'article'`: 10. */
  epochs?: number;
  /**
   * The columns to predict: a name, several, or what each is. Each makes one task, and all tasks
   * share one network. Default: the last column.
   */
  targets?: string | readonly string[] | { readonly [column: string]: TaskType | TargetOptions };
  /** Which columns the network sees, and as what. Default: all that are not targets. */
  features?: FeatureOptions;
  /**
   * The network: a preset's name, or its shape. `'article'` is the 10-10 ReLU network with plain
   * stochastic gradient descent. Default `'default'`.
   */
  model?: 'default' | 'article' | ModelOptions;
  /** How gradients become steps. Default `'adamw'`; `model: 'article'`: `'sgd'`. */
  optimizer?: 'sgd' | 'adam' | 'adamw';
  /** The size of a step, above 0. Default 0.003; `model: 'article'`: 0.01. */
  learningRate?: number;
  /** The learning rate over the run: even, or falling to 0 along half a cosine. Default `'cosine'`; `model: 'article'`: `'constant'`. */
  schedule?: 'constant' | 'cosine';
  /** Rows in a step. Default: by the number of rows, from 32 to 512; `model: 'article'`: 32. */
  batchSize?: number;
  /** Pull of the weights towards 0, from 0 up. Default 0.01; `model: 'article'`: 0. */
  weightDecay?: number;
  /** The longest gradient, as Euclidean norm; `false` for no limit. Default 1; `model: 'article'`: `false`. */
  gradientClip?: number | false;
  /**
   * The share of rows, above 0 and below 1, kept from training to choose the best epoch with;
   * `false` for none. Seeded; stratified on the first classification task. Default 0.2.
   */
  validation?: number | false;
  /**
   * Stop after `patience` epochs (default 20) without a better validation loss; `false` to go on
   * to the last epoch. Either way the best epoch's weights are kept. Default `{ patience: 20 }`;
   * `model: 'article'`: `false`.
   */
  earlyStopping?: { patience?: number } | false;
  /** The seed of split, first weights, order and dropout; a whole number from 0. Default 0. */
  seed?: number;
  /** Threads for one operation, from 1. Default: by the network's size, at most all cores. */
  threads?: number;
  /** Where to compute. Default `'cpu'`, the only one yet. */
  device?: 'cpu';
  /** How to read a CSV file. Default: found by looking at it. */
  csv?: CsvOptions;
  /**
   * Aborts the training, which then rejects with `signal.reason`; one aborted before starts
   * nothing. Not for `trainSync`. Default: none.
   */
  signal?: AbortSignal;
  /**
   * Called with each epoch's report, in order. What it throws, or its promise rejects with, aborts
   * the training, which rejects with the same. Not for `trainSync`. Default: none.
   */
  onEpoch?: (report: EpochReport) => unknown;
}

/** `TrainOptions` for `trainSync`, during which no event can be heard. */
export type TrainSyncOptions = Omit<TrainOptions, 'signal' | 'onEpoch'>;

/** One task over the training rows of an epoch. */
export interface TaskReport {
  /** Mean loss per observed label: cross-entropy in nats, or squared error of the standardised value. Absent without labels. */
  readonly loss?: number;
  /** Labels observed. */
  readonly labels: number;
}

/** One task over the validation rows. */
export interface TaskValidation {
  /** As in `TaskReport`. */
  readonly loss?: number;
  /** Rows with an observed label. */
  readonly n: number;
  /** Share of right classes, 0 to 1; classification only. */
  readonly accuracy?: number;
  /** Root mean squared error in the target's own unit; regression only. */
  readonly rmse?: number;
}

/** What one epoch did. */
export interface EpochReport {
  /** The epoch, from 1. */
  readonly epoch: number;
  /** How many were asked for. */
  readonly epochs: number;
  /** Training loss: the weighted sum over tasks. */
  readonly loss: number;
  /** The learning rate at the epoch's end. */
  readonly learningRate: number;
  /** Seconds since training began. */
  readonly seconds: number;
  /** Each task by name. */
  readonly tasks: { readonly [task: string]: TaskReport };
  /** The validation rows, `null` without any. */
  readonly validation: {
    /** The weighted sum of the tasks' losses. */
    readonly loss: number;
    readonly tasks: { readonly [task: string]: TaskValidation };
  } | null;
  /** Whether this is the best epoch so far, whose weights are kept. */
  readonly best: boolean;
}

/** The answer of a classification. */
export interface ClassPrediction {
  /** The most probable class, as it stood in the training data. */
  label: string;
  /** Its probability, 0 to 1. */
  probability: number;
  /** The probability of every class; they sum to 1. */
  probabilities: { [label: string]: number };
  value?: undefined;
}

/** The answer of a regression. */
export interface ValuePrediction {
  /** In the target's own unit. */
  value: number;
  label?: undefined;
  probability?: undefined;
  probabilities?: undefined;
}

/** The answers for one row, by task, that is by the target column's name. */
export interface Prediction {
  [task: string]: ClassPrediction | ValuePrediction;
}

/** Scores of one task. A figure that is undefined, or of another kind of task, is absent. */
export interface Scores {
  /** Rows with an observed label. */
  n: number;
  /** Share of right classes, 0 to 1. */
  accuracy?: number;
  /** Mean recall over the classes, 0 to 1. */
  balancedAccuracy?: number;
  /** Plain mean of the classes' F1, 0 to 1. */
  f1Macro?: number;
  /** Mean of the classes' F1 by their number of labels, 0 to 1. */
  f1Weighted?: number;
  /** Mean of −ln of the true class's probability, in nats. */
  logLoss?: number;
  /** Area under the ROC curve, 0 to 1; the mean of one against the rest for several classes. */
  rocAuc?: number;
  /** Average precision, 0 to 1; the mean of one against the rest for several classes. */
  averagePrecision?: number;
  /** Brier score: 0 to 1 for two classes, 0 to 2 for more; lower is better. */
  brier?: number;
  /** Expected calibration error over 15 bins, 0 to 1; lower is better. */
  ece?: number;
  /** Rows by true class (outer) and predicted class (inner), in the order of the task's classes. */
  confusion?: number[][];
  /** Root mean squared error, in the target's unit. */
  rmse?: number;
  /** Mean absolute error, in the target's unit. */
  mae?: number;
  /** Coefficient of determination, at most 1. */
  r2?: number;
  /** Median absolute error, in the target's unit. */
  medianAbsoluteError?: number;
}

/** Scores by task. */
export interface Evaluation {
  [task: string]: Scores;
}

/** A column the model reads. */
export interface Feature {
  readonly name: string;
  readonly type: FeatureType;
  /** Why it is of that type, and what becomes of missing cells, in words. */
  readonly reason: string;
  /** How many cells were missing in all rows it was trained and validated on. */
  readonly missingCells: number;
  /** Whether it had missing cells in training; then its key may be absent in an object row. */
  readonly missing: boolean;
  /** The order of day and month in dates that do not begin with the year. */
  readonly dateOrder?: 'dayFirst' | 'monthFirst';
  /** The categories of a categorical column; of more than nine, those that occur more than once. */
  readonly categories?: readonly string[];
}

/** A task the model answers. */
export interface Task {
  /** The target column's name. */
  readonly name: string;
  readonly type: TaskType;
  /** Why it is of that type, in words. */
  readonly reason: string;
  /** The classes of a classification, in order. */
  readonly classes?: readonly string[];
  /** Labels observed in the training rows. */
  readonly labels: number;
  /** How much its loss counted in the sum over tasks. */
  readonly weight: number;
}

/** The options a model was trained with, defaults filled in; `null` where polytask chose by the data. */
export interface UsedOptions {
  readonly epochs: number;
  readonly model: Readonly<Required<ModelOptions>>;
  readonly optimizer: 'sgd' | 'adam' | 'adamw';
  readonly learningRate: number;
  readonly schedule: 'constant' | 'cosine';
  readonly batchSize: number | null;
  readonly weightDecay: number;
  readonly gradientClip: number | false;
  readonly validation: number | false;
  readonly earlyStopping: { readonly patience: number } | false;
  readonly seed: number;
  readonly threads: number | null;
  readonly device: 'cpu';
}

/** How files turned out to be written, the first of them where there are several. */
export interface Reading {
  readonly files: readonly string[];
  /** The character between cells. */
  readonly delimiter: string;
  /** Why that one, in words. */
  readonly delimiterWhy: string;
  /** The character around cells. */
  readonly quote: string | null;
  /** Whether the first row named the columns. */
  readonly header: boolean;
  /** Why, in words. */
  readonly headerWhy: string;
  readonly encoding: 'utf8' | 'utf16' | 'latin1';
  readonly gzip: boolean;
  /** How many rows `csv.onError: 'skip'` left out, of all files. */
  readonly skipped: number;
  /** What was wrong with the first five of them, each with file and line. */
  readonly skippedFirst: readonly string[];
}

/** A model as plain data, for listings and logs; the weights are not in it. */
export interface ModelDescription {
  readonly features: readonly Feature[];
  /** Columns that were not used, and why. */
  readonly dropped: readonly { readonly name: string; readonly reason: string }[];
  readonly tasks: readonly Task[];
  readonly history: readonly EpochReport[];
  readonly options: UsedOptions;
  /** The rows it was trained on. */
  readonly data: {
    readonly source: string;
    readonly rows: number;
    readonly trainRows: number;
    readonly validationRows: number;
    /** Observed labels in the training rows, task by task. */
    readonly labels: readonly number[];
    /** A hash of the data, to tell whether two models saw the same. */
    readonly fingerprint: string;
    /** How files were read; `null` for rows. */
    readonly reading: Reading | null;
  };
  readonly versions: { readonly polytask: string; readonly libtorch: string };
  /** How many weights the network has. */
  readonly parameters: number;
}

/**
 * A trained network together with the encoding of its rows. It answers without libtorch. What its
 * properties hold is frozen.
 */
export class Model {
  private constructor();

  /** A model from the bytes of a model file. It does not become the one `predict` asks. */
  static fromBuffer(buffer: ArrayBufferView): Model;

  /** One answer a row, at once. */
  predict(rows: readonly Row[]): Prediction[];

  /** Scores of every task on labelled rows. `csv` says how to read a file; default: found. */
  evaluate(source: Source, options?: { csv?: CsvOptions }): Promise<Evaluation>;

  /** Writes the model file (safetensors), whole or not at all. */
  save(path: string): Promise<void>;

  /** The bytes of the model file. */
  toBuffer(): Buffer;

  /** The columns an array row holds, in order. */
  readonly features: readonly Feature[];
  /** What it predicts. */
  readonly tasks: readonly Task[];
  /** Every epoch of its training. */
  readonly history: readonly EpochReport[];
  /** The options it was trained with. */
  readonly options: UsedOptions;

  /** What was inferred of the columns and why, and how training went, as text to read. */
  summary(): string;

  /** The same as data; so `JSON.stringify(model)` works. */
  toJSON(): ModelDescription;
}

/**
 * A training under way: the promise of its model, and the reports of its epochs.
 *
 * `for await` gives every epoch from the first, however late the loop begins, and throws what the
 * training fails with. Leaving the loop early stops the training as `stop` does.
 */
export interface Training extends Promise<Model>, AsyncIterable<EpochReport> {
  /** Ends at the next batch; the training then resolves with the best weights so far. */
  stop(): void;
}

/**
 * Trains a model on a thread of its own. Whatever is wrong rejects; nothing is thrown at once. The
 * first call in a process loads libtorch, which holds the event loop up for about 0.2 seconds.
 */
export function train(source: Source, epochs: number): Training;
export function train(source: Source, options?: TrainOptions): Training;

/** Trains a model and returns it, for scripts: the event loop stands still meanwhile. */
export function trainSync(source: SyncSource, epochs: number): Model;
export function trainSync(source: SyncSource, options?: TrainSyncOptions): Model;

/** Predicts with the model last trained or loaded in this process. */
export function predict(rows: readonly Row[]): Prediction[];

/** Reads a model file. */
export function load(path: string): Promise<Model>;

/** The version of polytask. */
export const version: string;

/** What an error is, to switch on. */
export type ErrorCode =
  /** A file that cannot be read as CSV. */
  | 'ERR_CSV'
  /** Columns, types or targets that cannot be trained on. */
  | 'ERR_SCHEMA'
  /** An argument or option that is unknown, of the wrong type or out of range. */
  | 'ERR_OPTIONS'
  /** Rows that do not fit the columns. */
  | 'ERR_ROWS'
  /** A model file that is damaged, hostile, of another version, or cannot be read or written. */
  | 'ERR_ARTIFACT'
  /** The run was aborted. */
  | 'ERR_ABORTED'
  /** The loss became infinite or not a number. */
  | 'ERR_DIVERGED'
  /** A device that is not there. */
  | 'ERR_DEVICE'
  /** libtorch failed or could not be loaded. */
  | 'ERR_LIBTORCH'
  /** `predict` before any model. */
  | 'ERR_NO_MODEL'
  /** A bug in polytask, or one that is not built. */
  | 'ERR_INTERNAL';

/** The one error polytask throws or rejects with. Places that do not apply are absent. */
export class PolytaskError extends Error {
  constructor(code: ErrorCode, message: string, place?: ErrorPlace);
  readonly name: 'PolytaskError';
  readonly code: ErrorCode;
  /** The file it speaks of. */
  readonly file?: string;
  /** The line in that file, from 1. */
  readonly line?: number;
  /** The index of the row, from 0, where rows were given rather than a file. */
  readonly row?: number;
  /** The column, by name. */
  readonly column?: string;
  /** The task, by its target column. */
  readonly task?: string;
  /** The option, by its path, as in `model.hidden`. */
  readonly option?: string;
  /** What lay beneath, such as the operating system's words. */
  readonly cause?: string;
}

/** Where an error is. */
export interface ErrorPlace {
  file?: string;
  line?: number;
  row?: number;
  column?: string;
  task?: string;
  option?: string;
  cause?: string;
}
