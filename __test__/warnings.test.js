// What is said of trainings that fail to learn: in `warnings`, `advice()` and `summary()`, in the
// model file, the report and on the command line.
'use strict';

const { Model, train, trainSync, tune } = require('..');
const { Folder } = require('./cli');
const { CSV } = require('./iris');

const OPTIONS = { targets: 'y', model: 'fast', epochs: 30, refit: false };

/** Normal numbers, the same in every run. */
function normals(seed) {
  let state = seed;
  // mulberry32
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let x = Math.imul(state ^ (state >>> 15), 1 | state);
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x;
    return (((x ^ (x >>> 14)) >>> 0) + 0.5) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(next())) * Math.cos(2 * Math.PI * next());
}

/** Rows of `y = 2 a + b`, changed by `change(row, nth, normal)`. */
function table(change = () => {}, count = 400) {
  const normal = normals(7);
  return Array.from({ length: count }, (_, nth) => {
    const [a, b] = [normal(), normal()];
    const row = { a, b, y: 2 * a + b };
    change(row, nth, normal);
    return row;
  });
}

/** The model of a table, whose warnings stand wherever they should. */
function learnt(change, options) {
  const model = trainSync(table(change), { ...OPTIONS, ...options });
  expect(model.toJSON().warnings).toEqual(model.warnings);
  expect(model.advice().slice(0, model.warnings.length)).toEqual(model.warnings);
  for (const warning of model.warnings) expect(model.summary()).toContain(`warning    ${warning}`);
  expect(Model.fromBuffer(model.toBuffer()).warnings).toEqual(model.warnings);
  return model;
}

test('an ordinary table is nothing to warn of', () => {
  const model = learnt();
  expect(model.warnings).toEqual([]);
  expect(model.summary()).not.toContain('warning');
  expect(trainSync(CSV, { epochs: 30 }).warnings).toEqual([]);
});

test('one label in a hundred at a thousand deviations', () => {
  const model = learnt((row, nth, normal) => {
    if (nth % 100 === 50) row.y = 2000 * normal();
  });
  const [first] = model.warnings;
  expect(first).toMatch(/^"y": 4 of 400 labels lie more than 10 deviations out \(rows\[\d*50\]: /);
  expect(first).toContain('so that its loss is nearly all of them');
});

test.each([
  [1e9, '1000000000'],
  [-3.4e38, '-3.4e38'],
  [1e300, '1e300'],
])('one gigantic label or cell, %d', (gigantic, text) => {
  for (const [column, what] of [
    ['y', 'labels'],
    ['a', 'cells'],
  ]) {
    let said;
    try {
      const model = learnt((row, nth) => {
        if (nth === 50) row[column] = gigantic;
      });
      [said] = model.warnings;
    } catch (error) {
      // Labels past single precision have no loss.
      expect(error).toMatchObject({ code: 'ERR_DIVERGED', task: 'y' });
      expect(error.message).toContain('It may come of this: ');
      [, said] = error.message.split('It may come of this: ');
    }
    expect(said).toMatch(new RegExp(`^"${column}": 1 of 400 ${what} lies more than 10 deviations`));
    expect(said).toContain(`(rows[50]: ${text}; the others lie between`);
    expect(said.includes(`csv.missing: ['${text}']`)).toBe(gigantic !== 1e9);
  }
});

test('numbers that stand for no data', () => {
  const model = learnt((row, nth) => {
    if (nth % 7 === 0) row.b = -999;
  });
  expect(model.warnings).toEqual([
    expect.stringMatching(/^"b": 58 of 400 cells lie .* -999, as in 57 more rows; .*\['-999'\]\.$/),
  ]);
});

test('dates that stand for no date', () => {
  const model = learnt((row, nth) => {
    row.day = nth % 40 === 3 ? '9999-12-31' : `2024-0${1 + (nth % 9)}-11`;
  });
  expect(model.warnings).toEqual([
    expect.stringMatching(
      /^"day": 10 of 400 dates are of a year like 9999 \(rows\[3\]: 9999-12-31\)/,
    ),
  ]);
});

test('a target that is nearly constant', () => {
  const constant = (others, label) => (row, nth) => {
    row.y = nth < others ? label : 0;
  };
  const [number] = learnt(constant(3, 5.5), { targets: { y: 'regression' } }).warnings;
  expect(number).toMatch(
    /^The target "y" is nearly constant: 397 of 400 labels are 0, and 3 others/,
  );
  const classes = {
    targets: { y: 'classification' },
    validation: { fraction: 0.2, stratify: false },
  };
  expect(learnt(constant(4, 1), classes).warnings[0]).toContain('396 of 400 labels are "0"');
});

test.each([
  ['regression', 'the mean: RMSE'],
  ['count', 'the mean: Poisson deviance'],
  ['classification', 'how often each class occurs: log loss'],
])('labels that have nothing to do with the features, as a %s', (type, words) => {
  const model = learnt(
    (row, _, normal) => {
      row.y = type === 'regression' ? normal() : normal() > 0 ? 1 : 0;
    },
    { targets: { y: { type } }, epochs: 60, earlyStopping: false },
  );
  const said = model.warnings.join('\n');
  expect(said).toMatch(
    /^"y" is (answered no better|hardly answered better) than by always giving /m,
  );
  expect(said).toContain(words);
  expect(said).toMatch(/ on 80 validation labels/);
});

test('a training whose first epoch is its best', () => {
  // The rows that validate are of another kind: what is learnt makes them worse.
  const model = learnt(
    (row, nth) => {
      row.part = nth % 4 === 0 ? 'validation' : 'train';
      if (nth % 4 === 0) row.y = -row.y;
    },
    { validation: { column: 'part' } },
  );
  expect(model.warnings[0]).toMatch(/^The best epoch is the first of \d+: on the validation rows/);
});

test('without validation rows those that trained tell', () => {
  const model = learnt(
    (row, _, normal) => {
      row.y = normal();
      row.a = 1;
      row.b = 2;
    },
    { validation: false, features: { include: ['a', 'b'], types: { a: 'numeric', b: 'numeric' } } },
  );
  expect(model.warnings.join('\n')).toMatch(/ on 400 training labels/);
});

test('rows of weight 0 are not looked at', () => {
  const odd = (weight) => (row, nth) => {
    row.w = nth === 50 ? weight : 1;
    if (nth === 50) row.a = 1e9;
  };
  const of = (weight) => learnt(odd(weight), { sampleWeights: 'w' }).warnings.join('\n');
  expect(of(1)).toContain('"a": 1 of 400 cells');
  expect(of(0)).not.toContain('"a": ');
});

test('searches, reports and the command line tell them', async () => {
  const folder = new Folder();
  const rows = table((row, nth) => {
    if (nth === 50) row.a = 1e9;
  });
  const lines = rows.map(({ a, b, y }) => `${a},${b},${y}`);
  const file = folder.write('d.csv', `a,b,y\n${lines.join('\n')}\n`);
  const words = '"a": 1 of 400 cells lies more than 10 deviations out (line 52: 1000000000;';
  const flags = ['--out', 'm.safetensors', '--model', 'fast', '--epochs', '5', '--refit', 'false'];
  const { code, stdout, stderr } = await folder.run(['train', file, ...flags]);
  expect({ code, said: stdout + stderr }).toMatchObject({
    code: 0,
    said: expect.stringContaining(words),
  });
  const { stdout: inspected } = await folder.run(['inspect', 'm.safetensors']);
  expect(inspected.split(words)).toHaveLength(2);

  const { model: search } = await tune(rows, { ...OPTIONS, epochs: 2, trials: 2 });
  expect(search.warnings[0]).toContain('"a": 1 of 400 cells');
  await search.report(folder.path('report.html'));
  expect(folder.read('report.html')).toContain('1 of 400 cells lies more than 10 deviations out');
  folder.remove();
});

test('a method that lets tasks pull alike is not said to starve one', async () => {
  // The issue: a weight of 1000 makes the other gradient 1/1000 of the longest.
  const rows = table((row, _, normal) => {
    row.c = normal();
    row.one = Math.sin(2 * row.a) + row.b;
    row.two = row.c * row.c - row.b * row.a;
    delete row.y;
  }, 600);
  const targets = { one: { type: 'regression', weight: 1000 }, two: 'regression' };
  const of = async (balance) => {
    const model = await train(rows, { ...OPTIONS, targets, balance, epochs: 40 });
    return model.advice().join('\n');
  };
  expect(await of('imtl-g')).not.toMatch(/hardly|pulls|try/i);
  const equal = await of('equal');
  expect(equal).toMatch(/^"one" pulls \d+ times as hard on the shared layers as "two", so that/m);
  expect(equal).toContain(`or try balance: 'imtl-g'`);
});

test('what moves with the row number is told where validation rows are drawn at random', async () => {
  const folder = new Folder();
  try {
    const text = (first, count) =>
      `t,x,y\n${Array.from({ length: count }, (_, i) => `${first + i / 2},${i % 7},${i % 5}`).join('\n')}\n`;
    folder.write('past.csv', text(0, 200));
    folder.write('last.csv', text(100, 80));
    const of = async (validation) => {
      const source = folder.path('past.csv');
      const targets = { y: 'regression' };
      const { warnings } = await train(source, { ...OPTIONS, targets, epochs: 1, validation });
      return warnings.filter((text) => text.startsWith('"t" rises with the row number')).length;
    };
    expect([await of(0.2), await of(folder.path('last.csv')), await of(false)]).toEqual([1, 0, 0]);
  } finally {
    folder.remove();
  }
});
