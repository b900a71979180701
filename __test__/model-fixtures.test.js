// Model files of earlier versions: each loads and answers with the bits that it was saved with.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { Model, load } = require('..');

const FOLDER = path.join(__dirname, '..', 'tests', 'fixtures', 'models');
const CASES = JSON.parse(fs.readFileSync(path.join(FOLDER, 'answers.json'), 'utf8'));
const file = (name) => path.join(FOLDER, `${name}.safetensors`);

test('every file has answers, and together they are small', () => {
  const files = fs.readdirSync(FOLDER).filter((name) => name.endsWith('.safetensors'));
  expect(files.sort()).toEqual(
    Object.keys(CASES)
      .map((name) => `${name}.safetensors`)
      .sort(),
  );
  const bytes = files.reduce((sum, name) => sum + fs.statSync(path.join(FOLDER, name)).size, 0);
  expect(bytes).toBeLessThan(2e6);
});

describe.each(Object.entries(CASES))('%s', (name, { rows, answers }) => {
  // Compared as JSON, in which every double stands with all its bits.
  const expected = JSON.stringify(answers);

  test('answers as when it was saved', async () => {
    const model = await load(file(name));
    expect(JSON.stringify(model.predict(rows))).toBe(expected);
    expect(JSON.stringify(await model.predictAsync(rows))).toBe(expected);
  });

  test('saved again, it answers the same', () => {
    const model = Model.fromBuffer(fs.readFileSync(file(name)));
    const again = Model.fromBuffer(model.toBuffer());
    expect(JSON.stringify(again.predict(rows))).toBe(expected);
    expect(again.summary()).toBe(model.summary());
  });
});
