// The two native modules: the core, loaded at once, and the training module with libtorch,
// loaded by the first training.
'use strict';

const path = require('node:path');
const { PolytaskError } = require('./error');

/** The module without libtorch: models, predictions, files. */
function core() {
  try {
    return require('../native/polytask.node');
  } catch (error) {
    const message = `polytask is not built: ${reason(error)}; run \`npm install\` in its checkout`;
    throw new PolytaskError('ERR_INTERNAL', message, { cause: String(error?.message ?? error) });
  }
}

// The modules whose work ends with the process.
const heard = new Set();

/** Sees to it that the module's work has ended when the process does, however it comes about. */
function endAtExit(module) {
  if (!heard.has(module)) process.once('exit', () => module.endAll());
  heard.add(module);
}

// Where libtorch may lie, as the training module itself looks for it (build.rs).
const platform = `${process.platform}-${process.arch}`;
const FOLDERS = [
  '../.libtorch/lib',
  `../../libtorch-cpu-${platform}/lib`,
  `../../../libtorch-cpu-${platform}/lib`,
];
const LIBRARY = process.platform === 'darwin' ? 'libtorch_cpu.dylib' : 'libtorch_cpu.so';

let loaded = null;

/**
 * The module with libtorch, or a promise of it: loading libtorch takes a while, the first time,
 * and is done in the background.
 */
function trainerSoon() {
  if (loaded) return loaded;
  const libraries = FOLDERS.map((folder) => path.join(__dirname, folder, LIBRARY));
  // Where none of them can be loaded, `trainer` finds out why.
  return core().preload(libraries).then(trainer);
}

/** The module with libtorch. A failure is not remembered: it is met, and told, each time. */
function trainer() {
  try {
    const module = require('../native/polytask-train.node');
    loaded = module;
    // libtorch must not be torn down under a training, however the process comes to its end.
    endAtExit(module);
    return module;
  } catch (error) {
    const message = `libtorch could not be loaded: ${reason(error)}; run \`npm install\` in polytask's checkout`;
    throw new PolytaskError('ERR_LIBTORCH', message, { cause: String(error?.message ?? error) });
  }
}

const reason = (error) => String(error?.message ?? error).split('\n')[0];

module.exports = { core, endAtExit, trainer, trainerSoon };
