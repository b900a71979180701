// Where native code and libtorch lie: in the checkout that built them, or in the packages that
// npm put somewhere beside this one, flat, nested or linked.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const own = require('../package.json');

const ROOT = path.join(__dirname, '..');
const PLATFORM = `${process.platform}-${process.arch}`;

// npm installs only the one for the C library at hand.
const MODULES = (process.platform === 'linux' ? ['-gnu', '-musl'] : ['']).map(
  (libc) => `@polytask/${PLATFORM}${libc}`,
);
const LIBTORCH = `@polytask/libtorch-cpu-${PLATFORM}`;

// The packages this one asks for, by name: as published it has them, a checkout has none.
const WANTED = own.optionalDependencies ?? {};

/** Whether this is a checkout, which builds what it needs. */
const checkout = fs.existsSync(path.join(ROOT, 'Cargo.toml'));

/** Every place that has the module, the one to load first: `{ file, from, version }`. */
const modules = (name) => places(path.join(ROOT, 'native', name), MODULES, name);

/** Every place that has libtorch: the same, `file` being its main library. */
function libtorch() {
  const name = { darwin: 'libtorch_cpu.dylib', win32: 'torch_cpu.dll' }[process.platform];
  const file = path.join('lib', name ?? 'libtorch_cpu.so');
  return places(path.join(ROOT, '.libtorch', file), [LIBTORCH], file);
}

function places(built, packages, inside) {
  const found = [{ file: built, from: 'this checkout', version: own.version }];
  for (const name of packages) {
    const manifest = resolve(`${name}/package.json`);
    if (!manifest) continue;
    const file = path.join(path.dirname(manifest), inside);
    found.push({ file, from: name, version: require(manifest).version });
  }
  return found.filter(({ file }) => fs.existsSync(file));
}

function resolve(name) {
  try {
    return require.resolve(name);
  } catch {
    return null;
  }
}

/** The version of glibc here, or null where there is none. */
function glibc() {
  if (process.platform !== 'linux') return null;
  // The network part of a report can take seconds and is of no use here; whoever else asks for
  // one gets what was set.
  const { excludeNetwork } = process.report;
  process.report.excludeNetwork = true;
  const { glibcVersionRuntime } = process.report.getReport().header;
  process.report.excludeNetwork = excludeNetwork;
  return glibcVersionRuntime ?? null;
}

/** Whether this is a Linux with musl, for which there are no packages. */
const musl = () => process.platform === 'linux' && !glibc();

/** The command that installs the one of these packages that is made for here, or null. */
function install(packages) {
  if (musl()) return null;
  const name = packages.find((it) => WANTED[it]);
  return name ? `npm install ${name}@${WANTED[name]}` : null;
}

module.exports = {
  LIBTORCH,
  MODULES,
  PLATFORM,
  ROOT,
  checkout,
  glibc,
  install,
  libtorch,
  modules,
  musl,
  own,
};
