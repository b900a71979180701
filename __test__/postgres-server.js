// A PostgreSQL server for a test: in a folder of its own, on a socket in that folder and no port.
'use strict';

const { execFileSync, spawn } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { setTimeout: pause } = require('node:timers/promises');
const { Client } = require('pg');

/** The folder of initdb and postgres, or null where there is none. */
function binaries() {
  const installed = '/usr/lib/postgresql';
  const versions = fs.existsSync(installed) ? fs.readdirSync(installed) : [];
  const newest = versions.sort((one, other) => Number(other) - Number(one));
  const folders = [
    ...(process.env.PATH ?? '').split(path.delimiter),
    ...newest.map((version) => path.join(installed, version, 'bin')),
  ];
  const holds = (folder) =>
    ['initdb', 'postgres'].every((name) => fs.existsSync(path.join(folder, name)));
  return folders.find((folder) => folder && holds(folder)) ?? null;
}

/** Who runs the server: PostgreSQL refuses to be root. */
function owner() {
  if (process.getuid() !== 0) return {};
  const id = (kind, name) => Number(execFileSync('id', [kind, name], { stdio: 'pipe' }));
  for (const name of ['postgres', 'nobody']) {
    try {
      return { uid: id('-u', name), gid: id('-g', name) };
    } catch {}
  }
  throw new Error('neither postgres nor nobody is a user here, and PostgreSQL refuses to be root');
}

/** Starts a server; resolves with how to connect to it and how to stop it. */
async function start(bin = binaries()) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'polytask-pg-'));
  const who = owner();
  if (who.uid !== undefined) fs.chownSync(folder, who.uid, who.gid);
  const data = path.join(folder, 'data');
  const env = { ...process.env, LC_ALL: 'C', TZ: 'UTC' };
  const options = { ...who, cwd: folder, env };
  let log = '';
  let child;
  const stop = async () => {
    if (child && child.exitCode === null && child.signalCode === null) {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      // A fast shutdown: sessions are ended, what is committed is kept.
      child.kill('SIGINT');
      await ended;
    }
    fs.rmSync(folder, { recursive: true, force: true });
  };
  try {
    execFileSync(
      path.join(bin, 'initdb'),
      ['-D', data, '-U', 'tester', '-A', 'trust', '-E', 'UTF8', '--no-sync'],
      { ...options, stdio: 'pipe' },
    );
    // No port, and no care for what a crash would lose.
    const settings = ['listen_addresses=', `unix_socket_directories=${folder}`, 'fsync=off'];
    const flags = settings.flatMap((setting) => ['-c', setting]);
    child = spawn(path.join(bin, 'postgres'), ['-D', data, ...flags], options);
    child.stderr.on('data', (text) => {
      log += text;
    });
    const connection = { host: folder, user: 'tester', database: 'postgres' };
    await answering(connection, child, () => log);
    return { connection, pid: child.pid, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Resolves once the server takes connections. */
async function answering(connection, child, log) {
  for (let patience = 150; ; patience--) {
    const client = new Client(connection);
    // Without a listener, a connection that breaks later would end the process.
    client.on('error', () => {});
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      if (patience > 0 && child.exitCode === null) await pause(100);
      else throw new Error(`PostgreSQL did not start: ${error.message}\n${log()}`);
    }
  }
}

module.exports = { binaries, start };
