// The pages of docs/ that show code: it runs, and prints what they say. Links lead somewhere, every
// page is in the index, every error code has its entry.
'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { isAsTold, oneProgram } = require('../scripts/readme');
const { ROOT, run, runFile } = require('./child');

const DOCS = path.join(ROOT, 'docs');
const read = (name) => fs.readFileSync(path.join(ROOT, name), 'utf8');
const pages = fs.readdirSync(DOCS).filter((name) => name.endsWith('.md'));

// Pages whose js blocks are a program. The others show fragments, or make theirs run by other tests.
const RUNNING = [
  'getting-started',
  'tasks',
  'recipes',
  'sources',
  'deploy',
  'how-it-works',
  'troubleshooting',
];

let folder;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'polytask-docs-'));
});
afterEach(() => fs.rmSync(folder, { recursive: true }));

test.each(RUNNING)(
  'the code of docs/%s.md runs and prints what the page says',
  async (name) => {
    // A project as a reader would have it, with polytask installed and the data beside.
    fs.mkdirSync(path.join(folder, 'node_modules'));
    fs.symlinkSync(ROOT, path.join(folder, 'node_modules', 'polytask'));
    fs.symlinkSync(path.join(ROOT, 'data'), path.join(folder, 'data'));
    // What else a page imports lies beside polytask.
    for (const [, imported] of read(`docs/${name}.md`).matchAll(
      /^import .* from '([^.'\n]+)';$/gm,
    )) {
      if (imported === 'polytask' || imported.startsWith('node:')) continue;
      const [scope] = imported.split('/');
      fs.mkdirSync(path.join(folder, 'node_modules', scope.startsWith('@') ? scope : ''), {
        recursive: true,
      });
      const installed = path.join(ROOT, 'node_modules', imported);
      fs.symlinkSync(installed, path.join(folder, 'node_modules', imported));
    }
    const { code, blocks, told } = oneProgram(read(`docs/${name}.md`));
    expect(blocks.length).toBeGreaterThan(0);
    fs.writeFileSync(path.join(folder, 'page.mjs'), code);
    const ended = await runFile('page.mjs', 120_000, { cwd: folder });
    const printed = told(ended.stdout);
    const last = blocks[printed.length - 1];
    const where = { status: ended.status, stderr: ended.stderr };
    // If it ended early, the block it came to is told.
    const came = (line) => ({ ...where, line });
    expect(came(last?.line)).toEqual({ status: 0, stderr: '', line: blocks.at(-1).line });
    for (const [index, { line, text }] of blocks.entries()) {
      if (text === null) continue;
      const fits = isAsTold(text, printed[index]);
      expect({ line, printed: fits ? text : printed[index] }).toEqual({ line, printed: text });
    }
  },
  150_000,
);

describe('docs/troubleshooting.md', () => {
  const page = read('docs/troubleshooting.md');
  const codes = [...read('src/error.rs').matchAll(/=> "(ERR_\w+)"/g)].map(([, code]) => code);

  test.each(codes)('%s has an entry, which shows such an error', (code) => {
    const [, entry] = page.match(new RegExp(`^## ${code}\\n([\\s\\S]*?)(?=^## )`, 'm')) ?? [];
    expect(entry?.length).toBeGreaterThan(100);
    expect(page).toContain(`[\`${code}\`](#${code.toLowerCase()})`);
    // Of a run that was aborted the reason is told, and not this code.
    if (code !== 'ERR_ABORTED') expect(entry).toMatch(new RegExp(`^${code}: `, 'm'));
  });

  test('has no code that is none', () => {
    expect(codes.length).toBeGreaterThan(10);
    for (const [, code] of page.matchAll(/^## (ERR_\w+)/gm)) expect(codes).toContain(code);
  });

  // What is said where a native module is missing can only be met without it.
  test.each([...page.matchAll(/<!-- without: (\S+) -->\n\n```text\n([\s\S]*?)\n```/g)])(
    '%#: without a module it says what the page says',
    async (_, module, text) => {
      for (const part of ['index.js', 'lib', 'package.json', 'Cargo.toml']) {
        fs.cpSync(path.join(ROOT, part), path.join(folder, part), { recursive: true });
      }
      fs.mkdirSync(path.join(folder, 'native'));
      const other = ['polytask.node', 'polytask-train.node'].find((name) => name !== module);
      fs.symlinkSync(path.join(ROOT, 'native', other), path.join(folder, 'native', other));
      const { stdout } = await run(
        `(async () => {
          const { train } = require(process.argv[1]);
          await train('data/iris.csv', 1);
        })().catch((error) => console.log(\`\${error.code}: \${error.message}\`));`,
        { args: [folder] },
      );
      expect({ stdout, fits: isAsTold(text, stdout) }).toEqual({ stdout, fits: true });
    },
  );
});

describe('the index', () => {
  const index = read('docs/README.md');
  test('marks the pages that are run', () => {
    const marked = [...index.matchAll(/▸ \[([\w-]+)\.md\]/g)].map(([, name]) => name);
    expect(marked.sort()).toEqual([...RUNNING].sort());
  });
  test.each(pages.filter((name) => name !== 'README.md'))('names %s', (name) => {
    expect(index).toContain(`](${name})`);
  });
});

test.each(pages)('links of docs/%s exist', (name) => {
  const links = [...read(`docs/${name}`).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link);
  for (const link of links.filter((link) => !/^[a-z]+:/.test(link))) {
    const [file, anchor] = link.split('#');
    const target = file ? path.join(DOCS, file) : path.join(DOCS, name);
    expect([link, fs.existsSync(target)]).toEqual([link, true]);
    if (!anchor || !target.endsWith('.md')) continue;
    const headings = [...fs.readFileSync(target, 'utf8').matchAll(/^#+ (.+)$/gm)];
    const anchors = headings.map(([, heading]) => slug(heading));
    expect([link, anchors.includes(anchor)]).toEqual([link, true]);
  }
});

/** The anchor of a heading: small letters, no punctuation, hyphens for spaces. */
const slug = (heading) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
