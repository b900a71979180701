// Installs the peers of `packages.json` and `requirements.txt`, each npm package in a folder of its
// own, in the folder that PEERS names. One that cannot be installed is told and left out.
//
//     node benches/peers/install.js [python | a folder of packages.json …]
'use strict';

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { PEERS, PYTHON } = require('../harness/places');
const packages = require('./packages.json');

/** Runs a command; whether it went well. */
function run(program, args, cwd = PEERS) {
  console.log(`${program} ${args.join(' ')}`);
  return spawnSync(program, args, { cwd, stdio: 'inherit' }).status === 0;
}

function python() {
  const list = path.join(__dirname, 'requirements.txt');
  return (
    run('python3', ['-m', 'venv', path.join(PEERS, 'py')]) &&
    run(PYTHON, ['-m', 'pip', 'install', '--quiet', '-r', list])
  );
}

function node(name) {
  const folder = path.join(PEERS, 'node', name);
  fs.mkdirSync(folder, { recursive: true });
  const manifest = path.join(folder, 'package.json');
  if (!fs.existsSync(manifest)) fs.writeFileSync(manifest, '{ "private": true }\n');
  // Their scripts fetch what is not needed on a CPU, or from hosts that may be out of reach.
  return run('npm', ['install', '--ignore-scripts', ...packages[name]], folder);
}

function main(wanted) {
  fs.mkdirSync(PEERS, { recursive: true });
  const ways = {
    python,
    ...Object.fromEntries(Object.keys(packages).map((it) => [it, () => node(it)])),
  };
  const names = wanted.length > 0 ? wanted : Object.keys(ways);
  const strange = names.find((name) => !Object.hasOwn(ways, name));
  if (strange) throw new Error(`no peer "${strange}"; there are ${Object.keys(ways).join(', ')}`);
  const failed = names.filter((name) => !ways[name]());
  if (failed.length > 0) console.log(`\nnot installed: ${failed.join(', ')}`);
}

main(process.argv.slice(2));
