/**
 * A rank of very many nodes in several columns, laid like bricks, so that a large team has the shape of the canvas and
 * can be seen as a whole. The order within a rank stays, row by row.
 *
 * @import { Graph, Position } from './types.js'
 * @typedef {Record<string, Position>} Places by node id
 * @typedef {{ across: number, down: number }} Pitch from node to node
 */

/** As many as are left in one column. */
const MOST = 12;
/** Width to height of the usual canvas. */
const ASPECT = 1.8;
const SWEEPS = 6;

/** Those who stand with too many in one rank. @param {Places} places in ranks, from left to right */
export const crowded = (places) => new Set(ranksOf(places).filter(isCrowd).flat());

/** @param {Graph} graph @param {Places} places in ranks, from left to right @param {Pitch} pitch @returns {Places} */
export function wrapped(graph, places, pitch) {
  const ranks = ranksOf(places);
  if (!ranks.some(isCrowd)) return places;
  const rows = bestRows(ranks, pitch);
  /** @type {Places} */
  const laid = {};
  let left = 0;
  for (const rank of ranks) {
    const columns = columnsOf(rank.length, rows);
    const first = (1 - Math.ceil(rank.length / columns)) / 2;
    rank.forEach((id, place) => {
      const [row, column] = [Math.floor(place / columns), place % columns];
      const lower = (column % 2) / 2;
      laid[id] = { x: left + column * pitch.across, y: Math.round((first + row + lower) * pitch.down) };
    });
    left += columns * pitch.across;
  }
  return besideTheirs(graph, ranks, laid, pitch.down);
}

/** @param {string[]} rank */
const isCrowd = (rank) => rank.length > MOST;

/** From left to right, each from top to bottom. @param {Places} places @returns {string[][]} */
function ranksOf(places) {
  /** @type {Map<number, string[]>} */
  const ranks = new Map();
  const fromTop = Object.entries(places).sort(([, one], [, other]) => one.y - other.y);
  for (const [id, { x }] of fromTop) ranks.set(x, [...(ranks.get(x) ?? []), id]);
  return [...ranks].sort(([one], [other]) => one - other).map(([, rank]) => rank);
}

/** @param {number} count of nodes in a rank @param {number} rows that a column may have */
const columnsOf = (count, rows) => (count > MOST ? Math.ceil(count / rows) : 1);

/** How many rows a column may have for all to be seen as large as can be. @param {string[][]} ranks @param {Pitch} pitch */
function bestRows(ranks, { across, down }) {
  const scale = (/** @type {number} */ rows) => {
    const columns = ranks.map(({ length }) => columnsOf(length, rows));
    const wide = across * columns.reduce((sum, count) => sum + count, 0);
    const high = down * Math.max(...ranks.map(({ length }, place) => Math.ceil(length / (columns[place] ?? 1))));
    return Math.min(ASPECT / wide, 1 / high);
  };
  const most = Math.max(...ranks.map(({ length }) => length));
  const tried = Array.from({ length: most - MOST + 1 }, (_, place) => MOST + place);
  return tried.reduce((best, rows) => (scale(rows) > scale(best) ? rows : best));
}

/** Moves the nodes of small ranks up or down to where those are that they are wired to. @param {Graph} graph @param {string[][]} ranks @param {Places} laid @param {number} down */
function besideTheirs(graph, ranks, laid, down) {
  const wiredTo = neighboursOf(graph);
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    for (const rank of sweep % 2 ? ranks.toReversed() : ranks) {
      if (isCrowd(rank)) continue;
      const wanted = rank.map((id) => meanHeight(laid, wiredTo.get(id) ?? [id]));
      apart(wanted, down).forEach((y, place) => {
        const id = rank[place] ?? '';
        laid[id] = { x: laid[id]?.x ?? 0, y: Math.round(y) };
      });
    }
  }
  return laid;
}

/** @param {Graph} graph @returns {Map<string, string[]>} */
function neighboursOf({ wires }) {
  const found = new Map();
  for (const { source, target } of wires) {
    found.set(source, [...(found.get(source) ?? []), target]);
    found.set(target, [...(found.get(target) ?? []), source]);
  }
  return found;
}

/** @param {Places} laid @param {string[]} ids */
const meanHeight = (laid, ids) => ids.reduce((sum, id) => sum + (laid[id]?.y ?? 0), 0) / ids.length;

/** The heights that are nearest to the wanted ones, in the same order and far enough apart. @param {number[]} wanted @param {number} down */
function apart(wanted, down) {
  /** @type {{ sum: number, count: number }[]} */
  const blocks = [];
  wanted.forEach((y, place) => {
    let block = { sum: y - place * down, count: 1 };
    for (let above = blocks.at(-1); above && above.sum / above.count > block.sum / block.count; above = blocks.at(-1)) {
      blocks.pop();
      block = { sum: above.sum + block.sum, count: above.count + block.count };
    }
    blocks.push(block);
  });
  const tops = blocks.flatMap(({ sum, count }) => Array.from({ length: count }, () => sum / count));
  return tops.map((top, place) => top + place * down);
}
