// What loading a peer takes: milliseconds, and MB that were not there before.
'use strict';

const { emit, memory, options, peer } = require('../harness/meter');

const given = options({ folder: 'ort', package: 'onnxruntime-node' });
process.env.TF_CPP_MIN_LOG_LEVEL = '2';

const before = memory('VmRSS');
const began = performance.now();
peer(given.folder, given.package);
const ms = performance.now() - began;
emit({ ms, mb: memory('VmRSS') - before });
