// Checkpoints across processes: one that is killed at any moment is gone on from by the next, and
// what comes out is what an undisturbed run gives.
'use strict';

const { spawn } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { load, train, trainSync } = require('polytask');
const { ROOT } = require('./child');
const { CSV } = require('./iris');

// Small steps, so that most of the time goes into writing checkpoints, as is worst for them.
const options = {
  epochs: 300,
  targets: ['species', 'petal_width'],
  model: { hidden: [16] },
  earlyStopping: false,
  seed: 7,
};

const SCRIPT = `
  const { train } = require('polytask');
  const [csv, options, model] = process.argv.slice(1);
  const onEpoch = ({ epoch }) => console.log(epoch);
  train(csv, { ...JSON.parse(options), onEpoch }).then((trained) => trained.save(model));`;

let folder;
let whole;

beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'polytask-resume-'));
  whole = await train(CSV, options);
}, 60_000);

afterAll(() => fs.rmSync(folder, { recursive: true }));

const at = (name) => path.join(folder, name);

/** Trains in a process of its own, which `told` may kill when it hears of an epoch. */
function run(more, model, told = () => {}) {
  return new Promise((resolve) => {
    const args = ['-e', SCRIPT, '--', CSV, JSON.stringify({ ...options, ...more }), model];
    const child = spawn(process.execPath, args, { cwd: ROOT });
    const epochs = [];
    const errors = [];
    child.stdout.on('data', (chunk) => {
      epochs.push(...String(chunk).trim().split('\n').map(Number));
      told(epochs, child);
    });
    child.stderr.on('data', (chunk) => errors.push(chunk));
    child.on('close', (status, signal) => {
      resolve({ status, signal, epochs, stderr: errors.join('') });
    });
  });
}

/** The bytes of a model's weights, without the metadata, which has seconds in it. */
function weights(bytes) {
  const header = Number(bytes.readBigUInt64LE());
  const { __metadata__, ...tensors } = JSON.parse(bytes.subarray(8, 8 + header));
  return { tensors, data: bytes.subarray(8 + header).toString('hex') };
}

const history = (model) => model.history.map(({ seconds, ...report }) => report);

async function expectWhole(file) {
  const model = await load(file);
  expect(weights(model.toBuffer())).toEqual(weights(whole.toBuffer()));
  expect(history(model)).toEqual(history(whole));
}

test('a process killed in training is gone on from by another', async () => {
  const [checkpoint, model] = [at('killed.checkpoint'), at('killed.safetensors')];
  const killed = await run({ checkpoint: { path: checkpoint } }, model, (epochs, child) => {
    if (epochs.length >= 40) child.kill('SIGKILL');
  });
  expect(killed).toMatchObject({ signal: 'SIGKILL', stderr: '' });
  expect(fs.existsSync(model)).toBe(false);
  const resumed = await run({ resume: checkpoint }, model);
  expect(resumed).toMatchObject({ status: 0, stderr: '' });
  // It goes on where the other was, not from the start.
  expect(resumed.epochs[0]).toBeGreaterThanOrEqual(40);
  // After the last epoch all rows are learnt anew.
  expect(resumed.epochs).toContain(300);
  await expectWhole(model);
}, 60_000);

test('killed again and again, while it writes too, it never leaves a broken file', async () => {
  const [checkpoint, model] = [at('again.checkpoint'), at('again.safetensors')];
  const more = { checkpoint: { path: checkpoint }, resume: true };
  let kills = 0;
  for (let delay = 3; !fs.existsSync(model); delay = (delay * 7) % 53) {
    const ended = await run(more, model, (_, child) => {
      // Once under way, after some milliseconds more: somewhere within a step or a write.
      if (kills < 12) setTimeout(() => child.kill('SIGKILL'), delay);
    });
    expect(ended.stderr).toBe('');
    kills += ended.signal === 'SIGKILL';
    expect(kills).toBeLessThan(13);
  }
  expect(kills).toBeGreaterThan(3);
  await expectWhole(model);
  // What the killed writers left half-written is gone.
  const left = fs.readdirSync(folder).filter((name) => name.includes('again'));
  expect(left.sort()).toEqual(['again.checkpoint', 'again.safetensors']);
}, 120_000);

test('a stopped and an aborted training leave their last whole epoch', async () => {
  const checkpoint = { path: at('stopped.checkpoint') };
  const training = train(CSV, { ...options, checkpoint, onEpoch: () => training.stop() });
  const stopped = await training;
  expect(stopped.history.length).toBeLessThan(300);

  const controller = new AbortController();
  const epochs = [];
  const onEpoch = ({ epoch }) => epochs.push(epoch) === 20 && controller.abort(new Error('enough'));
  const aborted = train(CSV, {
    ...options,
    checkpoint,
    resume: checkpoint.path,
    signal: controller.signal,
    onEpoch,
  });
  await expect(aborted).rejects.toThrow('enough');
  expect(epochs[0]).toBeGreaterThan(1);

  const model = trainSync(CSV, { ...options, resume: checkpoint.path });
  await model.save(at('stopped.safetensors'));
  await expectWhole(at('stopped.safetensors'));
  // And it is no model file.
  await expect(load(checkpoint.path)).rejects.toMatchObject({
    code: 'ERR_ARTIFACT',
    file: checkpoint.path,
    message: expect.stringContaining('is a checkpoint, not a model file'),
  });
}, 60_000);

test('what cannot be gone on from says why', async () => {
  const checkpoint = { path: at('refused.checkpoint') };
  await train(CSV, { ...options, epochs: 2, checkpoint });
  const refused = (more) => train(CSV, { ...options, epochs: 2, resume: checkpoint.path, ...more });
  await expect(refused({ seed: 8 })).rejects.toMatchObject({
    code: 'ERR_OPTIONS',
    option: 'seed',
    message: expect.stringContaining('the checkpoint was made with 7, found 8'),
  });
  await expect(refused({ resume: at('none') })).rejects.toMatchObject({
    code: 'ERR_ARTIFACT',
    file: at('none'),
    message: expect.stringContaining('no such file'),
  });
  await expect(refused({ resume: true })).rejects.toMatchObject({
    code: 'ERR_OPTIONS',
    option: 'resume',
  });
  await expect(
    train(
      [
        [1, 'a'],
        [2, 'b'],
      ],
      { resume: checkpoint.path },
    ),
  ).rejects.toMatchObject({
    code: 'ERR_ARTIFACT',
    message: expect.stringMatching(/was made of data with the fingerprint \w+, this data has \w+/),
  });
});
