// Builds the two native modules with cargo, checks that they load and copies them to native/:
// polytask.node predicts and knows no libtorch, polytask-train.node trains. With
// `--target TRIPLE` they are built for another machine, and copied to native/TRIPLE/.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { parseArgs } = require('node:util');
const { run } = require('./child');
const { floor } = require('./floor');
const { LINK } = require('./libtorch');
const { here, tripleHere } = require('./platform');
const { findCargo, lastLine, missing } = require('./prerequisites');
const { Problem, main } = require('./problem');

const ROOT = path.join(__dirname, '..');

const MODULES = [
  // A target folder of its own: cargo keeps one library per folder, so that two feature
  // sets in one would build each other away on every run.
  {
    file: 'polytask.node',
    features: ['--no-default-features', '--features', 'node'],
    target: 'predict',
  },
  { file: 'polytask-train.node', features: [], target: '', train: true },
];

/** Builds the modules, for this machine or a target; returns the folder they are in. */
async function build({ train = true, triple } = {}) {
  const root = await targetFolder();
  const to = path.join(ROOT, 'native', triple ?? '');
  const oldest = triple ? null : await floor(path.join(root, 'floor'));
  for (const module of MODULES) {
    if (train || !module.train) await buildOne(module, { root, to, triple, oldest });
  }
  return to;
}

async function buildOne({ file, features, target, train }, { root, to, triple, oldest }) {
  const args = [
    'build',
    '--release',
    '--message-format=json-render-diagnostics',
    '--target-dir',
    path.join(root, target),
    ...(triple ? ['--target', triple] : []),
    ...features,
  ];
  const env = oldest ? { POLYTASK_FLOOR: oldest } : {};
  const { code, stdout } = await cargo(args, { inherit: ['stderr'], env });
  const library = libraryIn(stdout);
  if (code !== 0 || !library) {
    throw new Problem(`cargo could not build ${file}: what it said is above.`);
  }
  const module = path.join(to, file);
  const changed = copyWhenDifferent(library, module);
  // What is built for another machine cannot be tried here.
  if (!triple) await checkLoads(module, train);
  console.log(`polytask: ${path.relative(ROOT, module)} is ${changed ? 'built' : 'up to date'}`);
}

async function targetFolder() {
  const { code, stdout, stderr } = await cargo(['metadata', '--no-deps', '--format-version=1']);
  if (code !== 0) throw new Problem(`cargo cannot read Cargo.toml (${lastLine(stderr)}).`);
  return JSON.parse(stdout).target_directory;
}

function cargo(args, { inherit = [], env: more = {} } = {}) {
  const command = findCargo();
  const env = { ...process.env, ...more };
  env.PATH = [env.PATH, path.dirname(command)].join(path.delimiter);
  // torch-sys would go and import PyTorch; `.libtorch` leads to the same one.
  delete env.LIBTORCH_USE_PYTORCH;
  return run(command, args, { cwd: ROOT, env, inherit, group: true });
}

// The path of our shared library among cargo's messages, one JSON object a line.
function libraryIn(messages) {
  for (const line of messages.split('\n')) {
    if (!line.startsWith('{')) continue;
    const { reason, target, filenames } = JSON.parse(line);
    if (
      reason === 'compiler-artifact' &&
      target.name === 'polytask' &&
      target.kind.includes('cdylib')
    ) {
      return filenames.find((name) => /\.(so|dylib|dll)$/.test(name));
    }
  }
  return null;
}

// Renamed into place: a Node process that runs may have the old module mapped.
function copyWhenDifferent(from, to) {
  const bytes = fs.readFileSync(from);
  if (fs.existsSync(to) && fs.readFileSync(to).equals(bytes)) return false;
  fs.mkdirSync(path.dirname(to), { recursive: true });
  const beside = `${to}.${process.pid}.tmp`;
  fs.writeFileSync(beside, bytes);
  fs.renameSync(beside, to);
  return true;
}

async function checkLoads(module, train) {
  const program =
    'try { require(process.argv[1]) } catch (e) { console.error(e.message.split("\\n")[0]); process.exit(1) }';
  const { code, signal, stderr } = await run(process.execPath, ['-e', program, module]);
  if (code === 0) return;
  const why = lastLine(stderr) || `it ended with ${signal ?? code}`;
  const cause = train
    ? `: see that the libtorch at ${fs.realpathSync(LINK)} has all that it needs.`
    : '.';
  throw new Problem(`native/${path.basename(module)} was built but does not load (${why})${cause}`);
}

async function program() {
  const { target } = parseArgs({ options: { target: { type: 'string' } } }).values;
  // Built for this machine, they can be tried, and belong where they are looked for.
  const triple = target === tripleHere() ? undefined : target;
  const sentences = await missing();
  if (sentences.length > 0) throw new Problem(sentences.join('\npolytask: '));
  const train = triple ? !triple.includes('musl') : !here().musl;
  if (train && !fs.existsSync(LINK))
    throw new Problem('this checkout has no libtorch yet: run npm install first.');
  await build({ train, triple });
}

module.exports = { build };

if (require.main === module) main(program);
