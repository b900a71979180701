// A pretend checkout for the tests of the set-up: the real scripts, a PATH that holds only
// pretend tools, tiny wheels, a home and a cache of its own.
'use strict';

const { execFileSync, spawn } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const ROOT = path.join(__dirname, '..');

const TOOLS = {
  'c++': '',
  // Answers like cargo: a version, where it builds, and a message that names what it built.
  cargo: `
    case "$1" in
      --version) echo "cargo \${CARGO_SAYS:-1.95.0} (0 2026-01-01)" ;;
      metadata) echo "{\\"target_directory\\":\\"$PRETEND/target\\"}" ;;
      build)
        echo "$* LIBTORCH_USE_PYTORCH=$LIBTORCH_USE_PYTORCH" >> "$PRETEND/cargo.log"
        [ -z "$CARGO_FAILS" ] || { echo "error: it does not compile" >&2; exit 101; }
        case "$*" in *no-default-features*) kind=predict ;; *) kind=train ;; esac
        echo "{\\"reason\\":\\"compiler-artifact\\",\\"target\\":{\\"name\\":\\"polytask\\",\\"kind\\":[\\"cdylib\\"]},\\"filenames\\":[\\"$PRETEND/$kind.so\\"]}" ;;
    esac`,
  // The real Python, but for pip (told by PIP what to do) and for unpacking when UNPACK says so.
  python3: `
    hang() { touch "$PRETEND/hanging"; while kill -0 "$PPID" 2>/dev/null; do sleep 0.05; done; exit 1; }
    case "$*" in
      "-m pip --version") [ "$PIP" != none ]; exit ;;
      "-m pip download"*)
        echo "$*" >> "$PRETEND/pip.log"
        [ "$PIP" != real ] || exec "$REAL_PYTHON" "$@"
        [ "$PIP" != fails ] || { printf 'WARNING: Retrying\\nERROR: No matching distribution found for torch==2.13.0\\n' >&2; exit 1; }
        [ "$PIP" != full ] || { echo "ERROR: [Errno 28] No space left on device" >&2; exit 1; }
        for last; do :; done
        echo half > "$TMPDIR/half.whl"
        [ "$PIP" != hangs ] || hang
        cp -r "$PRETEND/wheels" "$last" ;;
      *unpack_wheels.py*)
        [ -z "$UNPACK" ] || { for last; do [ "$was" = --to ] && mkdir -p "$last/lib"; was=$last; done; hang; }
        exec "$REAL_PYTHON" "$@" ;;
      *) exec "$REAL_PYTHON" "$@" ;;
    esac`,
};

const REAL_PYTHON = firstLine('python3', ['-c', 'import sys; print(sys.executable)']);

function firstLine(command, args) {
  try {
    return execFileSync(command, args, { encoding: 'utf8' }).trim();
  } catch {
    return null;
  }
}

let emptyModule;
function compile(at) {
  const source =
    'extern "C" void* napi_register_module_v1(void*, void* exports) { return exports; }\n';
  fs.writeFileSync(`${at}.cc`, source);
  execFileSync(process.env.CXX || 'c++', ['-shared', '-fPIC', '-o', `${at}.so`, `${at}.cc`]);
  return fs.readFileSync(`${at}.so`);
}

class Checkout {
  constructor() {
    this.at = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'polytask-setup-')));
    this.cache = path.join(this.at, 'cache');
    this.libtorch = path.join(this.cache, 'libtorch-2.13.0-cpu-linux-x64');
    for (const folder of ['bin', 'home', 'clone']) fs.mkdirSync(path.join(this.at, folder));
    for (const [name, script] of Object.entries(TOOLS)) this.tool(name, script);
    this.clone('clone');
    this.modules();
    this.wheels();
  }

  /** Another clone of the repository, which shares the cache. */
  clone(name) {
    fs.cpSync(path.join(ROOT, 'scripts'), path.join(this.at, name, 'scripts'), {
      recursive: true,
    });
    fs.copyFileSync(path.join(ROOT, 'Cargo.toml'), path.join(this.at, name, 'Cargo.toml'));
    this.recipe(
      (recipe) => Object.assign(recipe, { downloadBytes: 1000, unpackedBytes: 1000 }),
      name,
    );
  }

  recipe(change, name = 'clone') {
    const at = path.join(this.at, name, 'scripts', 'libtorch.json');
    const data = JSON.parse(fs.readFileSync(at, 'utf8'));
    change(data.recipes['linux-x64']);
    fs.writeFileSync(at, JSON.stringify(data));
  }

  tool(name, script) {
    const text = `#!/bin/sh\nPATH=/usr/bin:/bin\n${script}\n`;
    fs.writeFileSync(path.join(this.at, 'bin', name), text, { mode: 0o755 });
  }

  removeTool(name) {
    fs.rmSync(path.join(this.at, 'bin', name));
  }

  // Two modules that Node loads, and that differ.
  modules() {
    emptyModule ??= compile(path.join(this.at, 'module'));
    for (const kind of ['predict', 'train']) {
      fs.writeFileSync(
        path.join(this.at, `${kind}.so`),
        Buffer.concat([emptyModule, Buffer.from(kind)]),
      );
    }
  }

  /** Tiny wheels, one of their files not what the RECORD says if named. */
  wheels(falsified) {
    const requirements = path.join(this.at, 'clone', 'scripts', 'libtorch-linux-x64.txt');
    const args = [
      path.join(__dirname, 'setup-wheels.py'),
      path.join(this.at, 'wheels'),
      requirements,
    ];
    execFileSync(REAL_PYTHON, falsified ? [...args, falsified] : args);
  }

  /** A libtorch of a version outside the cache. */
  otherLibtorch(name, version) {
    const files = {
      'lib/libtorch_cpu.so': '',
      'lib/libtorch.so': '',
      'lib/libc10.so': '',
      'include/torch/csrc/api/include/torch/torch.h': '',
      'version.py': `from typing import Optional\n\n__version__ = '${version}+cu130'\n`,
    };
    return this.files(name, files);
  }

  files(name, files) {
    const folder = path.join(this.at, name);
    for (const [file, text] of Object.entries(files)) {
      fs.mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
      fs.writeFileSync(path.join(folder, file), text);
    }
    return folder;
  }

  /** Starts a script of the checkout; `ended` resolves to `{ code, signal, stdout, stderr }`. */
  start(env = {}, { script = 'setup.js', clone = 'clone', node = [], args = [] } = {}) {
    const program = path.join(this.at, clone, 'scripts', script);
    const child = spawn(process.execPath, [...node, program, ...args], {
      cwd: path.join(this.at, clone),
      env: {
        PATH: path.join(this.at, 'bin'),
        HOME: path.join(this.at, 'home'),
        POLYTASK_CACHE: this.cache,
        PRETEND: this.at,
        REAL_PYTHON,
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const ended = new Promise((resolve) => {
      const result = { stdout: '', stderr: '' };
      for (const stream of ['stdout', 'stderr']) {
        child[stream].setEncoding('utf8').on('data', (text) => {
          result[stream] += text;
        });
      }
      child.on('close', (code, signal) => resolve({ ...result, code, signal }));
    });
    return { child, ended };
  }

  run(env, options) {
    return this.start(env, options).ended;
  }

  /** Waits until a pretend tool hangs where it was told to. */
  async hanging() {
    const marker = path.join(this.at, 'hanging');
    while (!fs.existsSync(marker)) await new Promise((resolve) => setTimeout(resolve, 10));
    fs.rmSync(marker);
  }

  log(tool) {
    const at = path.join(this.at, `${tool}.log`);
    return fs.existsSync(at) ? fs.readFileSync(at, 'utf8').trim().split('\n') : [];
  }

  linked(name = 'clone') {
    return fs.realpathSync(path.join(this.at, name, '.libtorch'));
  }

  inCache() {
    return fs.existsSync(this.cache) ? fs.readdirSync(this.cache) : [];
  }

  remove() {
    fs.rmSync(this.at, { recursive: true, force: true });
  }
}

module.exports = { Checkout, REAL_PYTHON };
