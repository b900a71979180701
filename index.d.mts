// The types for `import`: those of `require`, by name and as the default.
import * as polytask from './index.js';

export * from './index.js';
export default polytask;
