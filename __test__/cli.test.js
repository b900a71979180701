// The program `polytask`, run for real: every command on good and bad input, its exit codes, what
// it writes where, standard input and signals.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const zlib = require('node:zlib');
const { load, train, version } = require('..');
const { Folder, ndjson } = require('./cli');

jest.setTimeout(60_000);

const TWO = ['--target', 'species', '--target', 'petal_width'];
const MODEL = 'iris.safetensors';

let folder;
let said;
beforeAll(async () => {
  folder = new Folder();
  said = await folder.run(['train', 'iris.csv', ...TWO, '--epochs', '20', '--out', MODEL]);
});
afterAll(() => folder.remove());
afterEach(() => expect(folder.left()).toEqual([]));

const run = (args, options) => folder.run(args, options);

/** Runs what must go well, and gives its standard output. */
async function good(args, options) {
  const ended = await run(args, options);
  expect({ args, code: ended.code, stderr: ended.stderr }).toMatchObject({ args, code: 0 });
  return ended.stdout;
}

/** Runs what must fail, and gives its standard error. */
async function bad(args, code, options) {
  const ended = await run(args, options);
  expect({ args, ...ended }).toMatchObject({ args, code, stdout: '' });
  return ended.stderr;
}

const iris = () => folder.read('iris.csv');

describe('the program itself', () => {
  test('--version', async () => {
    expect(await good(['--version'])).toBe(`${version}\n`);
  });

  test('--help tells the commands, and each command its use, flags and examples', async () => {
    const overview = await good(['--help']);
    const commands = [...overview.matchAll(/^ {2}(\w+) {2,}\w/gm)].map(([, name]) => name);
    expect(commands).toEqual(
      'train predict evaluate inspect compare tune export report doctor'.split(' '),
    );
    for (const name of commands) {
      const help = await good([name, '--help']);
      expect(help).toBe(await good(['help', name]));
      expect(help).toMatch(new RegExp(`^polytask ${name}: \\w`));
      expect(help).toMatch(new RegExp(`\nExamples\n  # .+\n  .*polytask ${name}\\b`));
      expect(help).toMatch(/-h, --help +this help/);
    }
    expect(await good(['help', 'model'])).toMatch(/--model\.task-experts +\w/);
    expect(await good(['help', 'targets'])).toMatch(/--targets\.COLUMN\.class-weights +\w/);
  });

  test('nothing, and what there is not, is wrong usage', async () => {
    expect(await bad([], 2)).toMatch(/Commands\n/);
    expect(await bad(['trian'], 2)).toMatch(/unknown command "trian"; did you mean train\?/);
    expect(await bad(['qqqqqq'], 2)).toMatch(/there are train, predict/);
    expect(await bad(['help', 'modle'], 2)).toMatch(/no help on "modle"; did you mean model\?/);
  });
});

describe('train', () => {
  test('writes the model of the API, tells progress in lines and what was kept', async () => {
    expect(said.code).toBe(0);
    const model = await load(folder.path(MODEL));
    const same = await train(folder.path('iris.csv'), {
      targets: ['species', 'petal_width'],
      epochs: 20,
    });
    expect(model.predict([[5.9, 3, 5.1]])).toEqual(same.predict([[5.9, 3, 5.1]]));
    const lines = said.stderr.trimEnd().split('\n');
    expect(lines[0]).toBe('reading iris.csv');
    const line =
      /^epoch \d+\/20 {2}loss [\d.]+ {2}validation [\d.]+ {2}species accuracy [\d.]+ {2}petal_width rmse [\d.]+$/;
    for (const text of lines.slice(1)) expect(text).toMatch(line);
    expect(lines).toHaveLength(11);
    expect(lines.at(-1)).toMatch(/^epoch 20\/20 /);
    expect(said.stdout).toMatch(
      /^✓ iris\.safetensors: epoch \d+ of 20, the best by 30 validation rows/,
    );
    expect(said.stdout).toMatch(
      /\n {2}species {6}classification {2}accuracy +[\d.]+ +loss +[\d.]+\n/,
    );
    expect(said.stdout).toMatch(/\n {2}petal_width {2}regression {6}rmse +[\d.]+/);
  });

  test('of many rows all are learnt in the end, and it is told', async () => {
    folder.write('twice.csv', iris() + iris().split('\n').slice(1).join('\n'));
    const several = [...TWO, '--epochs', '10', '--out', 'twice.st'];
    const { stdout: told } = await run(['train', 'twice.csv', ...several]);
    expect(told).toMatch(/ s, then 4 networks on all rows, (\d+, ){2}\d+ and \d+ epochs?$/m);
    const options = [...several, '--refit', 'true'];
    const said = await run(['train', 'twice.csv', ...options]);
    const again = said.stderr.split('\n').filter((line) => line.startsWith('all rows, epoch '));
    const [, best, epochs] =
      /: epoch (\d+) of 10, the best by 60 validation rows, in .* s, then (\d+) epochs? on all rows$/m.exec(
        said.stdout,
      );
    expect(epochs).toBe(best);
    expect(again.length).toBeGreaterThan(0);
    expect(again.at(-1)).toMatch(new RegExp(`^all rows, epoch ${best}/${best} {2}loss`));

    const { stdout } = await run(['train', 'twice.csv', ...options, '--json']);
    const events = ndjson(stdout);
    expect(events.at(-1).refit).toEqual({ epochs: Number(best), rows: 300 });
    expect(events.filter(({ phase }) => phase === 'refit')).toHaveLength(Number(best));
    const without = await run(['train', 'twice.csv', ...several, '--no-refit']);
    expect(without.stdout).not.toContain('on all rows');
    expect((await load(folder.path('twice.st'))).toJSON().data.refit).toBeUndefined();
  });

  test('--json tells every epoch as the API does, and the result', async () => {
    const args = ['train', 'iris.csv', ...TWO, '--epochs', '4', '--out', 'j.safetensors', '--json'];
    const { code, stdout, stderr } = await run(args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const events = ndjson(stdout);
    const { history } = await load(folder.path('j.safetensors'));
    const timeless = ({ seconds, progress, phase, network, event, ...rest }) => rest;
    expect(events.slice(0, -1).map(timeless)).toEqual(
      JSON.parse(JSON.stringify(history)).map(timeless),
    );
    expect(events[0]).toMatchObject({ event: 'epoch', epoch: 1, epochs: 4 });
    expect(events.at(-1)).toMatchObject({
      event: 'result',
      out: 'j.safetensors',
      interrupted: false,
      epochs: 4,
      trainRows: 120,
      tasks: [
        { name: 'species', type: 'classification', classes: ['setosa', 'versicolor', 'virginica'] },
        { name: 'petal_width', type: 'regression' },
      ],
    });
  });

  test('--quiet says nothing', async () => {
    const args = ['train', 'iris.csv', '--epochs', '2', '-o', 'q.safetensors', '-q'];
    expect(await run(args)).toMatchObject({ code: 0, stdout: '', stderr: '' });
    expect(folder.has('q.safetensors')).toBe(true);
  });

  test('options reach the training, however they are written', async () => {
    folder.write('options.json', '{"learningRate":0.5,"batchSize":16,"model":{"hidden":[7]}}');
    const args = ['train', 'iris.csv', '-o', 'o.safetensors', '--epochs=3', '--seed', '5'];
    args.push('--options', 'options.json', '--learning-rate', '0.01', '--model.dropout', '0.25');
    args.push('--no-early-stopping', '--targets.species.weight', '2', '--target', 'petal_width');
    args.push('--features.exclude', 'sepal_length', '--balance.method', 'upgrad');
    await good(args);
    const { options, tasks, features } = await load(folder.path('o.safetensors'));
    expect(options).toMatchObject({
      epochs: 3,
      seed: 5,
      learningRate: 0.01,
      batchSize: 16,
      earlyStopping: false,
      model: { hidden: [7], dropout: 0.25 },
      balance: { method: 'upgrad' },
    });
    expect(tasks.map(({ name, weight }) => [name, weight])).toEqual([
      ['petal_width', 1],
      ['species', 2],
    ]);
    expect(features.map(({ name }) => name)).toEqual(['sepal_width', 'petal_length']);
  });

  test('a checkpoint and what goes on from it', async () => {
    const args = ['train', 'iris.csv', '--schedule', 'constant', '--no-early-stopping', '-q'];
    args.push('--checkpoint.path', 'run.checkpoint', '--resume', '-o', 'c.safetensors', '--epochs');
    await good([...args, '3']);
    await good([...args, '5']);
    expect((await load(folder.path('c.safetensors'))).history).toHaveLength(5);
  });

  test.each([
    [['--lerning-rate', '1'], /unknown option --lerning-rate; did you mean --learning-rate\?/],
    [['--learningrate=1'], /unknown option --learningrate; did you mean --learning-rate\?/],
    [['--model.hiden', '1'], /unknown option --model\.hiden; did you mean --model\.hidden\?/],
    [['--targets.species.wieght', '2'], /did you mean --targets\.species\.weight\?/],
    [
      ['--csv.zzzz', '2'],
      /unknown option --csv\.zzzz; there are --csv\.delimiter, .*--csv\.on-error/,
    ],
    [['--qiet'], /unknown option --qiet; did you mean --quiet\?/],
    [['--epochs', 'many'], /: --epochs: expected a whole number from 1 .*, found "many"/],
    [['--epochs', '0'], /: --epochs: expected a whole number from 1 .*, found 0/],
    [['--balance', 'upgrat'], /: --balance: expected one of .*; did you mean 'upgrad'\?/],
    [['--model', '{"hiden":[3]}'], /unknown option --model\.hiden; did you mean --model\.hidden\?/],
    [['--model', '{"hidden":'], /: --model: not valid JSON/],
    [['--options', '{"epoch":3}'], /: --options: unknown option "epoch"; did you mean "epochs"\?/],
    [['--options', 'nowhere.json'], /--options: nowhere\.json: no such file/],
    [['--options', '[1]'], /--options: \[1\]: no such file/],
    [['--ensemble', '2', '--model.members', '3'], /--ensemble: .* --model\.members are instead of/],
    [['-x'], /unknown option -x/],
    [['--json=3'], /--json takes no value/],
  ])('%j is wrong usage, told in the words of the command line', async (args, words) => {
    const { code, stdout, stderr } = await run(['train', 'iris.csv', '-o', 'x', ...args]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(words);
    expect(stderr).toMatch(/\nsee: polytask train --help\n$/);
    expect(folder.has('x')).toBe(false);
  });

  test('a file of options is named where it is wrong', async () => {
    folder.write('wrong.json', '{"model":{"hiden":[3]}}');
    const stderr = await bad(['train', 'iris.csv', '-o', 'x', '--options', 'wrong.json'], 2);
    expect(stderr).toMatch(/polytask: wrong\.json: unknown option "model\.hiden"/);
  });

  test('where the model goes is asked for, and looked at, before the training', async () => {
    expect(await bad(['train', 'iris.csv'], 2)).toMatch(/train needs --out FILE/);
    expect(await bad(['train', 'iris.csv', '--out'], 2)).toMatch(/--out needs a value/);
    expect(await bad(['train', 'iris.csv', '--out', '--quiet'], 2)).toMatch(/--out needs a value/);
    expect(await bad(['train', 'iris.csv', '--out', '-'], 2)).toMatch(/takes the name of a file/);
    expect(await bad(['train', 'iris.csv', '--out', 'no/x'], 2)).toMatch(/there is no folder .*no/);
    expect(await bad(['train', 'iris.csv', '--out', folder.at], 2)).toMatch(/is a folder/);
    expect(await bad(['train', 'iris.csv', '--out', './iris.csv'], 2)).toMatch(/written over/);
    expect(await bad(['train', '--out', 'x'], 2)).toMatch(/train needs a CSV file/);
    // A misspelt flag took the file for its value.
    expect(await bad(['train', '--quite', 'iris.csv'], 2)).toMatch(/--quite; did you mean --quiet/);
  });

  test.each([
    [['nowhere.csv'], 'nowhere.csv: no such file [ERR_CSV]'],
    [
      ['iris.csv', '-t', 'spcies'],
      'iris.csv, column "spcies": --target: no column "spcies"; did you mean "species"? [ERR_SCHEMA]',
    ],
    [['ragged.csv'], 'ragged.csv line 3: 1 cell, expected 2 (as in the header) [ERR_CSV]'],
    [
      ['iris.csv', '-t', 'species', '--features.types.sepal_length', 'date'],
      `iris.csv line 2, column "sepal_length": "5.1" is not a date as text; declare 'date-unix-ms' or 'date-unix-s' if it counts milliseconds or seconds since 1970, or 'date-excel' if days as Excel does [ERR_SCHEMA]`,
    ],
    [
      ['iris.csv', '--device', 'cuda'],
      "device 'cuda' is not supported yet; train on 'cpu' [ERR_DEVICE]",
    ],
  ])('%j is an error of the data', async (args, words) => {
    folder.write('ragged.csv', 'a,b\n1,2\n1\n');
    const stderr = await bad(['train', ...args, '-o', 'x'], 1);
    expect(stderr.trimEnd().split('\n').at(-1)).toBe(`polytask: ${words}`);
  });

  test('an error for machines has its place', async () => {
    const args = ['train', 'ragged.csv', '-o', 'x', '--json'];
    folder.write('ragged.csv', 'a,b\n1,2\n1\n');
    const { code, stdout } = await run(args);
    const message = 'ragged.csv line 3: 1 cell, expected 2 (as in the header)';
    expect(code).toBe(1);
    expect(ndjson(stdout)).toEqual([
      { event: 'error', code: 'ERR_CSV', file: 'ragged.csv', line: 3, message, exit: 1 },
    ]);
    const wrong = await run(['train', 'iris.csv', '--json']);
    expect(wrong.code).toBe(2);
    expect(ndjson(wrong.stdout)).toMatchObject([{ event: 'error', code: 'ERR_USAGE', exit: 2 }]);
  });

  test('what a file says does not steer the terminal', async () => {
    folder.write('odd.csv', `a,"\x1b[2Jb"\n${'1,2\n2,3\n3,4\n'.repeat(5)}`);
    const { code, stdout, stderr } = await run([
      'train',
      'odd.csv',
      '-o',
      'odd.st',
      '--epochs',
      '2',
    ]);
    expect(code).toBe(0);
    expect(stdout + stderr).not.toContain('\x1b');
    expect(stdout).toContain('\ufffd[2Jb');
    expect(await good(['inspect', 'odd.st'])).not.toContain('\x1b');
  });
});

describe('standard input', () => {
  test('is read, and called so in messages and in the model', async () => {
    await good(['train', '-', '--epochs', '2', '-o', 's.safetensors'], { input: iris() });
    const { data } = (await load(folder.path('s.safetensors'))).toJSON();
    expect(data).toMatchObject({ source: 'standard input', rows: 150 });
    const stderr = await bad(['train', '-', '-o', 'x'], 1, { input: 'a,b\n1,2\n1\n' });
    expect(stderr).toMatch(/^polytask: standard input line 3: 1 cell, expected 2/m);
    expect(folder.has('x')).toBe(false);
  });

  test('with gzip, and other files whose paths still lead where they did', async () => {
    const input = zlib.gzipSync(iris());
    const args = ['train', '-', '--epochs', '2', '--validation', 'iris.csv', '-o', 'z.safetensors'];
    await good(args, { input });
    const model = await load(folder.path('z.safetensors'));
    expect(model.toJSON().data).toMatchObject({ trainRows: 150, validationRows: 150 });
    await good(['train', '-', 'iris.csv', '--epochs', '2', '-o', 'y.safetensors'], {
      input: iris(),
    });
    expect((await load(folder.path('y.safetensors'))).toJSON().data.rows).toBe(300);
  });

  test('empty, or asked for twice', async () => {
    expect(await bad(['train', '-', '-o', 'x'], 1, { input: '' })).toMatch(/: standard input: /);
    expect(await bad(['train', '-', '-', '-o', 'x'], 2)).toMatch(/give - once/);
  });

  test('predicts to standard output as to a file', async () => {
    const input = iris();
    const piped = await good(['predict', MODEL, '-'], { input });
    expect(await good(['predict', MODEL, 'iris.csv', '--out', '-'])).toBe(piped);
    await good(['predict', MODEL, 'iris.csv', '--out', 'answers.csv']);
    expect(folder.read('answers.csv')).toBe(piped);
    expect(piped.split('\n')).toHaveLength(152);
  });

  test('is the file of the user alone, while it is there', async () => {
    let mode;
    let where;
    const heard = ({ stderr }, child) => {
      if (!stderr.includes('epoch 1') || where) return;
      [where] = folder.left();
      const file = path.join(folder.temporary, where, 'standard input');
      mode = fs.statSync(file).mode & 0o777;
      child.kill('SIGINT');
    };
    const args = ['train', '-', '--epochs', '1000', '--no-early-stopping', '-o', 'm.safetensors'];
    const { code } = await run(args, { input: iris(), heard });
    expect({ code, mode }).toEqual({ code: 130, mode: 0o600 });
    expect(where).toMatch(/^polytask-/);
  });
});

describe('signals', () => {
  const endless = ['train', 'iris.csv', ...TWO, '--epochs', '100000000', '--no-early-stopping'];
  const hundreds = ({ stdout }) => (stdout.match(/"event":"epoch"/g) ?? []).length > 100;

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ])('%s keeps the best so far', async (signal, expected) => {
    let sent = false;
    const heard = (said, child) => {
      if (!sent && hundreds(said)) sent = child.kill(signal);
    };
    const out = `${signal}.safetensors`;
    const { code, stdout, stderr } = await run([...endless, '--json', '-o', out], { heard });
    expect({ code, stderr }).toEqual({ code: expected, stderr: '' });
    const result = ndjson(stdout).at(-1);
    expect(result).toMatchObject({ event: 'result', out, interrupted: true });
    const model = await load(folder.path(out));
    expect(model.history).toHaveLength(result.epochs);
    expect((await model.evaluate(folder.path('iris.csv'))).species.accuracy).toBeGreaterThan(0.8);
  });

  test('a second one drops it', async () => {
    // Steps that take so long that the first cannot have ended it before.
    const slow = ['--model.hidden', '1500,1500', '--batch-size', '120'];
    let sent = false;
    const heard = ({ stdout }, child) => {
      if (sent || !stdout.includes('"event":"epoch"')) return;
      // Two of a kind at once might count as one.
      sent = child.kill('SIGINT') && child.kill('SIGTERM');
    };
    const { code, stderr } = await run([...endless, ...slow, '--json', '-o', 'second.st'], {
      heard,
    });
    // Of two at once either may be heard first.
    expect([130, 143]).toContain(code);
    expect(stderr).toBe('polytask: interrupted; nothing was written\n');
    expect(folder.has('second.st')).toBe(false);
  });

  test('while standard input is read, there is nothing to keep', async () => {
    const { child, ended } = folder.start(['train', '-', '-o', 'never.st'], { input: null });
    child.stdin.write('a,b\n1,2\n');
    while (folder.left().length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill('SIGINT');
    expect(await ended).toMatchObject({
      code: 130,
      stdout: '',
      stderr: 'polytask: interrupted; nothing was written\n',
    });
    expect(folder.has('never.st')).toBe(false);
  });

  test('a search keeps the best trial so far', async () => {
    let sent = false;
    const heard = ({ stdout }, child) => {
      if (!sent && (stdout.match(/"event":"trial"/g) ?? []).length > 1) sent = child.kill('SIGINT');
    };
    const args = [
      'tune',
      'iris.csv',
      '--epochs',
      '30',
      '--trials',
      '10000',
      '-o',
      'tuned.st',
      '--json',
    ];
    const { code, stdout } = await run(args, { heard });
    expect(code).toBe(130);
    const result = ndjson(stdout).at(-1);
    expect(result).toMatchObject({ event: 'result', interrupted: true, best: { best: true } });
    expect((await load(folder.path('tuned.st'))).tuning).toHaveLength(result.trials.length);
  });

  test('a reader that has seen enough ends it', async () => {
    folder.write('long.csv', iris() + iris().split('\n').slice(1).join('\n').repeat(2000));
    const { child, ended } = folder.start(['predict', MODEL, 'long.csv']);
    child.stdout.once('data', () => child.stdout.destroy());
    expect(await ended).toMatchObject({ code: 141, stderr: '' });
  });
});

describe('predict', () => {
  test('rows of the command line', async () => {
    const model = await load(folder.path(MODEL));
    const [{ species, petal_width }] = model.predict([[5.9, 3, 5.1]]);
    const text = await good(['predict', MODEL, '--row', '5.9,3.0,5.1']);
    const percent = `${(100 * species.probability).toFixed(1)} %`;
    expect(text).toContain(`species      ${species.label}`);
    expect(text).toContain(percent);
    expect(text).toContain(`petal_width  ${petal_width.value.toFixed(4)}`);
    const object = '{"petal_length":5.1,"sepal_width":3,"sepal_length":5.9}';
    const args = ['predict', MODEL, '--json', '--row', object, '--row', '[5.1,3.5,1.4]'];
    expect(ndjson(await good(args))).toEqual(
      JSON.parse(
        JSON.stringify(
          model.predict([
            [5.9, 3, 5.1],
            [5.1, 3.5, 1.4],
          ]),
        ),
      ),
    );
  });

  test('keeps columns, and reads what its options say', async () => {
    folder.write('semicolons.csv', iris().replaceAll(',', ';').replaceAll('.', ','));
    const args = [
      'predict',
      MODEL,
      'semicolons.csv',
      '--csv.delimiter',
      ';',
      '--csv.header',
      'true',
    ];
    const text = await good(['predict', MODEL, 'iris.csv', '--keep', 'sepal_width,sepal_length']);
    expect(text.split('\n')[0]).toMatch(/^sepal_width,sepal_length,species,species_p_setosa,/);
    expect((await good(['predict', MODEL, '--keep', '--', 'iris.csv'])).split('\n')[0]).toMatch(
      /^sepal_length,sepal_width,petal_length,species,/,
    );
    // The model was trained on points, not commas.
    expect(await bad(args, 1)).toMatch(/semicolons\.csv line 2, column "sepal_length": .*"5,1"/);
  });

  test('--json tells how many rows went to the file', async () => {
    const args = ['predict', MODEL, 'iris.csv', '--out', 'answers.csv', '--json'];
    expect(ndjson(await good(args))).toEqual([
      { event: 'result', out: 'answers.csv', rows: 150, skipped: 0 },
    ]);
  });

  test('wrong usage and errors', async () => {
    expect(await bad(['predict', MODEL], 2)).toMatch(/predict needs a CSV file, - .* or --row/);
    expect(await bad(['predict', MODEL, 'iris.csv', '--row', '1'], 2)).toMatch(/not both/);
    expect(await bad(['predict', MODEL, 'iris.csv', '-o', MODEL], 2)).toMatch(/written over/);
    expect(await bad(['predict', MODEL, 'iris.csv', '--kep'], 2)).toMatch(/did you mean --keep\?/);
    expect((await run(['predict', MODEL, 'iris.csv', '--json'])).stderr).toMatch(
      /--json needs --out/,
    );
    expect(await bad(['predict', MODEL, 'a', 'b'], 2)).toMatch(/unexpected "b": predict takes/);
    expect(await bad(['predict', 'iris.csv', 'iris.csv'], 1)).toMatch(
      /iris\.csv: not a model file.* \[ERR_ARTIFACT\]/,
    );
    expect(await bad(['predict', MODEL, '--row', '{"a":1}'], 1)).toMatch(/\[ERR_ROWS\]/);
    expect(await bad(['predict', MODEL, '--row', '{"a":'], 2)).toMatch(/--row: not valid JSON/);
  });
});

describe('evaluate', () => {
  test('tells the scores of the API', async () => {
    const model = await load(folder.path(MODEL));
    const scores = await model.evaluate(folder.path('iris.csv'));
    expect(JSON.parse(await good(['evaluate', MODEL, 'iris.csv', '--json']))).toEqual(scores);
    const text = await good(['evaluate', MODEL, 'iris.csv']);
    expect(text).toMatch(/^species {2}classification, 150 rows\n/);
    expect(text).toContain(`accuracy               ${scores.species.accuracy.toFixed(4)}`);
    expect(text).toMatch(/true, by answer +setosa +versicolor +virginica\n/);
    expect(text).toContain(`RMSE                   ${scores.petal_width.rmse.toFixed(4)}`);
    expect(await good(['evaluate', MODEL, '-'], { input: iris() })).toBe(text);
  });

  test('by folds', async () => {
    const args = ['evaluate', '--folds', '3', 'iris.csv', '-t', 'species', '--epochs', '5'];
    const events = ndjson(await good([...args, '--json']));
    expect(events.map(({ event }) => event)).toEqual(['fold', 'fold', 'fold', 'result']);
    const { mean, deviation, folds } = events.at(-1);
    expect(folds).toHaveLength(3);
    const { stdout, stderr } = await run(args);
    expect(stderr).toMatch(/^fold 3\/3 {2}5 epochs {2}species accuracy [\d.]+$/m);
    expect(stdout).toMatch(/^species {2}150 labels\n/);
    const [figure, around] = [mean, deviation].map(({ species }) => species.accuracy.toFixed(4));
    expect(stdout).toContain(`accuracy               ${figure}  ± ${around}`);
  });

  test('wrong usage', async () => {
    expect(await bad(['evaluate', MODEL], 2)).toMatch(/evaluate needs a model file and a CSV file/);
    expect(await bad(['evaluate', '--folds', 'x', 'iris.csv'], 2)).toMatch(
      /--folds: expected a whole/,
    );
    expect(await bad(['evaluate', '--folds', '1', 'iris.csv'], 2)).toMatch(/--folds: /);
    expect(await bad(['evaluate', MODEL, 'iris.csv', '-t', 'a'], 2)).toMatch(/goes with --folds/);
    expect(await bad(['evaluate', MODEL, 'iris.csv', '--cvs.header', 'true'], 2)).toMatch(
      /unknown option --cvs\.header; did you mean --csv\?/,
    );
  });
});

test('inspect tells what the model tells', async () => {
  const model = await load(folder.path(MODEL));
  expect(await good(['inspect', MODEL])).toBe(model.summary());
  expect(JSON.parse(await good(['inspect', MODEL, '--json']))).toEqual(
    JSON.parse(JSON.stringify(model)),
  );
  expect(await bad(['inspect'], 2)).toMatch(/inspect needs a model file/);
  expect(await bad(['inspect', MODEL, 'more'], 2)).toMatch(/unexpected "more"/);
  expect(await bad(['inspect', MODEL, '--jsn'], 2)).toMatch(/--jsn; did you mean --json\?/);
  expect(await bad(['inspect', 'nowhere'], 1)).toMatch(/nowhere: no such file \[ERR_ARTIFACT\]/);
});

test('compare tells what learning together gained', async () => {
  const args = ['compare', 'iris.csv', ...TWO, '--epochs', '5', '--compare.seeds', '2'];
  const { comparison, event } = ndjson(await good([...args, '--json'])).at(-1);
  expect({ event, tasks: Object.keys(comparison.tasks) }).toEqual({
    event: 'result',
    tasks: ['species', 'petal_width'],
  });
  const text = await good([...args, '--out', 'compared.st']);
  expect(text).toMatch(/^task +figure +together +alone +gain\n/);
  const { multi, single } = comparison.tasks.petal_width;
  expect(text).toMatch(
    new RegExp(`petal_width +rmse +${multi.mean.toFixed(4)} +${single.mean.toFixed(4)} +[+-]`),
  );
  expect(text).toContain('2 seeds, 30 rows held out');
  expect((await load(folder.path('compared.st'))).comparison).toEqual(comparison);
  const trained = ['train', ...args.slice(1), '--out', 'trained.st'];
  expect(await good(trained)).toContain(comparison.text);
  expect(await bad(['compare', 'iris.csv', '-t', 'species'], 2)).toMatch(/at least two targets/);
});

test('tune tells its trials, and the best as flags that train takes', async () => {
  const args = [
    'tune',
    'iris.csv',
    '-t',
    'species',
    '--epochs',
    '5',
    '--trials',
    '4',
    '--seed',
    '3',
  ];
  const events = ndjson(await good([...args, '--out', 'best.st', '--json']));
  expect(events.map(({ event }) => event)).toEqual([...Array(4).fill('trial'), 'result']);
  const { best, trials } = events.at(-1);
  const { stdout, stderr } = await run(args);
  expect(stderr.match(/^trial \d: score [\d.]+ {2}\d epochs? in [\d.]+ s {2}/gm)).toHaveLength(4);
  expect(stdout).toMatch(/^trial +score +epochs +options\n/);
  expect(stdout).toContain(`4 trials; lower is better\n`);
  const flags = stdout.match(/^best: (.*)$/m)[1];
  const again = ['train', 'iris.csv', '-t', 'species', '--epochs', '5', '--seed', '3'];
  await good([...again, ...(flags.startsWith('--') ? flags.split(' ') : []), '-o', 'again.st']);
  const row = [[5.9, 3, 5.1, 1.8]];
  const [one, other] = await Promise.all(
    ['best.st', 'again.st'].map((name) => load(folder.path(name))),
  );
  expect(one.predict(row)).toEqual(other.predict(row));
  expect(trials.find(({ trial }) => trial === best.trial).best).toBe(true);
  expect(await bad(['tune', 'iris.csv', '--space.lerning-rate', '1,2'], 2)).toMatch(
    /unknown option --space\.lerning-rate; did you mean --space\.learning-rate\?/,
  );
});

test('tune tries what --space says and goes on from --path', async () => {
  const args = ['tune', 'iris.csv', '--epochs', '3', '--path', 'trials.jsonl', '--json'];
  args.push(
    '--space.learning-rate',
    '0.001,0.01',
    '--space.model.hidden',
    '[[8],[16]]',
    '--trials',
  );
  await good([...args, '2']);
  const first = folder.read('trials.jsonl');
  const events = ndjson(await good([...args, '4']));
  expect(folder.read('trials.jsonl').startsWith(first)).toBe(true);
  const { trials } = events.at(-1);
  expect(trials).toHaveLength(4);
  for (const { options } of trials.slice(1)) {
    expect([0.001, 0.01]).toContain(options.learningRate ?? 0.001);
    expect(['[8]', '[16]', undefined]).toContain(JSON.stringify(options.model?.hidden));
  }
});
