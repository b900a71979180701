// The reference of polytask's public interface: every function, option, unit and default.

/// <reference types="node" />

/**
 * One value of a row. `null`, `undefined`, `NaN`, `''` and the tokens of `csv.missing` mean missing, unless they
 * are a category or a class of the model. A `bigint` is a number, past 2^53 to its last digit. A
 * `Date` is the text of its `toISOString()`, that is in
 * UTC, unless `timeZone` names another zone; it is then the day, or the day and the time, that the
 * clocks of that zone show.
 */
export type Cell = number | string | boolean | Date | null | undefined | bigint | CellObject;

/**
 * An object by which a driver or a library stands for a value: decimals of decimal.js, big.js,
 * bignumber.js, Prisma and DuckDB, long.js, BSON's numbers and `ObjectId`, DuckDB's and Temporal's
 * dates and times, exceljs' formulas, links, formatted texts and errors, a `Buffer` of one bit. Any
 * other is `ERR_ROWS`, with its class and what to do; docs/sources.md lists drivers.
 */
export type CellObject =
  | { toString(): string; toFixed(digits?: number): string }
  | { readonly _bsontype: string }
  | { readonly __isLong__: true }
  | { toString(): string; toParts(): object }
  | { toString(): string; toJSON(): string }
  | { readonly result?: unknown; readonly formula: string }
  | { readonly result?: unknown; readonly sharedFormula: string }
  | { readonly text: unknown; readonly hyperlink: string }
  | { readonly richText: readonly { readonly text: string }[] }
  | { readonly error: string }
  | Uint8Array;

/**
 * The time zone whose calendar and clocks `Date` cells are read by: `'UTC'`; `'local'`, the zone of
 * the process that reads them; or a name of the IANA database, such as `'Europe/Berlin'`, as
 * `Intl.DateTimeFormat` takes it. Offsets are those in force at that time. A day that begins without
 * midnight, since the clocks skip it, begins at its first instant.
 *
 * A `Date` is an instant, and which day that is hangs on the zone: drivers of databases give the day
 * 2024-03-31 as midnight in the zone of the process, and in UTC that may be the day before. Texts
 * are read as they are written, whatever the zone.
 */
export type TimeZone = 'UTC' | 'local' | (string & {});

/**
 * One row: an array in the order of the columns, or an object by column name. Columns of array
 * rows to train on are called `c0`, `c1`, …; where nothing stands at index 0, as in `row.values` of
 * exceljs, they begin at index 1.
 *
 * To train on, the columns are the keys of the first row and those that come in later ones, which
 * stand before the last column of the first; what an object inherits is no column. A row without any
 * cell is skipped. Cells of columns that are not used may hold anything.
 *
 * For prediction an array holds the model's features in the order of `model.features`; in an
 * object a missing key is an error, unless the column had missing cells in training. Extra keys
 * are ignored, but for one that looks like a misspelling of a column whose key is missing: equal but
 * for case, blanks and `_ - .`, or one edit away from a name of five letters or more, digits being
 * the same. That is `ERR_ROWS`, as is an object without any column of the model. Text that reads as
 * a number is one, as in a CSV file.
 */
export type Row = readonly Cell[] | { readonly [column: string]: Cell };

/**
 * An object whose type is of your own making: an `interface`, a `type`, a class or a type parameter
 * that `extends object`. Only its own properties count, not those of its prototype. Types of columns
 * that are not read, such as excluded ones, are free; what a cell may hold is checked when it is
 * read. Arrays, typed arrays, `Map`, `Set`, `Date` and promises are none.
 */
export type NamedObject = object & {
  readonly forEach?: never;
  readonly then?: never;
  readonly getTime?: never;
};

/** What is taken for a row: a `Row`, or an object of any type of yours that has the columns. */
export type RowLike = Row | { readonly [column: string]: unknown } | NamedObject;

/**
 * Rows that are there at once: the path of a CSV file, several paths of files with the same columns,
 * or the rows themselves.
 */
export type SyncSource = string | readonly string[] | readonly RowLike[];

/**
 * Rows to learn from or to score: as in `SyncSource`, or whatever gives them one by one, such as a
 * database cursor. They are gathered outside of JavaScript's memory, about a thousand at a time, so
 * that the event loop goes on; an array and its rows must not be changed until the promise settles.
 * What the iterable throws is what the training rejects with; an abort, or a row that is none, ends
 * the iteration with `return()`. A cell that cannot be read is told of once all rows are there, and
 * only if its column is used. A `stop()` takes effect once all rows are read.
 */
export type Source = SyncSource | AsyncIterable<RowLike> | Iterable<RowLike>;

/** An activation function of the hidden layers. */
export type Activation = 'relu' | 'tanh' | 'sigmoid' | 'gelu' | 'silu' | 'mish' | 'selu';

/**
 * What kind of task a target column makes: one of several classes; a number; the expectation of a
 * whole number from 0 up (Poisson regression, log link); or one of several classes in an order
 * (conditional probabilities of the next higher class, CORN, arXiv 2111.08851).
 *
 * The first two are inferred. That numbers count something, or that classes stand in an order,
 * must be said.
 *
 * Whole numbers that are inferred to be classes are numbers: `1`, `1.00` and `1e0` are one class.
 * Declared classes are compared as categories are, see `FeatureType`.
 */
export type TaskType = 'classification' | 'regression' | 'count' | 'ordinal';

/**
 * What kind of feature a column is.
 *
 * - `'numeric'`: scaled as `features.scaling` says; a missing cell is the mean or median, and marked.
 * - `'categorical'`: up to `features.oneHot` categories are one input each, more are embedded; a
 *   missing or unseen category, and one of fewer than `features.minFrequency` training rows, counts
 *   as unseen. Cells are compared as text. What sources write in their own way is one category: `1.0`,
 *   `+1` and `1`; `True`, `TRUE` and JavaScript's `true`; a day, and that day at midnight UTC. Other
 *   spellings of a number, such as `1.10` or `1e5`, are that number's category, too, unless a number
 *   of the training column is written in two of them: then each is a category of its own. A number
 *   is the category of its text, or of the one category that is this number. One past 2^53 stands for
 *   several, and must be a string (`ERR_ROWS`).
 * - `'boolean'`: one input, 1 for true and -1 for false, 0 for a missing cell. Found by two opposite
 *   words: `true false`, `t f`, `yes no`, `y n`, `on off`, in capitals or not. Declared, 1 and 0 are
 *   taken too.
 * - `'date'`: the year, standardised; the season to the day, the weekday and, where there are times,
 *   the hour, each as sine and cosine; a missing cell is zeros, and marked. Written `2011-01-31`,
 *   `2011-01-31 05:00`, `2011-01-31T05:00:00Z`, or with another offset, which is read over: times
 *   count as written. `31.1.2011` has the day first; `31/1/2011` and `1/31/2011` are dates where all
 *   rows together leave no doubt of the order. Also `31 Jan 2011`, `January 31, 2011`, `31-JAN-11`,
 *   what e-mails and `Date.toString()` write, English names only; `2011-01`, `01/2011`, `2011-Q1`, which
 *   are their first day; `20110131`, where all of at least five different numbers are such dates of
 *   1900 to 2100; and times alone, `12:30`, of which only the hour is learnt.
 */
export type FeatureType = 'numeric' | 'categorical' | 'boolean' | 'date';

/**
 * What a column may be declared to be: a type; numbers with something beside them, which become
 * `'numeric'`; dates with the day or the month first; or nothing that the network should see. A cell
 * that does not fit is `ERR_SCHEMA`, with its line.
 *
 * - `'currency'`: amounts with a currency before or after the number, by sign (`$` counts as USD, `¥`
 *   as JPY) or by its code of ISO 4217, or with none; thousands may be apart even where
 *   `csv.thousands` is not given, and parentheses are a minus: `$1,234.50`, `1.234,50 EUR`, `(5)`.
 *   All cells of a column that name a currency name the same.
 * - `'percent'`: percentages, which become shares: `12%` is 0.12. A text must have the sign; a number
 *   of JavaScript is the share itself, 0.12.
 * - `'date-unix-ms'`, `'date-unix-s'`: dates as numbers, milliseconds or seconds since 1970 in UTC.
 *   `'date-excel'`: days as Excel counts them, 45296.5 being noon of 2024-01-05. Dates as text and
 *   `Date` are read beside them. A model that learnt a column as dates in any other way takes a number
 *   for one where it can only be one of these, or `yyyymmdd`.
 */
export type DeclaredType =
  | FeatureType
  | 'currency'
  | 'percent'
  | 'date-dmy'
  | 'date-mdy'
  | 'date-unix-ms'
  | 'date-unix-s'
  | 'date-excel'
  | 'ignore';

/**
 * How dates are written: with the day or the month first; as milliseconds or seconds since 1970, as
 * serial numbers of Excel, as `yyyymmdd`; or as times of day alone.
 */
export type DateOrder =
  | 'dayFirst'
  | 'monthFirst'
  | 'unixMs'
  | 'unixS'
  | 'excel'
  | 'compact'
  | 'clock';

/** A target described in full. */
export interface TargetOptions {
  /**
   * Default: from the column; text and up to ten whole numbers are classes, else a regression. Dates,
   * free text, and texts more than half of which are different, are `ERR_SCHEMA`.
   */
  type?: TaskType;
  /**
   * How the labels are written in text, of a regression or a count: amounts of a currency, or
   * percentages, which become shares; see `DeclaredType`. Without `type` it makes a regression.
   * Default: plain numbers.
   */
  format?: 'currency' | 'percent';
  /** How much the task's loss counts in the sum over tasks; above 0. Default 1. */
  weight?: number;
  /**
   * Of a regression, over the standardised target: squared error, absolute error, half the square
   * up to `delta` and linear beyond (Huber 1964), or the pinball loss of a `quantile` (Koenker and
   * Bassett 1978). They predict the mean, the median, something between, and that quantile.
   * Default `'mse'`.
   */
  loss?: 'mse' | 'mae' | 'huber' | 'quantile';
  /** Of `loss: 'huber'`: in standard deviations of the training labels, above 0. Default 1. */
  delta?: number;
  /** Of `loss: 'quantile'`: above 0 and below 1. Default 0.5, the median. */
  quantile?: number;
  /**
   * The classes in order. Every class in the column must be among them; a class without labels
   * may. Default: numbers by size, texts by name; needed for an ordinal task whose classes are no
   * numbers.
   */
  classes?: readonly (string | number | boolean)[];
  /**
   * What each label counts in the loss, by class, above 0; 1 for classes not named. `'balanced'`
   * gives every class the same sum: n ÷ (number of classes · n of the class), over the observed
   * labels of the training rows, which count by `sampleWeights`. For tasks with classes. Default:
   * all 1.
   */
  classWeights?: 'balanced' | { readonly [label: string]: number };
  /**
   * The share of each training label that is spread evenly over all classes, from 0 to below 1
   * (arXiv 1512.00567). Of a classification; validation is not smoothed. Default 0;
   * `model: 'realmlp'`: 0.1.
   */
  labelSmoothing?: number;
  /**
   * Whether answers are kept within the range of the training labels, in validation scores too. Of
   * a regression. Default `false`; `model: 'realmlp'`: `true`.
   */
  clamp?: boolean;
}

/** What to predict: a column's name, several, or what each column is. */
export type Targets =
  | string
  | readonly string[]
  | { readonly [column: string]: TaskType | TargetOptions };

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
  /** How numbers are brought to one scale. Default `'standard'`; `model: 'realmlp'`: `'robust'`, `'tabm'`: `'quantile'`. */
  scaling?: Scaling;
  /** Up to this many categories are one input each, more are embedded; 0 to 64. Default 9. */
  oneHot?: number;
  /**
   * Categories of fewer training rows count as unseen; from 1 up. What is left is counted for
   * `oneHot`. Default: 1 for categories of one input each, and for up to 1,000 embedded ones where
   * `unseen` is above 0; else 2.
   */
  minFrequency?: number;
  /**
   * Training reads an embedded category of n training rows as one never seen with the chance
   * `unseen / (unseen + n)`, drawn anew in each epoch, so that the network learns what to say of new
   * categories and not to lean on rare ones (word dropout, Kiperwasser and Goldberg 2016, arXiv
   * 1603.04351). From 0 up; 0: never. Default 1; 0 with another preset than `'default'`.
   */
  unseen?: number;
}

/**
 * How numbers are brought to one scale, fitted on the training rows. A missing cell is 0 on each.
 *
 * - `'standard'`: less the mean, by the standard deviation. Outliers stay outliers.
 * - `'robust'`: less the median, by the interquartile range (where that is 0, half the range), then
 *   z / √(1 + (z/3)²), which lies within 3 (RealMLP, arXiv 2407.04491).
 * - `'quantile'`: by rank, to a normal distribution within 5.2: the share of training numbers below,
 *   between n ÷ 30 quantiles, at least 10 and at most 1000 (TabM, arXiv 2410.24210, without its
 *   noise: equal numbers get the middle of their ranks). The quantiles are part of the model file.
 *
 * The year of a date is always standardised.
 */
export type Scaling = 'standard' | 'robust' | 'quantile';

/**
 * How tasks share a network; docs/architectures.md tells them apart. A hidden layer is what
 * `hidden` says: with its activation, normalisation and dropout.
 */
export type Architecture =
  /** One trunk for all (Caruana 1997). */
  | 'shared'
  /** Experts under one gate for all tasks (Jacobs et al. 1991). */
  | 'omoe'
  /** Experts under a gate for each task (Ma et al. 2018). */
  | 'mmoe'
  /** Experts of all and experts of each task (Tang et al. 2020). */
  | 'cgc'
  /** The same on several levels (Tang et al. 2020). */
  | 'ple'
  /** A network for each task, mixed after each layer (Misra et al. 2016). */
  | 'cross-stitch'
  /** Levels of experts of each task, open to all (Li et al. 2023). */
  | 'adatt'
  /** Experts of which each task selects at most `k` a row (Hazimeh et al. 2021). */
  | 'dselect-k'
  /** A chain of two-class tasks whose chances are multiplied (Ma et al. 2018). */
  | 'esmm'
  /** A chain of two-class tasks, each attending to the one before (Xi et al. 2021). */
  | 'aitm';

/**
 * What the network reads of a numeric feature, and of the year of a date, in place of its
 * standardised number; docs/embeddings.md tells them apart.
 */
export type EmbeddingType =
  /** The number itself. */
  | 'none'
  /** A linear layer of each feature and of its piecewise-linear encoding (Gorishniy et al. 2022). */
  | 'piecewise'
  /** The number beside a linear layer of cosines of it (Holzmüller et al. 2024). */
  | 'periodic'
  /** A linear layer of cosines and sines of it, then ReLU (Gorishniy et al. 2022). */
  | 'plr';

/** Embeddings of numeric features with numbers of one's own. */
export interface EmbeddingOptions {
  /** What is made of a feature. */
  type: EmbeddingType;
  /**
   * The most bins between quantiles of a feature's training rows, with `'piecewise'`; numbers that
   * would fill a bin alone are edges themselves, and past 2 bins there is one for each 32 rows at
   * most. From 1 to 256, default 256.
   */
  bins?: number;
  /**
   * What the edges between bins go by, with `'piecewise'`. `'quantiles'`: by the feature alone, as
   * many training rows in each bin. `'targets'`: by the targets, the leaves of a decision tree over
   * the feature, each of 32 rows or more, of fewer than 64 half of them (Gorishniy et al. 2022,
   * arXiv 2203.05556). Default `'quantiles'`.
   */
  edges?: 'quantiles' | 'targets';
  /**
   * Outputs of each feature's linear layer, from 1 to 256. Default 16; with `'periodic'` 3, beside
   * which the number itself is read.
   */
  width?: number;
  /** Frequencies of each feature, with `'periodic'` and `'plr'`, from 1 to 256. Default 16. */
  frequencies?: number;
  /**
   * The standard deviation that frequencies begin with, in periods per standard deviation of a
   * feature, with `'periodic'` and `'plr'`; above 0, up to 100. Default 0.1.
   */
  deviation?: number;
}

/** Embeddings of categories that are not one-hot. What is not given comes from the preset. */
export interface CategoryOptions {
  /** Numbers of each category, from 1 to 256. Default 1.6 · categories^0.56, at most 64; `'realmlp'`: 8. */
  width?: number;
  /** The standard deviation they begin with, above 0, up to 100. Default 0.05; `'realmlp'`: 1; `'fast'`, `'tabm'` and `'article'`: 1/√width. */
  deviation?: number;
}

/**
 * A named set of defaults for network, training and the encoding of features. An option that is given counts in place of the preset's.
 */
export type Preset =
  /**
   * What a user gets who says nothing: 8 members of 128-128, ReLU, dropout 0.1, piecewise embeddings
   * of width 8, small embeddings of categories, AdamW with the learning rate 0.002 along a cosine
   * and weight decay 0.02, averaged weights (`ema` 0.99), up to 100 epochs, until 16 were no better.
   * Chosen by measurement: docs/accuracy.md.
   */
  | 'default'
  /**
   * A plain network of two layers of 128, SiLU, dropout 0.1, no embeddings of numbers; AdamW with
   * the learning rate 0.001 along a cosine and weight decay 0.01, up to 100 epochs, until 20 were
   * no better. Several times faster than `'default'`.
   */
  | 'fast'
  /**
   * RealMLP-TD (Holzmüller et al. 2024, arXiv 2407.04491): robust scaling, `front`, periodic
   * embeddings, 256-256-256 with parametric activations under the NTK parametrisation, begun by
   * the rows, 256 epochs under `'coslog4'` without an early stop, the last best epoch kept; label
   * smoothing 0.1 for classifications, `clamp` for regressions. SELU and the learning rate 0.04, but
   * Mish and 0.2 where there are more tasks of numbers than of classes. Weight decay is that of
   * pytabkit 1.8.0, parameter by parameter. The best epoch is that of the highest accuracy for a
   * single classification, else by `'meanImprovement'`.
   */
  | 'realmlp'
  /**
   * TabM (Gorishniy et al. 2025, arXiv 2410.24210): 32 members of 256-256, half as wide as
   * published, ReLU, piecewise embeddings, quantile scaling, the learning rate 0.002 without a
   * schedule, averaged weights (`ema` 0.99), until 16 epochs were no better.
   */
  | 'tabm'
  /** The 10-10 ReLU network with plain stochastic gradient descent. */
  | 'article';

/** The network's shape. What is not given comes from the preset. */
export interface ModelOptions {
  /** The preset that fills in the rest. Default `'default'`. */
  preset?: Preset;
  /**
   * How tasks share the network. `'esmm'` and `'aitm'` take tasks of two classes, of which each
   * one's second implies that of the target before, in the order of `targets`. Default `'shared'`.
   */
  architecture?: Architecture;
  /**
   * Units in each hidden layer: of the trunk, of each expert, or with `'cross-stitch'` of each
   * task's network. Default `[128, 128]`; `'realmlp'`: `[256, 256, 256]`, `'tabm'`: `[256, 256]`,
   * `'article'`: `[10, 10]`; with `'esmm'` and `'aitm'`: `[]`.
   */
  hidden?: readonly number[];
  /**
   * Units in each hidden layer between that and a task's output. Default `[64]`, `'article'`:
   * `[10]`; `'shared'` and `'cross-stitch'`: `[]`; `'esmm'` and `'aitm'`: what `hidden` is elsewhere.
   */
  tower?: readonly number[];
  /**
   * Experts that all tasks have, from 1 to 64; with `'dselect-k'` from 2. Default 4 with `'omoe'`,
   * `'mmoe'` and `'dselect-k'`, 1 with `'cgc'` and `'ple'`; the others have none.
   */
  experts?: number;
  /**
   * Experts that each task has of its own, on each level, from 1 to 64. Default 1 with `'cgc'` and
   * `'ple'`, 2 with `'adatt'`; the others have none.
   */
  taskExperts?: number;
  /** Levels of experts, with `'ple'` and `'adatt'`, from 1 to 8. Default 2. */
  levels?: number;
  /**
   * How often a gate has to do without an expert at a training step, row by row, from 0 to below
   * 1; the others' weights then sum to 1. It keeps gates from settling on one expert. For `'omoe'`,
   * `'mmoe'`, `'cgc'`, `'ple'` and `'adatt'`. Default 0.1; `'article'`: 0.
   */
  gateDropout?: number;
  /** The most experts a task selects for a row, with `'dselect-k'`; up to `experts`. Default 2. */
  k?: number;
  /**
   * Networks that share the weights of the hidden layers and differ in factors of each layer's
   * inputs and outputs, in biases and in their output layers, all trained at once on the same rows;
   * their answers are averaged (TabM; Gorishniy et al. 2025, arXiv 2410.24210). At first a member's
   * factors of a feature are of one size, a normal number (below 200 rows 1), with random signs. From
   * 1 to 64, 0 for none; 32 is usual. Only with `'shared'` without `norm`, not beside `ensemble`.
   * Default 8, `'tabm'`: 32, with both of these, without hidden layers and in the other presets 0.
   */
  members?: number;
  /**
   * With `'dselect-k'`: what the entropy, in nats, of each of a task's selections counts in training
   * beside the task's loss, from 0 to 1e6; more of it makes for clearer selections (Hazimeh et al.
   * 2021). It is in no reported loss. Default 1e-6.
   */
  entropy?: number;
  /**
   * With `'aitm'`: what the probability by which a task's exceeds that of the task before counts in
   * training beside the task's loss, from 0 to 1e6 (Xi et al. 2021). It is in no reported loss.
   * Default 0.6.
   */
  calibrator?: number;
  /** Activation after each hidden layer. Default `'relu'`; `'fast'`: `'silu'`; `'realmlp'`: see `Preset`. */
  activation?: Activation;
  /** Share of hidden units left out at each step, from 0 to below 1. Default 0.1; `'realmlp'`: 0.15; `'article'`: 0. */
  dropout?: number;
  /** Normalisation after each hidden layer. Default `'none'`. */
  norm?: 'none' | 'layer';
  /**
   * What the network reads of each numeric feature. Default `'piecewise'` with the width 8; `'tabm'`:
   * `'piecewise'`; `'realmlp'`: `'periodic'`; `'fast'` and `'article'`: `'none'`. What a preset says
   * here is for up to 2,000 columns of numbers; more are read as they are.
   */
  embeddings?: EmbeddingType | Readonly<EmbeddingOptions>;
  /** What the network reads of a category that is not one-hot. */
  categories?: Readonly<CategoryOptions>;
  /**
   * Whether each number that the network reads, embeddings included, is first multiplied with a
   * factor that is learnt, and is 1 at first (arXiv 2407.04491). Default `false`; `'realmlp'`: `true`.
   */
  front?: boolean;
  /**
   * Whether each unit learns how much it has of the activation f: `x + (f(x) − x) · a`, a being 1 at
   * first (Holzmüller et al. 2024, arXiv 2407.04491). Default `false`.
   */
  parametric?: boolean;
  /**
   * How the weights of layers are meant. `'ntk'`: y = x W / √inputs + b (Jacot et al. 2018, arXiv
   * 1806.07572), so that with Adam the weights of a layer learn at `learningRate` ÷ √inputs. Not
   * with the optimizer `'sgd'`. Default `'standard'`.
   */
  parametrization?: 'standard' | 'ntk';
  /**
   * How layers begin. `'uniform'`: within 1/√inputs, biases too. `'normal'`: variances 1/inputs
   * and, of biases, 1. `'he'`: variance 2/inputs, biases 0 (He et al. 2015). `'data'`: by up to
   * 4,096 training rows, so that each unit's weights give numbers of standard deviation 1, and its
   * bias shifts them to 0 amid the rows (arXiv 2407.04491). Default `'uniform'`; with
   * `parametrization: 'ntk'`: `'normal'`.
   */
  init?: 'uniform' | 'normal' | 'he' | 'data';
  /** What `learningRate` is multiplied with for kinds of parameters. Default 1 each. */
  rates?: RateOptions;
}

/** Factors of the learning rate, each from 0.000001 to 1000. */
export interface RateOptions {
  /** For the biases of layers. Default 1. */
  bias?: number;
  /** For what `parametric` learns. Default 1. */
  activation?: number;
  /** For all that `embeddings` learns of numbers; `bias` and `parametrization` leave it alone. Default 1. */
  embedding?: number;
  /** For the factors of `front`. Default 1. */
  front?: number;
}

/** An optimizer with its parameters. */
export type OptimizerOptions =
  | {
      /** Adam (arXiv 1412.6980), with weight decay in the gradient or, `'adamw'`, apart from it (arXiv 1711.05101). */
      method?: 'adam' | 'adamw';
      /** What is kept of the mean of the gradient and of its square, each from 0 to below 1. Default `[0.9, 0.999]`. */
      betas?: readonly [number, number];
      /** What joins the root of the mean square, from 1e-30 to 1. Default 1e-8. */
      epsilon?: number;
    }
  | {
      /** Stochastic gradient descent. */
      method?: 'sgd';
      /** What is kept of the direction, from 0 to below 1. Default 0. */
      momentum?: number;
      /** Whether steps look ahead by the momentum. Default `false`. */
      nesterov?: boolean;
    };

/**
 * The course of the learning rate, t being the share of the run that is done. `'cosine'`: half a
 * cosine to 0 (arXiv 1608.03983). `'coslog4'`: ½ (1 − cos(2π log₂(1 + 15t))), four waves, each
 * twice as long as the one before (arXiv 2407.04491). `'flat-cosine'`: even up to the middle, then
 * half a cosine to 0. `'one-cycle'`: from 1/25 up to the full rate at t = 0.3, then to 1/250000 of
 * it, by half cosines (arXiv 1708.07120).
 */
export type ScheduleMethod = 'constant' | 'cosine' | 'coslog4' | 'flat-cosine' | 'one-cycle';

/** A course of the learning rate with a warm-up before it. */
export interface ScheduleOptions {
  /** The course. Default: that of the preset. */
  method?: ScheduleMethod;
  /**
   * Epochs, or parts of one, in which the rate first rises evenly to its full size; fewer than
   * `epochs`. The course has the rest of the run. Default 0.
   */
  warmup?: number;
}

/** Texts of cells that mean missing; a number stands for its text. */
export type MissingTokens = readonly (string | number)[];

/**
 * How a CSV file is read. What is not given is found by looking at the file. `missing` and `decimal`
 * hold for rows too; any other is `ERR_OPTIONS` where rows are given.
 *
 * A model keeps how its data were read. In its `predictFile`, `evaluate`, `importance` and `report`
 * the tokens for missing cells, the decimal sign, the quote and the comment sign are those of its
 * training, unless the call says otherwise. The delimiter and the encoding are found anew for each
 * file. Those of training are taken where the file does not tell: the delimiter where several fit
 * equally well or none is found, the encoding where the file has no byte order mark and is not
 * UTF-8. The other options are of the file alone.
 */
export interface CsvOptions {
  /** The character between cells. Default: found, one of `,` `;` tab and `|`. */
  delimiter?: string;
  /** The character around cells that hold delimiters; `false` for none. Default `"`. */
  quote?: string | false;
  /**
   * Whether the first row names the columns. Default: found by what stands below it: text over
   * numbers, the numbers of the columns (`0,1,2`), years, numbers in quotes over plain ones, and the
   * like. A first row is the header if it holds a name that `targets`, `features`, `sampleWeights`
   * or `validation` ask for, or the names of all features of the model that reads the file.
   */
  header?: boolean;
  /** Names of the columns of a file without a header. Default `c0`, `c1`, … */
  columns?: readonly string[];
  /**
   * Cells that mean missing, beside the empty one: texts or numbers that are added to the default
   * ones, in a call of a model to the model's; `{ only }` has no others, and `{ only: [] }` none but
   * the empty cell. A token that is a number is missing however it is written: with `-999` also `-999.0`, and
   * the number -999 in rows, columns and ONNX inputs. Default, as pandas' `read_csv` has it, `#N/A`,
   * `#N/A N/A`, `#NA`, `-1.#IND`, `-1.#QNAN`, `-NaN`, `-nan`, `1.#IND`, `1.#QNAN`, `<NA>`, `N/A`,
   * `NA`, `NULL`, `NaN`, `None`, `n/a`, `nan`, `null`, and beside these `\N`, `?`, and where all other
   * cells of a column are numbers or dates `-` and `.`. A class in `targets.….classes` or
   * `targets.….classWeights` is never missing, nor is a category or a class of a model.
   */
  missing?: MissingTokens | { readonly only: MissingTokens };
  /** Default: by the byte order mark, else `'utf8'`. */
  encoding?: 'utf8' | 'utf16' | 'latin1';
  /** Lines that begin with this character are passed over; `false` for none. Default: none. */
  comment?: string | false;
  /**
   * The decimal sign of numbers. Default: `','` where columns are numbers with it and none has a
   * `'.'`, and else `'.'`; `ERR_SCHEMA` where it may be either, as in `1,234`. `model.summary()` says
   * what was found, and the model reads rows and files so.
   */
  decimal?: '.' | ',';
  /**
   * What may stand between thousands, `' '` for every kind of blank; with three digits in each group,
   * or with `','` two before the last three (`12,34,567`). The model reads rows and files so. Default:
   * nothing, and a column of such numbers is `ERR_SCHEMA`.
   */
  thousands?: ',' | '.' | ' ' | "'";
  /** What a row that cannot be read does: end with `ERR_CSV`, or be left out. Default `'fail'`. */
  onError?: 'fail' | 'skip';
  /** Lines to pass over at the top of the file. Default 0. */
  skipLines?: number;
}

/**
 * Which rows validate: a random share (`fraction`, with `stratify` or `groupBy`), the latest rows
 * (`timeColumn`, with `after` or `fraction`), those that a `column` marks, or those of a `file`.
 */
export interface ValidationOptions {
  /** The share of rows that validates, above 0 and below 1. Default 0.2. */
  fraction?: number;
  /**
   * What both sides have in the same proportions: `true` for the classes of the first
   * classification task, if there is one; the values of a column; `false` for nothing. Default
   * `true`, with `groupBy` `false`.
   */
  stratify?: boolean | string;
  /**
   * A column, say of persons: no value of it is on both sides. Values are compared as categories are,
   * see `FeatureType`. A row without a value is a group of its own. The share is met as nearly as whole groups can. The column is no feature unless
   * `features.include` names it. `ERR_SCHEMA` where a side would be empty, or a class would be
   * missing from the training rows. Default: none.
   */
  groupBy?: string;
  /**
   * Time-based split: a column of dates or numbers; the latest rows validate, so that the scores tell
   * how well rows are predicted that are later than those learnt from. Rows of one moment are on one
   * side. The column stays a feature unless `features` leaves it out. Offsets from UTC in texts are
   * not applied, and `Date` cells are read in `timeZone`, as in features. `ERR_SCHEMA` for a
   * column of another type, a row without a date, and where a side would be empty. `crossValidate`
   * tests in expanding windows: each part of the time by what learnt from all before it. Default: none.
   */
  timeColumn?: string;
  /**
   * With `timeColumn`: rows at this moment or later validate, all before it train. A date as text, as
   * the column has them or in ISO 8601, a `Date`, a year, or in a column of numbers a number. In
   * `crossValidate` the tested rows begin here. Default: the latest `fraction` of the rows validates.
   */
  after?: string | number | Date;
  /**
   * A column that says what each row is for: `train` (`training`, `false`, 0), `validation`
   * (`val`, `valid`, `true`, 1), or `test`, in any case; test rows neither train nor choose.
   * The column is no feature. `ERR_SCHEMA` for any other cell, an empty one too, and where none
   * trains or none validates. Default: none.
   */
  column?: string;
  /** The path of a CSV file with the same columns, read with the same `csv`. Default: none. */
  file?: string;
}

/** A figure of `Scores` to choose an epoch by. */
export type Metric = Exclude<keyof Scores, 'n' | 'confusion' | 'coverage' | 'meanWidth'>;

/** When to stop, and which epoch's weights are kept. */
export interface EarlyStoppingOptions {
  /** Epochs to wait for a better one; `false` to go on to the last. Default: the preset's, or 20. */
  patience?: number | false;
  /**
   * What makes an epoch better on the validation rows. `'loss'`: a lower weighted sum of the
   * tasks' losses. A figure of `Scores`: a better one of `task`, higher or lower as is right for
   * it; an epoch where it is undefined is never better. `'meanImprovement'`: a higher mean over
   * tasks of (c − m) ÷ c, m being the model's log loss or RMSE and c that of a constant answer,
   * the training labels' mean or class frequencies (each class counted once more than seen): 0 is
   * no better than constant, 1 is perfect, and no task's scale dominates. A task without
   * validation labels, or whose c is 0, does not count. Default `'loss'`.
   */
  metric?: 'loss' | 'meanImprovement' | Metric;
  /** The task whose `metric` it is. Default: the only one that has it. */
  task?: string;
  /**
   * Which of equally good epochs is kept; with `'last'` each begins `patience` anew. Default
   * `'first'`.
   */
  ties?: 'first' | 'last';
}

/** How tasks learnt together are compared with tasks learnt alone. */
export interface CompareOptions {
  /** Against what. Default `'single-task'`, the only one. */
  method?: 'single-task';
  /** How many times, with the seeds `seed`, `seed + 1`, …; from 2. Default 3. */
  seeds?: number;
  /**
   * The share of rows, above 0 and below 1, held out from training and from the choice of the
   * epoch, anew for each seed, grouped or stratified as `validation` says; the `test` rows, where
   * `validation.column` has any. Default 0.2.
   */
  fraction?: number;
}

/** What every method of balancing takes. */
export interface BalanceMomentum {
  /**
   * How much of the weights before is kept in those of a step, from 0 up to but not 1: CR-MOGM
   * (Zhou et al., NeurIPS 2022), customarily with 0.9. Default 0.
   */
  momentum?: number;
}

/** What methods take that weigh by the Gramian, the products of the tasks' gradients. */
export interface BalanceGradients {
  /** Steps that the weights of one Gramian serve; between them a step costs what `'equal'` does. Default 1. */
  every?: number;
}

/** Where such methods take the gradients. */
export interface BalancePlace {
  /**
   * In all shared weights, or in what the shared layers give, which costs one backward pass
   * through them for all tasks together. Default `'parameters'`.
   */
  on?: 'parameters' | 'representation';
}

/** A method of balancing with its parameters. `docs/balancing.md` compares them. */
export type BalanceOptions =
  | ({
      /**
       * `'equal'`: the sum of the losses. `'gls'`: their geometric mean (Chennupati et al. 2019,
       * arXiv 1904.08492). `'rlw'`: random weights in every step (Lin et al. 2022, arXiv
       * 2111.10603).
       */
      method: 'equal' | 'gls' | 'rlw';
    } & BalanceMomentum)
  | ({
      /** Weights that stay as they are. */
      method: 'fixed';
      /** By task, from 0 up; a task that is not named has 1. */
      weights: { [task: string]: number };
    } & BalanceMomentum)
  | ({
      /** Learnt variances (Kendall et al. 2018, arXiv 1705.07115): ½ e^(−s) L + ½ s. */
      method: 'uncertainty';
      /** The first s, from −100 to 100. Default 0. */
      initial?: number;
      /** Of s, above 0. Default 0.01. */
      learningRate?: number;
    } & BalanceMomentum)
  | ({
      /** Learnt scales that bring every loss to 1 (Liu et al., ICLR 2021): e^s L − s. */
      method: 'imtl-l';
      /** Of s, above 0. Default 0.01. */
      learningRate?: number;
    } & BalanceMomentum)
  | ({
      /** More weight for losses that fall slowly, epoch by epoch (Liu et al. 2019, arXiv 1803.10704). */
      method: 'dwa';
      /** How even the weights are, above 0. Default 2. */
      temperature?: number;
    } & BalanceMomentum)
  | ({
      /** All losses to fall by the same factor (Liu et al. 2023, arXiv 2306.03792). */
      method: 'famo';
      /** Of its logits, above 0. Default 0.025. */
      learningRate?: number;
      /** Of its logits, from 0 up. Default 0.001. */
      weightDecay?: number;
    } & BalanceMomentum)
  | ({
      /** A smooth maximum of the losses, relative to a warm-up's (Lin et al. 2024, arXiv 2402.19078). */
      method: 'stch';
      /** How smooth, above 0. Default 1. */
      mu?: number;
      /** The epoch, from 0, whose mean losses the later ones are relative to. Default 4. */
      warmup?: number;
    } & BalanceMomentum)
  | ({
      /** Weighed gradients of like lengths, longer for tasks that lag (Chen et al. 2018, arXiv 1711.02257). */
      method: 'gradnorm';
      /** How much longer, from 0 up. Default 1.5. */
      alpha?: number;
      /** Of the weights, above 0. Default 0.025. */
      learningRate?: number;
    } & BalanceGradients &
      BalancePlace &
      BalanceMomentum)
  | ({
      /**
       * `'mgda'`: the shortest direction between the gradients (Sener and Koltun 2018, arXiv
       * 1810.04650). `'pcgrad'`: without their conflicting parts (Yu et al. 2020, arXiv
       * 2001.06782). `'imtl-g'`: with like projections on all (Liu et al., ICLR 2021). `'aligned'`:
       * of their principal components made alike (Senushkin et al. 2023, arXiv 2305.19000).
       * `'upgrad'`: the mean of their projections on the cone where no loss rises (Quinton and Rey
       * 2024, arXiv 2406.16232). `'dualproj'`: the projection of their mean (Lopez-Paz and Ranzato
       * 2017, arXiv 1706.08840). `'config'`: with like cosines to all (Liu et al. 2024, arXiv
       * 2408.11104).
       */
      method: 'mgda' | 'pcgrad' | 'imtl-g' | 'aligned' | 'upgrad' | 'dualproj' | 'config';
    } & BalanceGradients &
      BalancePlace &
      BalanceMomentum)
  | ({
      /** As `'pcgrad'`, towards the cosines seen so far (Wang et al. 2021, arXiv 2010.05874). */
      method: 'gradvac';
      /** How fast those follow, from 0 to 1. Default 0.5. */
      beta?: number;
    } & BalanceGradients &
      BalancePlace &
      BalanceMomentum)
  | ({
      /** One sign of each coordinate, by chance (Chen et al. 2020, arXiv 2010.06808). */
      method: 'graddrop';
      /** The share of what is dropped that passes, from 0 to 1. Default 0. */
      leak?: number;
    } & BalancePlace &
      BalanceMomentum)
  | ({
      /** `'imtl-l'` and `'imtl-g'` together. */
      method: 'imtl';
      /** Of s, above 0. Default 0.01. */
      learningRate?: number;
    } & BalanceGradients &
      BalancePlace &
      BalanceMomentum)
  | ({
      /** Near the mean, the best for the task that is worst off (Liu et al. 2021, arXiv 2110.14048). */
      method: 'cagrad';
      /** How far from the mean, relative to its length, from 0 up. Default 0.5. */
      c?: number;
    } & BalanceGradients &
      BalancePlace &
      BalanceMomentum)
  | ({
      /** The bargain of Nash (Navon et al. 2022, arXiv 2202.01017). */
      method: 'nash';
      /** The longest direction; 0 for no limit. Default 1. */
      maxNorm?: number;
    } & BalanceGradients &
      BalancePlace &
      BalanceMomentum)
  | ({
      /** α-fair bargains (Ban and Ji 2024, arXiv 2402.15638). */
      method: 'fairgrad';
      /** 0 for the mean, 1 for Nash's bargain; 0 or from 0.01 to 100. Default 1. */
      alpha?: number;
    } & BalanceGradients &
      BalancePlace &
      BalanceMomentum)
  | ({
      /** Logarithms of the losses, smoothed gradients of one length (Lin et al. 2023, arXiv 2308.12029). */
      method: 'db-mtl';
      /** What is kept of the gradients before, from 0 up to but not 1. Default 0.9. */
      beta?: number;
      /** How fast that falls: beta ÷ steps^betaDecay, from 0 up. Default 0. */
      betaDecay?: number;
    } & BalanceMomentum)
  | ({
      /** More weight for tasks farther from where they converge (He et al. 2024, arXiv 2402.02009). */
      method: 'excess';
      /** How fast weights follow, above 0. Default 0.01. */
      stepSize?: number;
      /** Steps that make the baseline; 0 for the first step's own excess as it is. Default 1. */
      warmup?: number;
    } & BalanceMomentum)
  | ({
      /** `'mgda'` on smoothed gradients, its weights followed step by step (Fernando et al., ICLR 2023). */
      method: 'moco';
      /** How fast gradients follow, from 0 to 1. Default 0.5. */
      beta?: number;
      /** How fast that falls with steps, from 0 up. Default 0.5. */
      betaDecay?: number;
      /** How fast weights follow, from 0 up. Default 0.1. */
      gamma?: number;
      /** How fast that falls with steps, from 0 up. Default 0.5. */
      gammaDecay?: number;
      /** The pull of weights to each other, from 0 up. Default 0. */
      rho?: number;
    } & BalanceMomentum)
  | ({
      /** `'mgda'` towards the mean, from two halves of the batch (Xiao et al. 2023, arXiv 2305.18409). */
      method: 'sdmgrad';
      /** How much towards the mean, from 0 up. Default 0.3. */
      lambda?: number;
      /** Inner steps, from 0. Default 20. */
      iterations?: number;
      /** Of the inner steps, from 0 up to but not 1. Default 0.5. */
      momentum?: number;
      /** The size of an inner step, above 0. Default 5. */
      rate?: number;
    } & BalanceGradients);

/** A method by name, with its parameters by default. */
export type BalanceMethod = Exclude<BalanceOptions['method'], 'fixed'>;

/**
 * Checkpoints of a training under way, in one file that each replaces whole, so that a process
 * killed at any moment leaves the last one. It stays when the training is through. A file is for
 * one training at a time.
 */
export interface CheckpointOptions {
  /** The file (safetensors), in a folder that is there. One of an earlier run is written over. */
  path: string;
  /** Epochs from one to the next, from 1; the last epoch is always kept. Default 1. */
  every?: number;
}

/**
 * Everything that may be said about a training. All of it is optional. `T` is what `targets` says;
 * `train` finds it by itself.
 */
export interface TrainOptions<T extends Targets = Targets> {
  /**
   * Passes over the training rows; a whole number from 1. Default 100, and as many more as make
   * 300,000 rows passed where the data has fewer than 3,000 rows, up to 600, the patience of
   * `earlyStopping` in proportion, if `validation` is not `false`; `model: 'fast'`: 100,
   * `'realmlp'`: 256, `'tabm'`: 300, `'article'`: 10.
   */
  epochs?: number;
  /**
   * The columns to predict: a name, several, or what each is. Each makes one task, and all tasks
   * share one network. Default: the last column.
   */
  targets?: T & CheckedTargets<T>;
  /** Which columns the network sees, and as what. Default: all that are not targets. */
  features?: FeatureOptions;
  /**
   * The column that says what each row counts: a number from 0 up in every row. It weighs losses,
   * validation, whatever is fitted to the rows (means, deviations, quantiles, bins, the scale of
   * targets, calibration) and, in tables that have it, `evaluate`, `importance` and `report`; it is
   * no feature and not the default target. Only proportions matter. A row of weight 0 is left out
   * before anything is made of the table, as if it were not there: no type, class or category comes
   * from it, and a cell or label in it that cannot be read is no error. Default: all rows count
   * alike.
   */
  sampleWeights?: string;
  /**
   * The network: a preset's name, or its shape. Presets say defaults of other options too: of
   * `features`, of the training loop. Default `'default'`.
   */
  model?: Preset | ModelOptions;
  /**
   * How many networks of that shape are trained side by side, each from first weights of its own,
   * all on the same batches. A task's loss is the mean of theirs; probabilities, values and rates
   * are averaged. Steps and predictions cost as many times as much. A whole number from 1 to 64.
   * Default 1.
   */
  ensemble?: number;
  /** How gradients become steps. Default `'adamw'`; `model: 'article'`: `'sgd'`. */
  optimizer?: 'sgd' | 'adam' | 'adamw' | OptimizerOptions;
  /** The size of a step, above 0. Default 0.002; `model: 'fast'`: 0.001, `'article'`: 0.01, `'realmlp'`: see `Preset`. */
  learningRate?: number;
  /** The learning rate over the run. Default `'cosine'`; `model: 'realmlp'`: `'coslog4'`, `'tabm'` and `'article'`: `'constant'`. */
  schedule?: ScheduleMethod | ScheduleOptions;
  /** Rows in a step. Default: by the number of rows, from 32 to 512; `model: 'realmlp'`: 256, `'article'`: 32. */
  batchSize?: number;
  /**
   * Pull of the weights towards 0, from 0 up. Biases, scales and other vectors do not decay; with
   * `model: 'realmlp'` and `'adamw'`, embeddings of numbers, learnt activations and the factors of
   * `front` do, each by the square of its `rates`, as in pytabkit. Default 0.02; `model: 'fast'`: 0.01,
   * `'tabm'`: 0.0003, `'article'`: 0.
   */
  weightDecay?: number;
  /** The weight decay over the run: even, or as of `ScheduleMethod`. Default `'constant'`; `model: 'realmlp'`: `'flat-cosine'`. */
  weightDecaySchedule?: 'constant' | 'flat-cosine';
  /**
   * The dropout of hidden units over the run: even, or as of `ScheduleMethod`; `gateDropout` stays.
   * Default `'constant'`; `model: 'realmlp'`: `'flat-cosine'`.
   */
  dropoutSchedule?: 'constant' | 'flat-cosine';
  /**
   * What a moving average of the weights keeps of itself at each step, above 0 and below 1, as in
   * 0.999; corrected for its beginning as Adam's means are. Validation, the best epoch and the model
   * are then those of the average. Default 0.99 from 200 rows on, and below them `false`, the weights
   * themselves; `'tabm'`: 0.99; `'fast'`, `'realmlp'` and `'article'`: `false`.
   */
  ema?: number | false;
  /** The longest gradient, as Euclidean norm; `false` for no limit. Default 1; `model: 'realmlp'` and `'article'`: `false`. */
  gradientClip?: number | false;
  /**
   * How the losses or the gradients of several tasks become one step. Loss-based methods cost
   * nothing; those of gradients a backward pass a task. Not with the engine `'libtorch'`. Default
   * `'equal'`, the sum of the losses.
   */
  balance?: BalanceMethod | BalanceOptions;
  /**
   * Whether reports tell what each of several tasks counted for, how long its gradient was, and
   * the cosines between the gradients, which `model.advice()` speaks of. Costs about 2 % of a
   * training; what is trained is the same to the bit. Not with the engine `'libtorch'`. Default
   * `true`.
   */
  telemetry?: boolean;
  /**
   * The rows kept from training to choose the best epoch with: a share of them, above 0 and below
   * 1, drawn by the seed and stratified on the first classification task; `false` for none; the
   * path of a CSV file with the same columns; or what `ValidationOptions` says. Default 0.2.
   */
  validation?: number | false | string | ValidationOptions;
  /**
   * How many networks learn anew from all rows, those for validation among them, once these have
   * chosen the best epoch: for as many epochs, at the same pace. `true` is one. Of several each
   * further one has first weights and validation rows of its own, drawn as the first were (or the
   * same, where a column says which these are), and so an epoch of its own; probabilities, values and
   * rates are averaged, and predictions cost as many times as much. A whole number from 1 to 64,
   * `false` for none. `model.history`, the temperatures and the intervals stay those of the network
   * that had not seen the validation rows; `onEpoch` is given what follows with `phase: 'refit'`,
   * network after network, and `data.refit` of `model.toJSON()` tells of it. `stop()` before the end
   * gives the first network as it was. `'auto'`: where validation rows are drawn at random, 4 below
   * 1,000 rows in all and 1 up to 100,000, but none below 200 unless `epochs` times rows are 20,000
   * or more (by default from 34 rows on). Other than `false` and `'auto'` it is `ERR_OPTIONS` where
   * `validation` is `false` or a file. One takes nearly as long again, for some 2 % fewer errors;
   * four take, on two cores, two to five times as long as none, for 2 % fewer again where rows are
   * that few (docs/accuracy.md). Default `'auto'`; `model: 'fast'`, `'realmlp'` and `'article'`:
   * `false`.
   */
  refit?: boolean | 'auto' | number;
  /**
   * Whether the probabilities of tasks with classes are tempered, pᵢ^(1/T) normalised, by the T that
   * suits the validation rows (temperature scaling, Guo et al. 2017, arXiv 1706.04599), drawn
   * towards 1 where they are few. Labels stay. Nothing is done for a task with fewer than 50
   * validation labels, nor with `'esmm'` and `'aitm'`. See docs/calibration.md. Default `true`.
   */
  calibration?: boolean;
  /**
   * The share of labels, above 0.5 and below 1, that intervals around the answers of regressions and
   * counts are to hold, as wide for every row as the errors on the validation rows ask for (split
   * conformal prediction, Lei et al. 2018, arXiv 1604.04173). Answers then have `low` and `high`. A
   * level of 0.9 needs 9 validation labels of each such task, 0.95 needs 19, 0.99 needs 99; with
   * fewer, without validation rows and without such tasks it is `ERR_OPTIONS`. See
   * docs/calibration.md. Default `false`: none.
   */
  interval?: number | false;
  /**
   * When to stop, and which epoch's weights are kept; `false` to go on to the last epoch and keep
   * those with the lowest validation loss. Default `{ patience: 16 }`; `model: 'fast'`:
   * `{ patience: 20 }`, `'realmlp'`: see `Preset`, `'article'`: `false`.
   */
  earlyStopping?: EarlyStoppingOptions | false;
  /**
   * Also trains each task alone, with the same options, rows and seeds, and tells in
   * `model.comparison` what learning the tasks together gained or cost. The model itself is the
   * same to the bit; the time is that of `seeds × (1 + tasks)` further trainings. `stop()` ends
   * it without a comparison. Needs at least two targets; not for `crossValidate`. Default `false`.
   */
  compare?: 'single-task' | CompareOptions | false;
  /** The seed of split, first weights, order and dropout; a whole number from 0. Default 0. */
  seed?: number;
  /**
   * The most threads a training may use, from 1. Default: all cores, shared among the trainings of
   * the process; small networks use one. With the fused kernels it changes no bit of the result.
   */
  threads?: number;
  /**
   * What computes the steps: `'fused'`, polytask's own kernels, which run a few rows at a time
   * through the whole network and back; `'libtorch'`, operation by operation with its autograd,
   * several times slower and equal but for rounding; `'auto'`, the kernels wherever they know the
   * network. `model.summary()` says which it was. Default `'auto'`.
   */
  engine?: 'auto' | 'fused' | 'libtorch';
  /** Where to compute. Default `'cpu'`, the only one yet. */
  device?: 'cpu';
  /** How to read a CSV file. Default: found by looking at it. */
  csv?: CsvOptions;
  /**
   * The time zone of `Date` cells, in the rows to learn from and, kept with the model, in those that
   * it is asked. `'local'` is kept as such: it is the zone of the process that asks. Without it they
   * are read in UTC, and `predict` refuses a `Date` where that may be wrong: see `PredictOptions`.
   * `ERR_OPTIONS` for a zone that this Node does not know. Default: UTC, unless that may be wrong.
   */
  timeZone?: TimeZone;
  /** Keeps what going on needs, should the process end before the training. Default: none. */
  checkpoint?: CheckpointOptions;
  /**
   * Goes on from a checkpoint: the path of one, or `true` for that at `checkpoint.path` if there
   * is one, else from the start. Data and all other options must be those of the run that wrote
   * it, or it is `ERR_ARTIFACT` or `ERR_OPTIONS`; only `epochs` may be larger, if `schedule` and
   * those of weight decay and dropout are `'constant'`. The model then has the weights, to the last bit, and the history of a run that
   * was never interrupted on the same machine; epochs done before
   * are not reported again. A run that was finished gives its model at once. Default `false`.
   */
  resume?: string | boolean;
  /**
   * Aborts the training, which then rejects with `signal.reason`; one aborted before starts
   * nothing. Not for `trainSync`. Default: none.
   */
  signal?: AbortSignal;
  /**
   * Called with each epoch's report, in order. What it throws, or its promise rejects with, aborts
   * the training, which rejects with the same. Not for `trainSync`. Default: none.
   */
  onEpoch?: (report: EpochReport<PredictionOf<T>>) => unknown;
}

/** `TrainOptions` for `trainSync`, during which no event can be heard. */
export type TrainSyncOptions<T extends Targets = Targets> = Omit<
  TrainOptions<T>,
  'signal' | 'onEpoch'
>;

/** `TrainOptions` for `crossValidate`, which has folds in the place of epochs. */
export type CrossValidateOptions = Omit<TrainOptions, 'onEpoch' | 'compare'> & {
  /**
   * Called with each fold's scores, in order. What it throws, or its promise rejects with, aborts
   * the cross-validation, which rejects with the same. Default: none.
   */
  onFold?: (report: FoldReport) => unknown;
};

/** Numbers from `low` to `high`, both included, for a search to try. */
export interface TuneRange {
  low: number;
  high: number;
  /** Whether ratios count and not differences; `low` is then above 0. Default `false`. */
  log?: boolean;
  /** Whether only whole numbers are meant. Default `false`. */
  integer?: boolean;
}

/**
 * What a search tries, by the path of an option, as in `'model.dropout'`: values, or a range. May
 * hold `epochs`, `model`, `ensemble`, `optimizer`, `learningRate`, `schedule`, `batchSize`,
 * `weightDecay`, `weightDecaySchedule`, `dropoutSchedule`, `ema`, `gradientClip` and `balance`,
 * what lies within them, and `features.scaling`, `features.oneHot`, `features.minFrequency` and
 * `features.unseen`; rows, split and score are the same for all trials. Values that exclude each
 * other are not tried together.
 */
export type TuneSpace = { readonly [path: string]: readonly unknown[] | TuneRange };

/** `TrainOptions` of all trials of a search, and what belongs to the search itself. */
export interface TuneOptions<T extends Targets = Targets>
  extends Omit<TrainOptions<T>, 'onEpoch' | 'compare' | 'checkpoint' | 'resume'> {
  /** The most trials, from 1; fewer if the space has no more. Default 30. */
  trials?: number;
  /**
   * The most seconds, above 0. When they are up, trainings under way end with their best epoch.
   * Default: no limit.
   */
  seconds?: number;
  /**
   * What is tried, in the place of all that is by default: the learning rate, weight decay,
   * dropout, hidden layers, embeddings, scaling, batch size and members, by the number of rows and
   * without what the options say. See docs/tuning.md.
   */
  space?: TuneSpace;
  /**
   * Trainings at a time, from 1; it changes neither trials nor model. Default: as many as there are
   * cores for up to 30,000 training rows, else 1, whose steps are divided among the cores.
   */
  parallel?: number;
  /**
   * A file (JSON lines) of all trials that have ended, in a folder that is there. If it exists, the
   * search goes on after them; one of other data, options or space, or of another version, is
   * `ERR_ARTIFACT`. `trials`, `seconds`, `parallel` and `threads` may be others. Default: none.
   */
  path?: string;
  /** Whether to go on from `path`; `false` begins anew and writes over it. Default `true`. */
  resume?: boolean;
  /**
   * Called with each trial as it ends. What it throws, or its promise rejects with, aborts the
   * search, which rejects with the same. Default: none.
   */
  onTrial?: (report: TrialReport) => unknown;
}

/** One training of a search. */
export interface TrialReport {
  /** Its number, from 0; trial 0 has the options as given. */
  readonly trial: number;
  /** What was varied, nested as in `TrainOptions`. */
  readonly options: Partial<TrainOptions>;
  /**
   * The best epoch's score on the validation rows, **lower being better**: the weighted sum of the
   * tasks' losses, or what `earlyStopping.metric` names, negative where higher is better. `null` if
   * the trial failed.
   */
  readonly score: number | null;
  /** Epochs trained. */
  readonly epochs: number;
  readonly seconds: number;
  /** Whether none that ended before it was better; in the table at the end, whether none is. */
  readonly best: boolean;
  /** `true` if the end of the search cut it short; it is then not in the file at `path`. */
  readonly stopped?: true;
  /** Why it failed, as `ERR_DIVERGED`; other trials go on. */
  readonly error?: { readonly code: ErrorCode; readonly message: string };
}

/** What a search found. */
export interface TuningResult<P extends PredictionLike<P> = Prediction> {
  /** The best trial's model. */
  readonly model: Model<P>;
  /** All trials, by their number; also in `model.tuning`. */
  readonly trials: readonly TrialReport[];
}

/** One task over the training rows of an epoch. */
export interface TaskReport {
  /**
   * Mean loss over observed labels, Σ weight · loss ÷ Σ weight, a label's weight being its row's
   * times its class's: cross-entropy in nats for classes (for ordered ones −ln of the true class's
   * probability), the `loss` of the standardised value for a regression, half the Poisson deviance
   * of the count over its training mean. In training after label smoothing and dropout, and of several networks
   * the mean of their losses; in validation without, and the loss of their averaged answer. Absent
   * without labels.
   */
  readonly loss?: number;
  /** Labels observed, of weight above 0. */
  readonly labels: number;
  /**
   * What its gradient counted for in the shared weights, by `balance`, as mean over the steps; 1
   * with `'equal'`. Absent for a single task, and with `telemetry: false`.
   */
  readonly weight?: number;
  /**
   * The length of its loss's gradient in the shared weights, times its weight in `targets` but not
   * that of `balance`; the mean over the steps that were looked at. Absent where none was.
   */
  readonly gradientNorm?: number;
}

/** One task over the validation rows. */
export interface TaskValidation {
  /** As in `TaskReport`. */
  readonly loss?: number;
  /** Rows with an observed label. */
  readonly n: number;
  /** Share of right classes, 0 to 1, rows by their weight; classification and ordinal only. */
  readonly accuracy?: number;
  /** Root mean squared error in the target's own unit, rows by their weight; regression and count only. */
  readonly rmse?: number;
}

/** The validation rows after an epoch. */
export interface ValidationReport<P extends PredictionLike<P> = Prediction> {
  /** The weighted sum of the tasks' losses. */
  readonly loss: number;
  /** What chooses the best epoch, where `earlyStopping.metric` asks for more than the loss; absent where undefined. */
  readonly score?: number;
  /** Each task by name. */
  readonly tasks: { readonly [task in keyof P]: TaskValidation };
}

/** What one epoch did in the training of a model that answers with `P`, as `model.history` has it. */
export interface HistoryEntry<P extends PredictionLike<P> = Prediction> {
  /** The epoch, from 1. */
  readonly epoch: number;
  /** How many were asked for. */
  readonly epochs: number;
  /** Training loss: the weighted sum over tasks. */
  readonly loss: number;
  /** The learning rate at the epoch's end. */
  readonly learningRate: number;
  /** Each task by name. */
  readonly tasks: { readonly [task in keyof P]: TaskReport };
  /**
   * The cosines between the tasks' gradients in the shared weights, task by task in the order of
   * `model.tasks`: below 0, a step for one undoes what was done for the other. Means over the steps
   * that were looked at: all of a method that takes the Gramian, else one in 40 for each task.
   * `null` where one of the two had no label or no gradient; absent where no step was looked at.
   */
  readonly cosines?: readonly (readonly (number | null)[])[];
  /** The validation rows, `null` without any: with `validation: false`, and while all rows train. */
  readonly validation: ValidationReport<P> | null;
  /** Whether this is the best epoch so far. */
  readonly best: boolean;
}

/**
 * The report of an epoch while a training goes on, as `onEpoch` and `for await` give it. Those of
 * the phase `'train'` are, without `phase`, `network`, `progress` and `seconds`, the entries of
 * `model.history`.
 */
export interface EpochReport<P extends PredictionLike<P> = Prediction> extends HistoryEntry<P> {
  /**
   * `'train'`: the first network learns from the training rows, and the validation rows choose its
   * epoch. `'refit'`: what follows by the option `refit`, network after network: one is retrained
   * on all rows, with epochs from 1 again and `validation: null`; a further one first chooses an
   * epoch of its own, by other validation rows.
   */
  readonly phase: 'train' | 'refit';
  /** The network, from 1; above 1 in the phase `'refit'` only. */
  readonly network: number;
  /**
   * Epochs of all phases that are done, and the most that there will be in all: fewer once a network
   * stops early. The last report has `done` equal to `total`, unless the training ends by early
   * stopping or `stop()` and no network is retrained.
   */
  readonly progress: { readonly done: number; readonly total: number };
  /** Seconds since training began. */
  readonly seconds: number;
}

/**
 * The answer of a classification, or of an ordinal task: there too the label is the most probable
 * class. The classes are `L` where `targets` lists them.
 */
export interface ClassPrediction<L extends string = string> {
  /** The most probable class, as it stood in the training data. */
  label: L;
  /** Its probability, 0 to 1. */
  probability: number;
  /** The probability of every class; they sum to 1. */
  probabilities: { [label in L]: number };
  value?: undefined;
}

/** The answer of a regression, or of a count: its expectation. */
export interface ValuePrediction {
  /** In the target's own unit. */
  value: number;
  /** The low end of its interval, of a count from 0 up; of models trained with `interval`. */
  low?: number;
  /** The high end. */
  high?: number;
  label?: undefined;
  probability?: undefined;
  probabilities?: undefined;
}

/** The answers for one row, by task, that is by the target column's name. */
export interface Prediction {
  [task: string]: ClassPrediction | ValuePrediction;
}

/** What stands for a `Prediction`: a type or an interface of the answers by task. */
export type PredictionLike<P> = { readonly [task in keyof P]: ClassPrediction | ValuePrediction };

/** The answers of a model trained with these `targets`: as precise as they are. */
export type PredictionOf<T> = [Targets] extends [T]
  ? Prediction
  : T extends string
    ? AnswerBy<T>
    : T extends readonly (infer Name extends string)[]
      ? AnswerBy<Name>
      : string extends keyof T
        ? Prediction
        : { [task in keyof T & string]: AnswerOf<T[task]> };

type AnswerBy<Name extends string> = string extends Name
  ? Prediction
  : { [task in Name]: ClassPrediction | ValuePrediction };

/** The answer of one task by what was said of it. */
type AnswerOf<T> = T extends { classes: readonly (infer L extends string)[] }
  ? ClassPrediction<L>
  : [TaskType] extends [TypeSaid<T>]
    ? ClassPrediction | ValuePrediction
    : TypeSaid<T> extends 'classification' | 'ordinal'
      ? ClassPrediction
      : TypeSaid<T> extends 'regression' | 'count'
        ? ValuePrediction
        : ClassPrediction | ValuePrediction;

type TypeSaid<T> = T extends string ? T : T extends { type: infer Said } ? Said : TaskType;

/** Refuses options of a target that are not there, which an inferred type would let pass. */
type CheckedTargets<T> = T extends string | readonly string[]
  ? unknown
  : {
      readonly [task in keyof T]: T[task] extends string
        ? unknown
        : { readonly [key in keyof T[task]]: key extends keyof TargetOptions ? unknown : never };
    };

/** A typed array whose elements are numbers. */
export type NumberArray =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | Uint8Array
  | Uint8ClampedArray
  | Uint16Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array;

/** What `model.inputSchema()` gives. */
export interface InputSchema {
  $schema: string;
  type: 'object';
  /** A schema of the cells of each feature. */
  properties: {
    [feature: string]: {
      type: ('number' | 'string' | 'boolean' | 'null')[];
      description: string;
      examples?: string[];
    };
  };
  /** The features whose keys must be there; others may be, too. */
  required: string[];
}

/** A vector of Apache Arrow. Of a dictionary it gives the names; codes in an array are numbers. */
export interface ArrowVector {
  readonly type: { readonly typeId: number };
  readonly length: number;
  get(index: number): unknown;
  toArray(): unknown;
}

/** A table of Apache Arrow, or what has its columns. */
export interface ArrowTable {
  readonly schema: { readonly fields: readonly { readonly name: string }[] };
  getChild(name: string): ArrowVector | null;
}

/**
 * Features column by column: an array or typed array of equal length for each name; other names
 * are ignored, and a missing column is an error, unless it had missing cells in training and no
 * other name looks like a misspelling of it, as in a `Row`. Or, where
 * all features are numeric, all numbers row after row, each row in the order of `model.features`.
 * NaN means missing. `Float16Array` is taken where the runtime has it.
 */
export type ColumnData =
  | { readonly [column: string]: readonly Cell[] | NumberArray | ArrowVector }
  | ArrowTable
  | Float32Array
  | Float64Array;

/** The answers of a task with classes for all rows. */
export interface ClassColumns<L extends string = string> {
  /** The most probable class of each row, as an index into `classes`. */
  code: Uint32Array;
  /** The classes, in order. */
  classes: L[];
  /** The probability of that class for each row, 0 to 1. */
  probability: Float64Array;
  /** The probabilities of all classes, row after row: class `c` of row `r` is at `r * classes.length + c`. */
  probabilities: Float64Array;
  value?: undefined;
}

/** The answers of a task with values for all rows. */
export interface ValueColumns {
  /** For each row, in the target's own unit. */
  value: Float64Array;
  /** The low end of each row's interval; of models trained with `interval`. */
  low?: Float64Array;
  /** The high end. */
  high?: Float64Array;
  code?: undefined;
  classes?: undefined;
  probability?: undefined;
  probabilities?: undefined;
}

/** The answers for all rows, by task. */
export type Columns<P extends PredictionLike<P> = Prediction> = {
  [task in keyof P]: P[task] extends ClassPrediction<infer L>
    ? ClassColumns<L>
    : P[task] extends ValuePrediction
      ? ValueColumns
      : ClassColumns | ValueColumns;
};

/** How far work of a model is. */
export interface WorkProgress {
  /** `'read'`: rows are gathered from JavaScript; `'compute'`: they are answered. */
  readonly phase: 'read' | 'compute';
  /** Rows done in this phase; of `importance` and `report` a row counts as often as it is answered. */
  readonly done: number;
  /** Of how many; `null` where an iterable does not tell. */
  readonly total: number | null;
}

/** Options of work that takes a while. */
export interface WorkOptions {
  /** Aborts it; it then rejects with `signal.reason`. Default: none. */
  signal?: AbortSignal;
  /**
   * Called as the work goes on, some times a second at most while it computes, and at its end. What
   * it throws, or its promise rejects with, aborts the work, which rejects with the same. Default:
   * none.
   */
  onProgress?: (progress: WorkProgress) => unknown;
}

/** How rows are read. */
export interface PredictOptions {
  /**
   * The time zone of `Date` cells. Where neither it nor the training names one, they are read in
   * UTC, and it is `ERR_ROWS` where that is not what the clocks of the process show and the model
   * cannot tell which is meant: another day, not at midnight in UTC, for a column that was learnt
   * without times of day; another time, for one whose times were written without an offset from UTC.
   * Default: that of the training.
   */
  timeZone?: TimeZone;
}

/** How a file is predicted. */
export interface PredictFileOptions {
  /**
   * The columns of the input to copy, before the answers: their names, or `true` for all but the
   * targets. A name that an answer has too is an error. Default `false`: none.
   */
  keep?: boolean | readonly string[];
  /**
   * How to read the input. Default: as the model's data, its decimal sign and that between thousands
   * among it, and found by looking at it.
   */
  csv?: CsvOptions;
  /** Aborts it; it then rejects with `signal.reason`, and leaves nothing behind. Default: none. */
  signal?: AbortSignal;
}

/**
 * Scores of one task. A figure that is undefined, or of another kind of task, is absent. Rows count
 * by their weight if the table has the column `sampleWeights`, except in `n` and `confusion`, which
 * count each row once; rows of weight 0 are left out.
 */
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
  /** Mean absolute error, in the target's unit; of an ordinal task in ranks. */
  mae?: number;
  /** Coefficient of determination, at most 1. */
  r2?: number;
  /** Median absolute error, in the target's unit. */
  medianAbsoluteError?: number;
  /** Mean Poisson deviance of a count, 0 upwards; lower is better. */
  poissonDeviance?: number;
  /** Cohen's kappa with quadratic weights, of an ordinal task; at most 1, 0 is chance. */
  kappa?: number;
  /** Share of labels within their intervals, 0 to 1; of models trained with `interval`. */
  coverage?: number;
  /** Mean width of the intervals, in the target's unit. */
  meanWidth?: number;
}

/** Scores by task. */
export type Evaluation<P extends PredictionLike<P> = Prediction> = { [task in keyof P]: Scores };

/** How the worth of columns is measured. */
export interface ImportanceOptions<P extends PredictionLike<P> = Prediction> {
  /** At most so many rows, drawn by the seed; a whole number from 2. Default 5000. */
  rows?: number;
  /** How often each column is shuffled, from 1 to 1000. Default 5. */
  repeats?: number;
  /** The seed of rows and shuffles, a whole number from 0. Default 0. */
  seed?: number;
  /**
   * The score of a task, one that its kind has. Default: `'logLoss'` of tasks with classes, `'rmse'`
   * of the others.
   */
  metrics?: { readonly [task in keyof P]?: Metric };
  /** How to read the source. Default: as the model's data, and found by looking at the file. */
  csv?: CsvOptions;
}

/** What each column is worth to each task. */
export interface Importance<P extends PredictionLike<P> = Prediction> {
  /** The rows it was measured on. */
  rows: number;
  /** How often each column was shuffled. */
  repeats: number;
  tasks: { [task in keyof P]: TaskImportance };
}

/** What each column is worth to one task. */
export interface TaskImportance {
  /** The score that becomes worse. */
  metric: Metric;
  higherIsBetter: boolean;
  /** The rows that have a label. */
  n: number;
  /** The score with all columns as they are; `null` where no row has a label. */
  score: number | null;
  /** Every column, the most important first. */
  features: {
    name: string;
    /**
     * How much worse the score became, in its own unit, shuffle by shuffle; above 0 where the column
     * helps, about 0 where it does not. `null` where there is no score.
     */
    loss: Spread | null;
  }[];
}

/** What a report is to tell. */
export interface ReportOptions<P extends PredictionLike<P> = Prediction> {
  /** Labelled rows to score the model on, best such that it has not seen. Default: none. */
  source?: Source;
  /** How to read it. Default: as the model's data, and found by looking at the file. */
  csv?: CsvOptions;
  /** The time zone of `Date` cells in rows, as in `PredictOptions`. Default: that of the training. */
  timeZone?: TimeZone;
  /** The heading. Default: what is predicted, from which file. */
  title?: string;
  /** How to measure what columns are worth; `false` not to. Default `true`, as in `importance`. */
  importance?: boolean | Omit<ImportanceOptions<P>, 'csv'>;
  /** The seed of rows that stand for all, a whole number from 0. Default 0. */
  seed?: number;
  /** A column of `source`, for a section of scores by group, as in `evaluate`. Default: none. */
  by?: string;
}

/** How `model.evaluate` reads rows, and by what it groups them. */
export interface EvaluateOptions extends PredictOptions, WorkOptions {
  /** How to read files. Default: as the model's data, and found by looking at the file. */
  csv?: CsvOptions;
  /**
   * A column of the source, for scores by group. Texts are groups by value, the most frequent first;
   * up to ten different numbers or dates each a group, more numbers up to four ranges by their quartiles
   * (`'18 to 25'`), more dates months (`'2024-03'`) or, of more than two years, years. `ERR_OPTIONS`
   * for more than 100 groups, `ERR_SCHEMA` for a column that is not there. Default: none.
   */
  by?: string;
}

/** The scores of one task on the rows of one group. */
export interface GroupScores extends Omit<Scores, 'confusion'> {
  /** What the rows have in the column; `null` for those without a value. */
  group: string | null;
}

/** Scores by task name, each with those of the groups. */
export type GroupedEvaluation<P extends PredictionLike<P> = Prediction> = {
  [task in keyof P]: Scores & { groups: GroupScores[] };
};

/** What one fold of a cross-validation did. */
export interface FoldReport {
  /** The fold, from 1. */
  readonly fold: number;
  /** How many there are. */
  readonly folds: number;
  /** Rows of the other folds that trained. */
  readonly trainRows: number;
  /** Rows that chose the best epoch: of the other folds, or of the file `validation` names. */
  readonly validationRows: number;
  /** Rows of this fold. */
  readonly testRows: number;
  /** Epochs trained. */
  readonly epochs: number;
  /** Seconds it took. */
  readonly seconds: number;
  /** The scores on this fold. */
  readonly scores: Readonly<Evaluation>;
}

/** The scores of a cross-validation. */
export interface CrossValidation {
  /** The scores of each fold by the network trained on the others. */
  folds: Evaluation[];
  /** Each figure's mean over the folds that have it; `n` is all folds' labels. No `confusion`. */
  mean: Evaluation;
  /** Each figure's sample standard deviation (of n − 1) over the same folds; `n` as in `mean`. */
  deviation: Evaluation;
}

/** Values over seeds. */
export interface Spread {
  readonly mean: number;
  /** Sample standard deviation (of n − 1); `null` for a single value. */
  readonly deviation: number | null;
  /** One for each seed that has a value. */
  readonly values: readonly number[];
}

/** One task learnt together with the others, and alone. */
export interface TaskComparison {
  /** The figure compared, on held-out rows: `accuracy` where there are classes, else `rmse`. */
  readonly metric: Metric;
  readonly higherIsBetter: boolean;
  /** Of the networks of all tasks; `null` where no held-out row had a label. */
  readonly multi: Spread | null;
  /** Of the networks of this task alone. */
  readonly single: Spread | null;
  /**
   * The relative improvement (multi − single) ÷ |single|, seed by seed, positive where learning
   * together was better. `null` where nothing is there to be relative to.
   */
  readonly delta: Spread | null;
  /** Whether the mean delta is above 0 by more than one standard error, deviation ÷ √seeds. */
  readonly gained: boolean;
  /** Whether it is below 0 by more than that. With few seeds this is a hint, not a proof. */
  readonly suffered: boolean;
}

/** What learning tasks together gained or cost. */
export interface Comparison {
  readonly method: 'single-task';
  readonly seeds: readonly number[];
  /** Rows held out at the first seed. */
  readonly heldOutRows: number;
  readonly tasks: { readonly [task: string]: TaskComparison };
  /** The mean over seeds of the mean delta over tasks; `null` where there is none. */
  readonly meanDelta: number | null;
  /** Its sample standard deviation over seeds. */
  readonly deviation: number | null;
  /** All of it in words. */
  readonly text: string;
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
  /** How dates are written that do not begin with the year. */
  readonly dateOrder?: DateOrder;
  /** What stands beside its numbers in text, where it was declared so. */
  readonly format?: 'currency' | 'percent';
  /** The currency of amounts by its code of ISO 4217, where cells name one. */
  readonly currency?: string;
  /** The categories of a categorical column that are told apart: `oneHot`, `minFrequency`. */
  readonly categories?: readonly string[];
}

/** A task the model answers. */
export interface Task<Name = string> {
  /** The target column's name. */
  readonly name: Name;
  readonly type: TaskType;
  /** Why it is of that type, in words. */
  readonly reason: string;
  /** The classes of a task that has some, in order. */
  readonly classes?: readonly string[];
  /** The loss of a regression, where one was chosen, and what belongs to it. */
  readonly loss?: 'mse' | 'mae' | 'huber' | 'quantile';
  readonly delta?: number;
  readonly quantile?: number;
  /** How labels are written in text, where it was said; percentages are answered as shares. */
  readonly format?: 'currency' | 'percent';
  /** The currency of amounts by its code of ISO 4217, where labels name one. */
  readonly currency?: string;
  /** `true` where answers are kept within the range of the training labels. */
  readonly clamp?: boolean;
  /** Labels observed in the training rows. */
  readonly labels: number;
  /** How much its loss counted in the sum over tasks. */
  readonly weight: number;
  /**
   * The mean weight of each expert in what the task gets, over the validation rows, or the training
   * rows where there were none; of several levels, on the last. In the order of `experts`; of
   * `'cgc'` and `'ple'` the task's own come first, then the shared; of `'adatt'` those of the first
   * task, then of the second, and so on; of an ensemble the mean over its networks. Only of an
   * architecture that has gates.
   */
  readonly experts?: readonly number[];
  /** What `calibration` did; absent where nothing was fitted. */
  readonly calibration?: Calibration;
  /** What `interval` found. */
  readonly interval?: Interval;
}

/** The temperature of a task's probabilities. */
export interface Calibration {
  /** T: above 1 where they were too bold, below where too careful; 1 where none was better. */
  readonly temperature: number;
  /** The validation labels it was fitted to. */
  readonly labels: number;
  /** On these rows, without it. */
  readonly before: { readonly logLoss: number; readonly ece: number };
  /** On the same rows with it: better than on rows that were not fitted to. */
  readonly after: { readonly logLoss: number; readonly ece: number };
}

/** How far the values of a task may be off. */
export interface Interval {
  /** The share of labels its intervals are to hold. */
  readonly level: number;
  /** The validation labels it was measured on. */
  readonly labels: number;
  /** From the value to either end, in the target's unit. */
  readonly halfWidth: number;
}

/** The options of `model` that not every architecture has. */
type ParticularModelOption =
  | 'experts'
  | 'taskExperts'
  | 'levels'
  | 'gateDropout'
  | 'k'
  | 'entropy'
  | 'members'
  | 'calibrator';

/** The options a model was trained with, defaults filled in; `null` where polytask chose by the data. */
export interface UsedOptions {
  readonly epochs: number;
  /** Without the options that the architecture does not have. */
  readonly model: Readonly<
    Required<Omit<ModelOptions, ParticularModelOption | 'embeddings'>> &
      Pick<ModelOptions, ParticularModelOption> & {
        /** Not there where it is `'none'`. */
        embeddings?: Readonly<EmbeddingOptions>;
      }
  >;
  readonly ensemble: number;
  /** How features became numbers. */
  readonly features: Readonly<
    Required<Pick<FeatureOptions, 'scaling' | 'oneHot' | 'unseen'>> &
      Pick<FeatureOptions, 'minFrequency'>
  >;
  /** The name of the optimizer, with its parameters if they are not those by default. */
  readonly optimizer: 'sgd' | 'adam' | 'adamw' | Readonly<OptimizerOptions>;
  readonly learningRate: number;
  /** The name of the schedule, with the warm-up if there is one. */
  readonly schedule: ScheduleMethod | Readonly<ScheduleOptions>;
  readonly batchSize: number | null;
  readonly weightDecay: number;
  readonly weightDecaySchedule: 'constant' | 'flat-cosine';
  readonly dropoutSchedule: 'constant' | 'flat-cosine';
  readonly ema: number | false;
  readonly gradientClip: number | false;
  readonly balance: Readonly<BalanceOptions>;
  readonly telemetry: boolean;
  readonly validation: number | false | Readonly<ValidationOptions>;
  readonly refit: boolean | 'auto' | number;
  readonly calibration: boolean;
  readonly interval: number | false;
  readonly earlyStopping: Readonly<EarlyStoppingOptions> | false;
  readonly compare: Readonly<Required<CompareOptions>> | false;
  /** The column of the weights. */
  readonly sampleWeights: string | null;
  /** The time zone of `Date` cells; `null` where none was named, and they are read in UTC. */
  readonly timeZone: TimeZone | null;
  readonly seed: number;
  readonly threads: number | null;
  readonly engine: 'auto' | 'fused' | 'libtorch';
  /** The tokens for missing cells and the decimal sign, and what else was given. */
  readonly csv: Readonly<CsvOptions>;
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
export interface ModelDescription<P extends PredictionLike<P> = Prediction> {
  readonly features: readonly Feature[];
  /** Columns that were not used, and why. */
  readonly dropped: readonly { readonly name: string; readonly reason: string }[];
  readonly tasks: readonly Task<keyof P & string>[];
  readonly history: readonly HistoryEntry<P>[];
  readonly options: UsedOptions;
  /** The rows it was trained on. */
  readonly data: {
    readonly source: string;
    /** All rows but those of weight 0. */
    readonly rows: number;
    /** Rows of weight 0 (`sampleWeights`), which were left out; absent where there were none. */
    readonly zeroWeightRows?: number;
    readonly trainRows: number;
    readonly validationRows: number;
    /** Of a split by time: when the last training and the first validation row were; else absent. */
    readonly split?: { readonly column: string; readonly last: string; readonly first: string };
    /** Observed labels in the training rows, task by task. */
    readonly labels: readonly number[];
    /** A hash of the data, to tell whether two models saw the same. */
    readonly fingerprint: string;
    /** How files were read; `null` for rows. */
    readonly reading: Reading | null;
    /**
     * Tokens that were taken for missing because they are so by default, each with its cells: in
     * targets, and in features that are no numbers or dates. Absent where there were none.
     */
    readonly taken?: readonly {
      readonly column: string;
      readonly tokens: readonly (readonly [token: string, cells: number])[];
    }[];
    /**
     * The epochs and rows that the network learnt anew from (`refit`), and the epochs of each further
     * one, absent where there is none; absent where none did.
     */
    readonly refit?: {
      readonly epochs: number;
      readonly rows: number;
      readonly further?: readonly number[];
    };
  };
  /**
   * The tokens for missing cells: those by default, those that `csv.missing` gave, and those by
   * default where all other cells of a column are numbers or dates.
   */
  readonly missing: {
    readonly default: readonly string[];
    readonly given: readonly string[];
    readonly numeric: readonly string[];
  };
  readonly versions: { readonly polytask: string; readonly libtorch: string };
  /** What computed the steps of training, in words: the fused kernels, or libtorch and why. */
  readonly engine: string;
  /** How many weights the network has. */
  readonly parameters: number;
  /** As `model.comparison`. */
  readonly comparison: Comparison | null;
  /** As `model.tuning`. */
  readonly tuning: readonly TrialReport[] | null;
  /** As `model.warnings`. */
  readonly warnings: readonly string[];
}

/**
 * A trained network together with the encoding of its rows. It answers without libtorch. What its
 * properties hold is frozen.
 *
 * `P` is what it answers for a row. `train` finds it in literal `targets`; for a model that is
 * loaded it can be said: `load<{ price: ValuePrediction }>(path)`.
 */
export class Model<P extends PredictionLike<P> = Prediction> {
  private constructor();

  /** A model from the bytes of a model file. It does not become the one `predict` asks. */
  static fromBuffer<P extends PredictionLike<P> = Prediction>(
    buffer: ArrayBufferView | ArrayBuffer,
  ): Model<P>;

  /** One answer a row, at once. */
  predict(rows: readonly RowLike[] | Iterable<RowLike>, options?: PredictOptions): P[];

  /**
   * What `predict` gives, to the last bit, computed on threads of its own over all cores. Reading
   * the rows is done at once; change them afterwards as you like.
   */
  predictAsync(
    rows: readonly RowLike[] | Iterable<RowLike> | AsyncIterable<RowLike>,
    options?: PredictOptions & WorkOptions,
  ): Promise<P[]>;

  /** What `predict` gives, to the last bit, from columns and in columns; at once, over all cores. */
  predictColumns(data: ColumnData | NamedObject, options?: PredictOptions): Columns<P>;

  /**
   * Predicts every row of a CSV file into another, which may have the same path, in memory that
   * does not grow with the file. The output has a header and the input's delimiter, quote and
   * decimal sign; it is UTF-8, and gzip if its name ends in `.gz`. It appears whole or not at all.
   *
   * Its columns are those kept, then, for a task `species` with classes, `species` (the label) and
   * `species_p_setosa`, `species_p_versicolor`, …, and for one with values the task's name; with
   * intervals also `price_low` and `price_high`. A probability's or an end's name that another
   * column has already gets an underscore at its end.
   *
   * The features are found by name: a first row that holds all their names, in any order, is the
   * header. The columns of an input without a header are found by position, if there are as many as
   * features. Other columns are ignored. Resolves with the rows written, and those
   * left out by `csv.onError: 'skip'`.
   */
  predictFile(
    input: string,
    output: string,
    options?: PredictFileOptions,
  ): Promise<{ rows: number; skipped: number }>;

  /**
   * Scores of every task on labelled rows. `csv` says how to read them; default: as the model's data,
   * and found by looking at the file. `timeZone` is that of `Date` cells in rows, as in
   * `PredictOptions`; default: that of the training. `by` names a column of the source, known to the
   * model or not: each task's scores then have `groups`, the scores of the rows of each value.
   */
  evaluate(
    source: Source,
    options: EvaluateOptions & { by: string },
  ): Promise<GroupedEvaluation<P>>;
  evaluate(source: Source, options?: EvaluateOptions): Promise<Evaluation<P>>;

  /**
   * What each column is worth to each task: how much worse its score becomes on labelled rows when
   * the column's cells are shuffled among them (permutation importance, Breiman 2001). Takes
   * `columns × repeats` predictions of the rows, over all cores. The same seed gives the same bits.
   * `timeZone` is that of `Date` cells in rows.
   */
  importance(
    source: Source,
    options?: ImportanceOptions<P> & PredictOptions & WorkOptions,
  ): Promise<Importance<P>>;

  /**
   * Writes a report on the model: one HTML file of less than 400 KB that needs no network, whole or
   * not at all. Without `source` it tells what the model file knows: the data, learning curves, how
   * the tasks got along, advice. See docs/report.md.
   */
  report(path: string, options?: ReportOptions<P> & WorkOptions): Promise<void>;

  /** Writes the model file (safetensors), whole or not at all. */
  save(path: string): Promise<void>;

  /** The bytes of the model file. */
  toBuffer(): Buffer;

  /**
   * Writes an ONNX file (opset 17) that answers by itself as `predict` does: the encoding of rows is
   * in it. Whole or not at all. A feature is an input of its name, `[N, 1]`: numbers as float64 with
   * NaN where missing, text as strings with `''` where missing, dates as float64 milliseconds since
   * 1970. A task is an output of its name in float64, probabilities in the order of classes, `[N,
   * classes]`, or values in their own unit, `[N, 1]`; with classes also `species.label`, as strings,
   * with intervals also `price.low` and `price.high`, `[N, 1]`. A row that `predict` would refuse
   * is answered by NaN and `''`. docs/onnx.md has all of it.
   */
  exportOnnx(path: string): Promise<void>;

  /** The columns an array row holds, in order. */
  readonly features: readonly Feature[];
  /** What it predicts. */
  readonly tasks: readonly Task<keyof P & string>[];
  /** Every epoch of its training. */
  readonly history: readonly HistoryEntry<P>[];
  /** The options it was trained with. */
  readonly options: UsedOptions;

  /** What learning its tasks together gained or cost, if `compare` asked for it, else `null`. */
  readonly comparison: Comparison | null;

  /** The trials of the search that found it, if `tune` did, else `null`. */
  readonly tuning: readonly TrialReport[] | null;

  /**
   * What was amiss in its training, a sentence or two each, with the column or task, the numbers, and
   * what to do: cells and labels that lie more than ten deviations out, a target that is nearly
   * constant, a best epoch that is the first, a task that is answered no better than by one answer
   * for all validation rows, dates that all lie at midnight of a time zone that was not named. Empty
   * where nothing was, and in files of before. See docs/troubleshooting.md.
   */
  readonly warnings: readonly string[];

  /**
   * A JSON Schema (draft 7) of a row as an object: the type of each feature and why it is of that
   * type, up to 20 of its categories as examples, and which keys must be there. It is as strict as
   * JSON allows: `predict` reads more, such as numbers as text. A new object each time.
   */
  inputSchema(): InputSchema;

  /** What was inferred of the columns and why, how training went, and its warnings, as text to read. */
  summary(): string;

  /**
   * Its warnings, then what its training tells of its tasks, a sentence or two each: those whose
   * gradients pull against each other, one that dwarfs another, one with few labels; and columns of
   * texts, or targets, of which a token such as `NA` was read as missing in more than 1 % of the rows.
   * Empty where there is nothing to be said.
   */
  advice(): string[];

  /** The same as data; so `JSON.stringify(model)` works. */
  toJSON(): ModelDescription<P>;
}

/**
 * A training under way: the promise of its model, and the reports of its epochs.
 *
 * `for await` gives every epoch from the first, however late the loop begins, and throws what the
 * training fails with. Leaving the loop early stops the training as `stop` does.
 */
export interface Training<P extends PredictionLike<P> = Prediction>
  extends Promise<Model<P>>,
    AsyncIterable<EpochReport<P>> {
  /** Ends at the next batch; the training then resolves with the best weights so far. */
  stop(): void;
}

/**
 * Trains a model on a thread of its own. Whatever is wrong rejects; nothing is thrown at once. The
 * first call in a process loads libtorch, which holds the event loop up for about 0.2 seconds.
 */
export function train(source: Source, epochs: number): Training;
export function train<const T extends Targets = Targets>(
  source: Source,
  options?: TrainOptions<T>,
): Training<PredictionOf<T>>;

/** Trains a model and returns it, for scripts: the event loop stands still meanwhile. */
export function trainSync(source: SyncSource, epochs: number): Model;
export function trainSync<const T extends Targets = Targets>(
  source: SyncSource,
  options?: TrainSyncOptions<T>,
): Model<PredictionOf<T>>;

/**
 * A search under way: the promise of what it finds, and the reports of its trials as they end.
 *
 * `for await` gives every trial from the first, however late the loop begins, and throws what the
 * search fails with. Leaving the loop early stops the search as `stop` does.
 */
export interface Tuning<P extends PredictionLike<P> = Prediction>
  extends Promise<TuningResult<P>>,
    AsyncIterable<TrialReport> {
  /** Ends trainings under way with their best epoch; the search then resolves. */
  stop(): void;
}

/**
 * Searches for the options whose network scores best on the validation rows, which are the same for
 * all trials: first at random, from the 17th trial on among mixtures and neighbours of the best
 * ones. The trials are a function of data, options and seed. A trial that fails is a row of the
 * table. The score of the best of many trials flatters it a little: judge it on other rows.
 */
export function tune<const T extends Targets = Targets>(
  source: Source,
  options?: TuneOptions<T>,
): Tuning<PredictionOf<T>>;

/**
 * A cross-validation under way: the promise of its scores, and the reports of its folds as they end.
 *
 * `for await` gives every fold from the first, however late the loop begins, and throws what the
 * cross-validation fails with. Leaving the loop early stops it as `stop` does.
 */
export interface CrossValidationRun extends Promise<CrossValidation>, AsyncIterable<FoldReport> {
  /** Ends the fold under way with its best epoch, and begins no other; the scores are then of fewer. */
  stop(): void;
}

/**
 * Scores `k` networks, each trained on all folds but one and scored on that one; `k` from 2 to the
 * number of rows, or of groups. Default 5. Folds are drawn by the seed and trained one after
 * another, on a thread of their own.
 *
 * `validation` says how folds are drawn: stratified on the first classification task unless
 * `stratify` says otherwise, or of whole groups with `groupBy`. With `timeColumn` the windows expand:
 * the rows are divided by time into `k` + 1 parts of about equal size (with `after`, those from then on
 * into `k`), and each but the first is tested by a network trained on all earlier rows. The rows that
 * choose the best epoch are drawn from the other folds (the latest fifth of the earlier rows with
 * `timeColumn`), never from the one scored. `validation.column` is refused.
 */
export function crossValidate(source: Source, epochs: number, k?: number): CrossValidationRun;
export function crossValidate(
  source: Source,
  options?: CrossValidateOptions,
  k?: number,
): CrossValidationRun;

/** Predicts with the model last trained or loaded in this process. */
export function predict<P extends PredictionLike<P> = Prediction>(
  rows: readonly RowLike[] | Iterable<RowLike>,
  options?: PredictOptions,
): P[];

/** Reads a model file. */
export function load<P extends PredictionLike<P> = Prediction>(path: string): Promise<Model<P>>;

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
  /** A model file or checkpoint that is damaged, hostile, of another version or training, or cannot be read or written. */
  | 'ERR_ARTIFACT'
  /** The run was aborted. */
  | 'ERR_ABORTED'
  /** The loss became infinite or not a number. */
  | 'ERR_DIVERGED'
  /** A device that is not there. */
  | 'ERR_DEVICE'
  /** libtorch failed or could not be loaded. */
  | 'ERR_LIBTORCH'
  /** `predict` before any model, or of the promise of one. */
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
