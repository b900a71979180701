// The loops over a training that the pages show, on tables other than the one on the page: of few
// rows none are trained again in the end, of more several networks are, and of many one.
'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { spawnSync } = require('node:child_process');
const { train } = require('..');
const { mulberry32 } = require('../benches/random');
const { blocks } = require('../scripts/readme');

const ROOT = path.join(__dirname, '..');
const LOOP = /^for await \(const \{[^}]*\} of (\w+)\) (?:\{[\s\S]*?^\}|.*;)$/gm;

/** `[page, line, the training's name, code]` of each loop. */
const loops = ['README.md', 'docs/getting-started.md', 'docs/recipes.md'].flatMap((page) =>
  blocks(fs.readFileSync(path.join(ROOT, page), 'utf8'))
    .filter(({ lang }) => lang === 'js')
    .flatMap(({ code, line }) =>
      [...code.matchAll(LOOP)].map(([loop, training]) => [page, line, training, loop]),
    ),
);

function table(count) {
  const random = mulberry32(count);
  return Array.from({ length: count }, () => {
    const [a, b] = [random(), random()];
    return { a, b, species: ['setosa', 'virginica'][Number(a + b > 1)] };
  });
}

test('the pages have loops', () => {
  expect(new Set(loops.map(([page]) => page)).size).toBe(3);
});

describe.each(loops)('%s, the code of line %i', (_page, _line, name, loop) => {
  test.each([100, 1000, 10_000])('of %i rows', async (count) => {
    const options = { targets: 'species', model: { hidden: [4] }, earlyStopping: false };
    const training = train(table(count), { ...options, epochs: count === 100 ? 250 : 30 });
    const printed = [];
    const console = { log: (...words) => printed.push(words) };
    const body = `let reports = 0;\n${loop}\nreturn reports;`;
    const AsyncFunction = (async () => {}).constructor;
    await new AsyncFunction(name, 'console', body)(training, console);
    expect(printed.length).toBeGreaterThan(0);
    // No epoch is told twice, but where the loop says that another network is trained.
    const told = printed.filter(([phase]) => phase !== 'refit').map(String);
    expect(told).toEqual([...new Set(told)]);
    expect((await training).history.length).toBe(count === 100 ? 250 : 30);
  });
});

test('their types are those of index.d.ts, in strict mode', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'polytask-loops-'));
  try {
    const code = loops.map(
      ([, , name, loop]) =>
        `async function _(${name}: Training) {\n  let reports = 0;\n${loop}\n  return reports;\n}`,
    );
    const types = path.join(ROOT, 'index.d.ts');
    const modules = code.map((text, i) => {
      const file = path.join(folder, `loop${i}.ts`);
      fs.writeFileSync(file, `import type { Training } from '${types}';\nexport default ${text}\n`);
      return file;
    });
    const tsc = path.join(ROOT, 'node_modules', '.bin', 'tsc');
    const options = ['--noEmit', '--strict', '--target', 'es2023', '--module', 'nodenext'];
    const roots = ['--typeRoots', path.join(ROOT, 'node_modules', '@types'), '--types', 'node'];
    const more = ['--allowImportingTsExtensions', '--skipLibCheck'];
    const args = [...options, ...roots, ...more, ...modules];
    const { status, stdout, stderr } = spawnSync(tsc, args, { encoding: 'utf8', cwd: folder });
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' });
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}, 60_000);
