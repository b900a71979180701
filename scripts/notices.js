// The notices that packages must carry of what others made: of libtorch and all it was built
// from, and of the crates that our native modules are built from. Each text stands there once.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { run } = require('./child');
const { findCargo } = require('./prerequisites');
const { Problem } = require('./problem');

const ROOT = path.join(__dirname, '..');
const RULE = '='.repeat(80);

/** One text of notices, from parts `{ of, text }`: what is said of several is said once. */
function notices(title, parts) {
  const texts = new Map();
  for (const { of, text } of parts) {
    const key = text.replace(/\r/g, '').trim();
    texts.set(key, [...(texts.get(key) ?? []), of]);
  }
  const sections = [...texts].map(
    ([text, names]) => `${RULE}\n${[...new Set(names)].join('\n')}\n${RULE}\n\n${text}\n`,
  );
  return `${title}\n\n${sections.join('\n')}`;
}

/** The parts of libtorch, from the licences that came with it. */
function ofLibtorch(folder, extra) {
  // Beside its own, if we cut it out of its wheel; else as pip installs it.
  const beside = fs.readdirSync(path.dirname(folder)).find((it) => /^torch-.*dist-info$/.test(it));
  const root = [
    path.join(folder, 'licenses'),
    path.join(folder, '..', beside ?? '', 'licenses'),
  ].find((it) => fs.existsSync(it));
  if (!root) throw new Problem(`the licences of the libtorch in ${folder} are not there.`);
  const files = fs.readdirSync(root, { recursive: true, withFileTypes: true });
  const parts = files
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name))
    .sort()
    .map((file) => ({
      of: path.relative(root, path.dirname(file)).replaceAll('\\', '/'),
      text: fs.readFileSync(file, 'utf8'),
    }));
  // What was built into it without a licence beside it.
  for (const [of, file] of Object.entries(extra)) {
    parts.push({ of, text: fs.readFileSync(path.join(__dirname, 'notices', file), 'utf8') });
  }
  return parts;
}

/** The parts of our native modules: the crates in them, both modules taken together. */
async function ofCrates(triple) {
  const tree = await cargo(
    ...['tree', '--edges=normal,no-proc-macro', '--prefix=none', '--no-dedupe'],
    ...[`--target=${triple}`, '--format={p}\t{l}'],
  );
  const { packages } = JSON.parse(await cargo('metadata', '--format-version=1'));
  const folders = new Map(
    packages.map((it) => [`${it.name} v${it.version}`, path.dirname(it.manifest_path)]),
  );
  const parts = [];
  for (const line of [...new Set(tree.trim().split('\n'))].sort()) {
    const [crate, license] = line.split('\t');
    const name = crate.split(' ').slice(0, 2).join(' ');
    if (name.startsWith('polytask ')) continue;
    const texts = licences(folders.get(name), license);
    const of = `${name.replace(' v', ' ')}: ${license}`;
    if (texts.length === 0) parts.push({ of, text: `Its licence is ${license}.` });
    for (const text of texts) parts.push({ of, text });
  }
  return parts;
}

// The licences in a crate's folder; of a choice that has MIT in it, MIT.
function licences(folder, license) {
  const names = fs
    .readdirSync(folder)
    .filter((name) => /^(licen[sc]e|copying|copyright|notice|unlicense)/i.test(name))
    .sort();
  const mit = names.filter((name) => /mit/i.test(name));
  const chosen = /^[^()]*\bMIT\b[^()]*$/.test(license) && mit.length > 0 ? mit : names;
  return chosen
    .map((name) => path.join(folder, name))
    .filter((file) => fs.statSync(file).isFile())
    .map((file) => fs.readFileSync(file, 'utf8'));
}

async function cargo(...args) {
  const { code, stdout, stderr } = await run(findCargo(), args, { cwd: ROOT });
  if (code !== 0) throw new Problem(`cargo cannot list what we build from (${stderr.trim()}).`);
  return stdout;
}

module.exports = { notices, ofCrates, ofLibtorch };
