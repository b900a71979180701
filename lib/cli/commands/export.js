// polytask export: a model as an ONNX file, for other runtimes.
'use strict';

const { Usage } = require('../problem');
const { checkOut } = require('../training');

module.exports = {
  name: 'export',
  summary: 'write a model as ONNX, for other runtimes',
  use: ['polytask export MODEL --out MODEL.onnx'],
  explains: [
    'The whole model, the preparation of its columns included, as one ONNX file: an input for each column, an output for each task.',
  ],
  examples: [['for onnxruntime', 'polytask export model.safetensors --out model.onnx']],
  takes: [{ what: 'a model file' }],
  flags: { out: { type: 'string', short: 'o', value: 'FILE', help: 'where the ONNX file goes' } },

  check({ flags, files }) {
    if (flags.out === undefined)
      throw new Usage('export needs --out FILE, where the ONNX file goes');
    checkOut(flags.out, 'export', files);
  },

  async run({ polytask, flags, files, output, interrupt }) {
    const model = await interrupt.leaving(polytask.load(files[0]));
    await interrupt.leaving(model.exportOnnx(flags.out));
    output.data({ event: 'result', out: flags.out });
    output.done(flags.out);
  },
};
