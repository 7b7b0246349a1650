/**
 * Fields that say what cannot be, wherever they stand: each is marked by `aria-invalid`, and a sentence is beside it.
 * What they say is kept nowhere, so that nothing may be trained until they are mended.
 */

import { openTab } from './panel.js';

/** Fired at the document when there may be other fields in need of mending. */
export const CHECKED = 'fields:checked';
const WRONG = 'input[aria-invalid="true"], select[aria-invalid="true"]';
/** Forms that wait for an answer. */
const waiting = new Set();

document.addEventListener('htmx:before:request', (event) => {
  if (event.target instanceof HTMLFormElement) waiting.add(/** @type {CustomEvent} */ (event).detail.ctx);
});
document.addEventListener('htmx:finally:request', (event) => {
  if (waiting.delete(/** @type {CustomEvent} */ (event).detail.ctx)) document.dispatchEvent(new Event(CHECKED));
});
document.addEventListener('htmx:after:swap', () => document.dispatchEvent(new Event(CHECKED)));

/** Done when every form has its answer, so that nothing is overlooked that was typed a moment ago. */
export async function answered() {
  while (waiting.size)
    await new Promise((resolve) => document.addEventListener('htmx:finally:request', resolve, { once: true }));
}

/** @typedef {HTMLInputElement | HTMLSelectElement} Field */

/** @returns {Field[]} in the order of the page */
export const wrongFields = () => [...document.querySelectorAll(WRONG)].map((field) => /** @type {Field} */ (field));

/** What a field is called. @param {Field} field */
export const titleOf = (field) => field.labels?.[0]?.textContent?.trim() ?? '';

/** What is to be mended, by name: "Learning rate and Epochs". */
export const wrongNames = () => new Intl.ListFormat('en').format(wrongFields().map(titleOf));

/** Opens whatever a field is folded into, and sets the focus on it. @param {Field} field */
export function leadTo(field) {
  const panel = field.closest('[role="tabpanel"]');
  if (panel) openTab(panel.id.replace('panel-', ''));
  for (let fold = field.closest('details'); fold; fold = fold.parentElement?.closest('details') ?? null)
    fold.open = true;
  field.focus({ preventScroll: true });
  (field.closest('.field') ?? field).scrollIntoView({ block: 'center' });
}
