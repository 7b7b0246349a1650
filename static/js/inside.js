/**
 * Graphs inside of nodes: a team's own graph, found and changed by the path of ids that leads to it.
 *
 * @import { Catalogue, Graph, Node } from './types.js'
 */

/** What stands before the ids of nodes at the end of a path, as problems and readings name them. @param {readonly string[]} path */
export const prefixOf = (path) => path.map((id) => `${id}/`).join('');

/** The graph that a node holds; null for most. @param {Catalogue} catalogue @param {Node | undefined} node @returns {Graph | null} */
export function heldBy(catalogue, node) {
  const holds = node && catalogue[node.kind]?.holds;
  if (!holds) return null;
  return whole(/** @type {Graph} */ (node.settings[holds.setting] ?? holds.empty));
}

/** The graph at the end of a path; null where the path leads nowhere. @param {Catalogue} catalogue @param {Graph} graph @param {readonly string[]} path @returns {Graph | null} */
export function graphAt(catalogue, graph, path) {
  const [id, ...rest] = path;
  if (id === undefined) return graph;
  const held = heldBy(
    catalogue,
    graph.nodes.find((node) => node.id === id),
  );
  return held && graphAt(catalogue, held, rest);
}

/** The whole graph with the one at the end of a path changed. @param {Catalogue} catalogue @param {Graph} graph @param {readonly string[]} path @param {(graph: Graph) => Graph} change @returns {Graph} */
export function changedAt(catalogue, graph, path, change) {
  const [id, ...rest] = path;
  if (id === undefined) return change(graph);
  const nodes = graph.nodes.map((node) => {
    const holds = catalogue[node.kind]?.holds;
    const held = node.id === id ? heldBy(catalogue, node) : null;
    if (!held || !holds) return node;
    const changed = changedAt(catalogue, held, rest, change);
    return changed === held ? node : { ...node, settings: { ...node.settings, [holds.setting]: changed } };
  });
  return nodes.every((node, place) => node === graph.nodes[place]) ? graph : { ...graph, nodes };
}

/** @type {WeakMap<Graph, Graph>} */
const made = new WeakMap();

/** The same graph with all that may be left out put in; the same value each time. @param {Graph} graph @returns {Graph} */
function whole(graph) {
  const known = made.get(graph);
  if (known) return known;
  const nodes = graph.nodes.map((node) =>
    node.name && node.settings && node.position
      ? node
      : {
          ...node,
          name: node.name || node.id,
          settings: node.settings ?? {},
          position: node.position ?? { x: 0, y: 0 },
        },
  );
  const same = nodes.every((node, place) => node === graph.nodes[place]);
  const filled = same ? graph : { ...graph, nodes };
  made.set(graph, filled);
  made.set(filled, filled);
  return filled;
}
