// What `require('polytask')` takes: milliseconds, and MB that were not there before.
'use strict';

const { emit, memory } = require('../harness/meter');
const { POLYTASK } = require('../harness/places');

const before = memory('VmRSS');
const began = performance.now();
require(POLYTASK);
const ms = performance.now() - began;
emit({ ms, mb: memory('VmRSS') - before });
