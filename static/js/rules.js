/**
 * Whether a wire may be laid. The server holds the same rules in engine/check.py; tests/cases/wiring.json holds both
 * to the same answers.
 *
 * @import { Catalogue, Graph, Wire } from './types.js'
 */

/**
 * @param {Graph} graph
 * @param {Catalogue} catalogue
 * @param {Wire} wire
 * @returns {string | null} the code of the problem that the wire would make; null when it may be laid
 */
export function problemWith(graph, catalogue, wire) {
  const source = kindOf(graph, catalogue, wire.source);
  const target = kindOf(graph, catalogue, wire.target);
  if (!source?.ports.outputs.length) return 'unknown-port';
  const port = target?.ports.inputs.find((one, place) => (wire.target_port ? one.name === wire.target_port : !place));
  if (!port) return 'unknown-port';
  if (reaches(graph, wire.target, wire.source)) return 'cycle';
  const into = graph.wires.filter((laid) => laid.target === wire.target);
  const same = into.filter((laid) => (laid.target_port ?? target?.ports.inputs[0]?.name) === port.name);
  if (same.some((laid) => laid.source === wire.source)) return 'duplicate-wire';
  if (port.most !== null && same.length >= port.most) return 'too-many-wires';
  return null;
}

/** @type {Record<string, string>} */
const WORDS = {
  'unknown-port': 'A wire goes from an output to an input.',
  cycle: 'This wire would make work go round in a circle.',
  'duplicate-wire': 'There is such a wire already.',
  'too-many-wires': 'This input takes no further wire. Delete the one that is there, or combine them first.',
};

/** The problem in words. @param {string} code */
export const inWords = (code) => WORDS[code] ?? 'This wire cannot be laid.';

/** @param {Graph} graph @param {Catalogue} catalogue @param {string} id */
function kindOf(graph, catalogue, id) {
  const node = graph.nodes.find((one) => one.id === id);
  return node && catalogue[node.kind];
}

/** Whether following the wires from start leads to goal. @param {Graph} graph @param {string} start @param {string} goal */
function reaches(graph, start, goal) {
  const todo = [start];
  /** @type {Set<string>} */
  const seen = new Set();
  for (let id = todo.pop(); id !== undefined; id = todo.pop()) {
    if (id === goal) return true;
    if (seen.has(id)) continue;
    seen.add(id);
    for (const wire of graph.wires) if (wire.source === id) todo.push(wire.target);
  }
  return false;
}
