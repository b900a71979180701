// polytask doctor: whether polytask can work here, and what to do where it cannot.
'use strict';

module.exports = {
  name: 'doctor',
  summary: 'check whether polytask can work here',
  use: ['polytask doctor'],
  explains: [
    'Looks at Node, the system, the processor and libtorch, and says for what is wrong how to mend it. Exits with 1 if something is.',
  ],
  examples: [['before asking for help', 'polytask doctor']],
  takes: [],
  flags: {},

  async run({ output }) {
    // Not through polytask itself, which may be what cannot be loaded.
    const { describe, doctor } = require('../../doctor');
    const report = await doctor();
    output.data(report);
    output.lines([describe(report).trimEnd()]);
    return report.ok ? 0 : 1;
  },
};
