// The per-user cache of libtorch folders. A folder appears in it by one rename, whole and
// with a manifest, or not at all; work in progress lies beside it under a name that tells
// which process owns it.
'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const MANIFEST = 'polytask-manifest.json';
const DAY_MS = 24 * 60 * 60 * 1000;

function root(env = process.env, platform = process.platform) {
  if (env.POLYTASK_CACHE) return path.resolve(env.POLYTASK_CACHE);
  if (platform === 'win32') {
    return path.join(env.LOCALAPPDATA || path.join(os.homedir(), 'AppData', 'Local'), 'polytask');
  }
  if (env.XDG_CACHE_HOME) return path.join(env.XDG_CACHE_HOME, 'polytask');
  return path.join(os.homedir(), platform === 'darwin' ? 'Library/Caches' : '.cache', 'polytask');
}

function folder(version, platformName) {
  return path.join(root(), `libtorch-${version}-cpu-${platformName}`);
}

/** What is wrong with a cached folder, or null when every file of its manifest is there, whole. */
function damage(final) {
  let files;
  try {
    files = Object.entries(JSON.parse(fs.readFileSync(path.join(final, MANIFEST), 'utf8')).files);
  } catch {
    return 'its manifest cannot be read';
  }
  for (const [name, { bytes }] of files) {
    const found = fs.statSync(path.join(final, name), {
      throwIfNoEntry: false,
    });
    if (!found) return `${name} is missing`;
    if (found.size !== bytes) return `${name} has ${found.size} bytes instead of ${bytes}`;
  }
  return null;
}

/** A new, empty working folder of this process, on the same disk as the final one. */
function makeTemporary(final) {
  fs.mkdirSync(path.dirname(final), { recursive: true });
  const temporary = `${prefix(final)}${os.hostname()}.${process.pid}`;
  remove(temporary);
  fs.mkdirSync(temporary);
  return temporary;
}

/** Removes the working folders of processes that died before they could. */
function clearLeftovers(final) {
  const parent = path.dirname(final);
  const start = path.basename(prefix(final));
  if (!fs.statSync(parent, { throwIfNoEntry: false })?.isDirectory()) return;
  for (const name of fs.readdirSync(parent)) {
    if (name.startsWith(start) && isDead(path.join(parent, name), name.slice(start.length))) {
      remove(path.join(parent, name));
    }
  }
}

/** Moves a finished working folder into place, unless another process was faster. */
function install(temporary, final) {
  if (fs.existsSync(final)) {
    if (damage(final) === null) return;
    fs.renameSync(final, path.join(path.dirname(temporary), `${path.basename(temporary)}.old`));
    remove(`${temporary}.old`);
  }
  try {
    fs.renameSync(temporary, final);
  } catch (error) {
    if (damage(final) !== null) throw error;
  }
}

function prefix(final) {
  return path.join(path.dirname(final), `.${path.basename(final)}.tmp.`);
}

function isDead(at, owner) {
  const [, host, pid] = owner.match(/^(.*)\.(\d+)(?:\.old)?$/) ?? [];
  if (host === os.hostname() && Number(pid) !== process.pid && !isAlive(Number(pid))) return true;
  // Another machine's or container's process is out of sight, and numbers are used again:
  // nothing takes a day, though.
  const found = fs.statSync(at, { throwIfNoEntry: false });
  return found !== undefined && Date.now() - found.mtimeMs > DAY_MS;
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function remove(at) {
  fs.rmSync(at, { recursive: true, force: true, maxRetries: 5 });
}

module.exports = {
  MANIFEST,
  root,
  folder,
  damage,
  makeTemporary,
  clearLeftovers,
  install,
  remove,
};
