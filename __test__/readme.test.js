// What the documents show is true: README's code runs, and links lead somewhere.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { blocks } = require('../scripts/readme');
const { ROOT, run } = require('./child');

const read = (name) => fs.readFileSync(path.join(ROOT, name), 'utf8');
const readme = read('README.md');

describe('README', () => {
  const examples = blocks(readme).filter(({ lang }) => lang === 'js');
  const before = fs.readdirSync(ROOT);

  // What an example saves is not left in the checkout.
  afterAll(() => {
    const made = fs.readdirSync(ROOT).filter((name) => !before.includes(name));
    for (const name of made) if (name.endsWith('.safetensors')) fs.rmSync(path.join(ROOT, name));
  });

  test('has examples', () => expect(examples.length).toBeGreaterThan(0));

  test.each(examples)('the example on line $line runs', async ({ code }) => {
    const { status, stderr } = await run(code, { module: !code.includes('require(') });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  test('shows the two commands that do everything', () => {
    // Every sh block is run by .ci/run, which takes them from the same list.
    const commands = blocks(readme).filter(({ lang }) => lang === 'sh');
    const lines = commands.flatMap(({ code }) => code.trim().split('\n'));
    expect(lines).toContain('npm install && node examples/iris.js');
    expect(lines).toContain('npm install && npm test');
    expect(read('.ci/run')).toMatch(/scripts\/readme(\.js)? sh/);
  });

  test('is no longer than 150 lines', () => {
    expect(readme.trimEnd().split('\n').length).toBeLessThanOrEqual(150);
  });

  test('names every option of index.d.ts', () => {
    const [, body] = read('index.d.ts').match(/interface TrainOptions\b[^{]*\{(.*?)\n\}/s);
    const options = [...body.matchAll(/^ {2}(\w+)\?:/gm)].map(([, name]) => name);
    expect(options.length).toBeGreaterThan(15);
    for (const option of options) expect(readme).toContain(`\`${option}\``);
  });
});

test.each(['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md'])('links of %s exist', (name) => {
  const links = [...read(name).matchAll(/\]\(([^)#]+)[^)]*\)/g)].map(([, link]) => link);
  for (const link of links.filter((link) => !/^[a-z]+:/.test(link))) {
    expect([link, fs.existsSync(path.join(ROOT, link))]).toEqual([link, true]);
  }
});

test('files that CONTRIBUTING names exist', () => {
  const named = [...read('CONTRIBUTING.md').matchAll(/`([\w./-]+\.(?:rs|js|mjs|ts|md|json))`/g)];
  const missing = named
    .map(([, file]) => file)
    .filter((file) => !fs.existsSync(path.join(ROOT, file)));
  expect(missing).toEqual([]);
});
