/**
 * The name of the graph, undo and redo with the names of what they would do, and Tidy.
 *
 * @import { Workbench } from './workbench.js'
 */

import { renameGraph } from './commands.js';

/** @param {string} id */
const element = (id) => /** @type {HTMLElement} */ (document.getElementById(id));
/** What a graph is called by what stands in its field. @param {string} text */
const nameIn = (text) => text.trim() || 'Untitled';

/** @param {Workbench} bench */
export function mountEditing(bench) {
  const [undo, redo] = /** @type {HTMLButtonElement[]} */ ([element('undo'), element('redo')]);
  const name = /** @type {HTMLInputElement} */ (element('graph-name'));
  undo?.addEventListener('click', () => bench.undo());
  redo?.addEventListener('click', () => bench.redo());
  element('tidy').addEventListener('click', () => bench.tidy());
  name.addEventListener('input', () => bench.store.apply(renameGraph(nameIn(name.value))));
  name.addEventListener('change', () => {
    name.value = bench.store.graph.name;
  });
  const draw = () => {
    if (undo) labelled(undo, 'Undo', bench.store.undoName);
    if (redo) labelled(redo, 'Redo', bench.store.redoName);
    if (nameIn(name.value) !== bench.store.graph.name) name.value = bench.store.graph.name;
    document.title = `${bench.store.graph.name} · Backchannel`;
  };
  bench.store.addEventListener('change', draw);
  draw();
}

/** @param {HTMLButtonElement} button @param {string} verb @param {string | null} what */
function labelled(button, verb, what) {
  button.disabled = what === null;
  button.title = what ? `${verb}: ${what}` : verb;
}
