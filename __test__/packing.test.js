// What packing is made of, short of packing: `npm run test:pack` tries the packages themselves.
'use strict';

const { listed } = require('../scripts/floor');
const { notices } = require('../scripts/notices');
const { targets } = require('../scripts/platform');
const { inOrder } = require('../scripts/publish');
const { recipes } = require('../scripts/libtorch.json');

test('symbols are read as objdump lists them, asked for and offered', () => {
  const text = [
    'a.so:     file format elf64-x86-64',
    '',
    'DYNAMIC SYMBOL TABLE:',
    '0000000000000000      DF *UND*\t0000000000000000 (GLIBC_2.34) pthread_create',
    '0000000000000000  w   DF *UND*\t0000000000000000              gettid',
    '00000000001d4848 g    DO .data\t0000000000000008  GLIBC_2.2.5 stdout',
    '000000000009be70 g   iD  .text\t0000000000000109  GLIBC_2.14  memcpy',
    '0000000000000010 g    D  .tbss\t0000000000000004  GLIBC_PRIVATE errno',
    '0000000000000000      DF *UND*\t0000000000000000 (GLIBCXX_3.4.26) _ZNSt7basicEv',
  ].join('\n');
  const [create, gettid, stdout, memcpy, basic, ...rest] = listed(text);
  expect(create).toMatchObject({
    name: 'pthread_create',
    section: '*UND*',
    set: 'GLIBC',
    version: '2.34',
    weak: false,
  });
  expect(gettid).toMatchObject({ name: 'gettid', set: undefined, weak: true });
  expect(stdout).toMatchObject({ name: 'stdout', section: '.data', version: '2.2.5', data: true });
  expect(memcpy).toMatchObject({ name: 'memcpy', section: '.text', data: false });
  expect(basic).toMatchObject({ set: 'GLIBCXX', version: '3.4.26' });
  // Private ones have no version that could be compared, and are left out.
  expect(rest).toEqual([]);
});

test('notices say each text once, and of whom', () => {
  const text = notices('Title.', [
    { of: 'a 1.0.0: MIT', text: 'Do as you like.\r\n' },
    { of: 'b 2.0.0: ISC', text: 'Do not sue.\n' },
    { of: 'c 3.0.0: MIT', text: '\nDo as you like.' },
    { of: 'c 3.0.0: MIT', text: 'Do as you like.' },
  ]);
  expect(text.match(/Do as you like\./g)).toHaveLength(1);
  expect(text.match(/c 3\.0\.0/g)).toHaveLength(1);
  expect(text).toMatch(/^Title\.\n\n=+\na 1\.0\.0: MIT\nc 3\.0\.0: MIT\n=+\n\nDo as you like\.\n/);
  expect(text).toMatch(/\n=+\nb 2\.0\.0: ISC\n=+\n\nDo not sue\.\n$/);
});

test('targets are named as npm names platforms', () => {
  for (const { name, os, cpu, libc } of Object.values(targets)) {
    expect(name).toBe([os, cpu, ...(libc ? ['gnu'] : [])].join('-'));
  }
  // What is packed is what set-up fetches.
  const { take } = recipes['linux-x64'];
  const fetched = Object.values(Object.assign({}, ...Object.values(take)))
    .filter((it) => it.startsWith('lib/'))
    .map((it) => it.slice('lib/'.length));
  const { libraries } = targets['x86_64-unknown-linux-gnu'];
  expect([...libraries].sort()).toEqual(fetched.sort());
});

test('polytask is published after what it names', () => {
  const names = ['@polytask/a', 'polytask', '@polytask/b'].map((name) => ({ name }));
  expect(inOrder(names).map(({ name }) => name)).toEqual([
    '@polytask/a',
    '@polytask/b',
    'polytask',
  ]);
});
