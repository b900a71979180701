// The end that is not well: what was wrong in a sentence, for machines too, and the exit code.
'use strict';

const { place, sentence } = require('./message');
const { Interrupted, Usage } = require('./problem');
const { clean, style } = require('./text');

const FAILED = 1;
const WRONG_USAGE = 2;

/** Says what was wrong, and gives the exit code. */
function fail(error, { call, command, json } = {}) {
  const { code, exit, text, ...where } = judge(error, call);
  const paint = style(process.stderr);
  const shown = error.name === 'PolytaskError' && exit === FAILED ? paint.dim(` [${code}]`) : '';
  process.stderr.write(`${paint.red(paint.bold('polytask:'))} ${clean(text)}${shown}\n`);
  if (exit === WRONG_USAGE) {
    const of = command ? `${command.name} --help` : '--help';
    process.stderr.write(`${paint.dim(`see: polytask ${of}`)}\n`);
  }
  if (json) {
    const told = { event: 'error', code, message: text, ...where, exit };
    process.stdout.write(`${JSON.stringify(told)}\n`);
  }
  return exit;
}

/** What an error is: its `code`, its sentence as `text`, its place, and the `exit` code it makes. */
function judge(error, call) {
  const signal = call?.interrupt.signal;
  if (error instanceof Usage) return { code: 'ERR_USAGE', text: error.message, exit: WRONG_USAGE };
  // What Node itself ends by our signal throws an error of its own.
  if (error instanceof Interrupted || (signal && error.name === 'AbortError')) {
    const text = call.own.out ? 'interrupted; nothing was written' : 'interrupted';
    return { code: 'ERR_ABORTED', text, exit: call.interrupt.code };
  }
  if (error.name === 'PolytaskError') {
    const exit = error.code === 'ERR_OPTIONS' ? WRONG_USAGE : FAILED;
    return { code: error.code, text: sentence(error, call), ...place(error), exit };
  }
  // What the system refused is the user's to mend; the rest is a bug, and where it is helps.
  if (error.syscall) return { code: error.code, text: error.message, exit: FAILED };
  return { code: 'ERR_INTERNAL', text: error.stack ?? String(error), exit: FAILED };
}

module.exports = { fail };
