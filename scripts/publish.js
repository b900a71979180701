// Publishes the tarballs of target/packages/: first those that polytask names, then polytask,
// so that nobody installs it while they are missing. What is published already is left alone,
// as libtorch is by most releases. Run by the release workflow.
'use strict';

const { execFileSync, spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const FOLDER = path.join(__dirname, '..', 'target', 'packages');

/** The tarballs in the order to publish them in: `{ name, version, file }`. */
function inOrder(found) {
  return [...found].sort((a, b) => (a.name === 'polytask') - (b.name === 'polytask'));
}

function read(file) {
  const text = execFileSync('tar', ['-xzOf', file, 'package/package.json'], { encoding: 'utf8' });
  const { name, version } = JSON.parse(text);
  return { name, version, file };
}

function program() {
  const files = fs.readdirSync(FOLDER).filter((name) => name.endsWith('.tgz'));
  for (const { name, version, file } of inOrder(files.map((it) => read(path.join(FOLDER, it))))) {
    const known = spawnSync('npm', ['view', `${name}@${version}`, 'version'], { encoding: 'utf8' });
    if (known.status === 0 && known.stdout.trim() === version) {
      console.log(`${name} ${version} is published already`);
      continue;
    }
    execFileSync('npm', ['publish', file, '--access=public'], { stdio: 'inherit' });
  }
}

module.exports = { inOrder };

if (require.main === module) program();
