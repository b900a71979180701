// A bare machine to install on: an empty home, empty caches, and a PATH with node alone on it,
// no cargo, compiler or Python.
'use strict';

const { spawn } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const ROOT = path.join(__dirname, '..', '..');

class Machine {
  constructor(registry) {
    this.root = fs.mkdtempSync(path.join(os.tmpdir(), 'polytask-pack-'));
    this.registry = registry;
    const bin = path.join(this.root, 'bin');
    fs.mkdirSync(bin);
    fs.symlinkSync(process.execPath, path.join(bin, 'node'));
    const home = path.join(this.root, 'home');
    fs.mkdirSync(home);
    this.env = {
      PATH: bin,
      HOME: home,
      XDG_CACHE_HOME: path.join(home, 'cache'),
      POLYTASK_CACHE: path.join(home, 'polytask'),
      npm_config_registry: registry,
      npm_config_cache: path.join(home, 'npm'),
      npm_config_store_dir: path.join(home, 'pnpm'),
      npm_config_ignore_scripts: 'true',
      npm_config_audit: 'false',
      npm_config_fund: 'false',
      npm_config_update_notifier: 'false',
    };
  }

  /** An empty project with the data to train on; returns its folder. */
  project(name) {
    const folder = path.join(this.root, name);
    fs.mkdirSync(folder);
    fs.writeFileSync(path.join(folder, 'package.json'), '{ "private": true }\n');
    fs.copyFileSync(path.join(ROOT, 'data', 'iris.csv'), path.join(folder, 'iris.csv'));
    return folder;
  }

  /** Runs node in a project; resolves to `{ status, stdout, stderr }`. */
  node(folder, ...args) {
    return new Promise((resolve, reject) => {
      const child = spawn(process.execPath, args, { cwd: folder, env: this.env });
      const ended = { stdout: '', stderr: '' };
      for (const stream of ['stdout', 'stderr']) {
        child[stream].setEncoding('utf8').on('data', (text) => {
          ended[stream] += text;
        });
      }
      child.on('error', reject);
      child.on('close', (code, signal) => resolve({ status: code ?? signal, ...ended }));
    });
  }

  remove() {
    fs.rmSync(this.root, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** The bytes of all files in a folder, as its files say; what is linked counts once. */
function size(folder) {
  let bytes = 0;
  const seen = new Set();
  for (const entry of fs.readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const { ino, size } = fs.statSync(path.join(entry.parentPath ?? entry.path, entry.name));
    if (!seen.has(ino)) bytes += size;
    seen.add(ino);
  }
  return bytes;
}

module.exports = { Machine, ROOT, size };
