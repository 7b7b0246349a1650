/**
 * Wires that run behind nodes read as if they came from there: finds them, and moves nodes up or down until there are
 * none, or none that can be helped.
 *
 * @import { Graph, Position, Wire } from './types.js'
 * @typedef {Record<string, Position>} Places by node id
 * @typedef {{ width: number, height: number, gap: number }} Size of a node, and what is left free between two
 */

const POINTS = 24;
const MARGIN = 8;
const FARTHEST = 6;
/** Pairs of a node and a wire: trying out takes too long for more. */
const MOST_PAIRS = 1000;

/** @param {Graph} graph @param {Places} places @param {Size} size @param {Set<string>} staying nodes that stay where they are @returns {Places} */
export function unhidden(graph, places, size, staying = new Set()) {
  let best = places;
  let hidden = graph.nodes.length * graph.wires.length > MOST_PAIRS ? 0 : hiddenWires(graph, places, size);
  while (hidden) {
    const moves = graph.nodes.flatMap(({ id }) => (staying.has(id) ? [] : movesOf(id, best, size)));
    const better = moves
      .map((moved) => ({ moved, hidden: hiddenWires(graph, moved, size), climb: climbOf(graph, moved) }))
      .filter((one) => one.hidden < hidden)
      .sort((one, other) => one.hidden - other.hidden || one.climb - other.climb)[0];
    if (!better) break;
    best = better.moved;
    hidden = better.hidden;
  }
  return best;
}

/** How often a wire runs behind a node that is not its own. @param {Graph} graph @param {Places} places @param {Size} size */
export function hiddenWires(graph, places, size) {
  let count = 0;
  for (const wire of graph.wires) {
    const between = graph.nodes.filter(({ id }) => liesBetween(id, wire, places, size));
    const line = between.length ? pointsOf(wire, places, size) : [];
    for (const { id } of between) if (covers(at(places, id), line, size)) count += 1;
  }
  return count;
}

/** Whether a node may hide the wire at all. @param {string} id @param {Wire} wire @param {Places} places @param {Size} size */
function liesBetween(id, { source, target }, places, { height }) {
  if (id === source || id === target) return false;
  const [one, from, to] = [at(places, id), at(places, source), at(places, target)];
  const above = one.y + height / 2 + MARGIN < Math.min(from.y, to.y);
  const below = one.y - height / 2 - MARGIN > Math.max(from.y, to.y);
  return one.x < to.x && one.x > from.x && !above && !below;
}

/** Half a node's height at a time, wherever nobody lies. @param {string} id @param {Places} places @param {Size} size @returns {Places[]} */
function movesOf(id, places, { width, height, gap }) {
  const { x, y } = at(places, id);
  const others = Object.keys(places).filter((other) => other !== id && Math.abs(at(places, other).x - x) < width);
  return Array.from({ length: 2 * FARTHEST + 1 }, (_, place) => y + ((place - FARTHEST) * (height + gap)) / 2)
    .filter((tried) => tried !== y && others.every((other) => Math.abs(at(places, other).y - tried) >= height + gap))
    .map((tried) => ({ ...places, [id]: { x, y: tried } }));
}

/** How far all wires go up and down. @param {Graph} graph @param {Places} places */
const climbOf = (graph, places) =>
  graph.wires.reduce((sum, { source, target }) => sum + Math.abs(at(places, source).y - at(places, target).y), 0);

/** Points along a wire as it is drawn. @param {Wire} wire @param {Places} places @param {Size} size @returns {Position[]} */
function pointsOf({ source, target }, places, { width, height }) {
  const from = { x: at(places, source).x + width, y: at(places, source).y + height / 2 };
  const to = { x: at(places, target).x, y: at(places, target).y + height / 2 };
  const bend = (to.x - from.x) / 2;
  return Array.from({ length: POINTS }, (_, place) => {
    const t = (place + 1) / (POINTS + 1);
    const near = (1 - t) ** 3 + 3 * t * (1 - t) ** 2;
    const pull = 3 * t * (1 - t) * bend * (1 - 2 * t);
    return { x: near * from.x + (1 - near) * to.x + pull, y: near * from.y + (1 - near) * to.y };
  });
}

/** @param {Position} corner of a node @param {Position[]} line @param {Size} size */
const covers = (corner, line, { width, height }) =>
  line.some(
    ({ x, y }) =>
      x > corner.x - MARGIN && x < corner.x + width + MARGIN && y > corner.y - MARGIN && y < corner.y + height + MARGIN,
  );

/** @param {Places} places @param {string} id */
const at = (places, id) => /** @type {Position} */ (places[id]);
