// polytask train: a model from CSV files.
'use strict';

const { Usage } = require('../problem');
const { clean } = require('../text');
const training = require('../training');

module.exports = {
  name: 'train',
  summary: 'train a model on CSV files',
  use: ['polytask train DATA.csv … --out MODEL.safetensors [options]'],
  explains: [
    'Trains one network for all targets and writes it to one file. Separator, header, the types of columns and the kinds of tasks are found by looking; a fifth of the rows chooses the best epoch.',
    'DATA.csv is a file, several with the same columns, or - for standard input. Ctrl-C ends the training, saves the best so far and exits with 130; a second one drops it.',
    'A target may be described by its column: --targets.price.type regression --targets.sold.class-weights balanced; polytask help targets lists what can be said.',
  ],
  examples: [
    ['the last column is the target', 'polytask train data.csv --out model.safetensors'],
    [
      'two tasks in one network',
      'polytask train data.csv --target species --target petal_width --epochs 100 --out iris.safetensors',
    ],
    [
      'another preset with widths of your own, balanced tasks',
      'polytask train data.csv -t a -t b -o m.safetensors --model tabm --model.hidden 64,64 --balance upgrad',
    ],
    [
      'rows out of a pipe, events for a program',
      'zcat data.csv.gz | polytask train - --out model.safetensors --json',
    ],
  ],
  takes: [{ what: 'a CSV file, or - for standard input', many: true }],
  flags: { out: training.OUT, ...training.FLAGS },
  options: 'training',

  check({ flags, files }) {
    if (flags.out === undefined) throw new Usage('train needs --out FILE, where the model goes');
    training.checkOut(flags.out, 'train', files);
  },

  async run(call) {
    const { flags, output, interrupt } = call;
    const source = await call.data(call.files);
    const { model, seconds } = await training.train(call, source, call.options);
    await model.save(call.path(flags.out));
    const interrupted = interrupt.signal !== null;
    output.data({ event: 'result', out: flags.out, interrupted, ...training.asData(model) });
    const comparison = model.comparison ? ['', clean(model.comparison.text)] : [];
    output.done(`${flags.out}: ${training.chosen(model, interrupt, seconds)}`, [
      ...training.standing(model),
      ...training.advice(model),
      ...comparison,
    ]);
  },
};
