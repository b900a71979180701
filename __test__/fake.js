// Stand-ins for the two native modules, which a test holds the strings of. They show what the
// facade does with an order of events that real trainings give only by chance.
'use strict';

const description = {
  features: [{ name: 'a', type: 'numeric', missing: false }],
  dropped: [],
  tasks: [
    { name: '__proto__', type: 'classification', classes: ['constructor', '__proto__'], labels: 4 },
    { name: '', type: 'regression', labels: 4 },
  ].map((task, index) => ({ ...task, offset: index * 3, width: 3 - 2 * index })),
  history: [],
  options: { epochs: 2 },
  data: { source: 'rows', rows: 5, trainRows: 4, validationRows: 1, fingerprint: 'f' },
  versions: { polytask: '0', libtorch: '0' },
  parameters: 7,
  summary: 'a summary',
};

/** The report of an epoch, as native code writes it. */
const report = (epoch) => ({
  epoch,
  epochs: 9,
  loss: 1 / epoch,
  learningRate: 0.1,
  seconds: epoch,
  tasks: [['__proto__', { loss: 1, labels: 4 }]],
  validation: { loss: 2, tasks: [['__proto__', { loss: 2, n: 1, accuracy: 1 }]] },
  best: true,
});

/** An error as native code throws it. */
const nativeError = (polytask) => new Error(JSON.stringify({ polytask }));

class NativeModel {
  static fromBuffer(bytes) {
    if (bytes.length === 0) {
      throw nativeError({ code: 'ERR_ARTIFACT', message: 'the file is empty', file: 'x' });
    }
    return new NativeModel();
  }

  describe() {
    return JSON.stringify({ ...description, history: [report(1)] });
  }

  layout() {
    return JSON.stringify({
      numeric: false,
      features: description.features,
      tasks: description.tasks,
    });
  }

  predict(rows) {
    const bad = rows.indexOf(null);
    if (bad >= 0) throw nativeError({ code: 'ERR_ROWS', message: `rows[${bad}]: found null` });
    return Float64Array.from(rows.flatMap((_, row) => [1, 0.25, 0.75, row + 0.5]));
  }

  evaluate(_source, options) {
    const work = { abort() {}, progress: () => [0, 0] };
    return [work, Promise.resolve(JSON.stringify([['__proto__', { n: 1, options }]]))];
  }

  toBuffer() {
    return Buffer.from('bytes');
  }

  async save() {}
}

/** What is a promise to `then`, and has come true already. */
class Done {
  // biome-ignore lint/suspicious/noThenProperty: it stands for a promise
  then(loaded) {
    return loaded(true);
  }
}

const core = {
  NativeModel,
  load: async () => new NativeModel(),
  version: () => '1.2.3',
  // Done at once, so that a training has started when `train` returns.
  preload: () => new Done(),
  preloadNow() {},
  endAll() {},
};

/** The trainings that were started, each with its strings. */
const started = [];

const trainer = {
  start(source, options, wake) {
    const calls = [];
    const waiting = [];
    let settle;
    const finished = new Promise((resolve, reject) => {
      settle = { resolve, reject };
    });
    started.push({
      source,
      options: JSON.parse(options),
      calls,
      /** Leaves reports without a word. */
      leave: (...epochs) => waiting.push(...epochs.map(report)),
      tell: (...epochs) => {
        waiting.push(...epochs.map(report));
        wake();
      },
      resolve: () => settle.resolve(Buffer.from('bytes')),
      reject: (polytask) => settle.reject(nativeError(polytask)),
      rejectWith: (error) => settle.reject(error),
    });
    const native = {
      drain: () => JSON.stringify(waiting.splice(0)),
      stop: () => calls.push('stop'),
      abort: () => calls.push('abort'),
    };
    return [native, finished];
  },
  trainSync(source, options) {
    started.push({ source, options: JSON.parse(options) });
    return Buffer.from('bytes');
  },
  libtorchVersion: () => '0',
};

module.exports = { core, nativeError, started, trainer };
