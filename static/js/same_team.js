/**
 * Whether two graphs are the same team: the same workers with the same settings and wires, wherever they lie.
 *
 * @import { Graph, Node } from './types.js'
 */

/** @param {Graph} one @param {Graph} other */
export const sameTeam = (one, other) => one === other || textOf(one) === textOf(other);

/** Graphs and nodes are never changed, so that each is looked at once. @type {WeakMap<object, string>} */
const known = new WeakMap();

/** @param {Graph} graph */
const textOf = (graph) =>
  once(graph, () => {
    const wires = graph.wires.map((wire) => [wire.source, wire.source_port, wire.target, wire.target_port]);
    return [...graph.nodes.map((node) => once(node, () => nodeText(node))), JSON.stringify(wires)].join('\n');
  });

/** @param {Node} node */
const nodeText = ({ id, kind, name, settings }) => JSON.stringify(plain([id, kind, name || id, settings ?? {}]));

/** @param {object} value @param {() => string} text */
function once(value, text) {
  const before = known.get(value);
  if (before !== undefined) return before;
  const now = text();
  known.set(value, now);
  return now;
}

/** In one order, and without the places of nodes inside of teams. @param {unknown} value @returns {unknown} */
function plain(value) {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([name]) => name !== 'position');
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, part]) => [name, plain(part)]));
}
