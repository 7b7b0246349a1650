/**
 * Where a node sends each row: at each value of its column stands the worker that gets it, in the order of the wires.
 *
 * @import { Catalogue, Graph } from './types.js'
 */

import { nameOf, nodeOf } from './graph.js';

/** @param {Catalogue} catalogue @param {Graph} graph @param {string | null} self the node whose form it is */
export function showOrder(catalogue, graph, self) {
  const names = self ? inOrder(catalogue, graph, self) : [];
  for (const list of document.querySelectorAll('.values'))
    for (const [place, value] of [...list.children].entries()) {
      value.querySelector('.value-goal')?.remove();
      if (names.length > 1) value.append(goal(names[Math.min(place, names.length - 1)] ?? ''));
    }
  for (const order of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[data-wire-order]'))) {
    order.hidden = names.length < 2;
    order.textContent = `In the order of the wires: ${names.join(', then ')}.`;
  }
}

/** Who is wired to the first input; nobody where another input decides. @param {Catalogue} catalogue @param {Graph} graph @param {string} self */
function inOrder(catalogue, graph, self) {
  const usual = catalogue[nodeOf(graph, self)?.kind ?? '']?.ports.inputs[0]?.name;
  const into = graph.wires.filter((wire) => wire.target === self);
  const decided = into.some((wire) => (wire.target_port ?? usual) !== usual);
  return decided ? [] : into.map((wire) => nameOf(graph, wire.source));
}

/** @param {string} name */
function goal(name) {
  const element = document.createElement('span');
  element.className = 'value-goal';
  element.textContent = `→ ${name}`;
  return element;
}
