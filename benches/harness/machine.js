// What the figures were taken on, in one line.
'use strict';

const os = require('node:os');
const { ourVersion } = require('./contenders');

function machine() {
  const [{ model }] = os.cpus();
  return {
    cpu: model.trim(),
    cores: os.availableParallelism(),
    memoryGb: Math.round(os.totalmem() / 2 ** 30),
    system: `${os.type()} ${os.release()}`,
    node: process.version,
    polytask: ourVersion(),
    load: os.loadavg()[0],
    date: new Date().toISOString().slice(0, 10),
  };
}

/** The same in words, with how it was measured. */
function inWords({ machine: it, rounds, command }) {
  const hardware = `${it.cpu}, ${it.cores} cores, ${it.memoryGb} GB, ${it.system}`;
  const software = `Node ${it.node}, polytask ${it.polytask}`;
  const way = `${rounds} ${rounds === 1 ? 'round' : 'rounds'}, load ${it.load.toFixed(1)} at the start`;
  return `${hardware}, ${software}, ${it.date}; ${way}; \`${command}\``;
}

module.exports = { inWords, machine };
