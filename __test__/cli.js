// Runs the program `polytask` as a shell would: in a folder of its own, with pipes for its streams.
'use strict';

const { execFile, spawn } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { CSV } = require('./iris');

const PROGRAM = path.join(__dirname, '..', 'bin', 'polytask.js');

/** A folder for a test, which holds `iris.csv` and a folder for temporary files. */
class Folder {
  constructor() {
    this.at = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'polytask-cli-')));
    this.temporary = path.join(this.at, 'temporary');
    fs.mkdirSync(this.temporary);
    fs.copyFileSync(CSV, this.path('iris.csv'));
  }

  path(name) {
    return path.join(this.at, name);
  }

  write(name, text) {
    fs.writeFileSync(this.path(name), text);
    return name;
  }

  read(name) {
    return fs.readFileSync(this.path(name), 'utf8');
  }

  has(name) {
    return fs.existsSync(this.path(name));
  }

  /** What lies where temporary files go. */
  left() {
    return fs.readdirSync(this.temporary);
  }

  get env() {
    const { NO_COLOR, FORCE_COLOR, ...env } = process.env;
    return { ...env, TMPDIR: this.temporary, TERM: 'xterm-256color', LANG: 'C.UTF-8' };
  }

  /**
   * Starts the program. `input` is its standard input, `null` leaves that open; `heard` is called
   * with all of standard error so far, and the child, as it comes.
   */
  start(args, { input = '', env = {}, heard = () => {} } = {}) {
    const child = spawn(process.execPath, [PROGRAM, ...args], {
      cwd: this.at,
      env: { ...this.env, ...env },
    });
    const said = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr']) {
      child[stream].setEncoding('utf8').on('data', (text) => {
        said[stream] += text;
        heard(said, child);
      });
    }
    // A program that does not read its input may be gone before it is written.
    child.stdin.on('error', () => {});
    if (input !== null) child.stdin.end(input);
    const ended = new Promise((resolve) => {
      child.on('close', (code, signal) => resolve({ code, signal, ...said }));
    });
    return { child, ended };
  }

  run(args, options) {
    return this.start(args, options).ended;
  }

  /** Runs lines of a shell that knows `polytask`; ends at the first that fails, in a pipe too. */
  shell(code) {
    if (!this.has('polytask')) {
      this.write('polytask', `#!/bin/sh\nexec '${process.execPath}' '${PROGRAM}' "$@"\n`);
      fs.chmodSync(this.path('polytask'), 0o755);
    }
    const env = { ...this.env, PATH: `${this.at}${path.delimiter}${process.env.PATH}` };
    return new Promise((resolve) => {
      execFile(
        'bash',
        ['-eo', 'pipefail', '-c', code],
        { cwd: this.at, env },
        (error, stdout, stderr) => resolve({ code: error?.code ?? 0, stdout, stderr }),
      );
    });
  }

  remove() {
    fs.rmSync(this.at, { recursive: true, force: true });
  }
}

/** The lines of NDJSON. */
const ndjson = (text) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

module.exports = { Folder, PROGRAM, ndjson };
