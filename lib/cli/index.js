// The command line: finds the command, reads its words, runs it, and says by the exit code how it
// went: 0 well, 1 with an error of data or model, 2 not at all, for the words were wrong, 130
// interrupted.
'use strict';

const { COMMON, parse } = require('./arguments');
const { commands } = require('./commands');
const help = require('./help');
const { Interrupt } = require('./interrupt');
const { fail } = require('./failure');
const { nearest } = require('./names');
const { PATHS } = require('./options');
const { Output } = require('./output');
const { Interrupted, Usage } = require('./problem');
const { Scratch } = require('./scratch');

const CLOSED_PIPE = 141;

/** Everything a command is run with. */
class Call {
  constructor({ flags, files, options, written }, command) {
    this.flags = flags;
    this.files = files;
    this.options = options;
    this.written = written;
    this.own = { ...COMMON, ...command.flags };
    this.output = new Output(flags);
    this.interrupt = new Interrupt().listen();
    this.scratch = new Scratch();
  }

  /** polytask itself, loaded only where it is needed. */
  get polytask() {
    return require('../..');
  }

  /** Files of data with `-` read in; the paths among the options then still lead where they did. */
  async data(files) {
    if (files.filter((file) => file === '-').length > 1) {
      throw new Usage('standard input can be read once: give - once');
    }
    if (!files.includes('-')) return files;
    if (process.stdin.isTTY) this.output.note('reading standard input, to Ctrl-D');
    const input = await this.scratch.standardInput(this.interrupt.aborted);
    this.#resolveOptions();
    return files.map((file) => (file === '-' ? input : this.path(file)));
  }

  #resolveOptions() {
    for (const option of PATHS) {
      const steps = option.split('.');
      const last = steps.pop();
      const within = steps.reduce((options, step) => options?.[step], this.options);
      if (typeof within?.[last] === 'string') within[last] = this.path(within[last]);
    }
  }

  /** A path the user gave. */
  path(file) {
    return this.scratch.resolve(file);
  }
}

/** Runs the program; sets the exit code. */
async function main(words) {
  // A reader that has seen enough, as `head`, ends us as it ends others.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error) => {
      if (error.code !== 'EPIPE') throw error;
      process.exit(CLOSED_PIPE);
    });
  }
  const [first, ...rest] = words;
  try {
    if (first === undefined) return say(help.overview(), 2);
    if (first === '--version' || first === '-v') return say([help.version()]);
    if (['--help', '-h', 'help'].includes(first)) return say(help.about(rest[0]));
    const command = commands.find(({ name }) => name === first);
    if (!command) throw new Usage(unknown(first));
    process.exitCode = await run(command, rest);
  } catch (error) {
    process.exitCode = fail(error);
  }
}

function say(lines, code = 0) {
  const stream = code === 0 ? process.stdout : process.stderr;
  stream.write(`${lines.join('\n')}\n`);
  process.exitCode = code;
}

function unknown(word) {
  const near = nearest(
    word,
    commands.map(({ name }) => name),
  );
  const hint = near ? `did you mean ${near}?` : `there are ${help.names()}`;
  return `unknown command ${JSON.stringify(word)}; ${hint}`;
}

async function run(command, words) {
  let call = null;
  try {
    const parsed = parse(words, command);
    if (parsed.flags.help) {
      say(help.of(command));
      return 0;
    }
    command.check?.(parsed);
    call = new Call(parsed, command);
    const code = await command.run(call);
    return call.interrupt.signal ? call.interrupt.code : (code ?? 0);
  } catch (error) {
    const json = call ? call.flags.json : words.includes('--json');
    const code = fail(error, { call, command, json });
    // Work that cannot be ended is not waited for.
    if (error instanceof Interrupted) process.exit(code);
    return code;
  } finally {
    call?.scratch.remove();
  }
}

module.exports = { main };
