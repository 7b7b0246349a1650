/**
 * Every change that a person can make to a graph: a name for the undo button, and a pure function from graph to graph.
 * Commands with the same `merge` text that follow each other closely are undone together.
 *
 * @import { Command, Graph, Node, Position, Wire } from './types.js'
 */

import { nameOf, wireId } from './graph.js';

/** @param {Node} node @returns {Command} */
export const addNode = (node) => ({
  name: `Add ${node.name}`,
  apply: (graph) => ({ ...graph, nodes: [...graph.nodes, node] }),
});

/** @param {Graph} graph @param {Wire} wire @returns {Command} */
export const addWire = (graph, wire) => ({
  name: `Wire ${nameOf(graph, wire.source)} to ${nameOf(graph, wire.target)}`,
  apply: (before) => ({ ...before, wires: [...before.wires, wire] }),
});

/**
 * Nodes with their wires, and single wires.
 *
 * @param {Graph} graph
 * @param {readonly string[]} nodes ids
 * @param {readonly string[]} wires ids
 * @returns {Command}
 */
export function remove(graph, nodes, wires) {
  const gone = new Set(nodes);
  const cut = new Set(wires);
  const what =
    nodes.length === 1
      ? nameOf(graph, nodes[0] ?? '')
      : nodes.length
        ? `${nodes.length} nodes`
        : wires.length === 1
          ? 'a wire'
          : `${wires.length} wires`;
  return {
    name: `Delete ${what}`,
    apply: (before) => ({
      ...before,
      nodes: before.nodes.filter((node) => !gone.has(node.id)),
      wires: before.wires.filter((wire) => !gone.has(wire.source) && !gone.has(wire.target) && !cut.has(wireId(wire))),
    }),
  };
}

/** @param {Graph} graph @param {Record<string, Position>} places by node id @returns {Command} */
export function move(graph, places) {
  const ids = Object.keys(places);
  return {
    name: `Move ${ids.length === 1 ? nameOf(graph, ids[0] ?? '') : `${ids.length} nodes`}`,
    merge: `move ${ids.join(' ')}`,
    apply: changeNodes((node) => {
      const position = places[node.id];
      return position ? { ...node, position } : node;
    }),
  };
}

/** @param {string} id @param {string} name @returns {Command} */
export const renameNode = (id, name) => ({
  name: `Rename to ${name}`,
  merge: `rename ${id}`,
  apply: changeNodes((node) => (node.id === id ? { ...node, name } : node)),
});

/** @param {Graph} graph @param {string} id @param {Record<string, unknown>} settings @returns {Command} */
export const changeSettings = (graph, id, settings) => ({
  name: `Change ${nameOf(graph, id)}`,
  merge: `settings ${id}`,
  apply: changeNodes((node) => (node.id === id ? { ...node, settings } : node)),
});

/** @param {string} name @returns {Command} */
export const renameGraph = (name) => ({
  name: 'Rename the graph',
  merge: 'rename graph',
  apply: (graph) => ({ ...graph, name }),
});

/**
 * A graph that is named after its target, as the starter is (engine/starter), is named after the new one; no other.
 * The number behind a name that there was already stays.
 *
 * @param {Graph} graph
 * @param {string | null} before
 * @param {string | null} after
 * @returns {Command | null}
 */
export function followTarget(graph, before, after) {
  const named = (/** @type {string} */ target) => [...`Team for ${target}`].slice(0, 200).join('');
  if (!before || !after || before === after || !graph.name.startsWith(named(before))) return null;
  const number = graph.name.slice(named(before).length);
  if (number && !/^ \(\d+\)$/.test(number)) return null;
  const name = [...named(after)].slice(0, 200 - number.length).join('') + number;
  return { name: 'Name the graph after its target', apply: (graph) => ({ ...graph, name }) };
}

/** @param {readonly Node[]} nodes @param {readonly Wire[]} wires @returns {Command} */
export const paste = (nodes, wires) => ({
  name: nodes.length === 1 ? `Copy ${nodes[0]?.name}` : `Copy ${nodes.length} nodes`,
  apply: (graph) => ({ ...graph, nodes: [...graph.nodes, ...nodes], wires: [...graph.wires, ...wires] }),
});

/** @param {(node: Node) => Node} change @returns {(graph: Graph) => Graph} */
const changeNodes = (change) => (graph) => ({ ...graph, nodes: graph.nodes.map(change) });
