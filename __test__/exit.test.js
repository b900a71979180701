// How a process that trains ends: by itself, with the right code, and never in a crash.
'use strict';

const { run } = require('./child');
const { CSV } = require('./iris');

const SETUP = `
  const { train } = require('polytask');
  const csv = process.argv[1];
  const endless = { epochs: 1_000_000, earlyStopping: false };`;

const script = (code) => run(SETUP + code, { args: [CSV] });

test('after training it exits by itself', async () => {
  const ended = await script(`train(csv, 5).then((model) => console.log(model.history.length));`);
  expect(ended).toEqual({ status: 0, signal: null, stdout: '5\n', stderr: '' });
});

test('a training keeps the process alive until it is through', async () => {
  const ended = await script(`train(csv, 5).then(() => console.log('through')); train(csv, 5);`);
  expect(ended).toEqual({ status: 0, signal: null, stdout: 'through\n', stderr: '' });
});

test('after a stop and after an abort it exits by itself', async () => {
  const ended = await script(`
    const controller = new AbortController();
    const { signal } = controller;
    const onEpoch = () => controller.abort(new Error('enough'));
    train(csv, { ...endless, signal, onEpoch }).catch((error) => console.log(error.message));
    const other = train(csv, { ...endless, onEpoch: () => other.stop() });
    other.then(() => console.log('stopped'));`);
  expect(ended).toMatchObject({ status: 0, signal: null, stderr: '' });
  expect(ended.stdout.split('\n').sort()).toEqual(['', 'enough', 'stopped']);
});

test('process.exit during training exits with its code', async () => {
  const ended = await script(`train(csv, { ...endless, onEpoch: () => process.exit(3) });`);
  expect(ended).toEqual({ status: 3, signal: null, stdout: '', stderr: '' });
});

test('process.exit before the first report too', async () => {
  const ended = await script(`train(csv, endless); process.exit(3);`);
  expect(ended).toEqual({ status: 3, signal: null, stdout: '', stderr: '' });
});

test('process.exit with several trainings under way', async () => {
  const ended = await script(`
    for (let seed = 0; seed < 4; seed++) train(csv, { ...endless, seed });
    setTimeout(() => process.exit(4), 100);`);
  expect(ended).toEqual({ status: 4, signal: null, stdout: '', stderr: '' });
});

test('an uncaught exception during training exits with 1', async () => {
  const ended = await script(`
    train(csv, endless);
    setTimeout(() => { throw new Error('mine'); }, 100);`);
  expect(ended).toMatchObject({ status: 1, signal: null });
  expect(ended.stderr).toMatch(/Error: mine/);
});

test('a worker trains, and one that trains can be terminated', async () => {
  const ended = await script(`
    const { Worker } = require('node:worker_threads');
    const start = (epochs) => new Worker(\`
      const { parentPort, workerData } = require('node:worker_threads');
      const options = { epochs: workerData.epochs, earlyStopping: false };
      options.onEpoch = ({ epoch }) => epoch === 1 && parentPort.postMessage('training');
      require('polytask').train(workerData.csv, options).then((model) =>
        parentPort.postMessage(model.history.length));
    \`, { eval: true, workerData: { csv, epochs } });

    const short = start(3);
    short.on('message', (message) => console.log(message));
    short.on('exit', () => {
      const long = start(1_000_000);
      long.on('message', async () => console.log('terminated', await long.terminate()));
      long.on('exit', () => train(csv, 2).then(() => console.log('and the main thread trains')));
    });`);
  expect(ended).toMatchObject({ status: 0, signal: null, stderr: '' });
  expect(ended.stdout.split('\n').sort()).toEqual([
    '',
    '3',
    'and the main thread trains',
    'terminated 1',
    'training',
  ]);
});
