// The words of a command line to options of the API, and errors of the API to its words; and that
// the command line knows every option there is.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { parse } = require('../lib/cli/arguments');
const { commands } = require('../lib/cli/commands');
const { sentence } = require('../lib/cli/message');
const { flag, nearest, steps } = require('../lib/cli/names');
const { PARTS, PREDICTION, SEARCH, TARGET, TRAINING } = require('../lib/cli/options');

const command = (name) => commands.find((command) => command.name === name);

/** The options that words give, as they cross to Rust. */
const options = (...words) =>
  JSON.parse(JSON.stringify(parse(['data.csv', ...words], command('train')).options));

describe('the options that are known', () => {
  const declared = fs.readFileSync(path.join(__dirname, '..', 'index.d.ts'), 'utf8');
  const fields = (name) => {
    const [, body] = declared.match(new RegExp(`interface ${name}\\b[^{]*\\{(.*?)\\n\\}`, 's'));
    return [...body.matchAll(/^ {2}(?:readonly )?(\w+)\?:/gm)].map(([, field]) => field);
  };
  const partsOf = (option) =>
    Object.keys(PARTS)
      .filter((part) => part.startsWith(`${option}.`))
      .map((part) => part.slice(option.length + 1))
      .filter((part) => !part.includes('.'));

  test('are those of index.d.ts', () => {
    const events = ['signal', 'onEpoch', 'onTrial'];
    const without = (names) => names.filter((name) => !events.includes(name)).sort();
    expect(Object.keys(TRAINING).sort()).toEqual(without(fields('TrainOptions')));
    expect(Object.keys(SEARCH).sort()).toEqual(without(fields('TuneOptions')));
    expect(Object.keys(PREDICTION).sort()).toEqual(without(fields('PredictFileOptions')));
    expect(Object.keys(TARGET).sort()).toEqual(fields('TargetOptions').sort());
  });

  test.each([
    ['features', 'FeatureOptions'],
    ['model', 'ModelOptions'],
    ['model.categories', 'CategoryOptions'],
    ['model.rates', 'RateOptions'],
    ['schedule', 'ScheduleOptions'],
    ['validation', 'ValidationOptions'],
    ['earlyStopping', 'EarlyStoppingOptions'],
    ['compare', 'CompareOptions'],
    ['csv', 'CsvOptions'],
  ])('parts of %s are those of %s', (option, name) => {
    expect(partsOf(option).sort()).toEqual(fields(name).sort());
  });
});

describe('the examples of the help', () => {
  const examples = commands.flatMap(({ examples }) => examples.map(([, line]) => line));

  test.each(examples)('%s', (line) => {
    const [name, ...words] = line
      .match(/polytask ([^|>]+)/)[1]
      .match(/'[^']*'|\S+/g)
      .map((word) => word.replaceAll("'", ''));
    const parsed = parse(words, command(name));
    expect(() => command(name).check?.(parsed)).not.toThrow();
    // The options are some that there are.
    const known = { ...TRAINING, ...SEARCH, ...PREDICTION };
    for (const option of Object.keys(parsed.options ?? {})) expect(known).toHaveProperty(option);
  });
});

describe('words to options', () => {
  test.each([
    [['--learning-rate', '0.01'], { learningRate: 0.01 }],
    [['--learningRate=1e-2'], { learningRate: 0.01 }],
    [['--model', 'tabm'], { model: 'tabm' }],
    [
      ['--model', 'tabm', '--model.hidden', '64,64'],
      { model: { preset: 'tabm', hidden: [64, 64] } },
    ],
    [['--model.hidden', '64', '--model', 'tabm'], { model: { hidden: [64], preset: 'tabm' } }],
    [['--model.hidden='], { model: { hidden: [] } }],
    [
      ['--model.embeddings', 'plr', '--model.embeddings.width', '8'],
      { model: { embeddings: { type: 'plr', width: 8 } } },
    ],
    [['--balance', 'cagrad', '--balance.c', '0.4'], { balance: { method: 'cagrad', c: 0.4 } }],
    [['--balance.weights.a.b', '2'], { balance: { weights: { 'a.b': 2 } } }],
    [
      ['--optimizer', '{"method":"sgd","momentum":0.9}'],
      { optimizer: { method: 'sgd', momentum: 0.9 } },
    ],
    [['--optimizer.betas', '0.9,0.99'], { optimizer: { betas: [0.9, 0.99] } }],
    [
      ['--validation', '0.3', '--validation.stratify', 'false'],
      { validation: { fraction: 0.3, stratify: false } },
    ],
    [['--validation', 'test.csv'], { validation: 'test.csv' }],
    [['--no-calibration'], { calibration: false }],
    [['--no-early-stopping', '--telemetry'], { earlyStopping: false, telemetry: true }],
    [['--compare'], { compare: 'single-task' }],
    [['--resume', '--seed', '3'], { resume: true, seed: 3 }],
    [['--balance.initial', '-5'], { balance: { initial: -5 } }],
    [['--sample-weights', '2011'], { sampleWeights: '2011' }],
    [
      ['--csv.delimiter', '\\t', '--csv.quote', 'false'],
      { csv: { delimiter: '\t', quote: false } },
    ],
    [['--csv.missing', 'NA,-', '--csv.missing', '?'], { csv: { missing: ['NA', '-', '?'] } }],
    [['--csv.missing', '-999'], { csv: { missing: ['-999'] } }],
    [['--csv.missing.only', 'NA,-1'], { csv: { missing: { only: ['NA', '-1'] } } }],
    [['--csv.missing.only='], { csv: { missing: { only: [] } } }],
    [['--features.types.a-b.c', 'numeric'], { features: { types: { 'a-b.c': 'numeric' } } }],
    [['-t', 'a,b', '--target', '5'], { targets: ['a,b', '5'] }],
    [['--targets', 'a,b'], { targets: ['a', 'b'] }],
    [
      ['--targets.my-price', 'regression', '--targets.my-price.label-smoothing', '0.1'],
      { targets: { 'my-price': { type: 'regression', labelSmoothing: 0.1 } } },
    ],
    [
      ['-t', 'a', '-t', 'b', '--targets.b.type', 'count'],
      { targets: { a: {}, b: { type: 'count' } } },
    ],
    [
      ['--targets', 'a', '--targets.b.class-weights.x-y', '2'],
      { targets: { a: {}, b: { classWeights: { 'x-y': 2 } } } },
    ],
    [['--targets.a.classes', 'low,high'], { targets: { a: { classes: ['low', 'high'] } } }],
    [
      ['--options', '{"model":{"hidden":[3],"dropout":0}}', '--model.dropout', '0.2'],
      { model: { hidden: [3], dropout: 0.2 } },
    ],
    [['--options', '{"seed":1}', '--options', '{"seed":2}'], { seed: 2 }],
  ])('%j', (words, expected) => expect(options(...words)).toEqual(expected));

  test('names that JavaScript has plans for stay names', () => {
    const { options } = parse(
      ['data.csv', '-t', '__proto__', '--targets.constructor.weight', '2', '--__proto__.x', '1'],
      command('train'),
    );
    expect(JSON.stringify(options)).toBe(
      '{"targets":{"__proto__":{},"constructor":{"weight":2}},"__proto__":{"x":1}}',
    );
    expect({}.x).toBeUndefined();
  });

  test('a flag of the command keeps its value, files stay files', () => {
    const { flags, files, options } = parse(
      ['--quiet', 'a.csv', '--telemetry', '--out', 'm', '-', '--', '--b.csv'],
      command('train'),
    );
    expect({ ...flags }).toMatchObject({ quiet: true, out: 'm' });
    expect(files).toEqual(['a.csv', '-', '--b.csv']);
    expect({ ...options }).toEqual({ telemetry: true });
  });

  test('what a search tries', () => {
    const { options } = parse(
      ['data.csv', '--space.learning-rate', '0.1,0.2', '--space.model.task-experts', '1,2'],
      command('tune'),
    );
    expect(JSON.parse(JSON.stringify(options))).toEqual({
      space: { learningRate: [0.1, 0.2], 'model.taskExperts': [1, 2] },
    });
  });
});

test('paths to flags and back', () => {
  for (const path of [...Object.keys(PARTS), ...Object.keys(TRAINING)]) {
    expect(steps(flag(path).slice(2)).join('.')).toBe(path);
  }
  expect(flag('targets.My-Price.classWeights')).toBe('--targets.My-Price.class-weights');
});

test('nearest finds slips and nothing else', () => {
  expect(nearest('epohcs', ['epochs', 'seed'])).toBe('epochs');
  expect(nearest('zebra', ['epochs', 'seed'])).toBeNull();
});

describe('errors in the words of the command line', () => {
  const written = new Map([['model.hidden', '--model.hidden']]);
  const told = (message, option) => sentence({ message, option }, { written, own: { out: {} } });

  test('options that a message mentions, but for what is quoted', () => {
    expect(told('x.csv: the name "model.hidden"; set csv.encoding: \'utf16\'')).toBe(
      'x.csv: the name "model.hidden"; set --csv.encoding utf16',
    );
    expect(told("x.csv line 1: set csv.header: true to read it; try balance: 'imtl-g'")).toBe(
      'x.csv line 1: set --csv.header true to read it; try --balance imtl-g',
    );
    expect(told('x.csv, column "a": targets: \'loss\' is none')).toBe(
      'x.csv, column "a": targets: \'loss\' is none',
    );
    expect(told('model.safetensors: no such file')).toBe('model.safetensors: no such file');
    expect(told("add them: csv: { missing: ['unknown', '-1'] }, or")).toBe(
      'add them: --csv.missing=unknown,-1, or',
    );
    expect(told("csv: { missing: ['keine Angabe'] }")).toBe("--csv.missing='keine Angabe'");
    expect(told('give csv: { missing: { only: [] } }, with others')).toBe(
      'give --csv.missing.only=, with others',
    );
    expect(told('model.hidden: found learningRate', 'model.hidden')).toBe(
      '--model.hidden: found --learning-rate',
    );
  });

  test('the option as it was written', () => {
    const written = new Map([['learningRate', '--learningRate']]);
    const error = { message: 'learningRate: expected 1', option: 'learningRate' };
    expect(sentence(error, { written })).toBe('--learningRate: expected 1');
  });
});
