// polytask for `import`: the same module object, by name and as the default.
import polytask from './index.js';

export const {
  Model,
  PolytaskError,
  crossValidate,
  load,
  predict,
  train,
  trainSync,
  tune,
  version,
} = polytask;
export default polytask;
