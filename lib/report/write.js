// A text file put in its place whole or not at all.
'use strict';

const fs = require('node:fs/promises');
const path = require('node:path');
const { PolytaskError } = require('../error');

let drafts = 0;

/**
 * Writes what `make` resolves with to the file. The draft beside it is made first, so that a folder
 * that is not there is found out before any work.
 */
async function writeWhole(file, make) {
  let draft = null;
  try {
    draft = await open(file);
    const text = await make().catch((error) => Promise.reject(new Made(error)));
    await draft.handle.writeFile(text);
    await draft.handle.sync();
    await draft.handle.close();
    await fs.rename(draft.sibling, file);
  } catch (error) {
    await draft?.handle.close().catch(() => {});
    if (draft) await fs.rm(draft.sibling, { force: true });
    if (error instanceof Made) throw error.error;
    const message = `${file}: cannot be written: ${error.message}`;
    throw new PolytaskError('ERR_ARTIFACT', message, { file, cause: error.message });
  }
}

/** An error of what was to be written, not of the writing. */
class Made {
  constructor(error) {
    this.error = error;
  }
}

async function open(file) {
  for (;;) {
    const draft = `.${path.basename(file)}.${process.pid}-${drafts++}.tmp`;
    const sibling = path.join(path.dirname(file), draft);
    try {
      return { sibling, handle: await fs.open(sibling, 'wx') };
    } catch (error) {
      // Of a killed process of the same number.
      if (error.code !== 'EEXIST') throw error;
    }
  }
}

module.exports = { writeWhole };
