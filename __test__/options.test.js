// The reference of options says what index.d.ts says, and index.d.ts says what trainings do.
'use strict';

const fs = require('node:fs');
const { trainSync } = require('..');
const { PAGE, TYPES, declarations, members, page } = require('../scripts/options');

const types = fs.readFileSync(TYPES, 'utf8');

test('docs/options.md is made from index.d.ts', () => {
  // If not: node scripts/options.js --write
  expect(fs.readFileSync(PAGE, 'utf8')).toBe(page());
});

test('every option of every type of options is there', () => {
  const written = page();
  const named = [...types.matchAll(/^export (?:interface|type) (\w*Options)\b/gm)];
  const kinds = named.map(([, name]) => name).filter((name) => !/^(Used|TrainSync)/.test(name));
  expect(kinds.length).toBeGreaterThan(15);
  for (const kind of kinds) {
    // Up to the end of the declaration: a line that begins with a brace, or the last of a union.
    const from = types.search(new RegExp(`^export (?:interface|type) ${kind}\\b`, 'm'));
    const body = types.slice(from, from + types.slice(from).search(/\n\n(?=\/\*\*|export)/));
    const options = [...body.matchAll(/^ +(\w+)\??: /gm)].map(([, name]) => name);
    const section = written.slice(written.indexOf(`### ${kind}\n`)).split('\n###')[0];
    for (const option of options) {
      expect([kind, option, section.includes(`**\`${option}\`**`)]).toEqual([kind, option, true]);
    }
    const found = (section.match(/^ *- \*\*`/gm) ?? []).length;
    expect([kind, found]).toEqual([kind, options.length]);
  }
});

test('a new type of options is on the page without being named in the script', () => {
  const more = `${types}\n/** Of the moon. */\nexport interface MoonOptions {\n  /** Its phase. Default 0. */\n  phase?: number;\n}\n`;
  expect(page(more)).toMatch(
    /## Other options\n\n### MoonOptions\n\nOf the moon\.\n\n- \*\*`phase`\*\*: `number`\. Its phase\. Default 0\.\n$/,
  );
});

/** The first value that a comment gives as the default, if it is one that JSON can tell. */
function saidDefault(comment) {
  const [, text] =
    comment.match(/Default:? (?:\{|`)?(\[[^\]]*\]|'[^']*'|[\d.]*\d|true|false)/) ?? [];
  return text && JSON.parse(text.replaceAll("'", '"'));
}

test('the defaults that comments tell are those of a training', () => {
  // Of few rows there are more epochs: these are enough for the number that is told first.
  const rows = Array.from({ length: 3000 }, (_, i) => ({ a: i % 7, y: i % 3 }));
  const used = trainSync(rows).options;
  const all = declarations(types);
  const compared = [];
  const compare = (type, options, path = '') => {
    for (const { name, comment } of members(all.get(type).body)) {
      const said = saidDefault(comment);
      const value = options[name];
      if (said === undefined || value === undefined) continue;
      // What it tells first is the default of other architectures.
      if (name === 'tower') continue;
      if (typeof value === 'object' && !Array.isArray(value) && value !== null) continue;
      compared.push(path + name);
      expect([path + name, value]).toEqual([path + name, said]);
    }
  };
  compare('TrainOptions', used);
  compare('ModelOptions', used.model, 'model.');
  compare('RateOptions', used.model.rates, 'model.rates.');
  compare('FeatureOptions', used.features, 'features.');
  expect(compared.length).toBeGreaterThan(25);
  expect(compared).toEqual(expect.arrayContaining(['epochs', 'model.dropout']));
});
