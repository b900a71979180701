// Fetches libtorch into the cache: pip downloads pinned wheels, unpack_wheels.py cuts the
// CPU-only part out of them. All of it happens in a working folder that is renamed at the end.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const cache = require('./cache');
const { onInterrupt, run } = require('./child');
const { findPython, lastLine } = require('./prerequisites');
const { Problem } = require('./problem');
const { Progress } = require('./progress');

const POLL_MS = 1000;

async function fetch({ recipe, folder, damage }, version) {
  if (damage)
    console.log(`polytask: the libtorch in the cache is damaged (${damage}), fetching it again`);
  const temporary = workingFolder(folder);
  const clear = () => cache.remove(temporary);
  const settled = onInterrupt(clear);
  try {
    checkRoom(temporary, recipe);
    const megabytes = Math.ceil(recipe.downloadBytes / 1e6);
    console.log(
      `polytask: fetching libtorch ${version} with pip, about ${megabytes} MB, once for all checkouts, to ${folder}`,
    );
    const python = await findPython();
    await download(python, recipe, temporary);
    await unpack(python, recipe, temporary, version);
    cache.install(path.join(temporary, 'libtorch'), folder);
  } finally {
    clear();
    settled();
  }
}

function workingFolder(folder) {
  try {
    return cache.makeTemporary(folder);
  } catch (error) {
    throw new Problem(
      `the cache folder ${path.dirname(folder)} cannot be written (${error.code}): ` +
        'set POLYTASK_CACHE to a folder that can, or LIBTORCH to a libtorch that is here already.',
    );
  }
}

function checkRoom(temporary, recipe) {
  const { bavail, bsize } = fs.statfsSync(temporary);
  if (bavail * bsize < roomNeeded(recipe)) throw noRoom(temporary, recipe);
}

// pip copies each wheel once, and clears the first copy only when it ends.
function roomNeeded({ downloadBytes, unpackedBytes }) {
  return downloadBytes + Math.max(downloadBytes, unpackedBytes);
}

function noRoom(temporary, recipe) {
  const gigabytes = (bytes) => (bytes / 1e9).toFixed(1);
  return new Problem(
    `there is not enough room on the disk of ${path.dirname(temporary)} to fetch libtorch, which takes ` +
      `${gigabytes(roomNeeded(recipe))} GB for a moment and ${gigabytes(recipe.unpackedBytes)} GB for good: ` +
      'free some, or set POLYTASK_CACHE to a folder on another disk.',
  );
}

async function download(python, recipe, temporary) {
  const wheels = path.join(temporary, 'wheels');
  const scratch = path.join(temporary, 'pip');
  fs.mkdirSync(scratch);
  const progress = new Progress('downloaded', recipe.downloadBytes);
  const poll = setInterval(() => progress.show(bytesIn(scratch)), POLL_MS);
  const requirements = path.join(__dirname, recipe.requirements);
  const { code, stderr } = await run(
    python,
    [
      ...[
        '-m',
        'pip',
        'download',
        '--quiet',
        '--progress-bar=off',
        '--no-input',
        '--disable-pip-version-check',
      ],
      // Our cache keeps what is needed: a second copy in pip's would only fill the disk.
      ...['--no-cache-dir', '--no-deps', '--only-binary=:all:', ...recipe.pip],
      ...['--require-hashes', '--requirement', requirements, '--dest', wheels],
    ],
    // Nothing gets installed, so a rule to install into virtual environments only does not apply.
    {
      env: { ...process.env, TMPDIR: scratch, PIP_REQUIRE_VIRTUALENV: '0' },
      group: true,
    },
  );
  clearInterval(poll);
  progress.end();
  if (code === 0) return;
  if (/No space left on device/.test(stderr)) throw noRoom(temporary, recipe);
  throw new Problem(
    `pip could not download libtorch (${pipsLastWord(stderr) || `pip ended with code ${code}`}): check the mirror, proxy and ` +
      'certificate settings of pip, which are used as they are, or set LIBTORCH to a libtorch that is here already.',
  );
}

async function unpack(python, recipe, temporary, version) {
  const progress = new Progress('unpacked', recipe.unpackedBytes);
  const { code, stderr } = await run(
    python,
    [
      path.join(__dirname, 'unpack_wheels.py'),
      ...['--plan', JSON.stringify({ version, take: recipe.take, write: recipe.write })],
      ...['--wheels', path.join(temporary, 'wheels')],
      ...['--to', path.join(temporary, 'libtorch'), '--manifest', cache.MANIFEST],
    ],
    {
      group: true,
      onStdout: (text) => progress.show(Number(lastLine(text)) || 0),
    },
  );
  progress.end();
  if (code === 0) return;
  if (/No space left on device/.test(stderr)) throw noRoom(temporary, recipe);
  throw new Problem(
    `libtorch could not be unpacked (${lastLine(stderr) || `python ended with code ${code}`}): ` +
      'nothing was kept, run npm install again.',
  );
}

// The last error pip names; hints and details may follow it.
function pipsLastWord(stderr) {
  return lastLine(stderr.split('\n').findLast((line) => line.startsWith('ERROR: ')) ?? stderr);
}

// Files come and go while they are counted.
function bytesIn(folder) {
  let bytes = 0;
  try {
    for (const name of fs.readdirSync(folder, { recursive: true })) {
      const found = fs.statSync(path.join(folder, name), {
        throwIfNoEntry: false,
      });
      if (found?.isFile()) bytes += found.size;
    }
  } catch {
    // Gone between listing and counting: the next poll sees more.
  }
  return bytes;
}

module.exports = { fetch };
