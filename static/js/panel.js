/**
 * The bridge between the forms, which the server draws, and the graph, which lives here: a selected node asks for its
 * form, a form that was accepted comes back as an event and becomes a command.
 *
 * @import { Graph, Node, Setup } from './types.js'
 * @import { View } from './view.js'
 */

import htmx from 'htmx.org';
import { ask } from './api.js';
import { changeSettings, renameNode } from './commands.js';
import { nodeOf } from './graph.js';
import { showOrder } from './wire_order.js';

const PANEL = '#node-panel';
/** Asks for forms. The panel itself would send the form along that it holds. */
const ASKING = '#node-asking';

/**
 * @param {View} view
 * @param {import('./types.js').Catalogue} catalogue
 * @param {() => Setup} setup
 * @param {(setup: Setup) => void} changed called when a form changed the setup
 */
export function mountPanel(view, catalogue, setup, changed) {
  /** @type {string | null} */
  let showing = null;
  /** @type {Node | undefined} */
  let drawn;
  /** Whether the form itself changes the node, so that it shows already what it becomes. */
  let own = false;

  const draw = (anew = false) => {
    const node = showing ? nodeOf(view.graph, showing) : undefined;
    const asked = !anew && (own || looksLike(node, drawn));
    drawn = node;
    if (asked) return;
    if (!node) return htmx.ajax('GET', '/workbench/nobody', { source: ASKING, target: PANEL, swap: 'innerHTML' });
    /** @type {HTMLInputElement} */ (document.getElementById('node-around')).value = view.prefix;
    const values = {
      node: node.id,
      kind: node.kind,
      name: node.name,
      settings: JSON.stringify(without(node.settings, documentsOf(catalogue, node))),
      held: heldName(catalogue, node),
      table: setup().table ?? '',
      target: setup().target ?? '',
    };
    return htmx.ajax('POST', '/workbench/node', { source: ASKING, target: PANEL, swap: 'innerHTML', values });
  };

  document.addEventListener('node:changed', (event) => {
    const { id, name, settings: told, wrong, model } = /** @type {CustomEvent} */ (event).detail.node;
    const node = nodeOf(view.graph, id);
    if (!node) return;
    const staying = [...documentsOf(catalogue, node), ...wrong];
    own = showing === id;
    if (name && node.name !== name) view.apply(renameNode(id, name));
    if (JSON.stringify(without(node.settings, staying)) !== JSON.stringify(told))
      view.apply(changeSettings(view.graph, id, { ...told, ...only(node.settings, staying) }));
    own = false;
    if (model) adopt(id, model);
  });
  /** Puts a stored model into a node. @param {string} id @param {string} model its id */
  const adopt = async (id, model) => {
    const answer = await ask('GET', `/api/models/${model}`).catch((error) => {
      document.dispatchEvent(new CustomEvent('notice', { detail: error.message }));
    });
    const node = nodeOf(view.graph, id);
    const setting = node && documentsOf(catalogue, node)[0];
    if (answer && node && setting)
      view.apply(changeSettings(view.graph, id, { ...node.settings, [setting]: answer.value }));
  };

  document.addEventListener('htmx:after:swap', () => {
    offerNodes(view.graph, showing);
    showOrder(catalogue, view.graph, showing);
  });
  document.addEventListener('setup:changed', (event) => {
    changed(/** @type {CustomEvent} */ (event).detail.setup);
    if (showing) draw(true);
  });
  view.addEventListener('change', () => {
    draw();
    showOrder(catalogue, view.graph, showing);
  });

  return {
    /** Shows the form of a node, or nobody's. @param {string | null} id */
    show: (id) => {
      if (id) openTab('node');
      if (id === showing) return;
      showing = id;
      draw(true);
    },
  };
}

/** Whether two nodes have the same form, wherever they lie. @param {Node | undefined} one @param {Node | undefined} other */
const looksLike = (one, other) =>
  one?.id === other?.id && one?.name === other?.name && one?.kind === other?.kind && one?.settings === other?.settings;

/** The settings of a node that are whole documents: no form shows them. @param {import('./types.js').Catalogue} catalogue @param {Node} node */
const documentsOf = (catalogue, node) => catalogue[node.kind]?.documents ?? [];

/** What the document in a node is called; empty where there is none. @param {import('./types.js').Catalogue} catalogue @param {Node} node */
function heldName(catalogue, node) {
  const [setting] = documentsOf(catalogue, node);
  const held = /** @type {{ name?: string, graph?: { name?: string } } | undefined} */ (node.settings[setting ?? '']);
  return held ? held.name || held.graph?.name || 'without a name' : '';
}

/** @param {Record<string, unknown>} settings @param {readonly string[]} names */
const without = (settings, names) =>
  Object.fromEntries(Object.entries(settings).filter(([name]) => !names.includes(name)));

/** @param {Record<string, unknown>} settings @param {readonly string[]} names */
const only = (settings, names) => Object.fromEntries(Object.entries(settings).filter(([name]) => names.includes(name)));

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
