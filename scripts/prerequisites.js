// The tools a build from source needs, and the sentence for each that is missing.
'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { atLeast } = require('./platform');
const { run } = require('./child');

const ROOT = path.join(__dirname, '..');
const NODE_MAJOR = 20;

/** One sentence for every tool that is missing; `python` when libtorch has to be fetched. */
async function missing({ python = false } = {}) {
  const sentences = await Promise.all([node(), cargo(), compiler(), python ? pip() : null]);
  return sentences.filter(Boolean);
}

function node() {
  if (Number(process.versions.node.split('.')[0]) >= NODE_MAJOR) return null;
  return `this is Node ${process.versions.node} and polytask needs ${NODE_MAJOR} or newer: install one from your package manager or with nvm.`;
}

async function cargo() {
  const hint =
    'install the Rust toolchain with rustup (or "rustup update" if you have it) and run npm install again';
  const command = findCargo();
  if (!command) return `there is no cargo here, which compiles the native modules: ${hint}.`;
  const { code, stdout, stderr } = await run(command, ['--version'], {
    cwd: ROOT,
  });
  const found = stdout.match(/cargo (\d+\.\d+\.\d+)/);
  if (code !== 0 || !found) return `cargo does not run (${lastLine(stderr)}): ${hint}.`;
  const needed = fs
    .readFileSync(path.join(ROOT, 'Cargo.toml'), 'utf8')
    .match(/^rust-version\s*=\s*"([\d.]+)"/m)[1];
  if (atLeast(found[1], needed)) return null;
  return `this is cargo ${found[1]} and polytask needs ${needed} or newer: ${hint}.`;
}

function compiler() {
  // On Windows the compiler is found through the registry, not on the PATH: cargo says it then.
  if (process.platform === 'win32') return null;
  const named = process.env.CXX;
  const command = named ? named.trim().split(/\s+/)[0] : 'c++';
  if (find(command)) return null;
  return (
    `there is no C++ compiler here (${named ? `CXX names ${command}` : `no ${command} on the PATH`}), which libtorch's ` +
    'bindings need: install one (Debian and Ubuntu: apt install g++, Fedora: dnf install gcc-c++, macOS: xcode-select --install).'
  );
}

async function pip() {
  const python = await findPython();
  const instead = 'or set LIBTORCH to a libtorch that is here already';
  if (!python) {
    return `there is no python3 here, whose pip fetches libtorch: install it (Debian and Ubuntu: apt install python3-pip), set PYTHON to its command, ${instead}.`;
  }
  const { code } = await run(python, ['-m', 'pip', '--version']);
  if (code === 0) return null;
  return `${python} has no pip, which fetches libtorch: install it (Debian and Ubuntu: apt install python3-pip, elsewhere: ${python} -m ensurepip), ${instead}.`;
}

/** The command of a Python 3 that runs: $PYTHON, else an active virtual environment's, else the system's. */
async function findPython(env = process.env) {
  const usual =
    env.VIRTUAL_ENV || process.platform === 'win32' ? ['python', 'python3'] : ['python3'];
  for (const command of env.PYTHON ? [env.PYTHON] : usual) {
    // Run, not only found: Windows has a python.exe that merely opens its shop.
    const { code } = await run(command, ['-c', 'import sys; sys.exit(sys.version_info < (3, 7))']);
    if (code === 0) return command;
  }
  return null;
}

/** Where cargo is, also where rustup puts it but a shell opened earlier does not look yet. */
function findCargo(env = process.env) {
  const home = env.CARGO_HOME || path.join(os.homedir(), '.cargo');
  return find('cargo') ?? find(path.join(home, 'bin', 'cargo'));
}

function find(command, env = process.env) {
  const endings = process.platform === 'win32' ? ['.exe', '.cmd', ''] : [''];
  const folders = command.includes('/') ? [''] : (env.PATH ?? '').split(path.delimiter);
  for (const folder of folders) {
    for (const ending of endings) {
      const at = path.resolve(folder, command + ending);
      if (isProgram(at)) return at;
    }
  }
  return null;
}

function isProgram(at) {
  try {
    fs.accessSync(at, fs.constants.X_OK);
    return fs.statSync(at).isFile();
  } catch {
    return false;
  }
}

function lastLine(text) {
  return text.trim().split('\n').at(-1).trim();
}

module.exports = { missing, findPython, findCargo, lastLine };
