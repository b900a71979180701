// The net of the `predict` and `start` rows: name, inputs and outputs of each layer. The two hidden
// ones have ReLU, then come a binary, a 5-class and a regression head.
'use strict';

const LAYERS = [
  ['t1', 64, 256],
  ['t2', 256, 128],
  ['bin', 128, 1],
  ['cls', 128, 5],
  ['reg', 128, 1],
];

module.exports = { LAYERS };
