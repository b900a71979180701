// The reference of options, docs/options.md, made from the comments and types of index.d.ts.
//
//     node scripts/options.js            prints it
//     node scripts/options.js --write    writes it into docs/options.md
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const ROOT = path.join(__dirname, '..');
const TYPES = path.join(ROOT, 'index.d.ts');
const PAGE = path.join(ROOT, 'docs', 'options.md');

// What stands where, by the path a user writes. Option types that are not named here come last.
const SECTIONS = [
  ['`train` and `trainSync`', ['TrainOptions']],
  ['`targets`', ['Targets', 'TargetOptions', 'TaskType']],
  ['`features`', ['FeatureOptions', 'DeclaredType', 'FeatureType', 'Scaling']],
  ['`model`', ['ModelOptions', 'Preset', 'Architecture', 'Activation']],
  ['`model.embeddings`', ['EmbeddingOptions', 'EmbeddingType']],
  ['`model.categories`', ['CategoryOptions']],
  ['`model.rates`', ['RateOptions']],
  ['`optimizer`', ['OptimizerOptions']],
  ['`schedule`', ['ScheduleOptions', 'ScheduleMethod']],
  ['`balance`', ['BalanceOptions', 'BalanceMomentum', 'BalanceGradients', 'BalancePlace']],
  ['`validation`', ['ValidationOptions']],
  ['`earlyStopping`', ['EarlyStoppingOptions', 'Metric']],
  ['`compare`', ['CompareOptions']],
  ['`checkpoint`', ['CheckpointOptions']],
  ['`csv`', ['CsvOptions']],
  ['`crossValidate`', ['CrossValidateOptions']],
  ['`tune`', ['TuneOptions', 'TuneSpace', 'TuneRange']],
  ['`model.predictFile`', ['PredictFileOptions']],
];

// The same options again, less some.
const REPEATED = ['TrainSyncOptions', 'UsedOptions'];

/** A comment as paragraphs and lists, without its stars and its line breaks. */
function prose(comment) {
  const lines = comment.split('\n').map((line) => line.replace(/^\s*\* ?/, '').trimEnd());
  return lines
    .join('\n')
    .trim()
    .replace(/(?<!`)docs\/([\w-]+\.md)/g, '[$1]($1)')
    .replace(/\n(?!\n|- )(?<!\n\n)/g, ' ')
    .replace(/ {2,}/g, ' ');
}

/** The exported declarations of a text of types, by name: their comment, and what follows the name. */
function declarations(text) {
  const found = new Map();
  const starts = [
    ...text.matchAll(/^(?:\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\n)?export (?:interface|type) (\w+)/gm),
  ];
  for (const { 0: whole, 1: comment, 2: name, index } of starts) {
    const rest = text.slice(index + whole.length);
    // Up to the next thing that stands at the beginning of a line.
    const end = rest.search(/\n(?:\/\*\*|export |type |declare )/);
    found.set(name, { comment: prose(comment ?? ''), body: end < 0 ? rest : rest.slice(0, end) });
  }
  return found;
}

// A comment, if there is one, then `name?: type;`.
const MEMBER = /^ *(?:\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*)?(?:readonly )?(\w+)(\??): ([^;]*);/gm;

/** The members that a body describes, in order. */
const members = (body) =>
  [...body.matchAll(MEMBER)].map(([, comment, name, optional, type]) => ({
    name,
    type: type.replace(/\s+/g, ' ').trim(),
    required: !optional,
    comment: prose(comment ?? ''),
  }));

/** The alternatives of a union of words that each have a comment. */
const words = (body) =>
  [...body.matchAll(/\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*\| '([^']+)'/g)].map(
    ([, comment, word]) => ({
      word,
      comment: prose(comment),
    }),
  );

/** The types of option that a type lets in besides its own members: `& BalanceMomentum`. */
const joined = (body) => [...body.matchAll(/&\s+(Balance\w+)/g)].map(([, name]) => name);

const indented = (text) => text.replace(/\n(?!\n|$)/g, '\n  ');

function memberLine({ name, type, required, comment }) {
  const must = required ? ', required' : '';
  return `- **\`${name}\`**: \`${type}\`${must}.${comment && ` ${indented(comment)}`}`;
}

/** A type as Markdown. */
function described(name, { comment, body }, depth) {
  const lines = [`${'#'.repeat(depth)} ${name}`, ''];
  if (comment) lines.push(comment, '');
  const alternatives = body.split(/\n {2}\| (?=\(?\{)/).filter((one) => members(one).length > 0);
  if (alternatives.length > 1) {
    for (const alternative of alternatives) {
      const [method, ...rest] = members(alternative);
      const also = joined(alternative).map((one) => `[${one}](#${one.toLowerCase()})`);
      lines.push(memberLine(method));
      for (const member of rest) lines.push(`  ${indented(memberLine(member))}`);
      if (also.length > 0) lines.push(`  - and those of ${also.join(', ')}`);
    }
    return lines;
  }
  for (const { word, comment: said } of words(body))
    lines.push(`- \`'${word}'\`: ${indented(said)}`);
  if (words(body).length > 0) return lines;
  // A plain type is shown as it is.
  const plain = body.match(/^\s*=\s*([\s\S]*?);\s*$/)?.[1];
  const own = members(body);
  for (const member of own) lines.push(memberLine(member));
  if (own.length === 0 && plain)
    lines.push(`\`${plain.replace(/\s+/g, ' ').replace(/^\| /, '').trim()}\``);
  return lines;
}

/** The whole page. */
function page(types = fs.readFileSync(TYPES, 'utf8')) {
  const all = declarations(types);
  const placed = new Set([...SECTIONS.flatMap(([, names]) => names), ...REPEATED]);
  const left = [...all.keys()].filter((name) => /Options$/.test(name) && !placed.has(name));
  const sections = left.length > 0 ? [...SECTIONS, ['Other options', left]] : SECTIONS;
  const lines = [
    '# Options',
    '',
    'Made from [index.d.ts](../index.d.ts) by `node scripts/options.js --write`; change it there. Options are checked when a call begins: an unknown name, a wrong type or a number out of range is `ERR_OPTIONS` and names the option ([troubleshooting.md](troubleshooting.md)). The second argument of `train` may be a number, which means `{ epochs }`. `model.options` tells the options that a model was trained with.',
    '',
  ];
  for (const [title, names] of sections) {
    lines.push(`## ${title}`, '');
    for (const name of names) {
      if (!all.has(name)) throw new Error(`index.d.ts has no ${name}`);
      lines.push(...described(name, all.get(name), 3), '');
    }
  }
  return `${lines.join('\n').trimEnd()}\n`;
}

module.exports = { PAGE, TYPES, declarations, members, page };

if (require.main === module) {
  if (process.argv.includes('--write')) fs.writeFileSync(PAGE, page());
  else process.stdout.write(page());
}
