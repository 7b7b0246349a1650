/**
 * The bridge between the forms, which the server draws, and the graph, which lives here: a selected node asks for its
 * form, a form that was accepted comes back as an event and becomes a command.
 *
 * @import { Graph, Node, Setup } from './types.js'
 * @import { Store } from './store.js'
 */

import htmx from 'htmx.org';
import { changeSettings, renameNode } from './commands.js';
import { nodeOf } from './graph.js';

const PANEL = '#node-panel';
/** Asks for forms. The panel itself would send the form along that it holds. */
const ASKING = '#node-asking';

/**
 * @param {Store} store
 * @param {() => Setup} setup
 * @param {(setup: Setup) => void} changed called when a form changed the setup
 */
export function mountPanel(store, setup, changed) {
  /** @type {string | null} */
  let showing = null;
  /** @type {Node | undefined} */
  let drawn;

  const draw = () => {
    const node = showing ? nodeOf(store.graph, showing) : undefined;
    if (node === drawn) return;
    drawn = node;
    if (!node) return htmx.ajax('GET', '/workbench/nobody', { source: ASKING, target: PANEL, swap: 'innerHTML' });
    const values = {
      id: node.id,
      kind: node.kind,
      name: node.name,
      settings: JSON.stringify(node.settings),
      table: setup().table ?? '',
    };
    return htmx.ajax('POST', '/workbench/node', { source: ASKING, target: PANEL, swap: 'innerHTML', values });
  };

  document.addEventListener('node:changed', (event) => {
    const { id, name, settings } = /** @type {CustomEvent} */ (event).detail.node;
    const node = nodeOf(store.graph, id);
    if (!node) return;
    if (node.name !== name) store.apply(renameNode(id, name));
    if (JSON.stringify(node.settings) !== JSON.stringify(settings))
      store.apply(changeSettings(store.graph, id, settings));
    if (showing === id) drawn = nodeOf(store.graph, id);
  });
  document.addEventListener('htmx:after:swap', () => offerNodes(store.graph, showing));
  document.addEventListener('setup:changed', (event) => changed(/** @type {CustomEvent} */ (event).detail.setup));
  store.addEventListener('change', draw);

  return {
    /** Shows the form of a node, or nobody's. @param {string | null} id */
    show: (id) => {
      if (id === showing) return;
      showing = id;
      drawn = undefined;
      if (id) openTab('node');
      draw();
    },
  };
}

/** Fills the lists that name a node of the graph. @param {Graph} graph @param {string | null} self the node whose form it is */
function offerNodes(graph, self) {
  for (const list of /** @type {NodeListOf<HTMLSelectElement>} */ (document.querySelectorAll('select[data-nodes]'))) {
    const chosen = list.dataset.nodes ?? '';
    const others = graph.nodes.filter((node) => node.id !== self);
    const known = others.some((node) => node.id === chosen);
    list.replaceChildren(
      ...(known ? [] : [new Option(chosen ? `${chosen} (not in the graph)` : 'Choose a worker', chosen)]),
      ...others.map((node) => new Option(node.name, node.id)),
    );
    list.value = chosen;
  }
}

/** The tabs of the side panel: one panel is shown, arrow keys go from tab to tab. */
export function mountTabs() {
  const tabs = /** @type {HTMLElement[]} */ ([...document.querySelectorAll('[role="tab"]')]);
  for (const [place, tab] of tabs.entries()) {
    tab.addEventListener('click', () => openTab(tab.dataset.tab ?? ''));
    tab.addEventListener('keydown', (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const next = tabs[(place + step + tabs.length) % tabs.length];
      next?.focus();
      openTab(next?.dataset.tab ?? '');
    });
  }
}

/** @param {string} name */
export function openTab(name) {
  for (const tab of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[role="tab"]'))) {
    const chosen = tab.dataset.tab === name;
    tab.setAttribute('aria-selected', String(chosen));
    tab.tabIndex = chosen ? 0 : -1;
    const panel = document.getElementById(tab.getAttribute('aria-controls') ?? '');
    if (panel) panel.hidden = !chosen;
  }
}
