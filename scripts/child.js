// Child processes of the set-up, and what has to be undone when it is interrupted:
// a signal stops the children first, then runs the undo steps, then ends this process.
'use strict';

const { spawn } = require('node:child_process');

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const PATIENCE_MS = 3000;

const children = new Set();
const undos = new Set();
let listening = false;
let ending = false;

/**
 * Runs a command to its end: `{ code, signal, stdout, stderr }`, or `{ error }` when it could
 * not be started. `inherit` names the streams that go to the terminal instead of the result;
 * `onStdout` gets standard output as it comes. `group` gives the child a process group of its
 * own, so that stopping it reaches what it started: cargo's compilers, or pip behind a wrapper.
 */
function run(
  command,
  args,
  { env = process.env, cwd, inherit = [], group = false, onStdout } = {},
) {
  const own = group && process.platform !== 'win32';
  const stdio = [
    'ignore',
    ...['stdout', 'stderr'].map((s) => (inherit.includes(s) ? 'inherit' : 'pipe')),
  ];
  listen();
  return new Promise((resolve) => {
    const child = spawn(command, args, { env, cwd, stdio, detached: own });
    const result = { code: null, signal: null, stdout: '', stderr: '' };
    const entry = { child, own };
    children.add(entry);
    for (const stream of ['stdout', 'stderr']) {
      child[stream]?.setEncoding('utf8').on('data', (text) => {
        if (stream === 'stdout' && onStdout) onStdout(text);
        else result[stream] += text;
      });
    }
    const settle = (outcome) => {
      children.delete(entry);
      // Interrupted, nobody goes on with what is left of the work.
      if (!ending) resolve({ ...result, ...outcome });
    };
    child.on('error', (error) => settle({ error }));
    child.on('close', (code, signal) => settle({ code, signal }));
  });
}

/** Registers what an interruption has to undo; the returned function takes it back. */
function onInterrupt(undo) {
  undos.add(undo);
  return () => undos.delete(undo);
}

function listen() {
  if (listening) return;
  listening = true;
  for (const signal of SIGNALS) process.on(signal, () => interrupted(signal));
}

async function interrupted(signal) {
  if (ending) return;
  ending = true;
  stop('SIGTERM');
  const patience = Date.now() + PATIENCE_MS;
  while (children.size > 0 && Date.now() < patience) await new Promise((r) => setTimeout(r, 20));
  stop('SIGKILL');
  for (const undo of undos) attempt(undo);
  // Ended by the same signal, so that npm and shells see an interruption, not a failure.
  for (const name of SIGNALS) process.removeAllListeners(name);
  process.kill(process.pid, signal);
}

function stop(signal) {
  for (const { child, own } of children) {
    attempt(() => process.kill(own ? -child.pid : child.pid, signal));
  }
}

// What fails here is gone already, and an interruption goes on to its end.
function attempt(step) {
  try {
    step();
  } catch {}
}

module.exports = { run, onInterrupt };
