// docs/cli.md is true: its commands run, in their order, in a folder that holds iris.csv; and it
// names every command. Those of export, report and doctor run in cli-more.test.js.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { commands } = require('../lib/cli/commands');
const { blocks } = require('../scripts/readme');
const { ROOT } = require('./child');
const { Folder } = require('./cli');

jest.setTimeout(60_000);

const page = fs.readFileSync(path.join(ROOT, 'docs', 'cli.md'), 'utf8');
const examples = blocks(page).filter(
  ({ lang, code }) => lang === 'sh' && !/^polytask (export|report|doctor)\b/.test(code),
);

let folder;
beforeAll(() => {
  folder = new Folder();
});
afterAll(() => folder.remove());

test('the page has examples, and names every command', () => {
  expect(examples.length).toBeGreaterThan(10);
  for (const { name } of commands) expect(page).toMatch(new RegExp(`^## ${name}$`, 'm'));
});

test.each(examples)('the example on line $line runs', async ({ code }) => {
  const ended = await folder.shell(code);
  expect({ ...ended, stderr: ended.code ? ended.stderr : '' }).toMatchObject({
    code: 0,
    stderr: '',
  });
});

test('links lead somewhere', () => {
  for (const [, link] of page.matchAll(/\]\(([^)#:]+)\)/g)) {
    expect([link, fs.existsSync(path.join(ROOT, 'docs', link))]).toEqual([link, true]);
  }
});
