// The page: a field for each feature, and the answers to what they hold.
import { open } from './ask.js';

const form = document.querySelector('#row');
const list = document.querySelector('#answers');
const model = await open('/model');

for (const { name, type, categories } of model.features) {
  const label = form.appendChild(document.createElement('label'));
  label.append(name);
  const field = label.appendChild(document.createElement('input'));
  field.name = name;
  field.autocomplete = 'off';
  if (type === 'numeric') Object.assign(field, { type: 'number', step: 'any' });
  if (type === 'date') field.placeholder = '2011-01-31 05:00';
  if (type === 'boolean') field.placeholder = 'true or false';
  if (categories) field.placeholder = categories.slice(0, 5).join(', ');
}

async function show() {
  const cells = [...new FormData(form)].map(([name, text]) => [name, text.trim() || null]);
  const [answers] = await model.predict([Object.fromEntries(cells)]);
  list.replaceChildren();
  for (const [name, answer] of Object.entries(answers)) {
    list.appendChild(document.createElement('dt')).textContent = name;
    list.appendChild(document.createElement('dd')).textContent = words(answer);
  }
}

function words({ label, probabilities, value }) {
  if (!probabilities) return value.toPrecision(4);
  const chances = Object.entries(probabilities).map(
    ([key, p]) => `${key} ${(100 * p).toFixed(1)} %`,
  );
  return `${label} (${chances.join(', ')})`;
}

form.addEventListener('submit', (event) => event.preventDefault());
form.addEventListener('input', show);
await show();
document.body.dataset.ready = 'true';
// For the console, and for tests.
window.model = model;
