// What users get wrong: each is a PolytaskError whose code and message say what and where; none
// shows a backtrace or ends the process.
'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { Model, PolytaskError, load, train, trainSync } = require('..');
const { run } = require('./child');
const { CSV, rows } = require('./iris');

let folder;
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'polytask-errors-'));
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

/** A file of this content; its path. */
function file(name, content) {
  const whole = path.join(folder, name);
  fs.writeFileSync(whole, content);
  return whole;
}

/** Checks what the work fails with; more than code and message if `place` says so. */
async function refused(work, code, message, place = {}) {
  let error;
  try {
    await work();
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toBeInstanceOf(PolytaskError);
  expect(error).toBeInstanceOf(Error);
  expect(error.name).toBe('PolytaskError');
  expect({ code: error.code, message: error.message }).toEqual({
    code,
    message: expect.stringMatching(message),
  });
  expect(error).toMatchObject(place);
  // One readable line: nothing of Rust's, of libtorch's, or of the JSON it crossed in.
  expect(error.message).not.toMatch(/\n|panicked|backtrace|\{"polytask"|::|0x[0-9a-f]{6}/);
  expect(error.message.length).toBeLessThan(400);
  expect(error.stack.split('\n')[0]).toBe(`PolytaskError: ${error.message}`);
}

/** The same refusal from `train`, which never throws at once, and from `trainSync`. */
async function untrainable(source, options, code, message, place) {
  let training;
  expect(() => {
    training = train(source, options);
  }).not.toThrow();
  await refused(() => training, code, message, place);
  await refused(async () => trainSync(source, options), code, message, place);
}

describe('files', () => {
  test('no such file', async () => {
    const missing = path.join(folder, 'nothing.csv');
    await untrainable(missing, 1, 'ERR_CSV', /nothing\.csv/, { file: missing });
  });

  test('a folder', () => untrainable(folder, 1, 'ERR_CSV', /polytask-errors/));

  test('an empty file', async () => {
    const empty = file('empty.csv', '');
    await untrainable(empty, 1, 'ERR_CSV', /empty\.csv.*empty/, { file: empty });
  });

  test('a header only', async () => {
    const header = file('header.csv', 'a,b,c\n');
    await untrainable(header, 1, 'ERR_CSV', /header\.csv.*no rows/, { file: header });
  });

  test('a ragged row, with its line', async () => {
    const ragged = file('ragged.csv', 'a,b,c\n1,2,x\n3,4,y\n5,6\n7,8,x\n');
    const place = { file: ragged, line: 4 };
    await untrainable(ragged, 1, 'ERR_CSV', /ragged\.csv.*line 4.*2 cells.*3/, place);
  });
});

describe('columns', () => {
  test('text in a column declared numeric, with its line', async () => {
    const text = file('text.csv', 'a,b,c\n1,2,x\n3,oops,y\n5,6,x\n');
    const options = { epochs: 1, features: { types: { b: 'numeric' } } };
    const place = { line: 3, column: 'b' };
    await untrainable(text, options, 'ERR_SCHEMA', /line 3.*"b".*"oops"/, place);
  });

  test('one class only', async () => {
    const one = file('one.csv', 'a,b,c\n1,2,x\n3,4,x\n5,6,x\n7,9,x\n');
    await untrainable(one, 1, 'ERR_SCHEMA', /"c".*one class/);
  });

  test('a target that is not there names the nearest column', async () => {
    await untrainable(CSV, { targets: 'specis' }, 'ERR_SCHEMA', /"specis".*"species"/);
  });
});

describe('options', () => {
  const range = (found) => new RegExp(`epochs.*whole number.*found ${found}`);

  test.each([
    [0, '0'],
    [-1, '-1'],
    [Number.NaN, 'NaN'],
    [Number.POSITIVE_INFINITY, 'Infinity'],
    [1.5, '1\\.5'],
    ['10', '"10"'],
    [null, 'null'],
    [true, 'true'],
  ])('epochs %p', async (epochs, found) => {
    await untrainable(CSV, epochs, 'ERR_OPTIONS', range(found), { option: 'epochs' });
    await untrainable(CSV, { epochs }, 'ERR_OPTIONS', range(found), { option: 'epochs' });
  });

  test.each([
    [{ epohcs: 10 }, /"epohcs".*"epochs"/, 'epohcs'],
    [{ onEpochs() {} }, /"onEpochs".*"onEpoch"/, 'onEpochs'],
    [{ model: { hiden: [3] } }, /"model\.hiden".*"hidden"/, 'model.hiden'],
    [{ csv: { delimeter: ';' } }, /"csv\.delimeter".*"delimiter"/, 'csv.delimeter'],
    [{ model: { activation: 'rleu' } }, /rleu.*did you mean 'relu'/, 'model.activation'],
    [{ learningRate: -1 }, /learningRate.*above 0.*-1/, 'learningRate'],
    [{ onBatch() {} }, /unknown option "onBatch"/, 'onBatch'],
  ])(
    '%p names the option, and the nearest where there is one',
    async (options, message, option) => {
      await untrainable(CSV, options, 'ERR_OPTIONS', message, { option });
    },
  );

  test('a source of another kind', async () => {
    for (const source of [undefined, 3, {}, () => {}]) {
      await untrainable(source, 1, 'ERR_OPTIONS', /takes the path of a CSV file or an array/);
    }
  });
});

describe('rows', () => {
  let model;
  beforeAll(() => {
    model = trainSync(CSV, 1);
  });

  test.each([
    ['too short', [5.1, 3.5, 1.4], /rows\[1\].*3.*4/],
    ['too long', [5.1, 3.5, 1.4, 0.2, 9], /rows\[1\].*5.*4/],
    ['text where a number is due', [5.1, 'abc', 1.4, 0.2], /rows\[1\].*sepal_width.*"abc"/],
    [
      'text in an object',
      { sepal_length: 'abc', sepal_width: 1, petal_length: 1, petal_width: 1 },
      /rows\[1\].*sepal_length.*"abc"/,
    ],
    ['an object with a key missing', { sepal_length: 1 }, /rows\[1\].*sepal_width/],
    ['no row at all', 3, /rows\[1\].*number/],
    ['null', null, /rows\[1\].*null/],
    ['an object as a cell', [5.1, {}, 1.4, 0.2], /rows\[1\].*sepal_width.*an object/],
    ['Infinity', [5.1, Number.POSITIVE_INFINITY, 1.4, 0.2], /rows\[1\].*sepal_width.*Infinity/],
  ])('%s', async (_, row, message) => {
    const work = async () => model.predict([[5.1, 3.5, 1.4, 0.2], row]);
    await refused(work, 'ERR_ROWS', message, { row: 1 });
  });

  test('rows that are no array', async () => {
    await refused(async () => model.predict('abc'), 'ERR_ROWS', /iterable of rows; found "abc"/);
  });

  test('rows to train on that do not fit together', async () => {
    await untrainable(
      [
        [1, 2, 'x'],
        [3, 4],
      ],
      1,
      'ERR_ROWS',
      /rows\[1\]/,
    );
    await untrainable([], 1, 'ERR_ROWS', /no rows|empty/);
    await untrainable([rows()[0], 7], 1, 'ERR_ROWS', /rows\[1\]/);
  });

  test('evaluate needs the labels', async () => {
    const { species, ...row } = rows()[0];
    await refused(() => model.evaluate([row]), 'ERR_ROWS', /species/);
    await refused(() => model.evaluate('nothing.csv'), 'ERR_CSV', /nothing\.csv/);
  });
});

describe('model files', () => {
  const damaged = async (name, bytes) => {
    const broken = file(name, bytes);
    await refused(() => load(broken), 'ERR_ARTIFACT', new RegExp(name), { file: broken });
    await refused(async () => Model.fromBuffer(bytes), 'ERR_ARTIFACT', /./);
  };

  test('cut in half', async () => {
    const bytes = trainSync(CSV, 1).toBuffer();
    await damaged('half.safetensors', bytes.subarray(0, bytes.length / 2));
  });

  test('random bytes', async () => {
    // A fixed sequence: byte n is a scrambling of n.
    const bytes = Buffer.alloc(4096);
    for (let n = 0; n < bytes.length; n++) bytes[n] = (Math.imul(n + 1, 2654435761) >>> 24) & 255;
    await damaged('random.safetensors', bytes);
  });

  test('empty, and a CSV file', async () => {
    await damaged('empty.safetensors', Buffer.alloc(0));
    await damaged('csv.safetensors', fs.readFileSync(CSV));
  });

  test('no such file', async () => {
    await refused(() => load('nothing.safetensors'), 'ERR_ARTIFACT', /nothing\.safetensors/);
  });
});

test('nothing is printed, and the process goes on', async () => {
  const code = `
    const { Model, load, predict, train, trainSync } = require('polytask');
    const [csv] = process.argv.slice(1);
    const attempts = [
      () => predict([[1]]),
      () => train('nothing.csv', 1),
      () => train(csv, 'ten'),
      () => trainSync(csv, { epohcs: 1 }),
      () => load('nothing.safetensors'),
      () => Model.fromBuffer(Buffer.from('garbage')),
      () => train(csv, 1).then((model) => model.predict([[1]])),
      () => train([[1, 'x'], [2]], 1),
    ];
    (async () => {
      for (const attempt of attempts) {
        try { await attempt(); } catch (error) { console.log(error.code); }
      }
    })();`;
  const ended = await run(code, { args: [CSV] });
  expect(ended).toMatchObject({ status: 0, signal: null, stderr: '' });
  expect(ended.stdout.trim().split('\n')).toEqual([
    'ERR_NO_MODEL',
    'ERR_CSV',
    'ERR_OPTIONS',
    'ERR_OPTIONS',
    'ERR_ARTIFACT',
    'ERR_ARTIFACT',
    'ERR_ROWS',
    'ERR_ROWS',
  ]);
});
