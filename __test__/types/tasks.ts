// Answers typed by literal targets: what holds, and what must not; never run.

import {
  type ClassPrediction,
  load,
  Model,
  type Prediction,
  type PredictionOf,
  type Targets,
  type Training,
  type TrainOptions,
  train,
  trainSync,
  type ValuePrediction,
} from 'polytask';

/** Compiles only where both types are the same. */
type Same<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const holds = <T extends true>(): T | undefined => undefined;

async function byObject(): Promise<void> {
  const training = train('houses.csv', {
    targets: {
      price: 'regression',
      churn: { type: 'classification', classes: ['yes', 'no'] },
      kind: { type: 'classification', weight: 2 },
      size: { type: 'regression' },
      grade: { classes: ['a', 'b'] },
      any: {},
    },
    onEpoch: (report) => {
      holds<Same<typeof report.tasks.price.labels, number>>();
      // @ts-expect-error no such task
      void report.tasks.prize;
    },
  });
  for await (const { tasks, validation } of training) {
    const figures: (number | undefined)[] = [tasks.churn.loss, validation?.tasks.price.rmse];
    void figures;
  }
  const model = await training;
  const [prediction] = model.predict([[1]]);
  if (!prediction) return;
  holds<Same<typeof prediction.price.value, number>>();
  holds<Same<typeof prediction.size.value, number>>();
  holds<Same<typeof prediction.churn.label, 'yes' | 'no'>>();
  holds<Same<typeof prediction.churn.probabilities.yes, number>>();
  holds<Same<typeof prediction.kind.label, string>>();
  holds<Same<typeof prediction.grade.label, 'a' | 'b'>>();
  holds<Same<typeof prediction.any, ClassPrediction | ValuePrediction>>();
  // @ts-expect-error a regression has no label
  prediction.price.label.toUpperCase();
  // @ts-expect-error not a class
  void prediction.churn.probabilities.maybe;
  // @ts-expect-error not a task
  void prediction.prize;
  // @ts-expect-error not a class
  if (prediction.churn.label === 'maybe') return;

  const [later] = await model.predictAsync([{ rooms: 3 }]);
  holds<Same<typeof later, typeof prediction | undefined>>();
  const columns = model.predictColumns({ rooms: new Float32Array(2), city: ['a', null] });
  holds<Same<typeof columns.price.value, Float64Array>>();
  holds<Same<typeof columns.churn.classes, ('yes' | 'no')[]>>();
  const codes: Uint32Array = columns.churn.code;
  // @ts-expect-error a regression has no classes
  columns.price.classes.length;
  const evaluation = await model.evaluate('houses.csv');
  const scores: (number | undefined)[] = [evaluation.churn.accuracy, evaluation.price.rmse];
  // @ts-expect-error not a task
  void evaluation.prize;
  const names: ('price' | 'churn' | 'kind' | 'size' | 'grade' | 'any')[] = model.tasks.map(
    (task) => task.name,
  );
  const loss: number | undefined = model.history[0]?.tasks.kind.loss;
  const wide: Model = model;
  const wideTraining: Training = training;
  void [codes, scores, names, loss, wide, wideTraining];
}

async function byName(): Promise<void> {
  const one = trainSync('a.csv', { targets: 'price', epochs: 3 });
  const answer = one.predict([[1]])[0]?.price;
  holds<Same<typeof answer, ClassPrediction | ValuePrediction | undefined>>();
  // @ts-expect-error not a task
  void one.predict([[1]])[0]?.prize;
  const two = await train('a.csv', { targets: ['a', 'b'] });
  const value: number | undefined = two.predict([[1]])[0]?.b.value;
  // @ts-expect-error not a task
  void two.predict([[1]])[0]?.c;

  const none = await train('a.csv', { seed: 1 });
  holds<Same<typeof none, Model>>();
  const epochs = await train('a.csv', 10);
  holds<Same<typeof epochs, Model>>();
  const label: string | undefined = none.predict([[1]])[0]?.anything?.label;
  void [value, label];
}

async function byOthers(options: TrainOptions, targets: Targets, names: string[]): Promise<void> {
  holds<Same<Awaited<ReturnType<typeof unknown>>, Model>>();
  function unknown() {
    return train('a.csv', options);
  }
  const some = await train('a.csv', { targets });
  const listed = await train('a.csv', { targets: names });
  const models: Model[] = [some, listed];
  holds<Same<PredictionOf<{ [name: string]: 'regression' }>, Prediction>>();
  const loaded = await load<{ price: ValuePrediction; kind: ClassPrediction<'a' | 'b'> }>('m');
  const price: number | undefined = loaded.predict([])[0]?.price.value;
  const copy = Model.fromBuffer<{ price: ValuePrediction }>(loaded.toBuffer());
  holds<Same<typeof copy, Model<{ price: ValuePrediction }>>>();
  void [models, price];
}

async function files(model: Model): Promise<void> {
  const { signal } = new AbortController();
  const options = { keep: ['id'], csv: { delimiter: ';' }, signal };
  const done: { rows: number; skipped: number } = await model.predictFile('a', 'b', options);
  await model.predictFile('a.csv', 'a.csv', { keep: true });
  // @ts-expect-error a misspelt option
  await model.predictFile('a.csv', 'b.csv', { keeep: true });
  // @ts-expect-error an output is needed
  await model.predictFile('a.csv');
  model.predictColumns(new Float64Array(8));
  // @ts-expect-error rows are for predict
  model.predictColumns([[1, 2]]);
  model.predictColumns({ a: new BigInt64Array(2), b: [1n, 2n] });
  void done;
}

function refused(): void {
  // @ts-expect-error not a kind of task
  train('a.csv', { targets: { price: 'ranking' } });
  // @ts-expect-error not an option of a target
  train('a.csv', { targets: { price: { type: 'regression', wieght: 2 } } });
  // @ts-expect-error a weight is a number
  train('a.csv', { targets: { price: { weight: '2' } } });
  // @ts-expect-error an option that is misspelt
  train('a.csv', { targets: { price: 'regression' }, epohcs: 10 });
  // @ts-expect-error classes are names, numbers or booleans
  trainSync('a.csv', { targets: { grade: { classes: [{}, {}] } } });
}

void [byObject, byName, byOthers, files, refused];
