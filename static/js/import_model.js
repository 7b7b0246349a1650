/** Imports a model file: leads to the model, or says why it was refused. */

import { ask, Refusal } from './api.js';

const form = /** @type {HTMLFormElement} */ (document.getElementById('import'));
const file = /** @type {HTMLInputElement} */ (document.getElementById('model-file'));
const refusal = /** @type {HTMLElement} */ (document.getElementById('import-refusal'));

form.addEventListener('submit', (event) => {
  event.preventDefault();
  send();
});
file.addEventListener('change', send);

async function send() {
  const chosen = file.files?.[0];
  if (!chosen) return;
  refusal.hidden = true;
  try {
    const { value } = await ask('POST', '/api/models', { text: await chosen.text() });
    location.href = `/models/${value.id}`;
  } catch (error) {
    refusal.textContent = error instanceof Refusal ? error.message : 'The file cannot be read. Choose another.';
    refusal.hidden = false;
    file.value = '';
  }
}
