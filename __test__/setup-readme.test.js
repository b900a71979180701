// How scripts/readme.js finds the code blocks that CI runs.
'use strict';

const { execFileSync } = require('node:child_process');
const { blocks, isAsTold, oneProgram } = require('../scripts/readme');

test('fenced blocks come with their language, code and first line', () => {
  const text = [
    'text',
    '```sh',
    'npm install',
    'npm test',
    '```', // the plain case
    '- item',
    '  ```js title',
    '  a();',
    '    b();',
    '  ```', // indented, with more words
    '~~~',
    'no language',
    '~~~',
  ].join('\r\n');
  expect(blocks(text)).toEqual([
    { lang: 'sh', code: 'npm install\nnpm test', line: 3 },
    { lang: 'js', code: 'a();\n  b();', line: 8 },
    { lang: '', code: 'no language', line: 12 },
  ]);
});

test('a fence inside a longer one is text, and an unclosed one is no block', () => {
  expect(blocks('````md\n```sh\nrm\n```\n````\n```sh\nopen')).toEqual([
    { lang: 'md', code: '```sh\nrm\n```', line: 2 },
  ]);
});

test('the js blocks of a page are one program, each with what it prints', () => {
  const text = [
    '```js',
    "import { EOL } from 'node:os';",
    '```',
    '```js',
    'console.log(1);',
    '```',
    '',
    '```text',
    '1',
    '```',
    '```js',
    "throw Object.assign(new Error('so'), { code: 'ERR_X' });",
    '```',
    '```text',
    'ERR_X: so',
    '```',
    '```js',
    'console.log(2 + EOL.length);',
    '```',
    'and',
    '```text',
    'not what it prints',
    '```',
  ].join('\n');
  const { code, blocks: found, told } = oneProgram(text);
  expect(found.map(({ line, text }) => [line, text])).toEqual([
    [2, null],
    [5, '1'],
    [12, 'ERR_X: so'],
    [18, null],
  ]);
  const args = ['--input-type=module', '-e', code];
  const printed = told(execFileSync(process.execPath, args, { encoding: 'utf8' }));
  expect(printed).toEqual(['', '1\n', 'ERR_X: so\n', '3\n']);
});

test('what is printed is compared to the letter, but for …', () => {
  expect(isAsTold('a (1.5)\nb', 'a (1.5)\nb\n')).toBe(true);
  expect(isAsTold('a (1.5)', 'a (195)')).toBe(false);
  expect(isAsTold('a …\nc', 'a b\nb\nc')).toBe(true);
  expect(isAsTold('a … c', 'a b d')).toBe(false);
  expect(isAsTold('a', 'a\nb')).toBe(false);
});
