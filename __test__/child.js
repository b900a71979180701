// Runs JavaScript in a process of its own, in the checkout, as a user's script would run.
'use strict';

const { execFile } = require('node:child_process');
const path = require('node:path');

const ROOT = path.join(__dirname, '..');

/** Runs code (CommonJS, or a module with `{ module: true }`); resolves to how it ended. */
function run(code, { args = [], module = false, timeout = 60_000, env = {} } = {}) {
  const kind = module ? ['--input-type=module'] : [];
  return spawn([...kind, '-e', code, '--', ...args], timeout, ROOT, env);
}

/** Runs a file of the checkout, or of another folder, with arguments. */
const runFile = (file, timeout = 120_000, { cwd = ROOT, args = [] } = {}) =>
  spawn([file, ...args], timeout, cwd);

function spawn(args, timeout, cwd = ROOT, more = {}) {
  const options = { cwd, timeout, env: { ...process.env, ...more } };
  return new Promise((resolve) => {
    execFile(process.execPath, args, options, (error, stdout, stderr) => {
      const ended = error
        ? { status: error.code, signal: error.signal }
        : { status: 0, signal: null };
      resolve({ ...ended, stdout, stderr });
    });
  });
}

module.exports = { ROOT, run, runFile };
