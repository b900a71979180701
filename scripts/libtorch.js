// The libtorch this checkout is built against: where it comes from, whether it is the right
// one, and the link `.libtorch` that cargo's configuration and the module's run path follow.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const cache = require('./cache');
const { version: EXPECTED, recipes } = require('./libtorch.json');
const { here, library, atLeast } = require('./platform');
const { findPython } = require('./prerequisites');
const { Problem } = require('./problem');
const { run } = require('./child');

const LINK = path.join(__dirname, '..', '.libtorch');

const HEADER = 'include/torch/csrc/api/include/torch/torch.h';

// Asks where torch is without importing it, which takes seconds and may fail without a GPU.
const WHERE_IS_TORCH = `
import importlib.util
spec = importlib.util.find_spec("torch")
print(next(iter(spec.submodule_search_locations), "") if spec and spec.submodule_search_locations else "")
`;

/**
 * Where libtorch is to come from: `{ folder, origin }` for one that is there and checked, or
 * `{ fetch: { recipe, folder, damage } }` for one that has to be fetched into the cache, or
 * `{ none }`, the reason, where there cannot be one.
 */
async function source(env = process.env) {
  if (env.LIBTORCH) return checked(path.resolve(env.LIBTORCH), 'LIBTORCH');
  if (env.LIBTORCH_USE_PYTORCH && env.LIBTORCH_USE_PYTORCH !== '0') return fromPython();
  return linked() ?? cachedOrFetched();
}

function checked(folder, origin) {
  const wrong = mismatch(folder);
  if (wrong) {
    throw new Problem(
      `${origin} leads to ${folder}, ${wrong}, and polytask is built for libtorch ${EXPECTED}: ` +
        `give it a folder that holds the lib/ and include/ of libtorch ${EXPECTED}, or unset ${origin}.`,
    );
  }
  return { folder, origin };
}

async function fromPython() {
  const python = await findPython();
  if (!python) {
    throw new Problem(
      'LIBTORCH_USE_PYTORCH is set but there is no python3 here to ask for its PyTorch: ' +
        'install Python 3, set PYTHON to its command, or unset LIBTORCH_USE_PYTORCH.',
    );
  }
  const { stdout } = await run(python, ['-c', WHERE_IS_TORCH]);
  const folder = stdout.trim();
  if (!folder) {
    throw new Problem(
      `LIBTORCH_USE_PYTORCH is set but ${python} has no PyTorch: install torch ${EXPECTED} there, ` +
        'set PYTHON to the command of the Python that has it, or unset LIBTORCH_USE_PYTORCH.',
    );
  }
  return checked(folder, 'LIBTORCH_USE_PYTORCH');
}

// A link made on purpose, with LIBTORCH say, stays in force without having to say so again.
function linked() {
  const target = fs.existsSync(LINK) ? fs.realpathSync(LINK) : null;
  if (!target || path.dirname(target) === realpath(cache.root())) return null;
  const made = fs.existsSync(path.join(target, cache.MANIFEST));
  return mismatch(target) || (made && cache.damage(target))
    ? null
    : { folder: target, origin: 'the link .libtorch' };
}

function cachedOrFetched() {
  const platform = here();
  if (platform.musl)
    return {
      none: 'there is no libtorch for musl, the C library of this system',
    };
  const recipe = recipes[platform.name];
  if (!recipe) {
    throw new Problem(
      `there is no recipe yet to fetch libtorch for ${platform.name}: ` +
        `set LIBTORCH to a folder that holds the lib/ and include/ of libtorch ${EXPECTED}.`,
    );
  }
  if (recipe.glibc && !atLeast(platform.glibc, recipe.glibc)) {
    throw new Problem(
      `libtorch ${EXPECTED} needs glibc ${recipe.glibc} and this system has ${platform.glibc}: use a newer ` +
        `system, or set LIBTORCH to a libtorch ${EXPECTED} that was built for this one.`,
    );
  }
  const folder = cache.folder(EXPECTED, platform.name);
  cache.clearLeftovers(folder);
  if (!fs.existsSync(folder)) return { fetch: { recipe, folder } };
  const damage = cache.damage(folder) ?? mismatch(folder);
  if (damage) return { fetch: { recipe, folder, damage } };
  return { folder, origin: 'the cache' };
}

/** What keeps a folder from being the libtorch we want, as the middle of a sentence, or null. */
function mismatch(folder) {
  if (!fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    return 'which is not a folder';
  const needed = ['torch_cpu', 'torch', 'c10'].map((stem) => `lib/${library(stem)}`);
  const missing = [...needed, HEADER].find((name) => !fs.existsSync(path.join(folder, name)));
  if (missing) return `which has no ${missing}`;
  const found = version(folder);
  if (!found) return 'whose version cannot be told';
  return found === EXPECTED ? null : `which is libtorch ${found}`;
}

/** The version of a libtorch without its build suffix (`+cpu`, `+cu130`), or null. */
function version(folder) {
  const read = (name) => {
    const at = path.join(folder, name);
    return fs.existsSync(at) ? fs.readFileSync(at, 'utf8') : '';
  };
  const headers = [
    'include/torch/headeronly/version.h',
    'include/torch/csrc/api/include/torch/version.h',
  ];
  const found =
    read('build-version').match(/^\s*(\d+\.\d+\.\d+)/) ??
    read('version.py').match(/^__version__ = ['"](\d+\.\d+\.\d+)/m) ??
    headers
      .map((name) => read(name).match(/define TORCH_VERSION\s*\\?\s*"(\d+\.\d+\.\d+)/))
      .find(Boolean);
  return found ? found[1] : null;
}

/** Points `.libtorch` at a folder; says whether anything changed. */
function link(folder) {
  const now = fs.lstatSync(LINK, { throwIfNoEntry: false });
  if (now && realpath(LINK) === realpath(folder)) return false;
  if (now && !now.isSymbolicLink()) {
    throw new Problem(
      '.libtorch is not the link that set-up makes: move it away and run npm install again.',
    );
  }
  // Made beside and renamed over, so that a build running meanwhile never misses it.
  const beside = `${LINK}.${process.pid}`;
  fs.symlinkSync(folder, beside, 'junction');
  if (now && process.platform === 'win32') fs.unlinkSync(LINK);
  fs.renameSync(beside, LINK);
  return true;
}

function realpath(at) {
  return fs.existsSync(at) ? fs.realpathSync(at) : null;
}

module.exports = { EXPECTED, LINK, source, version, mismatch, link };
