// polytask inspect: what a model file holds.
'use strict';

const { clean } = require('../text');

module.exports = {
  name: 'inspect',
  summary: 'tell what a model file holds',
  use: ['polytask inspect MODEL'],
  explains: [
    'What it was trained on, how its columns and tasks were understood and why, its network, how training went, and what that says of its tasks. --json gives all of it, every epoch too, without the weights.',
  ],
  examples: [
    ['to read', 'polytask inspect model.safetensors'],
    [
      'the columns it expects',
      `polytask inspect model.safetensors --json | jq '[.features[].name]'`,
    ],
  ],
  takes: [{ what: 'a model file' }],
  flags: {},

  async run({ polytask, files, output, interrupt }) {
    const model = await interrupt.leaving(polytask.load(files[0]));
    output.data(model.toJSON());
    const { paint } = output;
    const lines = model.summary().trimEnd().split('\n');
    output.lines(
      lines.map((line) =>
        clean(line).replace(/^(\w+)( +)/, (_, head, gap) => paint.bold(head) + gap),
      ),
    );
    // The summary has the warnings.
    const advice = model.advice().slice(model.warnings.length);
    if (advice.length > 0) output.lines(['', ...advice.map((text) => paint.yellow(clean(text)))]);
  },
};
