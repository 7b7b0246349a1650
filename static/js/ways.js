/**
 * Ways of the keyboard: from a node on the canvas to its name, and from its form or the palette back to the node.
 *
 * @import { Workbench } from './workbench.js'
 */

import { tell } from './canvas_note.js';
import { openTab } from './panel.js';
import { takeBack } from './typing.js';

/** Escape in the form of a node leads back to it. @param {Workbench} bench */
export function mountWays(bench) {
  document.getElementById('panel-node')?.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !bench.toNode()) return;
    takeBack(event.target);
    event.stopPropagation();
  });
}

/** Sets the focus on the name of the selected node, once its form is there. @param {Workbench} bench */
export function toName(bench) {
  const [id, another] = bench.selected;
  if (!id || another) return tell('Select one node first: F2 leads to its name.');
  openTab('node');
  bench.dispatchEvent(new Event('look:side'));
  const lead = () => {
    if (bench.selected[0] !== id) return;
    const name = /** @type {HTMLInputElement | null} */ (document.getElementById('node-name'));
    const shown = /** @type {HTMLInputElement | null | undefined} */ (name?.form?.elements.namedItem('node'));
    if (shown?.value !== id) document.addEventListener('htmx:after:swap', lead, { once: true });
    else name?.select();
  };
  lead();
}
