/**
 * A tidy place for every node: work runs from left to right, wires cross little and are hidden by nobody, except where
 * very many work together. Asks for dagre only when needed.
 *
 * @import { Graph, Position } from './types.js'
 */

import { unhidden } from './hidden_wires.js';
import { crowded, wrapped } from './wrapped_ranks.js';

const COLUMN_GAP = 70;
const ROW_GAP = 30;

/** @param {Graph} graph @param {{ width: number, height: number }} size of a node @returns {Promise<Record<string, Position>>} */
export async function tidyPlaces(graph, { width, height }) {
  const { Graph: Layered, layout } = await import('@dagrejs/dagre');
  const layered = new Layered();
  layered.setGraph({ rankdir: 'LR', ranksep: COLUMN_GAP, nodesep: ROW_GAP, edgesep: height + ROW_GAP });
  layered.setDefaultEdgeLabel(() => ({}));
  for (const node of graph.nodes) layered.setNode(node.id, { width, height });
  for (const wire of graph.wires) layered.setEdge(wire.source, wire.target);
  layout(layered);
  const places = Object.fromEntries(
    graph.nodes.map(({ id }) => {
      const { x, y } = /** @type {Position} */ (layered.node(id));
      return [id, { x: Math.round(x - width / 2), y: Math.round(y - height / 2) }];
    }),
  );
  const laid = wrapped(graph, places, { across: width + COLUMN_GAP, down: height + ROW_GAP });
  return unhidden(graph, laid, { width, height, gap: ROW_GAP }, crowded(places));
}
