// What the types must refuse; never run.

import { Model, PolytaskError, predict, type Row, train, trainSync } from 'polytask';

async function misuse(model: Model, rows: readonly Row[]): Promise<void> {
  // @ts-expect-error a source is needed
  train();
  // @ts-expect-error a number is no source
  train(3);
  // @ts-expect-error epochs are a number
  train('a.csv', '10');
  // @ts-expect-error an option that is misspelt
  train('a.csv', { epohcs: 10 });
  // @ts-expect-error not an activation
  train('a.csv', { model: { activation: 'softplus' } });
  // @ts-expect-error not an architecture
  train('a.csv', { model: { architecture: 'moe' } });
  // @ts-expect-error not a preset
  train('a.csv', { model: 'articel' });
  // @ts-expect-error not a kind of task
  train('a.csv', { targets: { price: 'ranking' } });
  // @ts-expect-error not a loss
  train('a.csv', { targets: { price: { loss: 'l2' } } });
  // @ts-expect-error class weights are balanced, or by class
  train('a.csv', { targets: { kind: { classWeights: 'equal' } } });
  // @ts-expect-error the weights are a column
  train('a.csv', { sampleWeights: [1, 2] });
  // @ts-expect-error not an optimizer
  train('a.csv', { optimizer: 'rmsprop' });
  // @ts-expect-error not a method
  train('a.csv', { balance: 'pcgard' });
  // @ts-expect-error fixed weights have weights
  train('a.csv', { balance: 'fixed' });
  // @ts-expect-error a parameter of another method
  train('a.csv', { balance: { method: 'dwa', c: 0.5 } });
  // @ts-expect-error a method that weighs no gradients
  train('a.csv', { balance: { method: 'gls', every: 2 } });
  // @ts-expect-error validation is a fraction or false
  train('a.csv', { validation: true });
  // @ts-expect-error a checkpoint has a path
  train('a.csv', { checkpoint: { every: 3 } });
  // @ts-expect-error not offered in this version
  train('a.csv', { onBatch: () => {} });
  // @ts-expect-error a cell is no object
  train([[{}]], 10);
  // @ts-expect-error nothing can be aborted meanwhile
  trainSync('a.csv', { signal: new AbortController().signal });
  // @ts-expect-error not a type of column
  train('a.csv', { features: { types: { a: 'dates' } } });
  // @ts-expect-error nothing can come later
  trainSync(new Set(rows));
  // @ts-expect-error rows are arrays or objects, not numbers
  predict([5.1, 3.5]);
  // @ts-expect-error a model is trained or loaded
  new Model();
  // @ts-expect-error history is read only
  model.history = [];
  for (const report of model.history) {
    // @ts-expect-error reports are frozen
    report.loss = 0;
  }
  // @ts-expect-error a probability is a number
  const probability: string | undefined = model.predict(rows)[0]?.species?.probability;
  // @ts-expect-error evaluate has one option
  await model.evaluate(rows, { metrics: ['accuracy'] });
  // @ts-expect-error not a score
  await model.importance(rows, { metrics: { price: 'error' } });
  // @ts-expect-error a report has a path
  await model.report({ source: rows });
  // @ts-expect-error how a file is read is said once
  await model.report('report.html', { importance: { csv: {} } });
  // @ts-expect-error not a code
  if (new PolytaskError('ERR_CSV', 'x').code === 'ERR_TYPO') return;
  void probability;
}

void misuse;
