/** On a small screen the panels are sheets below the canvas: one is open, or none. On a large one all are there. */

import { SMALL } from './screen.js';

/** @param {HTMLElement} bench @param {() => void} moved called when the canvas has another size */
export function mountSheets(bench, moved) {
  const buttons = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('button[data-sheet]'));
  const draw = () => {
    for (const button of buttons) {
      button.setAttribute('aria-expanded', String(button.dataset.sheet === bench.dataset.sheet));
    }
  };
  const open = (/** @type {string} */ sheet) => {
    if (bench.dataset.sheet === sheet) return;
    bench.dataset.sheet = sheet;
    draw();
    if (SMALL.matches) requestAnimationFrame(moved);
  };
  for (const button of buttons) {
    button.addEventListener('click', () => {
      const sheet = button.dataset.sheet ?? '';
      open(sheet === bench.dataset.sheet ? '' : sheet);
    });
  }
  draw();
  return { open, close: () => open('') };
}
