// The help: an overview, a page a command, a page for each option that has parts.
'use strict';

const { COMMON } = require('./arguments');
const { flag, kebab, nearest } = require('./names');
const { PARTS, PREDICTION, SEARCH, TARGET, TRAINING } = require('./options');
const { Usage } = require('./problem');
const { style, table, wrap } = require('./text');

const commands = () => require('./commands').commands;
const names = () =>
  commands()
    .map(({ name }) => name)
    .join(', ');
const version = () => require('../../package.json').version;

const heading = (text) => ['', style(process.stdout).bold(text)];
const indented = (rows) => table(rows, { indent: '  ', gap: '   ' });

function overview() {
  const dim = style(process.stdout).dim;
  return [
    `polytask ${version()}: multi-task neural networks on tables`,
    ...heading('Use'),
    '  polytask COMMAND …',
    ...heading('Commands'),
    ...indented(commands().map(({ name, summary }) => [name, summary])),
    ...heading('A beginning'),
    '  polytask train data.csv --target price --target sold --out model.safetensors',
    '  polytask evaluate model.safetensors test.csv',
    '  polytask predict model.safetensors new.csv --out answers.csv',
    '',
    dim('polytask COMMAND --help explains a command, polytask help model an option with parts.'),
    dim('Exit codes: 0 done; 1 an error of data or model; 2 wrong usage; 130 interrupted.'),
  ];
}

/** The help on a command or an option, or the overview. */
function about(topic) {
  if (topic === undefined) return overview();
  const command = commands().find(({ name }) => name === topic);
  if (command) return of(command);
  const option = [...withParts(), 'targets'].find((name) => [name, kebab(name)].includes(topic));
  if (option) return parts(option);
  const all = [...commands().map(({ name }) => name), ...withParts().map(kebab), 'targets'];
  const near = nearest(topic, all);
  const hint = near ? `did you mean ${near}?` : `there is help on ${all.join(', ')}`;
  throw new Usage(`no help on ${JSON.stringify(topic)}; ${hint}`);
}

/** Options that have parts. */
const withParts = () => [...new Set(Object.keys(PARTS).map((path) => path.split('.')[0]))];

function parts(option) {
  const rows =
    option === 'targets'
      ? Object.entries(TARGET).map(([name, [, meaning]]) => [
          `--targets.COLUMN.${kebab(name)}`,
          meaning,
        ])
      : Object.entries(PARTS)
          .filter(([path]) => path.startsWith(`${option}.`))
          .map(([path, [, meaning]]) => [flag(path), meaning]);
  const more =
    option === 'balance'
      ? ["A method's own numbers, as --balance.c, are in docs/balancing.md."]
      : [];
  const [, meaning] = TRAINING[option];
  return [
    `${flag(option)}: ${meaning}`,
    '',
    ...indented(rows),
    ...(more.length ? ['', ...more] : []),
  ];
}

/** The page of a command. */
function of(command) {
  const { name, use, explains, examples, flags, options } = command;
  const dim = style(process.stdout).dim;
  const own = Object.entries({ ...flags, ...COMMON }).map(([flag, { short, value, help }]) => [
    `${short ? `-${short}, ` : '    '}--${flag}${value ? ` ${value}` : ''}`,
    help,
  ]);
  return [
    `polytask ${name}: ${command.summary}`,
    ...heading('Use'),
    ...use.map((line) => `  ${line}`),
    ...explains.flatMap((paragraph) => ['', ...wrap(paragraph)]),
    ...heading('Examples'),
    ...examples.flatMap(([text, line], at) => [
      ...(at > 0 ? [''] : []),
      dim(`  # ${text}`),
      `  ${line}`,
    ]),
    ...heading('Flags'),
    ...indented(own),
    ...optionLines(options),
  ];
}

const TABLES = {
  training: [TRAINING],
  search: [SEARCH, TRAINING],
  prediction: [PREDICTION],
  reading: [{ csv: TRAINING.csv }],
};

function optionLines(options) {
  if (!options) return [];
  const rows = new Map();
  for (const table of TABLES[options]) {
    for (const [name, [, meaning]] of Object.entries(table)) {
      if (!rows.has(name)) rows.set(name, [flag(name), meaning]);
    }
  }
  const dotted = withParts()
    .filter((option) => rows.has(option))
    .map(kebab);
  return [
    ...heading('Options, as in the API'),
    ...indented([...rows.values()]),
    '',
    ...wrap(
      `Parts are given by dots, as --model.hidden 64,64, and false as --no-calibration; a value may be JSON. polytask help OPTION lists the parts of ${dotted.join(', ')}.`,
    ),
  ];
}

module.exports = { about, names, of, overview, version };
