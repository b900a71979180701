// From the start of a process to its first answer, over and over: the command's standard output
// has a line `READY MB` as soon as it has answered, MB being its peak of memory.
//
//     node benches/harness/cold.js command [argument …]
'use strict';

const { spawn } = require('node:child_process');
const { emit, watch } = require('./meter');
const { median } = require('./statistics');

const TIMES = 9;

function once(program, args) {
  return new Promise((resolve, reject) => {
    const began = process.hrtime.bigint();
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let answer;
    child.stdout.setEncoding('utf8').on('data', (text) => {
      const [, mb] = text.match(/^READY ([\d.]+)/m) ?? [];
      answer ??= mb && { ms: Number(process.hrtime.bigint() - began) / 1e6, mb: Number(mb) };
    });
    child.on('error', reject);
    child.on('close', (code) => {
      if (answer && code === 0) resolve(answer);
      else reject(new Error(`${program} ended with ${code}, without an answer`));
    });
  });
}

async function main([program, ...args]) {
  const stop = watch();
  const runs = [];
  for (let i = 0; i < TIMES; i++) runs.push(await once(program, args));
  const { others } = stop();
  // The first one warms the page cache.
  const warm = runs.slice(1);
  emit({
    ms: median(warm.map(({ ms }) => ms)),
    mb: median(warm.map(({ mb }) => mb)),
    first_ms: runs[0].ms,
    other_cores_busy: others,
  });
}

main(process.argv.slice(2));
