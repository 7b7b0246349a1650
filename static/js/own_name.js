/** The name of a table or of a model on its own page: kept on Enter and on leaving it, given back by Escape. */

import { ask, Refusal } from './api.js';

const field = /** @type {HTMLTextAreaElement} */ (document.getElementById('own-name'));
const state = /** @type {HTMLElement} */ (document.getElementById('own-name-state'));
const error = /** @type {HTMLElement} */ (document.getElementById('own-name-error'));
const heading = document.querySelector('h1');
const OFFLINE = 'The server cannot be reached, so this name is not kept. Try again in a moment.';
let kept = field.value;
/** What the server was asked for last; what is kept, unless an answer is still to come. */
let asked = kept;

field.addEventListener('keydown', async (event) => {
  if (event.isComposing || (event.key !== 'Enter' && event.key !== 'Escape')) return;
  event.preventDefault();
  if (event.key === 'Escape') field.value = kept;
  if (await rename()) field.blur();
});
field.addEventListener('blur', rename);
field.addEventListener('input', () => {
  state.textContent = '';
});

/** Whether the name that is written is the one that is kept. */
async function rename() {
  const name = field.value.replace(/\s+/g, ' ').trim();
  field.value = name;
  if (!name) return refuse(`A name cannot be empty. Escape brings “${kept}” back.`);
  if (name === kept) refuse('');
  if (name === asked) return name === kept;
  asked = name;
  refuse('');
  state.textContent = 'Saving …';
  try {
    show((await ask('PATCH', field.dataset.path ?? '', { body: { name }, keepalive: true })).value.name);
    return true;
  } catch (why) {
    asked = kept;
    state.textContent = '';
    return refuse(why instanceof Refusal && why.code !== 'offline' ? why.message : OFFLINE);
  }
}

/** @param {string} name */
function show(name) {
  kept = name;
  asked = name;
  state.textContent = 'Saved';
  document.title = `${name} · Backchannel`;
  if (heading) heading.textContent = name;
}

/** @param {string} why empty where nothing is wrong */
function refuse(why) {
  error.textContent = why;
  error.hidden = !why;
  field.setAttribute('aria-invalid', String(Boolean(why)));
  return false;
}
