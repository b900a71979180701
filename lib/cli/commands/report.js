// polytask report: a model as a page to look at, or how much each column matters, for programs.
'use strict';

const { Usage } = require('../problem');
const { waiting } = require('../progress');
const { checkOut } = require('../training');

module.exports = {
  name: 'report',
  summary: 'write a page of charts about a model',
  use: ['polytask report MODEL [--source DATA.csv] --out REPORT.html'],
  explains: [
    'One HTML file that opens from disk: what was trained on what, learning curves, and with --source, labelled rows, also confusions, residuals, calibration and how much each column matters.',
    'With --json and without --out it prints how much each column of --source matters to each task.',
  ],
  examples: [
    ['a page', 'polytask report model.safetensors --source test.csv --out report.html'],
    ['for a program', 'polytask report model.safetensors --source test.csv --json'],
  ],
  takes: [{ what: 'a model file' }],
  flags: {
    source: {
      type: 'string',
      short: 's',
      value: 'FILE',
      help: 'labelled rows, - for standard input',
    },
    by: { type: 'string', value: 'COLUMN', help: 'scores of each group of this column, too' },
    out: { type: 'string', short: 'o', value: 'FILE', help: 'where the page goes' },
  },
  options: 'reading',

  check({ flags, files }) {
    if (flags.out !== undefined) {
      const read = flags.source === undefined ? files : [...files, flags.source];
      return checkOut(flags.out, 'report', read);
    }
    if (flags.by !== undefined) throw new Usage('--by goes with --out');
    if (!flags.json) throw new Usage('report needs --out FILE, where the page goes');
    if (flags.source === undefined) throw new Usage('report --json needs --source or --out');
  },

  async run(call) {
    const { polytask, flags, files, output, interrupt, options } = call;
    const model = await interrupt.leaving(polytask.load(files[0]));
    const [source] = flags.source === undefined ? [] : await call.data([flags.source]);
    if (flags.out === undefined) {
      output.data(await interrupt.leaving(model.importance(source, options)));
      return;
    }
    const given = { ...options, source, by: flags.by };
    const page = model.report(call.path(flags.out), given);
    const { quiet } = output;
    await waiting(process.stderr, `writing ${flags.out}`, interrupt.leaving(page), { quiet });
    output.data({ event: 'result', out: flags.out });
    output.done(flags.out);
  },
};
