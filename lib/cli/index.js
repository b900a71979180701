// The command line: finds the command, reads its words, runs it, and says by the exit code how it
// went: 0 well, 1 with an error of data or model, 2 not at all, for the words were wrong, 130
// interrupted.
'use strict';

const { COMMON, parse } = require('./arguments');
const { commands } = require('./commands');
const help = require('./help');
const { Interrupt } = require('./interrupt');
const { asData, sentence } = require('./message');
const { nearest } = require('./names');
const { PATHS } = require('./options');
const { Output } = require('./output');
const { Interrupted, Usage } = require('./problem');
const { Scratch } = require('./scratch');
const { clean, style } = require('./text');

const WRONG_USAGE = 2;
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
  process.stdout.on('error', (error) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(CLOSED_PIPE);
  });
  const [first, ...rest] = words;
  try {
    if (first === undefined) return say(help.overview(), WRONG_USAGE);
    if (first === '--version' || first === '-v') return say([help.version()]);
    if (['--help', '-h', 'help'].includes(first)) return say(help.about(rest[0]));
    const command = commands.find(({ name }) => name === first);
    if (!command) throw new Usage(unknown(first));
    process.exitCode = await run(command, rest);
  } catch (error) {
    fail(error);
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

/** Says what was wrong, and gives the exit code. */
function fail(error, { call, command, json } = {}) {
  const { text, code } = judge(error, call);
  const paint = style(process.stderr);
  process.stderr.write(`${paint.red(paint.bold('polytask:'))} ${clean(text)}`);
  if (error.code && code !== WRONG_USAGE) process.stderr.write(paint.dim(` [${error.code}]`));
  process.stderr.write('\n');
  if (code === WRONG_USAGE) {
    const of = command ? `${command.name} --help` : '--help';
    process.stderr.write(paint.dim(`see: polytask ${of}\n`));
  }
  const told = { event: 'error', ...asData(error), message: text, exit: code };
  if (json)
    process.stdout.write(`${JSON.stringify({ ...told, code: told.code ?? 'ERR_USAGE' })}\n`);
  process.exitCode = code;
  return code;
}

/** An error's sentence and the exit code it makes. */
function judge(error, call) {
  if (error instanceof Usage) return { text: error.message, code: WRONG_USAGE };
  const interrupt = call?.interrupt;
  const aborted =
    error instanceof Interrupted || (error.name === 'AbortError' && interrupt?.signal);
  if (aborted) return { text: 'interrupted; nothing was written', code: interrupt.code };
  if (error.name === 'PolytaskError') {
    const code = error.code === 'ERR_OPTIONS' ? WRONG_USAGE : 1;
    return { text: sentence(error, call), code };
  }
  // What the system refused is the user's to mend; the rest is a bug, and where it is helps.
  return { text: error.syscall ? error.message : (error.stack ?? String(error)), code: 1 };
}

module.exports = { main };
