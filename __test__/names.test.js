// Names of columns, tasks and classes are data, whatever they mean to JavaScript.
'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { load, trainSync } = require('..');

const HOSTILE = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'a.b', 'ünï "q"'];

// An object literal would take `__proto__` for the prototype.
const object = (names, cells) => Object.fromEntries(names.map((name, i) => [name, cells[i]]));

/** The value an object itself holds under a name. */
const own = (holder, name) => Object.getOwnPropertyDescriptor(holder, name)?.value;

test.each(HOSTILE)('a task, a feature and a class called %p', async (name) => {
  const columns = [`x ${name}`, name === 'constructor' ? '__proto__' : 'constructor', '', name];
  const classes = [name, 'other'];
  const given = Array.from({ length: 40 }, (_, i) => {
    return object(columns, [i, (i * 7) % 11, (i * 5) % 13, classes[i % 2]]);
  });
  const options = { epochs: 2, targets: [name], validation: 0.25 };
  const model = trainSync(given, options);
  expect(model.features.map((feature) => feature.name)).toEqual(columns.slice(0, 3));

  const [answer] = model.predict(given.slice(0, 1));
  expect(Object.keys(answer)).toEqual([name]);
  expect(Object.getPrototypeOf(answer)).toBe(Object.prototype);
  const { label, probability, probabilities } = own(answer, name);
  expect(classes).toContain(label);
  expect(Object.keys(probabilities).sort()).toEqual([...classes].sort());
  expect(own(probabilities, label)).toBe(probability);

  const [report] = model.history;
  expect(own(report.tasks, name).labels).toBe(30);
  expect(own(report.validation.tasks, name).n).toBe(10);
  expect(own(await model.evaluate(given), name).n).toBe(40);

  // What an object inherits is not a cell.
  const bare = object(columns.slice(0, 1), [1]);
  expect(() => model.predict([bare])).toThrow(expect.objectContaining({ code: 'ERR_ROWS' }));
});

test('they survive options, a file and a model file', async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'polytask-names-'));
  const csv = path.join(folder, 'names.csv');
  const quoted = HOSTILE.map((name) => `"${name.replaceAll('"', '""')}"`);
  const lines = Array.from({ length: 40 }, (_, i) =>
    quoted.map((_, j) => (i * (j + 3)) % 17).join(),
  );
  fs.writeFileSync(csv, [quoted.join(), ...lines].join('\n'));

  const targets = object(['__proto__', 'constructor'], ['regression', { type: 'regression' }]);
  const features = { types: object(['toString'], ['categorical']), exclude: ['hasOwnProperty'] };
  const model = trainSync(csv, { epochs: 2, targets, features });
  expect(model.tasks.map(({ name }) => name).sort()).toEqual(['__proto__', 'constructor']);
  expect(model.features.map(({ name }) => name)).toEqual(['toString', 'a.b', 'ünï "q"']);

  const file = path.join(folder, 'names.safetensors');
  await model.save(file);
  const rows = [object(['toString', 'a.b', 'ünï "q"'], [3, 4, 5])];
  const [answer] = (await load(file)).predict(rows);
  expect(answer).toEqual(model.predict(rows)[0]);
  expect(own(answer, '__proto__').value).toEqual(expect.any(Number));
  fs.rmSync(folder, { recursive: true });
});
