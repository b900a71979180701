// The oldest glibc our modules run on. Linked on a newer system they would ask for its newest
// symbols; so they are linked against stand-ins for its libraries that know only what 2.28 knew.
// In: the system's own libraries, through objdump. Out: a folder for the linker to look in first.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { run } = require('./child');
const { atLeast, here } = require('./platform');
const { Problem } = require('./problem');

/** The newest version of each set of symbols that the modules may ask for. */
const CEILING = { GLIBC: '2.28', GLIBCXX: '3.4.25', CXXABI: '1.3.11' };

// What the linker calls a library, the file that is loaded for it, and, where later versions of
// glibc moved it into libc itself, what it held in 2.28.
const LIBRARIES = [
  {
    name: 'pthread',
    soname: 'libpthread.so.0',
    held: /^(_?_?pthread|sem|call_once|cnd|mtx|thrd|tss)_/,
  },
  { name: 'dl', soname: 'libdl.so.2', held: /^dl/ },
  { name: 'rt', soname: 'librt.so.1', held: /^(aio|lio|mq|shm|timer)_/ },
  {
    name: 'util',
    soname: 'libutil.so.1',
    held: /^(openpty|forkpty|login|logout|logwtmp|login_tty)$/,
  },
  { name: 'm', soname: 'libm.so.6' },
  { name: 'stdc++', soname: 'libstdc++.so.6', archive: 'libstdc++.a' },
];
const LIBC = 'libc.so.6';
const LOADER = 'ld-linux-x86-64.so.2';

/** Makes the stand-ins in a folder, once; returns it, or null where the modules do without. */
async function floor(folder) {
  const { name, glibc } = here();
  // Elsewhere what is packed is built on a system as old as those it shall run on.
  if (name !== 'linux-x64' || !atLeast(glibc, CEILING.GLIBC)) return null;
  try {
    return await make(folder, glibc);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    // They work here all the same; it is packing that refuses them.
    console.log(`polytask: the modules will need glibc ${glibc}, since ${error.message}`);
    return null;
  }
}

async function make(folder, glibc) {
  const made = path.join(folder, 'made');
  const stamp = `${glibc} ${fs.statSync(__filename).size} ${fs.statSync(source()).size}\n`;
  if (fs.existsSync(made) && fs.readFileSync(made, 'utf8') === stamp) return folder;
  fs.mkdirSync(folder, { recursive: true });
  const libc = await symbols(LIBC);
  const moved = ({ name, renewed }) => LIBRARIES.find(({ held }) => renewed && held?.test(name));
  for (const { name, soname, held, archive } of LIBRARIES) {
    const known = held ? libc.filter((it) => moved(it)?.soname === soname) : await symbols(soname);
    const file = await standIn(folder, soname, known);
    // What is too new for the shared library is linked in from the static one.
    const all = archive ? [file, await found(archive)] : [file];
    fs.writeFileSync(path.join(folder, `lib${name}.so`), `INPUT(${all.map(quoted).join(' ')})\n`);
  }
  const shared = await standIn(
    folder,
    LIBC,
    libc.filter((it) => !moved(it)),
  );
  const loader = await standIn(folder, LOADER, await symbols(LOADER));
  const own = path.join(folder, 'floor.o');
  await must('cc', ['-O2', '-fPIC', '-c', source(), '-o', own]);
  const all = `${quoted(shared)} ${quoted(own)} AS_NEEDED(${quoted(loader)})`;
  fs.writeFileSync(path.join(folder, 'libc.so'), `INPUT(${all})\n`);
  fs.writeFileSync(made, stamp);
  return folder;
}

const quoted = (file) => `"${file}"`;

const source = () => path.join(__dirname, 'floor.c');

/** What a library of this system offers that the ceiling allows, each in its newest version. */
async function symbols(soname) {
  const offered = listed(await must('objdump', ['-T', await found(soname)])).filter(
    ({ section, set, thread }) => section.startsWith('.') && CEILING[set] && !thread,
  );
  const allowed = new Map();
  const renewed = new Set();
  for (const symbol of offered) {
    const { name, set, version } = symbol;
    // Two libraries became one in 2.34, or a little before: what moved got a new version.
    if (!atLeast(CEILING[set], version)) renewed.add(name);
    else if (!atLeast(allowed.get(name)?.version ?? '0', version)) allowed.set(name, symbol);
  }
  return [...allowed.values()].map((symbol) => ({ ...symbol, renewed: renewed.has(symbol.name) }));
}

/** The symbols that `objdump -T` lists, asked for and offered, without glibc's private ones. */
function listed(text) {
  const found = [];
  for (const line of text.split('\n')) {
    const [, flags, section, version, name] =
      line.match(/^[0-9a-f]+ (.{7}) (\S+)\t[0-9a-f]+ +(?:\(?([A-Z]\w+_[\d.]+)\)? +)?(\S+)$/) ?? [];
    if (!name) continue;
    const [, set, number] = version?.match(/^([A-Z]+)_(\d+(?:\.\d+)*)$/) ?? [];
    found.push({
      name,
      section,
      set,
      version: number,
      weak: flags[1] === 'w',
      data: flags[6] === 'O',
      thread: section === '.tdata' || section === '.tbss',
    });
  }
  return found;
}

/** The symbols a module asks for that are newer than the ceiling, with their versions. */
async function beyond(file) {
  return listed(await must('objdump', ['-T', file]))
    .filter(({ section, set }) => section === '*UND*' && CEILING[set])
    .filter(({ set, version }) => !atLeast(CEILING[set], version))
    .map(({ name, set, version }) => `${name}@${set}_${version}`);
}

// A shared library with these names at these versions and nothing behind them: it is only
// linked against, never loaded.
async function standIn(folder, soname, symbols) {
  const base = path.join(folder, soname);
  const lines = [];
  for (const { name, data } of symbols) {
    lines.push(data ? '.data' : '.text', `.globl "${name}"`);
    lines.push(`.type "${name}", ${data ? '@object' : '@function'}`, `.size "${name}", 8`);
    lines.push(`"${name}": .quad 0`);
  }
  fs.writeFileSync(`${base}.s`, `${lines.join('\n')}\n.section .note.GNU-stack,"",@progbits\n`);
  const nodes = new Map();
  for (const { name, set, version } of symbols) {
    const node = `${set}_${version}`;
    nodes.set(node, [...(nodes.get(node) ?? []), `"${name}";`]);
  }
  const script = [...nodes].map(([node, names]) => `${node} { ${names.join(' ')} };`);
  fs.writeFileSync(`${base}.map`, `${script.join('\n')}\n`);
  await must('cc', [
    '-shared',
    '-nostdlib',
    `-Wl,-soname,${soname}`,
    `-Wl,--version-script,${base}.map`,
    `${base}.s`,
    '-o',
    base,
  ]);
  return base;
}

async function found(file) {
  const at = (await must('cc', [`-print-file-name=${file}`])).trim();
  if (path.isAbsolute(at)) return fs.realpathSync(at);
  throw new Problem(`the compiler here has no ${file}.`);
}

async function must(command, args) {
  const { code, error, stdout, stderr } = await run(command, args);
  if (code === 0) return stdout;
  throw new Problem(`${command} failed here: ${error?.message ?? stderr.trim().split('\n')[0]}.`);
}

module.exports = { CEILING, beyond, floor, listed };
