// Reads the fenced code blocks of a Markdown text; run as a program, it executes those of
// README.md in one language (`node scripts/readme.js sh`), in order, to the first failure.
// The js blocks of a page of docs/ are one program: `oneProgram` composes it.
'use strict';

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const ROOT = path.join(__dirname, '..');

const RUNNERS = { sh: ['bash', '-e', '-c'], js: [process.execPath, '-e'] };

/** The fenced blocks as `{ lang, code, line }`; `line` is that of the code's first line, from 1. */
function blocks(markdown) {
  const found = [];
  let open = null;
  markdown.split(/\r?\n/).forEach((text, index) => {
    const [, indent, fence, info] = text.match(/^( {0,3})(`{3,}|~{3,})\s*([^`]*)$/) ?? [];
    if (!open && fence) {
      open = {
        fence,
        indent,
        lang: info.trim().split(/\s+/)[0],
        lines: [],
        line: index + 2,
      };
    } else if (open && fence?.startsWith(open.fence) && info === '') {
      found.push({
        lang: open.lang,
        code: open.lines.join('\n'),
        line: open.line,
      });
      open = null;
    } else if (open) {
      open.lines.push(text.startsWith(open.indent) ? text.slice(open.indent.length) : text);
    }
  });
  return found;
}

// Stands before what each block prints.
const MARK = '\u001e';

/**
 * The js blocks of a page, in order, as one ES module, and for each of them its line and the text
 * block that comes right after it: what it prints, or, if that begins like `ERR_CSV: `, the code and the
 * message of what it throws. `told` cuts what the module prints into what each block prints.
 */
function oneProgram(markdown) {
  const lines = markdown.split(/\r?\n/);
  const all = blocks(markdown);
  const found = all.flatMap(({ lang, code, line }, index) => {
    if (lang !== 'js') return [];
    const next = all[index + 1];
    // The line after the closing fence.
    const end = line + code.split('\n').length;
    const right =
      next?.lang === 'text' &&
      lines
        .slice(end, next.line - 2)
        .join('')
        .trim() === '';
    return [{ line, code, text: right ? next.code : null }];
  });
  const code = found.map(({ code, line, text }) => {
    const print = "console.log([error.code, error.message].join(': '))";
    const body = /^ERR_\w+: /.test(text ?? '')
      ? `try {\n${code}\n} catch (error) { ${print}; }`
      : code;
    return `process.stdout.write('${MARK}');  // line ${line}\n${body}\n`;
  });
  const told = (output) => output.split(MARK).slice(1);
  return { code: code.join(''), blocks: found, told };
}

/** Whether a block printed what the page says; `…` on the page stands for anything. */
function isAsTold(text, printed) {
  const literal = (part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const pattern = text.trim().split('…').map(literal).join('[\\s\\S]*?');
  return new RegExp(`^${pattern}$`).test(printed.replace(/[ \t]+$/gm, '').trim());
}

function program([lang]) {
  const runner = RUNNERS[lang];
  if (!runner) throw new Error(`usage: node scripts/readme.js ${Object.keys(RUNNERS).join('|')}`);
  const markdown = fs.readFileSync(path.join(ROOT, 'README.md'), 'utf8');
  const chosen = blocks(markdown).filter((block) => block.lang === lang);
  if (chosen.length === 0) throw new Error(`README.md has no ${lang} blocks`);
  for (const { code, line } of chosen) {
    console.log(`README.md:${line}\n${code.replace(/^/gm, '  ')}`);
    const started = Date.now();
    const { status } = spawnSync(runner[0], [...runner.slice(1), code], {
      cwd: ROOT,
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    const seconds = ((Date.now() - started) / 1000).toFixed(1);
    console.log(`README.md:${line} ${status === 0 ? 'took' : 'failed after'} ${seconds} s`);
    if (status !== 0) return 1;
  }
  return 0;
}

module.exports = { blocks, isAsTold, oneProgram };

if (require.main === module) process.exitCode = program(process.argv.slice(2));
