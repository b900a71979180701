// A problem the user can mend: shown as its one sentence, without a stack trace.
'use strict';

class Problem extends Error {}

/** Runs a program's main function; a problem ends it with its sentence and exit code 1. */
function main(program) {
  program().catch((error) => {
    process.exitCode = 1;
    if (error instanceof Problem) console.error(`polytask: ${error.message}`);
    else if (error.syscall) console.error(`polytask: ${sentence(error)}`);
    else console.error(error);
  });
}

// What the system refused us is the user's to mend as well, not a bug of ours.
function sentence(error) {
  return `the system said ${error.message.split('\n')[0]}`;
}

module.exports = { Problem, main };
