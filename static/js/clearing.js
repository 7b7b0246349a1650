/**
 * Where nodes are seen beside a box that lies over the canvas, at its lower left. All in pixels of the screen.
 *
 * @import { Position } from './types.js'
 * @typedef {{ left: number, top: number, right: number, bottom: number }} Box
 */

const GAP = 16;

/**
 * How the nodes are to move to be clear of the box: up or to the right, whichever is nearer; null where that takes
 * some of them out of the canvas.
 *
 * @param {Box[]} nodes
 * @param {Box} cover
 * @param {Box} canvas
 * @returns {Position | null}
 */
export function wayClear(nodes, cover, canvas) {
  if (!nodes.some((node) => meet(node, cover))) return { x: 0, y: 0 };
  const up = Math.max(...nodes.map(({ bottom }) => bottom)) + GAP - cover.top;
  const right = cover.right + GAP - Math.min(...nodes.map(({ left }) => left));
  const ways = [
    { x: 0, y: -up },
    { x: right, y: 0 },
  ];
  const [nearest] = ways
    .filter(({ x, y }) => nodes.every((node) => node.top + y >= canvas.top && node.right + x <= canvas.right))
    .sort((one, other) => Math.hypot(one.x, one.y) - Math.hypot(other.x, other.y));
  return nearest ?? null;
}

/** @param {Box} one @param {Box} other */
export const meet = (one, other) =>
  one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;

/**
 * What is to be left free around something of such a size, so that it is seen as large as can be: above the box, or
 * beside it.
 *
 * @param {{ width: number, height: number }} size
 * @param {Box} cover
 * @param {Box} canvas
 * @returns {{ top: `${number}px`, right: `${number}px`, bottom: `${number}px`, left: `${number}px` }}
 */
export function roomBeside({ width, height }, cover, canvas) {
  const high = cover.top - canvas.top;
  const wide = canvas.right - cover.right;
  const above = Math.min((canvas.right - canvas.left) / width, high / height);
  const beside = Math.min(wide / width, (canvas.bottom - canvas.top) / height);
  const [left, bottom] =
    above >= beside ? [GAP, canvas.bottom - cover.top + GAP] : [cover.right - canvas.left + GAP, GAP];
  return { top: `${GAP}px`, right: `${GAP}px`, bottom: `${bottom}px`, left: `${left}px` };
}
