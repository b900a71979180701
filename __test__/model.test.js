// Saving and loading: the same bits come back, and no libtorch is needed for them.
'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { Model, load, predict, trainSync } = require('..');
const { run } = require('./child');
const { ARTICLE_ROWS, CSV } = require('./iris');

let folder;
let model;
let file;
beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'polytask-model-'));
  file = path.join(folder, 'iris.safetensors');
  model = trainSync(CSV, 10);
  await model.save(file);
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

test('a loaded model is the same model, and the one predict asks', async () => {
  const loaded = await load(file);
  expect(loaded.toJSON()).toEqual(model.toJSON());
  expect(loaded.summary()).toBe(model.summary());
  expect(loaded.predict(ARTICLE_ROWS)).toEqual(model.predict(ARTICLE_ROWS));
  trainSync(CSV, { epochs: 1, seed: 9 });
  await load(file);
  expect(predict(ARTICLE_ROWS)).toEqual(model.predict(ARTICLE_ROWS));
});

test('bytes and file are the same', () => {
  const bytes = model.toBuffer();
  expect(Buffer.isBuffer(bytes)).toBe(true);
  expect(bytes.equals(fs.readFileSync(file))).toBe(true);
  const copies = [bytes, new Uint8Array(bytes)].map((view) => Model.fromBuffer(view));
  for (const copy of copies) {
    expect(copy.predict(ARTICLE_ROWS)).toEqual(model.predict(ARTICLE_ROWS));
  }
});

test('saving over a file leaves nothing beside it', async () => {
  await model.save(file);
  expect(fs.readdirSync(folder)).toEqual(['iris.safetensors']);
});

test('a folder that is not there is an error with its name', async () => {
  const nowhere = path.join(folder, 'no', 'model.safetensors');
  const error = { code: 'ERR_ARTIFACT', message: expect.stringContaining(nowhere) };
  await expect(model.save(nowhere)).rejects.toMatchObject(error);
  await expect(load(nowhere)).rejects.toMatchObject(error);
});

test('a new process gives the same bits without libtorch', async () => {
  const code = `
    const { load, predict } = require('polytask');
    const fs = require('node:fs');
    load(process.argv[1]).then((model) => {
      console.log(JSON.stringify(predict(JSON.parse(process.argv[2]))));
      const modules = Object.keys(require.cache).filter((name) => name.endsWith('.node'));
      console.log(modules.length);
      const linux = process.platform === 'linux';
      console.log(linux && fs.readFileSync('/proc/self/maps', 'utf8').includes('libtorch'));
    });`;
  const args = [file, JSON.stringify(ARTICLE_ROWS)];
  const { status, stdout, stderr } = await run(code, { args });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const [answers, modules, mapped] = stdout.split('\n');
  // JSON keeps every bit of a double.
  expect(JSON.parse(answers)).toEqual(model.predict(ARTICLE_ROWS));
  expect([modules, mapped]).toEqual(['1', 'false']);
});

test('ES modules reach the same things', async () => {
  const code = `
    import polytask, { Model, PolytaskError, load, predict, train, trainSync, version } from 'polytask';
    const model = await load(process.argv[1]);
    console.log(model instanceof Model, typeof trainSync, typeof PolytaskError);
    console.log(polytask.train === train, predict === polytask.predict, version);`;
  const { stdout, stderr } = await run(code, { args: [file], module: true });
  expect(stderr).toBe('');
  const { version } = require('../package.json');
  expect(stdout).toBe(`true function function\ntrue true ${version}\n`);
});
