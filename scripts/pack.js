// Makes the packages that npm installs: `polytask`, and for a target its native modules and its
// libtorch. In: the checkout, built, and `.libtorch`. Out: tarballs in target/packages/.
//
//   npm run pack                      all three, for this machine
//   npm run pack -- --target TRIPLE   the latter two for a target, polytask naming them
//   npm run pack -- --target A --target B --main     polytask alone, naming those of A and B
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { parseArgs } = require('node:util');
const { build } = require('./build');
const { run } = require('./child');
const { beyond } = require('./floor');
const { EXPECTED: LIBTORCH_VERSION, LINK } = require('./libtorch');
const { notices, ofCrates, ofLibtorch } = require('./notices');
const { tripleHere, targets } = require('./platform');
const { Problem, main } = require('./problem');

const ROOT = path.join(__dirname, '..');
const OUT = path.join(ROOT, 'target', 'packages');
const STAGE = path.join(OUT, 'stage');
const NOTICES = 'THIRD-PARTY-NOTICES.txt';

// What users get of the checkout; what of it is not there is left out.
const OURS = [
  'index.js',
  'index.mjs',
  'index.d.ts',
  'index.d.mts',
  'lib',
  'bin',
  'README.md',
  'LICENSE',
];
// What they get of its package.json: nothing that runs when it is installed.
const FIELDS = [
  'name',
  'version',
  'description',
  'keywords',
  'license',
  'type',
  'main',
  'types',
  'exports',
];

const MODULES = ['polytask.node', 'polytask-train.node'];

const own = JSON.parse(fs.readFileSync(path.join(ROOT, 'package.json'), 'utf8'));

const modulesPackage = ({ name }) => `@polytask/${name}`;
const libtorchPackage = ({ os, cpu }) => `@polytask/libtorch-cpu-${os}-${cpu}`;

/** Packs what is asked for; returns `{ name, tarball, packed, unpacked, files }` of each. */
async function pack({ triples = [tripleHere()], mainOnly = false } = {}) {
  const chosen = triples.map((triple) => {
    if (targets[triple]) return { triple, ...targets[triple] };
    throw new Problem(
      `there are no packages for ${triple}: scripts/targets.json has no such target.`,
    );
  });
  fs.mkdirSync(OUT, { recursive: true });
  const made = [await packMain(chosen)];
  for (const target of mainOnly ? [] : chosen) {
    made.push(await packModules(target), await packLibtorch(target));
  }
  fs.rmSync(STAGE, { recursive: true });
  return made;
}

async function packMain(chosen) {
  const folder = fresh('polytask');
  for (const name of OURS) {
    const from = path.join(ROOT, name);
    if (fs.existsSync(from)) fs.cpSync(from, path.join(folder, name), { recursive: true });
  }
  const manifest = Object.fromEntries(FIELDS.map((field) => [field, own[field]]));
  if (fs.existsSync(path.join(folder, 'bin'))) manifest.bin = own.bin;
  manifest.engines = own.engines;
  manifest.optionalDependencies = Object.assign({}, ...chosen.map(wanted));
  return tarball(folder, manifest);
}

/** The packages of a target, by name, with their versions. */
const wanted = (target) => ({
  [modulesPackage(target)]: own.version,
  [libtorchPackage(target)]: LIBTORCH_VERSION,
});

async function packModules(target) {
  const { triple, os, cpu, libc } = target;
  const native = await build({ triple: triple === tripleHere() ? undefined : triple });
  const folder = fresh(target.name);
  for (const name of MODULES) {
    const file = path.join(folder, name);
    fs.copyFileSync(path.join(native, name), file);
    const newer = os === 'linux' ? await beyond(file) : [];
    if (newer.length > 0) {
      throw new Problem(`${name} asks for ${newer.join(', ')}: build it on an older system.`);
    }
  }
  const title = `What others made of the native code of ${modulesPackage(target)}.`;
  const std = {
    of: "Rust's standard library: MIT OR Apache-2.0",
    text: 'Copyright (c) The Rust Project Contributors. Its licence is MIT OR Apache-2.0.',
  };
  fs.writeFileSync(path.join(folder, NOTICES), notices(title, [...(await ofCrates(triple)), std]));
  fs.copyFileSync(path.join(ROOT, 'LICENSE'), path.join(folder, 'LICENSE'));
  return tarball(folder, {
    name: modulesPackage(target),
    version: own.version,
    description: `The native code of polytask for ${target.name}`,
    license: own.license,
    type: own.type,
    exports: Object.fromEntries([...MODULES, 'package.json'].map((it) => [`./${it}`, `./${it}`])),
    ...only(os, cpu, libc),
    // Where packages are linked, not copied, the training module finds libtorch beside its own.
    optionalDependencies: { [libtorchPackage(target)]: LIBTORCH_VERSION },
  });
}

async function packLibtorch(target) {
  const { os, cpu, libc, libraries, notices: extra } = target;
  const from = fs.realpathSync(LINK);
  const title = `What ${libtorchPackage(target)} holds: libtorch ${LIBTORCH_VERSION} and what it is built from.`;
  const told = notices(title, ofLibtorch(from, extra));
  const manifest = {
    name: libtorchPackage(target),
    version: LIBTORCH_VERSION,
    description: `The shared libraries of libtorch ${LIBTORCH_VERSION} for CPUs, with which polytask trains`,
    license: `SEE LICENSE IN ${NOTICES}`,
    type: own.type,
    exports: { './package.json': './package.json' },
    ...only(os, cpu, libc),
  };
  const files = libraries.map((name) => path.join(from, 'lib', name));
  // Half a minute's work, which need not be done again for the same libtorch.
  const inputs = files.map((file) => [file, fs.statSync(file).size, fs.statSync(file).mtimeMs]);
  const known = path.join(OUT, `libtorch-cpu-${os}-${cpu}.json`);
  const key = JSON.stringify([manifest, told, inputs]);
  const before = fs.existsSync(known) ? JSON.parse(fs.readFileSync(known, 'utf8')) : {};
  if (before.key === key && fs.existsSync(before.made.tarball)) return before.made;

  const folder = fresh(`libtorch-cpu-${os}-${cpu}`);
  fs.mkdirSync(path.join(folder, 'lib'));
  for (const file of files) await strip(file, path.join(folder, 'lib', path.basename(file)), os);
  fs.writeFileSync(path.join(folder, NOTICES), told);
  const made = await tarball(folder, manifest);
  fs.writeFileSync(known, JSON.stringify({ key, made }));
  return made;
}

// Yarn must not keep in an archive what the system's loader has to open.
const only = (os, cpu, libc) => ({
  os: [os],
  cpu: [cpu],
  ...(libc ? { libc: [libc] } : {}),
  preferUnplugged: true,
});

// Without the symbols that nobody links with.
async function strip(from, to, os) {
  if (os === 'win32') return fs.copyFileSync(from, to);
  const flags = os === 'darwin' ? ['-x'] : ['--strip-unneeded'];
  const { code, error, stderr } = await run('strip', [...flags, '-o', to, from]);
  if (code !== 0) throw new Problem(`strip failed: ${error?.message ?? stderr.trim()}.`);
}

function fresh(name) {
  const folder = path.join(STAGE, name);
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(folder, { recursive: true });
  return folder;
}

async function tarball(folder, manifest) {
  const { name, version, description } = manifest;
  const readme = path.join(folder, 'README.md');
  if (!fs.existsSync(readme)) {
    fs.writeFileSync(
      readme,
      `# ${name}\n\n${description}. It comes with \`npm install polytask\`.\n`,
    );
  }
  const text = `${JSON.stringify(manifest, null, 2)}\n`;
  fs.writeFileSync(path.join(folder, 'package.json'), text);
  const args = ['pack', folder, `--pack-destination=${OUT}`, '--ignore-scripts', '--json'];
  const { code, stdout, stderr } = await npm(args);
  if (code !== 0) throw new Problem(`npm could not pack ${name}: ${stderr.trim()}`);
  const [{ filename, size, unpackedSize, entryCount }] = Object.values(JSON.parse(stdout));
  const at = path.join(OUT, filename);
  return { name, version, tarball: at, packed: size, unpacked: unpackedSize, files: entryCount };
}

// The npm that runs us, where one does: on Windows its command is not a program to be spawned.
function npm(args) {
  const program = process.env.npm_execpath;
  return program ? run(process.execPath, [program, ...args]) : run('npm', args);
}

/** What was made, as a table. */
function table(made) {
  const mb = (bytes) => `${(bytes / 1e6).toFixed(bytes < 1e6 ? 2 : 1)} MB`.padStart(9);
  const width = Math.max(...made.map(({ name }) => name.length));
  const lines = made.map(
    ({ name, version, packed, unpacked, files }) =>
      `${name.padEnd(width)}  ${version.padEnd(8)}${mb(packed)} packed ${mb(unpacked)} unpacked  ${files} files`,
  );
  return lines.join('\n');
}

async function program() {
  const { target: triples, main: mainOnly } = parseArgs({
    options: { target: { type: 'string', multiple: true }, main: { type: 'boolean' } },
  }).values;
  const made = await pack({ triples, mainOnly });
  console.log(`${table(made)}\nin ${path.relative(process.cwd(), OUT)}`);
}

module.exports = { pack, table };

if (require.main === module) main(program);
