// Files between the program and its pipes: standard input is written to one, so that its columns
// can be looked at before they are read, and predictions for standard output to another, since
// they come whole or not at all. They are the user's alone and gone when the process is.
'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { pipeline } = require('node:stream/promises');

const INPUT = 'standard input';

class Scratch {
  #folder = null;
  #from = process.cwd();

  get #at() {
    if (this.#folder === null) {
      this.#folder = fs.mkdtempSync(path.join(os.tmpdir(), 'polytask-'));
      process.once('exit', () => this.remove());
    }
    return this.#folder;
  }

  /** The path of a new file. */
  file(name) {
    return path.join(this.#at, name);
  }

  /**
   * Takes in standard input; gives the path of what came. From then on paths must be `resolve`d:
   * the process is where that file is, so that messages, and the model, call it by its name.
   */
  async standardInput(signal) {
    const file = this.file(INPUT);
    await pipeline(process.stdin, fs.createWriteStream(file, { flags: 'wx', mode: 0o600 }), {
      signal,
    });
    process.chdir(this.#at);
    if (!isGzip(INPUT)) return INPUT;
    // Files are told by their names.
    fs.renameSync(INPUT, `${INPUT}.gz`);
    return `${INPUT}.gz`;
  }

  /** A path as the user meant it. */
  resolve(file) {
    return process.cwd() === this.#from ? file : path.resolve(this.#from, file);
  }

  remove() {
    if (this.#folder === null) return;
    // The folder that a process is in cannot be removed everywhere.
    process.chdir(this.#from);
    fs.rmSync(this.#folder, { recursive: true, force: true });
    this.#folder = null;
  }
}

function isGzip(file) {
  const first = Buffer.alloc(2);
  const handle = fs.openSync(file);
  fs.readSync(handle, first, 0, 2, 0);
  fs.closeSync(handle);
  return first[0] === 0x1f && first[1] === 0x8b;
}

module.exports = { Scratch };
