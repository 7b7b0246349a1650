/**
 * Reads a graph: who is who, and what a new node is to be called.
 *
 * @import { Catalogue, Graph, Node, Position, Wire } from './types.js'
 */

/** Workers are people, as in the essay. */
const PEOPLE =
  'Alex Bo Casey Dani Ely Fay Gus Hana Ida Jo Kim Lou Mia Nils Ola Pia Quin Rui Sam Tove Uma Vic Wren Xan Yas Zoe'.split(
    ' ',
  );

/** How problems and readings speak of a wire. @param {Wire} wire */
export const wireId = (wire) => `${wire.source}->${wire.target}${wire.target_port ? `:${wire.target_port}` : ''}`;

/** The same for a wire inside of teams. @param {string} prefix what stands before the ids of nodes there @param {Wire} wire */
export const liveWire = (prefix, wire) =>
  wireId({ ...wire, source: prefix + wire.source, target: prefix + wire.target });

/** @param {Graph} graph @param {string} id @returns {Node | undefined} */
export const nodeOf = (graph, id) => graph.nodes.find((node) => node.id === id);

/** The name of a node, or its id where it is gone. @param {Graph} graph @param {string} id */
export const nameOf = (graph, id) => nodeOf(graph, id)?.name || id;

/**
 * A node of a kind with an id and a name that nobody has yet.
 *
 * @param {Graph} graph
 * @param {Catalogue} catalogue
 * @param {string} kind
 * @param {Position} position
 * @returns {Node}
 */
export function freshNode(graph, catalogue, kind, position) {
  const names = new Set(graph.nodes.map((node) => node.name));
  const ids = new Set(graph.nodes.map((node) => node.id));
  const described = catalogue[kind];
  const person = described?.family === 'worker' ? PEOPLE.find((name) => !names.has(name)) : undefined;
  const name = person ?? numbered(described?.title ?? kind, names, ' ');
  return { id: numbered(slug(name), ids, '-'), kind, name, settings: {}, position };
}

/** The text itself, or with the first number that makes it new. @param {string} text @param {Set<string>} taken @param {string} gap */
export function numbered(text, taken, gap) {
  if (!taken.has(text)) return text;
  let number = 2;
  while (taken.has(`${text}${gap}${number}`)) number += 1;
  return `${text}${gap}${number}`;
}

/** @param {string} name */
const slug = (name) =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 40) || 'node';

/** Where a new node lies on nobody: the wanted place, or the next free one below and to the right. @param {Graph} graph @param {Position} wanted */
export function freePlace(graph, wanted) {
  let { x, y } = { x: Math.round(wanted.x / 20) * 20, y: Math.round(wanted.y / 20) * 20 };
  const covers = (/** @type {Node} */ { position }) => Math.abs(position.x - x) < 200 && Math.abs(position.y - y) < 110;
  while (graph.nodes.some(covers)) {
    x += 20;
    y += 60;
  }
  return { x, y };
}
