// Runs trainings, two at once, and keeps every result as a line of JSON in a file under target/: a
// run that was interrupted goes on where it was. And puts the tables into docs/.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { between } = require('../harness/document');
const { machine } = require('../harness/machine');
const { ROOT } = require('../harness/places');

const DATA = path.join(ROOT, '..', 'shared', 'data');
const DOCUMENT = path.join(ROOT, 'docs', 'balancing.md');
const AT_ONCE = 2;

/** The results of a file, `null` without one: `{ settings, machine, results }`. */
function read(file) {
  if (!fs.existsSync(file)) return null;
  const lines = fs.readFileSync(file, 'utf8').split('\n');
  // What a process was writing when it was ended is done again.
  if (lines.pop() !== '') fs.truncateSync(file, Buffer.byteLength(`${lines.join('\n')}\n`));
  const [head, ...results] = lines.map((line) => JSON.parse(line));
  return { ...head, results };
}

/** Whether a folder or file of the data sets is there; says so where it is not. */
function present(...names) {
  const missing = names.map((name) => path.join(DATA, name)).find((file) => !fs.existsSync(file));
  if (missing) console.log(`skipped: there is no ${missing}`);
  return !missing;
}

/**
 * The results of `jobs` `{ key, … }`, those in the file as they are, the others by `run(job)`, which
 * resolves to what is kept beside the job. `settings` are what all of them depend on.
 */
async function runAll({ file, settings, jobs, run }) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  if (!fs.existsSync(file)) {
    fs.writeFileSync(file, `${JSON.stringify({ settings, machine: machine() })}\n`);
  }
  const had = read(file);
  if (JSON.stringify(had.settings) !== JSON.stringify(settings)) {
    throw new Error(`${file} has results of other settings: remove it, or show it with --from`);
  }
  const done = new Map(had.results.map((result) => [result.key, result]));
  const waiting = jobs.filter(({ key }) => !done.has(key));
  console.log(`${jobs.length} trainings, ${jobs.length - waiting.length} of them done before`);
  let count = 0;
  const worker = async () => {
    for (let job = waiting.shift(); job; job = waiting.shift()) {
      const result = { ...job, ...(await run(job)) };
      fs.appendFileSync(file, `${JSON.stringify(result)}\n`);
      done.set(job.key, result);
      count += 1;
      if (count % 100 === 0) console.log(`${count} trained, ${waiting.length} to go`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return { ...had, results: jobs.map(({ key }) => done.get(key)) };
}

/** The machine of a run and the command, in one line. */
function head({ machine: it }, command) {
  const hardware = `${it.cpu}, ${it.cores} cores, ${it.memoryGb} GB, ${it.system}`;
  return `${hardware}, Node ${it.node}, polytask ${it.polytask}, ${it.date}; \`${command}\``;
}

/** Puts text between the marks of a name in docs/balancing.md. */
function write(name, text) {
  fs.writeFileSync(DOCUMENT, between(fs.readFileSync(DOCUMENT, 'utf8'), name, text));
}

/** The default file of the results of a proof. */
const resultsFile = (name) => path.join(ROOT, 'target', `proof-${name}.jsonl`);

module.exports = { DATA, head, present, read, resultsFile, runAll, write };
