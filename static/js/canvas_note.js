/** A sentence over the canvas on what was just refused. It goes by itself, or when the person does the next thing. */

import { say } from './page.js';

const STAYS_MS = 8000;
let timer = 0;

/** Shows it, and says it to those who listen. @param {string} text */
export function tell(text) {
  say(text);
  const note = place();
  note.textContent = text;
  note.hidden = false;
  clearTimeout(timer);
  timer = window.setTimeout(() => hide(), STAYS_MS);
}

function hide() {
  place().hidden = true;
}

const place = () => /** @type {HTMLElement} */ (document.getElementById('canvas-note'));

for (const next of ['pointerdown', 'keydown']) addEventListener(next, hide, true);
