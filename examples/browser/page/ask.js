// A model in the browser: rows in, answers out, both as polytask's `predict` has them.
import * as ort from '/ort/ort.wasm.min.mjs';

ort.env.wasm.wasmPaths = '/ort/';
// More threads need a page that is isolated from other origins; a row needs none.
ort.env.wasm.numThreads = 1;

/** The model whose files lie under this address. */
export async function open(address) {
  const [description, session] = await Promise.all([
    fetch(`${address}/model.json`).then((response) => response.json()),
    ort.InferenceSession.create(`${address}/model.onnx`, { executionProviders: ['wasm'] }),
  ]);
  const types = new Map(description.features.map(({ name, type }) => [name, type]));
  return {
    ...description,
    async predict(rows) {
      const inputs = session.inputMetadata.map((input) => [
        input.name,
        tensor(
          input.type,
          types.get(input.name),
          rows.map((row) => row[input.name] ?? null),
        ),
      ]);
      const outputs = await session.run(Object.fromEntries(inputs));
      return rows.map((_, row) => answers(description.tasks, outputs, row));
    },
  };
}

// docs/onnx.md says what a cell of each type is.
function tensor(element, type, cells) {
  const shape = [cells.length, 1];
  if (element === 'string') {
    return new ort.Tensor(
      'string',
      cells.map((cell) => String(cell ?? '')),
      shape,
    );
  }
  const number = (cell) => {
    if (cell === null) return Number.NaN;
    return type === 'date' ? Date.parse(`${cell.replace(' ', 'T')}Z`) : Number(cell);
  };
  return new ort.Tensor('float64', Float64Array.from(cells, number), shape);
}

function answers(tasks, outputs, row) {
  const answer = ({ name, classes }) => {
    const given = outputs[name].data;
    if (!classes) return [name, { value: given[row] }];
    const chances = classes.map((key, i) => [key, given[row * classes.length + i]]);
    const label = outputs[`${name}.label`].data[row];
    return [name, { label, probabilities: Object.fromEntries(chances) }];
  };
  return Object.fromEntries(tasks.map(answer));
}
