// docs/deploy.md: what it packs for AWS Lambda answers by itself, and what its images copy is all
// that the service and the training need.
'use strict';

const { execFileSync, spawn } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { trainSync } = require('..');
const { blocks } = require('../scripts/readme');
const { PREDICTING, sizes } = require('../scripts/sizes');
const { ROOT, runFile } = require('./child');
const { CSV } = require('./iris');

// Processes and servers take their time where the machine is busy.
jest.setTimeout(60_000);

const page = fs.readFileSync(path.join(ROOT, 'docs', 'deploy.md'), 'utf8');
const shown = (lang, text) =>
  blocks(page).find((block) => block.lang === lang && block.code.includes(text)).code;

let folder;
let model;
beforeAll(() => {
  model = trainSync(CSV, 2);
});
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'polytask-deploy-'));
});
afterEach(() => fs.rmSync(folder, { recursive: true }));

const sizeOf = (at) =>
  fs.statSync(at).isDirectory()
    ? fs.readdirSync(at).reduce((sum, name) => sum + sizeOf(path.join(at, name)), 0)
    : fs.statSync(at).size;

test('what is packed for Lambda is small, and answers without libtorch', async () => {
  const env = { ...process.env, TO: folder };
  execFileSync('bash', ['-e', '-c', shown('sh', 'node_modules/polytask/native')], {
    cwd: ROOT,
    env,
  });
  fs.writeFileSync(path.join(folder, 'handler.mjs'), shown('js', 'export async function handler'));
  await model.save(path.join(folder, 'model.safetensors'));
  fs.writeFileSync(
    path.join(folder, 'call.mjs'),
    `import { readFileSync } from 'node:fs';
     import { handler } from './handler.mjs';
     const rows = [[5.1, 3.5, 1.4, 0.2]];
     const text = JSON.stringify({ rows });
     const base64 = { body: Buffer.from(text).toString('base64'), isBase64Encoded: true };
     for (const event of [{ body: text }, base64, { body: '{' }, { body: '{"rows":[[1]]}' }]) {
       const { statusCode, body } = await handler(event);
       console.log(statusCode, body);
     }
     console.log(/libtorch/.test(readFileSync('/proc/self/maps', 'latin1')));`,
  );
  const { status, stdout, stderr } = await runFile('call.mjs', 60_000, { cwd: folder });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const answer = `200 ${JSON.stringify({ predictions: model.predict([[5.1, 3.5, 1.4, 0.2]]) })}`;
  const lines = stdout.trim().split('\n');
  expect(lines.slice(0, 2)).toEqual([answer, answer]);
  expect(lines[2]).toMatch(/^400 .*ERR_JSON/);
  expect(lines[3]).toMatch(/^400 .*ERR_ROWS.*rows\[0\]: 1 cells/);
  expect(lines[4]).toBe('false');
  expect(sizeOf(folder)).toBeLessThan(8e6);
});

test('the size of what predicts is what the page says, to a quarter', () => {
  // If not: node scripts/sizes.js --write
  const [, said] = page.match(/\| \*\*predicting, all of it\*\* +\| ([\d.]+) MB/);
  const { bytes } = sizes(PREDICTING);
  expect(Math.abs(Number(said) * 1e6 - bytes) / bytes).toBeLessThan(0.25);
});

/** Does in `folder` what the last stage of a Dockerfile copies; a package installed is a link. */
function copied(dockerfile) {
  const [, last] = dockerfile.split(/^FROM .*\n(?![\s\S]*^FROM )/m);
  const app = path.join(folder, 'app');
  const places = { '/polytask': ROOT, '/libtorch': path.join(ROOT, '.libtorch') };
  for (const [, text] of last.matchAll(/^COPY --from=build (.*)$/gm)) {
    const names = text.split(' ');
    const to = names.pop();
    const target = to.startsWith('/') ? path.join(folder, to) : path.join(app, to);
    fs.mkdirSync(target, { recursive: true });
    for (const name of names) {
      const from = name.replace(/^\/\w+/, (place) => places[place]);
      // The whole folder, which is not copied where it is large.
      if (name === '/libtorch') fs.symlinkSync(path.join(from, 'lib'), path.join(target, 'lib'));
      else if (fs.statSync(from).isDirectory()) fs.cpSync(from, target, { recursive: true });
      else fs.copyFileSync(from, path.join(target, path.basename(from)));
    }
  }
  const [, wanted = ''] = last.match(/^RUN npm install (.*)$/m) ?? [];
  for (const name of wanted.split(' ').filter((word) => /^[a-z]/.test(word))) {
    const [package_] = name.split('@');
    const link = path.join(app, 'node_modules', package_);
    fs.mkdirSync(path.dirname(link), { recursive: true });
    fs.symlinkSync(path.join(ROOT, 'node_modules', package_), link);
  }
  return app;
}

test('what the image for predicting copies is a service', async () => {
  const app = copied(shown('dockerfile', 'serve.js'));
  // Its module is built without the one that trains.
  fs.rmSync(path.join(app, 'node_modules', 'polytask', 'native', 'polytask-train.node'));
  const file = path.join(folder, 'model.safetensors');
  await model.save(file);
  const env = { ...process.env, HOST: '127.0.0.1', PORT: '0' };
  const child = spawn(process.execPath, ['serve.js', file], { cwd: app, env });
  try {
    const address = await new Promise((resolve, reject) => {
      let said = '';
      child.stdout.on('data', (text) => {
        said += text;
        const [found] = said.match(/http:\S+/) ?? [];
        if (found) resolve(found);
      });
      child.stderr.on('data', (text) => reject(new Error(String(text))));
      child.once('exit', (code) => reject(new Error(`it ended with ${code}`)));
    });
    expect((await (await fetch(`${address}/health`)).json()).status).toBe('ok');
  } finally {
    child.kill('SIGKILL');
  }
});

test('what the image for training copies trains', async () => {
  const app = copied(shown('dockerfile', 'worker.js'));
  const { status, stdout, stderr } = await runFile('worker.js', 60_000, { cwd: app });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toMatch(/answered 150 rows/);
});
