// What `npm install` runs in a checkout: checks the tools, finds or fetches libtorch, links it
// as `.libtorch`, and builds the native modules. Run again, it takes seconds.
'use strict';

const { build } = require('./build');
const { fetch } = require('./fetch');
const libtorch = require('./libtorch');
const { missing } = require('./prerequisites');
const { Problem, main } = require('./problem');

async function setup() {
  const { POLYTASK_SKIP_SETUP: skip } = process.env;
  if (skip && skip !== '0') return;
  const source = await libtorch.source();
  const sentences = await missing({ python: source.fetch !== undefined });
  if (sentences.length > 0) throw new Problem(sentences.join('\npolytask: '));
  if (source.none) {
    console.log(
      `polytask: ${source.none}, so training is left out here: models trained elsewhere predict without it`,
    );
    return build({ train: false });
  }
  if (source.fetch) await fetch(source.fetch, libtorch.EXPECTED);
  const folder = source.folder ?? source.fetch.folder;
  libtorch.link(folder);
  console.log(
    `polytask: libtorch ${libtorch.EXPECTED} from ${source.origin ?? 'the cache'} (${folder})`,
  );
  return build();
}

main(setup);
