// Every part of the public interface, used as its types say it may be; never run.

import {
  type Activation,
  type Architecture,
  type ArrowTable,
  type ArrowVector,
  type BalanceMethod,
  type BalanceOptions,
  type Calibration,
  type CategoryOptions,
  type Cell,
  type CellObject,
  type CheckpointOptions,
  type ClassColumns,
  type ClassPrediction,
  type ColumnData,
  type Columns,
  type CompareOptions,
  type Comparison,
  type CrossValidation,
  type CrossValidationRun,
  type CsvOptions,
  crossValidate,
  type DateOrder,
  type DeclaredType,
  type EarlyStoppingOptions,
  type EpochReport,
  type ErrorCode,
  type Evaluation,
  type Feature,
  type FeatureOptions,
  type FoldReport,
  type HistoryEntry,
  type Importance,
  type ImportanceOptions,
  type InputSchema,
  type Interval,
  load,
  type MissingTokens,
  Model,
  type ModelDescription,
  type ModelOptions,
  type OptimizerOptions,
  PolytaskError,
  type PredictFileOptions,
  type Prediction,
  type PredictOptions,
  type Preset,
  predict,
  type RateOptions,
  type Reading,
  type ReportOptions,
  type Row,
  type Scaling,
  type ScheduleMethod,
  type ScheduleOptions,
  type Scores,
  type Source,
  type SyncSource,
  type Task,
  type TaskImportance,
  type Training,
  type TrainOptions,
  type TrialReport,
  type TuneOptions,
  type TuneRange,
  type TuneSpace,
  type Tuning,
  type TuningResult,
  train,
  trainSync,
  tune,
  type UsedOptions,
  type ValidationOptions,
  type ValueColumns,
  type ValuePrediction,
  version,
  type WorkOptions,
  type WorkProgress,
} from 'polytask';

const csv: Required<CsvOptions> = {
  delimiter: ';',
  quote: false,
  header: false,
  columns: ['a', 'b'],
  missing: ['-', -999],
  encoding: 'latin1',
  comment: '#',
  decimal: ',',
  thousands: '.',
  onError: 'skip',
  skipLines: 2,
};

const none: MissingTokens = [];
const tokens: CsvOptions[] = [{ missing: { only: none } }, { missing: { only: ['NA', -1] } }];

const activations: Activation[] = ['relu', 'tanh', 'sigmoid', 'gelu', 'silu', 'mish', 'selu'];

const architectures: Architecture[] = [
  'shared',
  'omoe',
  'mmoe',
  'cgc',
  'ple',
  'cross-stitch',
  'adatt',
  'dselect-k',
  'esmm',
  'aitm',
];

const types: Record<string, DeclaredType> = {
  d: 'boolean',
  e: 'date',
  f: 'date-dmy',
  g: 'date-mdy',
  h: 'ignore',
  i: 'currency',
  j: 'percent',
  k: 'date-unix-ms',
  l: 'date-unix-s',
  m: 'date-excel',
};

const options: Required<TrainOptions> = {
  epochs: 10,
  targets: {
    species: 'classification',
    petal_width: { type: 'regression', weight: 2, loss: 'huber', delta: 0.5 },
    price: { type: 'regression', format: 'currency', loss: 'quantile', quantile: 0.9, clamp: true },
    visits: 'count',
    rank: { type: 'ordinal', classes: ['low', 'high'], classWeights: 'balanced' },
    d: { classes: [1, true], classWeights: { 1: 2 }, labelSmoothing: 0.1 },
    c: {},
  },
  sampleWeights: 'w',
  timeZone: 'Europe/Berlin',
  features: {
    include: ['a'],
    exclude: ['b'],
    types: { a: 'numeric', c: 'categorical', ...types },
    scaling: 'robust',
    oneHot: 16,
    minFrequency: 5,
    unseen: 0.5,
  } satisfies Required<FeatureOptions>,
  model: { preset: 'article', hidden: [8, 8], activation: 'gelu', dropout: 0.2, norm: 'layer' },
  ensemble: 4,
  optimizer: { method: 'adam', betas: [0.9, 0.95], epsilon: 1e-6 },
  learningRate: 0.01,
  schedule: { method: 'flat-cosine', warmup: 0.5 } satisfies Required<ScheduleOptions>,
  batchSize: 16,
  weightDecay: 0,
  weightDecaySchedule: 'flat-cosine',
  dropoutSchedule: 'constant',
  ema: 0.999,
  gradientClip: false,
  telemetry: false,
  balance: { method: 'cagrad', c: 0.4, every: 10, on: 'representation', momentum: 0.9 },
  validation: 0.25,
  refit: 4,
  calibration: false,
  interval: 0.9,
  earlyStopping: { patience: 5, metric: 'rmse', task: 'petal_width' },
  compare: 'single-task',
  seed: 3,
  threads: 1,
  engine: 'fused',
  device: 'cpu',
  csv,
  checkpoint: { path: 'run.checkpoint', every: 5 } satisfies Required<CheckpointOptions>,
  resume: true,
  signal: new AbortController().signal,
  onEpoch: async (report) => report.epoch,
};

const validations: (number | false | string | ValidationOptions)[] = [
  'held.csv',
  { fraction: 0.3, stratify: true },
  { stratify: 'c' },
  { groupBy: 'subject' },
  { column: 'split' },
  { file: 'held.csv' },
  { timeColumn: 'sold', fraction: 0.1 },
  { timeColumn: 'sold', after: new Date('2024-01-01') },
  { timeColumn: 'year', after: 2019 },
];
const balances: (BalanceMethod | BalanceOptions)[] = [
  'upgrad',
  { method: 'fixed', weights: { species: 2 } },
  { method: 'uncertainty', initial: -0.5, learningRate: 0.1 },
  { method: 'imtl', learningRate: 0.1, every: 2 },
  { method: 'dwa', temperature: 1 },
  { method: 'famo', learningRate: 0.1, weightDecay: 0 },
  { method: 'stch', mu: 2, warmup: 0 },
  { method: 'gradnorm', alpha: 0.2, learningRate: 0.1, on: 'parameters' },
  { method: 'gradvac', beta: 0.01 },
  { method: 'graddrop', leak: 0.1, on: 'representation' },
  { method: 'nash', maxNorm: 0 },
  { method: 'fairgrad', alpha: 2 },
  { method: 'db-mtl', beta: 0, betaDecay: 1 },
  { method: 'excess', stepSize: 1, warmup: 0 },
  { method: 'moco', beta: 1, betaDecay: 0, gamma: 1, gammaDecay: 0, rho: 0.1 },
  { method: 'sdmgrad', lambda: 0.6, iterations: 10, momentum: 0, rate: 10, every: 2 },
];
const optimizers: OptimizerOptions[] = [{ method: 'sgd', momentum: 0.9, nesterov: true }, {}];
const schedules: ScheduleMethod[] = ['constant', 'cosine', 'coslog4', 'flat-cosine', 'one-cycle'];
const rates: Required<RateOptions> = { bias: 0.1, activation: 0.1, embedding: 0.1, front: 6 };
const categories: Required<CategoryOptions> = { width: 8, deviation: 1 };
const presets: Preset[] = ['default', 'fast', 'realmlp', 'tabm', 'article'];
const recipes: ModelOptions[] = [
  { parametric: true, parametrization: 'ntk', init: 'data', rates },
  { parametrization: 'standard', init: 'he' },
  { preset: 'realmlp', front: false, categories },
];
const stopping: Required<EarlyStoppingOptions> = {
  patience: false,
  metric: 'rocAuc',
  task: 'a',
  ties: 'last',
};
const comparing: Required<CompareOptions> = { method: 'single-task', seeds: 5, fraction: 0.1 };
async function* cursor(): AsyncGenerator<Row> {
  yield [new Date(), true];
}

async function everything(): Promise<void> {
  const rows: readonly Row[] = [[5.1, '3.5', null, true], { sepal_length: 5.1, note: 'x' }];
  const atOnce: SyncSource[] = ['data/iris.csv', ['a.csv', 'b.csv'], rows];
  const sources: Source[] = [...atOnce, new Set(rows), cursor()];
  const training: Training = train('data/iris.csv', 100);
  train('data/iris.csv');
  train(rows, options);
  train('a.csv', { targets: 'b', model: 'article', validation: false, earlyStopping: false });
  train('a.csv', { targets: ['b', 'c'] as const, earlyStopping: {} });
  train('a.csv', { checkpoint: { path: 'a' }, resume: 'b' });
  for (const balance of balances) train(rows, { balance });
  for (const optimizer of optimizers) train(rows, { optimizer, ema: false });
  for (const schedule of schedules) train(rows, { schedule });
  for (const model of recipes) train(rows, { model });
  for (const model of presets) train(rows, { model });
  for (const activation of activations) train(sources[0] ?? [], { model: { activation } });
  for (const csv of tokens) train('a.csv', { csv });
  for (const architecture of architectures) train('a.csv', { model: { architecture } });
  train('a.csv', {
    model: { architecture: 'ple', experts: 2, taskExperts: 3, levels: 1, tower: [] },
  });
  train('a.csv', { model: { hidden: [64], members: 32 } });
  train('a.csv', { model: { architecture: 'dselect-k', experts: 6, k: 3, entropy: 1e-3 } });
  train('a.csv', { model: { architecture: 'aitm', calibrator: 0 } });
  train('a.csv', { model: { embeddings: 'periodic' } });
  train('a.csv', {
    model: { embeddings: { type: 'piecewise', bins: 24, edges: 'targets', width: 8 } },
  });
  train('a.csv', { model: { embeddings: { type: 'plr', frequencies: 8, deviation: 0.05 } } });

  for await (const report of training) {
    const { epoch, epochs, loss, learningRate, seconds, best }: EpochReport = report;
    const sum: number = epoch + epochs + loss + learningRate + seconds;
    const labels: number | undefined = report.tasks.species?.labels;
    const taskLoss: number | undefined = report.tasks.species?.loss;
    const weight: number | undefined = report.tasks.species?.weight;
    const norm: number | undefined = report.tasks.species?.gradientNorm;
    const cosine: number | null | undefined = report.cosines?.[0]?.[1];
    const accuracy: number | undefined = report.validation?.tasks.species?.accuracy;
    const rmse: number | undefined = report.validation?.tasks.width?.rmse;
    const validation: number | undefined = report.validation?.loss;
    const n: number | undefined = report.validation?.tasks.width?.n;
    void [sum, best, labels, taskLoss, weight, norm, cosine, accuracy, rmse, validation, n];
  }
  training.stop();
  const stopped: Model = await training;
  const plain: Promise<Model> = training;
  const mapped: Promise<string> = training.then((model) => model.summary());
  void [stopped, plain, mapped];

  const model: Model = trainSync('data/iris.csv', { epochs: 5 });
  trainSync(rows, 5);
  trainSync(atOnce[1] ?? 'a.csv', 5);
  const predictions: Prediction[] = model.predict([[5.1, 3.5, 1.4, 0.2]]);
  const label: string | undefined = predict(rows)[0]?.species?.label;
  const value: number | undefined = predictions[0]?.width?.value;
  const answer = predictions[0]?.species;
  if (answer?.label !== undefined) {
    const one: ClassPrediction = answer;
    const share: number | undefined = one.probabilities.setosa;
    void [one.probability, share];
  } else if (answer) {
    const one: ValuePrediction = answer;
    const width: number = (one.high ?? 0) - (one.low ?? 0);
    void [one.value.toFixed(2), width];
  }
  void [label, value];

  const evaluation: Evaluation = await model.evaluate('data/iris.csv', { csv: { header: true } });
  const scores: Scores | undefined = evaluation.species;
  const figures: (number | undefined)[] = [
    scores?.n,
    scores?.accuracy,
    scores?.balancedAccuracy,
    scores?.f1Macro,
    scores?.f1Weighted,
    scores?.logLoss,
    scores?.rocAuc,
    scores?.averagePrecision,
    scores?.brier,
    scores?.ece,
    scores?.confusion?.[0]?.[0],
    scores?.rmse,
    scores?.mae,
    scores?.r2,
    scores?.medianAbsoluteError,
    scores?.poissonDeviance,
    scores?.kappa,
    scores?.coverage,
    scores?.meanWidth,
  ];
  await model.evaluate(rows);
  await model.evaluate(rows, { timeZone: 'local' });
  const grouped = await model.evaluate(rows, { by: 'region' });
  const [first] = Object.values(grouped).flatMap(({ groups }) => groups);
  const group: string | null = first?.group ?? null;
  console.log(group, first?.rmse);
  await model.report('report.html', { source: rows, by: 'region' });
  const measured: ImportanceOptions = {
    rows: 1000,
    repeats: 3,
    seed: 1,
    metrics: { species: 'accuracy' },
    csv: { delimiter: ';' },
  };
  const importance: Importance = await model.importance('data/iris.csv', measured);
  await model.importance(rows, { repeats: 1, timeZone: 'local' });
  const worth: TaskImportance | undefined = importance.tasks.species;
  void [importance.rows, importance.repeats, worth?.metric, worth?.higherIsBetter, worth?.n];
  void [worth?.score, worth?.features[0]?.name, worth?.features[0]?.loss?.mean];
  const report: ReportOptions = {
    source: rows,
    title: 'Iris',
    importance: { repeats: 2 },
    seed: 3,
    csv: {},
    timeZone: 'Asia/Kolkata',
  };
  await model.report('report.html', report);
  await model.report('report.html', { source: cursor(), importance: false });
  await model.report('report.html');
  await model.evaluate(cursor());

  for (const validation of validations) train(rows, { validation, earlyStopping: stopping });
  train(rows, { compare: comparing, earlyStopping: { metric: 'meanImprovement' } });
  const onFold = async ({ fold, folds, scores }: FoldReport) => [fold / folds, scores.a?.rmse];
  const { signal } = new AbortController();
  const validating: CrossValidationRun = crossValidate(cursor(), { onFold, signal, epochs: 3 }, 3);
  for await (const { fold, scores } of validating) void [fold, scores.a?.rmse];
  validating.stop();
  const folds: CrossValidation = await validating;
  const watching: Required<WorkOptions> = {
    signal,
    onProgress: ({ phase, done, total }: WorkProgress) => [phase, done / (total ?? 1)],
  };
  await model.evaluate(rows, watching);
  await model.importance(rows, { ...watching, repeats: 1 });
  await model.report('report.html', { ...watching, source: rows });
  await model.predictAsync(rows, watching);
  await crossValidate('data/iris.csv', 5);
  void [folds.folds[0]?.species?.accuracy, folds.mean.a?.rmse, folds.deviation.a?.rmse];
  const range: Required<TuneRange> = { low: 1e-4, high: 0.1, log: true, integer: false };
  const space: TuneSpace = { learningRate: range, 'model.hidden': [[8], [8, 8]] };
  const tuned: TuneOptions = {
    trials: 6,
    seconds: 9,
    space,
    parallel: 2,
    path: 'a',
    resume: false,
  };
  const tuning: Tuning = tune(rows, { ...tuned, epochs: 3, signal, onTrial: (it) => it.score });
  for await (const { trial, score, best, stopped, error } of tuning) {
    void [trial, score?.toFixed(3), best, stopped, error?.code, error?.message];
  }
  tuning.stop();
  const result: TuningResult = await tuning;
  const { trials } = await tune('data/iris.csv', { targets: { species: 'classification' } });
  const trial: TrialReport | undefined = trials[0] ?? result.model.tuning?.[0];
  void [trial?.options.learningRate, trial?.epochs, trial?.seconds];
  const comparison: Comparison | null = model.comparison;
  const delta: number | undefined = comparison?.tasks.a?.delta?.values[0];
  void [comparison?.meanDelta, comparison?.text, comparison?.tasks.a?.suffered, delta];
  const answers: Prediction[] = await model.predictAsync(rows);
  const later = (async function* () {
    yield* rows;
  })();
  void answers;
  const zoned: Required<PredictOptions> = { timeZone: 'America/New_York' };
  void [model.predict(rows, zoned), await model.predictAsync(rows, zoned)];
  void [model.predictColumns({ a: [1] }, zoned), predict(rows, { timeZone: 'UTC' })];
  const data: ColumnData = { a: new Float64Array(3), b: ['x', 1, null] };
  const columns: Columns = model.predictColumns(data);
  const task: ClassColumns | ValueColumns | undefined = columns.species;
  if (task?.value === undefined) void task?.classes.map((name) => name.length);
  else void [task.low?.[0], task.high?.[0]];
  const copying: Required<PredictFileOptions> = { keep: ['id'], csv, signal: options.signal };
  const { rows: written, skipped } = await model.predictFile('a.csv', 'b.csv.gz', copying);
  void [later, written, skipped];

  await model.save('iris.safetensors');
  const exported: Promise<void> = model.exportOnnx('iris.onnx');
  await exported;
  const bytes: Buffer = model.toBuffer();
  const copies: Model[] = [Model.fromBuffer(bytes), await load('iris.safetensors')];
  const features: readonly Feature[] = model.features;
  const tasks: readonly Task[] = model.tasks;
  const used: UsedOptions = model.options;
  const networks: [number, number | undefined] = [used.ensemble, used.model.members];
  void networks;
  const experts: [number | undefined, number | undefined] = [
    used.model.experts ?? used.model.calibrator ?? used.model.entropy,
    model.tasks[0]?.experts?.[0],
  ];
  void [used.model.architecture, used.model.tower.length, experts];
  void [used.ema, used.dropoutSchedule, used.weightDecaySchedule, used.model.rates.bias];
  void [typeof used.optimizer === 'string' ? used.optimizer : used.optimizer.method];
  const calibration: Calibration | undefined = tasks[0]?.calibration;
  const interval: Interval | undefined = tasks[0]?.interval;
  void [calibration?.temperature, calibration?.before.logLoss, calibration?.after.ece];
  void [calibration?.labels, interval?.level, interval?.labels, interval?.halfWidth];
  void [used.calibration, used.interval];
  train(rows, { interval: false });
  const history: readonly HistoryEntry[] = model.history;
  const described: ModelDescription = model.toJSON();
  const text: string = model.summary() + version;
  const advice: string[] = model.advice();
  const warnings: readonly string[] = [...model.warnings, ...described.warnings];
  const cell: Cell = null;
  // What drivers give.
  const decimal = { toFixed: (digits = 0) => String(digits), toString: () => '1.5' };
  const cells: Cell[] = [1n, decimal, { _bsontype: 'Long' }, { formula: 'A1', result: 2 }];
  const order: DateOrder | undefined = features[0]?.dateOrder;
  const schema: InputSchema = model.inputSchema();
  const vector: ArrowVector = { type: { typeId: 2 }, length: 1, get: () => 1, toArray: () => [1] };
  const table: ArrowTable = { schema: { fields: [{ name: 'a' }] }, getChild: () => vector };
  const object: CellObject = decimal;
  void [cells, order, schema.properties.a?.type, object];
  void [model.predict(new Set(rows)), predict(rows.values()), model.predictColumns(table)];
  void [model.predictColumns({ a: vector }), await model.predictAsync(later)];
  void [figures, copies, features[0]?.categories, tasks[0]?.classes, used.model.hidden];
  void [tasks[0]?.loss, tasks[0]?.delta, tasks[0]?.quantile, used.sampleWeights, used.timeZone];
  const scaling: Scaling = used.features.scaling;
  const clamp: boolean | undefined = tasks[0]?.clamp;
  void [scaling, clamp, used.features.oneHot, used.features.minFrequency];
  const unseen: number = used.features.unseen;
  void unseen;
  const reading: Reading | null = described.data.reading;
  const words: (string | number | undefined)[] = [
    features[0]?.reason,
    features[0]?.missingCells,
    features[0]?.dateOrder,
    tasks[0]?.reason,
    reading?.delimiterWhy,
    reading?.skippedFirst[0],
  ];
  void words;
  void [
    history[0]?.epoch,
    described.dropped[0]?.reason,
    described.data.trainRows,
    text,
    advice,
    warnings,
    cell,
  ];

  try {
    await load('no such file');
  } catch (error) {
    if (error instanceof PolytaskError) {
      const code: ErrorCode = error.code;
      const place: (string | number | undefined)[] = [
        error.file,
        error.line,
        error.row,
        error.column,
        error.task,
        error.option,
      ];
      const name: 'PolytaskError' = error.name;
      void [code, place, name, error.cause];
    }
  }
}

void everything;
