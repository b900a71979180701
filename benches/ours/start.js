// Loads the wide net from its file and answers one row.
'use strict';

const fs = require('node:fs');
const { memory } = require('../harness/meter');
const { POLYTASK, table } = require('../harness/places');
const { load } = require(POLYTASK);

async function main() {
  const model = await load(table('wide.safetensors'));
  model.predict([Array.from({ length: 64 }, (_, i) => -1 + (2 * i) / 63)]);
  fs.writeSync(1, `READY ${memory('VmHWM')}\n`);
}

main();
