// How scripts/readme.js finds the code blocks that CI runs.
'use strict';

const { blocks } = require('../scripts/readme');

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
