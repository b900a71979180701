// The program in a terminal: a bar that redraws itself within the width, colours and their
// absence, Ctrl-C as it is typed. Needs python3 for a pseudo-terminal.
'use strict';

const { spawn, spawnSync } = require('node:child_process');
const path = require('node:path');
const { stripVTControlCharacters } = require('node:util');
const { load } = require('..');
const { progress } = require('../lib/cli/progress');
const { clock, cut, figure, table, took, width } = require('../lib/cli/text');
const { Folder, PROGRAM } = require('./cli');

jest.setTimeout(60_000);

const CLEAR = '\r\x1b[K';
// biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with it
const COLOUR = /\x1b\[\d+m/;

const python = ['python3', 'python'].find(
  (name) => spawnSync(name, ['-c', 'import pty, os; os.waitstatus_to_exitcode']).status === 0,
);
const inTerminal = python ? describe : describe.skip;
if (!python) console.warn('no python3 here: the program is not tested in a terminal');

inTerminal('in a terminal', () => {
  let folder;
  beforeAll(() => {
    folder = new Folder();
  });
  afterAll(() => folder.remove());

  /** Runs the program in a terminal; gives its exit code and all that was drawn. */
  function run(args, { columns = 100, env = {}, typed = () => null } = {}) {
    const script = path.join(__dirname, 'terminal.py');
    const words = [script, String(columns), process.execPath, PROGRAM, ...args];
    const child = spawn(python, words, { cwd: folder.at, env: { ...folder.env, ...env } });
    let drawn = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      drawn += text;
      const keys = typed(drawn);
      if (keys) child.stdin.write(keys);
    });
    return new Promise((resolve) => child.on('close', (code) => resolve({ code, drawn })));
  }

  const train = (epochs) =>
    `train iris.csv -t species -t petal_width --no-early-stopping --refit false --epochs ${epochs} -o t.st`.split(
      ' ',
    );
  /** What the bar showed, one after another. */
  const bars = (drawn) =>
    drawn
      .split(CLEAR)
      .map((text) => text.split('\r\n')[0])
      .filter((text) => stripVTControlCharacters(text).startsWith('epoch'));

  test('the bar redraws itself, in colour', async () => {
    const { code, drawn } = await run(train(3000));
    expect(code).toBe(0);
    expect(drawn.startsWith(`${CLEAR}\x1b[2mreading iris.csv`)).toBe(true);
    const shown = bars(drawn);
    expect(shown.length).toBeGreaterThan(3);
    const epochs = shown.map((text) =>
      Number(stripVTControlCharacters(text).match(/^epoch +(\d+)\/3000/)[1]),
    );
    expect(epochs).toEqual([...epochs].sort((one, other) => one - other));
    expect(epochs.at(-1)).toBe(3000);
    const [first, last] = [shown[1], shown.at(-1)].map(stripVTControlCharacters);
    expect(first).toMatch(
      /^epoch +\d+\/3000 {2}━*╾?─+ {2}species accuracy [\d.]+ · petal_width rmse [\d.]+ .*\d+:\d\d left$/,
    );
    expect(last).toMatch(/^epoch 3000\/3000 {2}━+ {2}species .* {2}[\d.]+\/s {2}[\d.]+ s$/);
    expect(drawn).toMatch(COLOUR);
    expect(stripVTControlCharacters(drawn)).toMatch(
      /\n✓ t\.st: epoch \d+ of 3000, the best by 30 /,
    );
  });

  test.each([40, 60, 200])('it stays within %d columns', async (columns) => {
    const { drawn } = await run(train(500), { columns });
    const shown = bars(drawn);
    expect(shown.length).toBeGreaterThan(0);
    for (const text of shown) expect(width(text)).toBeLessThan(columns);
  });

  test('NO_COLOR leaves the colours out, not the bar', async () => {
    const { code, drawn } = await run(train(1000), { env: { NO_COLOR: '1' } });
    expect(code).toBe(0);
    expect(drawn).not.toMatch(COLOUR);
    expect(bars(drawn).length).toBeGreaterThan(1);
    // An empty one means nothing.
    expect((await run(train(10), { env: { NO_COLOR: '' } })).drawn).toMatch(COLOUR);
  });

  test('a dumb terminal gets plain lines', async () => {
    const { drawn } = await run(train(10), { env: { TERM: 'dumb' } });
    expect(drawn).not.toContain('\x1b');
    expect(drawn).toMatch(/^epoch 10\/10 {2}loss /m);
  });

  test('Ctrl-C keeps the best so far', async () => {
    let pressed = false;
    const typed = (drawn) => {
      if (pressed || bars(drawn).length < 3) return null;
      pressed = true;
      return '\x03';
    };
    const { code, drawn } = await run(train(100_000_000), { typed });
    expect(code).toBe(130);
    expect(drawn).toMatch(/stopping; what was best so far is kept \(once more to drop it\)\r\n/);
    expect(stripVTControlCharacters(drawn)).toMatch(/✓ t\.st: .*, interrupted\r\n/);
    expect((await load(folder.path('t.st'))).history.length).toBeGreaterThan(1);
  });

  test('work without steps tells that it goes on, until its results take that place', async () => {
    await folder.run(train(5));
    const { code, drawn } = await run(['evaluate', 't.st', 'iris.csv']);
    expect(code).toBe(0);
    expect(drawn.startsWith(`${CLEAR}\x1b[2mscoring iris.csv\x1b[0m${CLEAR}`)).toBe(true);
    expect(stripVTControlCharacters(drawn)).toMatch(/\rspecies {2}classification, 150 rows\r\n/);
  });

  test('errors are red', async () => {
    const { code, drawn } = await run(['train', 'nowhere.csv', '-o', 'x']);
    expect(code).toBe(1);
    expect(drawn).toContain('\x1b[31m');
  });
});

describe('lines', () => {
  /** Shows reports on a stream that is not a terminal. */
  const shown = (reports) => {
    const written = [];
    const about = (epoch) => ({ done: epoch, many: 40, line: `epoch ${epoch}` });
    const lines = progress({ write: (text) => written.push(text) }, about);
    for (const report of reports) lines.show(report);
    lines.end();
    return written;
  };

  test('for every tenth of the way, and the last', () => {
    const all = Array.from({ length: 19 }, (_, at) => at + 1);
    expect(shown(all)).toEqual([
      'epoch 4\n',
      'epoch 8\n',
      'epoch 12\n',
      'epoch 16\n',
      'epoch 19\n',
    ]);
    expect(shown([])).toEqual([]);
  });

  test('for every ten seconds, where epochs are slow', () => {
    jest.useFakeTimers({ now: 0 });
    const written = [];
    const about = (epoch) => ({ done: epoch, many: 1000, line: `epoch ${epoch}` });
    const lines = progress({ write: (text) => written.push(text) }, about);
    for (let epoch = 1; epoch < 30; epoch++) {
      jest.advanceTimersByTime(1000);
      lines.show(epoch);
    }
    jest.useRealTimers();
    expect(written).toEqual(['epoch 11\n', 'epoch 22\n']);
  });
});

describe('text', () => {
  test('widths are those of a terminal', () => {
    expect(width('価格')).toBe(4);
    expect(width('e\u0301')).toBe(1);
    expect(width('\x1b[1mab\x1b[0m')).toBe(2);
    expect(cut('価格価格', 5)).toBe('価格…');
    expect(
      table(
        [
          ['価', '1'],
          ['abc', '22'],
        ],
        { right: [1] },
      ),
    ).toEqual(['価    1', 'abc  22']);
  });

  test('numbers are short', () => {
    expect([1, 0.96667, 12.345, 123.45, 12345.6, 0, 1e-7, 1e9, undefined].map(figure)).toEqual([
      '1.0000',
      '0.9667',
      '12.35',
      '123.5',
      '12346',
      '0.0000',
      '1.000e-7',
      '1.000e+9',
      '–',
    ]);
    expect([0, 7.4, 61, 3723].map(clock)).toEqual(['0:00', '0:07', '1:01', '1:02:03']);
    expect([0.083, 12.34, 75].map(took)).toEqual(['0.08 s', '12.3 s', '1:15']);
  });
});
