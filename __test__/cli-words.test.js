// The words of a command line: values that begin with a minus, options that are not there, and those
// of other programs.
'use strict';

const { parse } = require('../lib/cli/arguments');
const { commands } = require('../lib/cli/commands');
const { Folder } = require('./cli');

jest.setTimeout(60_000);

const read = (line) => {
  const [name, ...words] = line.split(' ');
  return parse(
    words,
    commands.find((command) => command.name === name),
  );
};

/** What is wrong with a command line. */
const wrong = (line) => {
  try {
    read(line);
  } catch (error) {
    return error.message;
  }
  throw new Error(`nothing is wrong with ${line}`);
};

test.each([
  ['--row -118.2,34.1', '-118.2,34.1'],
  ['--row=-118.2,34.1', '-118.2,34.1'],
  ['-r -118.2,34.1', '-118.2,34.1'],
  ['--row -.5', '-.5'],
  ['--row -1e3', '-1e3'],
  ['--row -,3', '-,3'],
  ['--row -a,3', '-a,3'],
  ['--row 5,-3', '5,-3'],
])('predict %s', (words, row) => {
  const { flags, files } = read(`predict model ${words}`);
  expect([flags.row, files]).toEqual([[row], ['model']]);
});

test('several rows, files and flags beside them', () => {
  const { flags, files } = read('predict --row -1,2 -r -3,4 model --json');
  expect([flags.row, files, flags.json]).toEqual([['-1,2', '-3,4'], ['model'], true]);
  expect(read('predict model - --out -').files).toEqual(['model', '-']);
  expect(read('predict model - --csv.missing -').options.csv.missing).toEqual(['-']);
  // Without a value it is standard input.
  expect(read('predict model --keep -').files).toEqual(['model', '-']);
  expect(wrong('predict model --row')).toBe('--row needs a value');
  expect(wrong('predict model --row --json')).toBe('--row needs a value');
});

test.each([
  ['inspect m --any.dotted x', 'unknown option --any.dotted'],
  ['export m --any.dotted=x', 'unknown option --any.dotted'],
  ['doctor --any', 'unknown option --any'],
  ['inspect m --jsno', 'unknown option --jsno; did you mean --json?'],
  ['inspect m --csv.delimiter ,', 'unknown option --csv.delimiter: inspect reads no CSV file'],
  ['export m --csv.header false', 'unknown option --csv.header: export reads no CSV file'],
  ['inspect m --model.hidden 8', 'unknown option --model.hidden: it goes with train, not inspect'],
  ['inspect m -x', 'unknown option -x'],
])('%s', (line, message) => expect(wrong(line)).toBe(message));

describe('a program with', () => {
  let folder;
  beforeAll(async () => {
    folder = new Folder();
    await folder.run(['train', 'iris.csv', '--epochs', '1', '--out', 'm', '--quiet']);
  });
  afterAll(() => folder.remove());

  test.each([
    ['report m --out r.html --any.dotted x', 'unknown option --any.dotted'],
    ['evaluate m iris.csv --any.dotted x', 'unknown option --any.dotted'],
    ['predict m iris.csv --any.dotted x', 'unknown option --any.dotted'],
    ['evaluate m iris.csv --epochs 3', '--epochs: it goes with train, or with --folds'],
    ['predict m iris.csv --epochs 3', '--epochs: it goes with train'],
    ['train iris.csv --out n --lr 1', '--lr; did you mean --learning-rate?'],
    ['train iris.csv --out n --validation-split 0.2', 'did you mean --validation?'],
    ['train iris.csv --out n --sep ,', 'did you mean --csv.delimiter?'],
    ['train iris.csv --out n --verbose', 'unless --quiet is given'],
    ['train iris.csv --out n --callbacks x', '--json prints each event'],
    ['train iris.csv --out n --metrics auc', 'polytask evaluate prints every score'],
    ['train iris.csv --out n --gpu', "device takes 'cpu' alone"],
    ['train iris.csv --out n --imbalance x', '--targets.COLUMN.class-weights balanced'],
    ['train iris.csv --out n --pinball 0.9', '--targets.COLUMN.loss mae'],
    ['train iris.csv --out n --targets.species.loss pinball', "did you mean 'quantile'?"],
    ['train iris.csv --out n --cv 5', 'polytask evaluate --folds 5'],
    ['train iris.csv --out n --output x', 'the file to write is --out'],
    ['train iris.csv --out n --tagret species', 'did you mean --target?'],
  ])('%s', async (line, message) => {
    const { code, stderr } = await folder.run(line.split(' '));
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
    expect(stderr).not.toMatch(/unknown option --\s/);
  });
});
