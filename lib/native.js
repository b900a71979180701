// The two native modules: the core, loaded at once, and the training module with libtorch,
// loaded by the first training.
'use strict';

const { PolytaskError } = require('./error');
const places = require('./places');

/** The module without libtorch: models, predictions, files. */
function core() {
  try {
    return open('polytask.node');
  } catch (error) {
    throw new PolytaskError('ERR_INTERNAL', `${broken(error)}; ${MORE}`, { cause: cause(error) });
  }
}

// The modules whose work ends with the process.
const heard = new Set();

/** Sees to it that the module's work has ended when the process does, however it comes about. */
function endAtExit(module) {
  if (!heard.has(module)) process.once('exit', () => module.endAll());
  heard.add(module);
}

let loaded = null;

/**
 * The module with libtorch, or a promise of it: loading libtorch takes a while, the first time,
 * and is done in the background, while the files that will be read are fetched.
 */
function trainerSoon(files) {
  if (loaded) return loaded;
  const module = core();
  // The process waits for what is being loaded.
  endAtExit(module);
  // Where none of them can be loaded, `trainer` finds out why.
  return module.preload(libraries(), files).then(trainer);
}

/** The module with libtorch. A failure is not remembered: it is met, and told, each time. */
function trainer() {
  if (loaded) return loaded;
  try {
    // What is loaded already is what the module asks for: it need not find libtorch itself,
    // which in some layouts of `node_modules` it cannot.
    core().preloadNow(libraries());
    const module = open('polytask-train.node');
    loaded = module;
    // libtorch must not be torn down under a training, however the process comes to its end.
    endAtExit(module);
    return module;
  } catch (error) {
    if (error instanceof PolytaskError) throw error;
    const message = `${error instanceof Missing ? broken(error) : withoutLibtorch(error)}; ${MORE}`;
    throw new PolytaskError('ERR_LIBTORCH', message, { cause: cause(error) });
  }
}

const libraries = () => places.libtorch().map(({ file }) => file);

/** There is no such module. */
class Missing extends Error {}

function open(name) {
  const [place] = places.modules(name);
  if (place) return require(place.file);
  throw new Missing(`there is no ${name}`);
}

const MORE = '`npx polytask doctor` tells more';
const SETUP = 'run `npm install` in its checkout';

// What keeps a module from being there, or from loading, and what to do.
function broken(error) {
  const refused = forbidden(error);
  if (refused) return refused;
  if (places.checkout) return `polytask is not built: ${reason(error)}; ${SETUP}`;
  if (!(error instanceof Missing)) return `polytask cannot load its native code: ${reason(error)}`;
  const command = places.install(places.MODULES);
  return command
    ? `polytask's native code for ${places.PLATFORM} is not installed: run \`${command}\``
    : `there is no package of polytask's native code for ${places.PLATFORM}${places.musl() ? ' with musl' : ''}`;
}

/** What the runtime was not allowed to do, and how to allow it; null if that is not the reason. */
function forbidden(error) {
  const load = 'polytask may not load its native code:';
  if (error?.code === 'ERR_DLOPEN_DISABLED') {
    return process.permission
      ? `${load} node runs with --permission, so start it with --allow-addons too`
      : `${load} start node without --no-addons`;
  }
  // Deno names what it asks for, and the flag.
  if (/--allow-ffi|ffi access/i.test(cause(error))) {
    return `${load} start deno with --allow-ffi --allow-read --allow-env --allow-sys`;
  }
  const read =
    error instanceof Missing && process.permission?.has('fs.read', places.ROOT) === false;
  return read ? `${load} start node with --allow-fs-read=${places.ROOT}` : null;
}

function withoutLibtorch(error) {
  const refused = forbidden(error);
  if (refused) return refused;
  const command = places.install([places.LIBTORCH]);
  if (places.checkout || !command || libraries().length > 0)
    return `libtorch could not be loaded: ${reason(error)}${places.checkout ? `; ${SETUP}` : ''}`;
  return `training needs libtorch, which is not installed: run \`${command}\``;
}

const reason = (error) => cause(error).split('\n')[0];

const cause = (error) => String(error?.message ?? error);

module.exports = { core, endAtExit, trainer, trainerSoon };
