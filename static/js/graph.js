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

const GRID = 20;
/** Left free beside a node, for ports and wires, and above and below it. */
const BESIDE = 40;
const BELOW = 20;
/** A step aside counts as so many up or down. */
const ASIDE = 4;

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

/** What is seen of the graph: where the corners of whole nodes can be. @typedef {{ left: number, top: number, right: number, bottom: number }} Seen */

/**
 * Where a new node is looked for first: with the nearest of its family that is seen, or else in the middle.
 *
 * @param {Graph} graph
 * @param {Catalogue} catalogue
 * @param {string} kind
 * @param {Seen} seen
 * @returns {Position}
 */
export function usualPlace(graph, catalogue, kind, { left, top, right, bottom }) {
  const middle = { x: (left + right) / 2, y: (top + bottom) / 2 };
  const far = (/** @type {Node} */ { position: { x, y } }) => Math.hypot(x - middle.x, y - middle.y);
  const [nearest] = graph.nodes
    .filter((node) => catalogue[node.kind]?.family === catalogue[kind]?.family)
    .filter(({ position: { x, y } }) => x >= left && x <= right && y >= top && y <= bottom)
    .sort((one, other) => far(one) - far(other));
  return nearest?.position ?? onGrid(middle);
}

/** @param {Position} position @returns {Position} */
export const onGrid = ({ x, y }) => ({ x: Math.round(x / GRID) * GRID, y: Math.round(y / GRID) * GRID });

/**
 * The nearest place to the wanted one where a new node lies on nobody, nor on a port; rather below or above it than
 * aside, so that columns stay columns.
 *
 * @param {Graph} graph
 * @param {Position} wanted
 * @param {{ width: number, height: number }} size of a node
 * @returns {Position}
 */
export function freePlace(graph, wanted, { width, height }) {
  const isFree = (/** @type {Position} */ { x, y }) =>
    graph.nodes.every(
      ({ position }) => Math.abs(position.x - x) >= width + BESIDE || Math.abs(position.y - y) >= height + BELOW,
    );
  for (let far = 0; ; far += 1) {
    const found = placesAround(wanted, far).find(isFree);
    if (found) return found;
  }
}

/** All places that are so many steps away. @param {Position} middle @param {number} far @returns {Position[]} */
const placesAround = ({ x, y }, far) =>
  Array.from({ length: Math.floor(far / ASIDE) + 1 }, (_, aside) => {
    const [right, down] = [aside * GRID, (far - aside * ASIDE) * GRID];
    return [
      { x: x + right, y: y + down },
      { x: x + right, y: y - down },
      { x: x - right, y: y + down },
      { x: x - right, y: y - down },
    ];
  }).flat();
