/**
 * Copies of nodes and the wires between them, under new names.
 *
 * @import { Graph, Node, Wire } from './types.js'
 */

import { numbered } from './graph.js';

const SHIFT = 40;

/** What is copied: the nodes and the wires that stay among them. @param {Graph} graph @param {readonly string[]} ids */
export function copied(graph, ids) {
  const chosen = new Set(ids);
  return {
    nodes: graph.nodes.filter((node) => chosen.has(node.id)),
    wires: graph.wires.filter((wire) => chosen.has(wire.source) && chosen.has(wire.target)),
  };
}

/**
 * The copies, named anew for this graph and laid a little beside the originals.
 *
 * @param {Graph} graph
 * @param {{ nodes: readonly Node[], wires: readonly Wire[] }} held
 */
export function pasted(graph, held) {
  const ids = new Set(graph.nodes.map((node) => node.id));
  const names = new Set(graph.nodes.map((node) => node.name));
  /** @type {Map<string, string>} */
  const renamed = new Map();
  const nodes = held.nodes.map((node) => {
    const id = numbered(node.id, ids, '-');
    const name = numbered(node.name, names, ' ');
    ids.add(id);
    names.add(name);
    renamed.set(node.id, id);
    return { ...node, id, name, position: { x: node.position.x + SHIFT, y: node.position.y + SHIFT } };
  });
  const wires = held.wires.map((wire) => ({
    ...wire,
    source: renamed.get(wire.source) ?? wire.source,
    target: renamed.get(wire.target) ?? wire.target,
  }));
  return { nodes, wires };
}
