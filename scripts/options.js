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
  ['`model.predict`, `predictAsync` and `predictColumns`', ['PredictOptions', 'TimeZone']],
  ['`model.predictFile`', ['PredictFileOptions']],
  [
    '`model.evaluate`, `model.importance` and `model.report`',
    ['EvaluateOptions', 'ImportanceOptions', 'ReportOptions'],
  ],
  ['`signal` and `onProgress`', ['WorkOptions']],
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

// A comment, if there is one, then `name?: type;`, where the type may have members of its own.
const MEMBER =
  /^ *(?:\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*)?(?:readonly )?(\w+)(\??): ((?:[^;{}]|\{[^{}]*\})*);/gm;

/** The members that a body describes, in order. */
const members = (body) =>
  [...body.matchAll(MEMBER)].map(([, comment, name, optional, type]) => ({
    name,
    // What the compiler infers of `targets` is more than a reader needs.
    type: type.replace(/\s+/g, ' ').replace('T & CheckedTargets<T>', 'Targets').trim(),
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

/** Links to types that are on the page too. */
const links = (names) => names.map((name) => `[${name}](#${name.toLowerCase()})`).join(', ');

const PLACED = new Set(SECTIONS.flatMap(([, names]) => names));

/** A type in code, alternative by alternative, with links to what is on the page. */
function linked(type) {
  const alternatives = type.split(' | ').map((alternative) => {
    const name = (alternative.match(/\w+/g) ?? []).find((word) => PLACED.has(word));
    return name ? `[\`${alternative}\`](#${name.toLowerCase()})` : `\`${alternative}\``;
  });
  return alternatives.join(' | ');
}

function memberLine({ name, type, required, comment }) {
  const must = required ? ', required' : '';
  return `- **\`${name}\`**: ${linked(type)}${must}.${comment && ` ${indented(comment)}`}`;
}

/** A type as Markdown. */
function described(name, { comment, body }) {
  const head = [`### ${name}`, '', ...(comment ? [comment, ''] : [])];
  const alternatives = body.split(/\n {2}\| (?=\(?\{)/).filter((one) => members(one).length > 0);
  if (alternatives.length > 1) return [...head, ...alternatives.flatMap(alternativeLines)];
  const own = members(body).map(memberLine);
  const ofWords = words(body).map(
    ({ word, comment: said }) => `- \`'${word}'\`: ${indented(said)}`,
  );
  const lines = ofWords.length > 0 ? ofWords : own;
  return [...head, ...(lines.length > 0 ? lines : [plain(body)])];
}

/** One of several forms of an object: what tells it from the others, and its other members. */
function alternativeLines(body) {
  const [first, ...rest] = members(body);
  const also = joined(body);
  return [
    memberLine(first),
    ...rest.map((member) => `  ${indented(memberLine(member))}`),
    ...(also.length > 0 ? [`  - and those of ${links(also)}`] : []),
  ];
}

/** A type without comments, as it stands. */
function plain(body) {
  const [, type] = body.match(/^\s*=\s*([\s\S]*?);\s*$/);
  return `\`${type.replace(/\s+/g, ' ').replace(/^\| /, '').trim()}\``;
}

/** The whole page. */
function page(types = fs.readFileSync(TYPES, 'utf8')) {
  const all = declarations(types);
  const isPlaced = (name) => PLACED.has(name) || REPEATED.includes(name);
  const left = [...all.keys()].filter((name) => /Options$/.test(name) && !isPlaced(name));
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
      lines.push(...described(name, all.get(name)), '');
    }
  }
  return `${lines.join('\n').trimEnd()}\n`;
}

module.exports = { PAGE, TYPES, declarations, members, page };

if (require.main === module) {
  if (process.argv.includes('--write')) fs.writeFileSync(PAGE, page());
  else process.stdout.write(page());
}
