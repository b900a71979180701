// The same value is the same category, class or group, however a file, a row, a column or a
// database writes it; and values that are written apart stay apart, though a double does not tell
// them apart.
'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { crossValidate, trainSync } = require('..');

let folder;
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'polytask-identity-'));
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

const once = { epochs: 1, threads: 1, model: { hidden: [4] }, validation: false };
const ids = Array.from({ length: 8 }, (_, i) => `492912345678901234${i}`);
const midnight = new Date('2024-03-31T00:00:00Z');

/** A file with a header of these rows of cells; its path. */
function file(name, header, rows, delimiter = ',') {
  const whole = path.join(folder, name);
  const lines = [header, ...rows].map((cells) => cells.join(delimiter));
  fs.writeFileSync(whole, `${lines.join('\n')}\n`);
  return whole;
}

const inFile = (cell) => (cell instanceof Date ? cell.toISOString() : String(cell));

/**
 * What columns were learnt from, what is asked of each category by name, and what is none of
 * them or refused. `csv` says that a file taught it; `types` that it need not be declared.
 */
const cases = [
  {
    name: 'numbers as pandas writes them, beside a text',
    csv: true,
    learnt: ['1.0', '2.0', 'K', '2.50'],
    same: {
      '1.0': [1, '1', '1.0', '+1', ' 1 ', '1.00'],
      '2.0': [2, '2'],
      2.5: [2.5, '2.5', '2.50'],
      K: ['K'],
    },
    unseen: [3, '3', '1E0', 'k'],
  },
  {
    name: 'numbers of rows, beside a text',
    learnt: [1, 2, 'K'],
    same: { 1: [1, '1', '1.0'], 2: ['2.0'], K: ['K'] },
    unseen: ['1e0'],
  },
  {
    name: 'numbers declared categorical',
    csv: true,
    learnt: ['1.0', '2.5', '-3', '0'],
    same: {
      '1.0': [1, '1', '+1', '1.00', '1e0'],
      2.5: [2.5, '2.50', '25e-1'],
      '-3': [-3, '-3.0'],
      0: [0, -0, '-0', '0.0'],
    },
    unseen: [4, '10', 'K'],
    typed: { '1.0': 1, 2.5: 2.5, '-3': -3 },
  },
  {
    name: 'whole numbers as R writes them',
    csv: true,
    learnt: ['1e+05', '200000', '123'],
    same: { '1e+05': [100000, '100000', '1E5'], 200000: [200000, '2e+05'], 123: [123] },
    unseen: [300000],
    typed: { '1e+05': 100000 },
  },
  {
    name: 'codes with leading zeros',
    csv: true,
    learnt: ['01234', '00501', '98101'],
    same: { '01234': ['01234', 1234], 98101: [98101, '98101', '98101.0'] },
    unseen: [99],
  },
  {
    name: 'ids of 19 digits',
    csv: true,
    learnt: ids,
    same: Object.fromEntries(ids.map((id) => [id, [id, `${id}.0`]])),
    unseen: ['4929123456789012348', 7],
    refused: [[Number(ids[0]), /expected a string, as JavaScript's numbers .* past 2\^53/]],
  },
  {
    name: 'ids of 20 digits that no other is near to',
    csv: true,
    learnt: ['12345678901234567890', '22345678901234567890'],
    same: { '12345678901234567890': ['12345678901234567890'] },
    unseen: ['12345678901234567891', 5, 1e300],
    refused: [[Number('12345678901234567890'), /expected a string/]],
  },
  {
    name: 'versions',
    csv: true,
    learnt: ['1.1', '1.10', '2', '2.50'],
    same: { 1.1: ['1.1', 1.1], '1.10': ['1.10'], 2: [2, '2.0'], '2.50': ['2.50'] },
    unseen: ['1.100', '2.5', 3],
    refused: [[2.5, /expected a string, as numbers of this column are written in several ways/]],
    typed: { 1.1: 1.1, 2: 2 },
  },
  {
    name: 'product codes',
    csv: true,
    learnt: ['1E5', '100000', '2E7'],
    same: { '1E5': ['1E5'], 100000: ['100000', 100000, '100000.0'], '2E7': ['2E7'] },
    unseen: ['1e5'],
    refused: [[2e7, /several ways/]],
  },
  {
    name: 'booleans of Python',
    csv: true,
    types: {},
    learnt: ['True', 'False', 'Unknown'],
    same: {
      True: [true, 'true', 'TRUE', 't', 1],
      False: [false, 'false', 'F', '0'],
      Unknown: ['Unknown'],
    },
    unseen: ['yes', 'unknown'],
  },
  {
    name: 'booleans of JavaScript',
    types: {},
    learnt: [true, false, 'unknown'],
    same: { true: [true, 'True', 'TRUE', 't'], false: [false, 'False', 'f'] },
    unseen: ['no'],
  },
  {
    name: 'booleans of PostgreSQL',
    csv: true,
    types: {},
    learnt: ['t', 'f', 'unknown'],
    same: { t: [true, 'true', 't'], f: [false, 'False'] },
    unseen: ['yes', 1],
  },
  {
    name: 'booleans of MySQL',
    csv: true,
    learnt: ['0', '1'],
    same: { 1: [true, 1, '1', '1.0', 'True'], 0: [false, 0] },
    unseen: ['yes', 2],
  },
  {
    name: 'days',
    csv: true,
    learnt: ['2024-03-31', '2024-04-01'],
    same: { '2024-03-31': [midnight, '2024-03-31 00:00:00', '2024-03-31T00:00:00+00:00'] },
    unseen: ['2024-04-02', new Date('2024-04-02T00:00:00Z')],
    refused: [[new Date('2024-03-30T22:00:00Z'), /expected a day without a time/]],
  },
  {
    name: 'dates of rows',
    learnt: [midnight, new Date('2024-04-01T10:30:00Z')],
    same: {
      '2024-03-31T00:00:00.000Z': [midnight, '2024-03-31'],
      '2024-04-01T10:30:00.000Z': ['2024-04-01 10:30'],
    },
    unseen: ['2024-04-01'],
  },
  {
    name: 'blanks in quotes',
    csv: true,
    types: {},
    learnt: ['" NY"', '"LA "'],
    same: { ' NY': ['NY', ' NY '], 'LA ': ['LA'] },
    unseen: ['L A'],
  },
  {
    name: 'numbers with a decimal comma',
    csv: { decimal: ',' },
    learnt: ['1,5', '2,0', '3'],
    same: { '1,5': [1.5, '1,50', '1,5'], '2,0': [2, '2'], 3: [3, '3,0'] },
    unseen: [4, '4.5'],
    refused: [['1.5', /expected a number with the model's decimal mark/]],
    typed: { '1,5': 1.5, '2,0': 2 },
  },
];

describe.each(cases)('$name', ({ csv, learnt, types, same, unseen, refused = [], typed = {} }) => {
  // One-hot, and embedded.
  describe.each([9, 0])('with oneHot %i', (oneHot) => {
    let model;
    let known;
    let never;
    beforeAll(() => {
      const rows = Array.from({ length: 6 * learnt.length }, (_, i) => [
        learnt[i % learnt.length],
        (i * 7) % 5,
      ]);
      const header = ['name', 'value'];
      const delimiter = csv?.decimal ? ';' : ',';
      const objects = rows.map(([name, value]) => ({ name, value }));
      const source = csv ? file('learnt.csv', header, rows, delimiter) : objects;
      model = trainSync(source, {
        ...once,
        targets: { value: 'regression' },
        features: { types: types ?? { name: 'categorical' }, oneHot },
        csv: csv?.decimal ? csv : undefined,
      });
      const { categories } = model.features[0];
      expect([...categories].sort()).toEqual([...new Set(categories)].sort());
      const value = (name) => model.predict([[name]])[0].value.value;
      // By the texts that were learnt, and each of them another answer.
      known = Object.fromEntries(categories.map((name) => [name, value(name)]));
      never = value('never seen');
      expect(new Set([never, ...Object.values(known)]).size).toBe(categories.length + 1);
      expect(Object.keys(known).length).toBe(learnt.length);
    });

    const asked = Object.entries(same).flatMap(([name, cells]) =>
      cells.map((cell) => [cell, name]),
    );
    const none = unseen.map((cell) => [cell, null]);
    const all = [...asked, ...none];
    const expected = (name) => (name === null ? never : known[Object.keys(known).find(is(name))]);
    // A key such as 2.5 stands for the name of that value.
    const is = (name) => (other) => other === name || other === `${name}0`;

    test('rows are asked by array and by name', async () => {
      for (const [cell, name] of all) {
        const answers = [
          model.predict([[cell]]),
          model.predict([{ name: cell }]),
          await model.predictAsync([{ name: cell }]),
        ];
        expect([cell, answers.map(([row]) => row.value.value)]).toEqual([
          cell,
          [0, 1, 2].map(() => expected(name)),
        ]);
      }
    });

    test('columns are', () => {
      const cells = all.map(([cell]) => cell);
      const { value } = model.predictColumns({ name: cells }).value;
      expect([...value]).toEqual(all.map(([, name]) => expected(name)));
      for (const [name, number] of Object.entries(typed)) {
        for (const Kind of [Float64Array, Float32Array]) {
          const { value } = model.predictColumns({ name: Kind.of(number) }).value;
          expect([number, value[0]]).toEqual([number, expected(name)]);
        }
      }
    });

    test('files are', async () => {
      const delimiter = csv?.decimal ? ';' : ',';
      const decimal = csv?.decimal ?? '.';
      const text = (cell) =>
        typeof cell === 'number' ? inFile(cell).replace('.', decimal) : inFile(cell);
      const cells = all.map(([cell]) => [`"${text(cell)}"`, 1]);
      const input = file('asked.csv', ['name', 'other'], cells, delimiter);
      const output = path.join(folder, 'answers.csv');
      await model.predictFile(input, output, { csv: csv?.decimal ? csv : undefined });
      const lines = fs.readFileSync(output, 'utf8').trim().split('\n').slice(1);
      const answers = lines.map((line) => Number(line.split(delimiter).at(-1).replace(',', '.')));
      expect(answers).toEqual(all.map(([, name]) => expected(name)));
    });

    test('what may be several categories is an error with its place', async () => {
      for (const [cell, words] of refused) {
        // A number is in a file as text.
        if (typeof cell !== 'number') {
          const delimiter = csv?.decimal ? ';' : ',';
          const rows = [
            [learnt[0], 1],
            [inFile(cell), 1],
          ];
          const input = file('refused.csv', ['name', 'other'], rows, delimiter);
          const answers = model.predictFile(input, path.join(folder, 'none.csv'));
          await expect(answers).rejects.toMatchObject({ code: 'ERR_SCHEMA', line: 3 });
          await expect(answers).rejects.toThrow(words);
        }
        for (const ask of [
          () => model.predict([[learnt[0]], [cell]]),
          () => model.predictColumns({ name: [learnt[0], cell] }),
        ]) {
          expect(ask).toThrow(words);
          expect(ask).toThrow(
            expect.objectContaining({ code: 'ERR_ROWS', row: 1, column: 'name' }),
          );
        }
      }
    });
  });
});

describe('classes', () => {
  const cases = [
    [
      ['1.1', '1.10', '2'],
      ['1.1', '1.10', '2.0'],
      [1.1, '1.10', 2],
    ],
    [
      ['1E5', '100000', '3'],
      ['1E5', '100000', '3'],
      ['1E5', 100000, 3],
    ],
    [ids, ids, ids],
    [
      ['True', 'False'],
      ['TRUE', 'false'],
      [true, false],
    ],
    [
      ['t', 'f'],
      ['true', 'false'],
      [true, false],
    ],
    [
      ['0', '1'],
      ['False', 'True'],
      [false, true],
    ],
    [
      ['1.0', 'K'],
      ['1', 'K'],
      [1, 'K'],
    ],
  ];
  test.each(cases)('%j are learnt and scored by any route', async (learnt, texts, cells) => {
    const rows = (names) =>
      Array.from({ length: 10 * names.length }, (_, i) => [
        i % names.length,
        names[i % names.length],
      ]);
    const source = file('classes.csv', ['x', 'y'], rows(learnt));
    const options = { ...once, epochs: 2, features: { types: { x: 'categorical' } } };
    const model = trainSync(source, { ...options, targets: { y: 'classification' } });
    expect([...model.tasks[0].classes].sort()).toEqual([...learnt].sort());
    const scores = await model.evaluate(source);
    expect(await model.evaluate(file('again.csv', ['x', 'y'], rows(texts)))).toEqual(scores);
    const objects = rows(cells).map(([x, y]) => ({ x, y }));
    expect(await model.evaluate(objects)).toEqual(scores);
    for (const [, label] of rows(learnt)) {
      expect(model.predict([[0]])[0].y.probabilities).toHaveProperty([label]);
    }
  });

  test('a spelling that training did not know is not scored as the other one', async () => {
    const rows = (names) => Array.from({ length: 20 }, (_, i) => [i, names[i % names.length]]);
    const source = file('versions.csv', ['x', 'y'], rows(['1.1', '1.2']));
    const model = trainSync(source, { ...once, targets: { y: 'classification' } });
    const other = file('newer.csv', ['x', 'y'], rows(['1.1', '1.2', '1.10']));
    await expect(model.evaluate(other)).rejects.toMatchObject({
      code: 'ERR_SCHEMA',
      line: 4,
      column: 'y',
      message: expect.stringContaining('"1.1" and "1.10" are one number'),
    });
    await model.evaluate(file('rounded.csv', ['x', 'y'], rows(['1.10', '1.20'])));
  });

  test('few whole numbers are inferred to be classes, and equal ones are one', () => {
    const names = ['0', '1', '1.0', '1.00', '0', '0', '1', '1', '1e0', '0'];
    const rows = Array.from({ length: 40 }, (_, i) => [i, names[i % 10]]);
    const source = file('inferred.csv', ['x', 'y'], rows);
    expect(trainSync(source, { ...once, targets: ['y'] }).tasks[0].classes).toEqual(['0', '1']);
    const declared = trainSync(source, { ...once, targets: { y: 'classification' } });
    expect(declared.tasks[0].classes).toEqual(['0', '1', '1.00', '1e0']);
    expect(declared.summary()).toContain(
      '"1" and "1.00" are one number, written in two ways, and two classes',
    );
  });
});

describe('JavaScript numbers past 2^53', () => {
  const id = (row) => 9007199254740992 + 2 * (row % 4);
  const rows = Array.from({ length: 40 }, (_, i) => ({
    id: id(i),
    x: i % 7,
    y: i % 3 ? 'a' : 'b',
  }));
  const refused = expect.objectContaining({
    code: 'ERR_ROWS',
    row: 0,
    column: 'id',
    message: expect.stringMatching(/9007199254740992 is past 2\^53.*give them as strings/),
  });
  test('are refused as categories, classes, groups and strata', () => {
    for (const options of [
      { targets: ['y'], features: { types: { id: 'categorical' } } },
      { targets: { id: 'classification' } },
      { targets: ['y'], validation: { groupBy: 'id' } },
      { targets: ['y'], validation: { stratify: 'id' } },
    ]) {
      expect(() => trainSync(rows, { ...once, ...options })).toThrow(refused);
    }
    const classes = [9007199254740992, 1];
    expect(() => trainSync(rows, { ...once, targets: { x: { classes } } })).toThrow(/below 2\^53/);
  });

  test('and are numbers wherever they measure something', () => {
    const features = { types: { id: 'numeric' } };
    expect(trainSync(rows, { ...once, targets: ['y'], features }).features[0].type).toBe('numeric');
  });

  test('as strings they are what they say', async () => {
    const texts = rows.map((row, i) => ({ ...row, id: ids[i % 8] }));
    const options = { ...once, targets: ['y'], validation: { groupBy: 'id' } };
    await expect(crossValidate(texts, options, 9)).rejects.toThrow(/8 groups of "id"/);
    const source = file(
      'groups.csv',
      ['id', 'x', 'y'],
      texts.map((row) => Object.values(row)),
    );
    await expect(crossValidate(source, options, 9)).rejects.toThrow(/8 groups of "id"/);
  });

  test('singles past 2^24 are refused in the same way', () => {
    const options = { ...once, targets: ['y'], features: { types: { x: 'categorical' } } };
    const model = trainSync(rows, {
      ...options,
      features: { types: { x: 'categorical', id: 'ignore' } },
    });
    expect(model.predictColumns({ x: Float32Array.of(3, 16777215) }).y.code).toHaveLength(2);
    expect(() => model.predictColumns({ x: Float32Array.of(3, 16777216) })).toThrow(
      expect.objectContaining({ code: 'ERR_ROWS', row: 1, column: 'x' }),
    );
  });
});
