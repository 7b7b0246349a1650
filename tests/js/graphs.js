// Graphs for tests, and the catalogue of tests/cases/wiring.json.
//
/** @import { Catalogue, Graph, Node, Wire } from '../../static/js/types.js' */

import { readFileSync } from 'node:fs';

/** @type {{ nodes: Record<string, string>, kinds: Record<string, import('../../static/js/types.js').Kind['ports']>,
 *   cases: { name: string, laid: string[], wire: string, code: string | null }[] }} */
export const wiring = JSON.parse(readFileSync(new URL('../cases/wiring.json', import.meta.url), 'utf8'));

const FAMILIES = { columns: 'table', linear: 'worker', maximum: 'combinator', difference: 'combinator' };

/** @type {Catalogue} */
export const catalogue = Object.fromEntries(
  Object.entries(wiring.kinds).map(([kind, ports]) => [
    kind,
    {
      kind,
      title: `${kind[0]?.toUpperCase()}${kind.slice(1)}`,
      family: new Map(Object.entries(FAMILIES)).get(kind) ?? 'estimate',
      help: '',
      feedback: '',
      formula: '',
      ports,
    },
  ]),
);

/** 'a -> diff:less' @param {string} text @returns {Wire} */
export function wire(text) {
  const [source = '', end = ''] = text.split(' -> ');
  const [target = '', port] = end.split(':');
  return { source, target, ...(port && { target_port: port }) };
}

/** @param {string} id @param {string} kind @param {Partial<Node>} [more] @returns {Node} */
export const node = (id, kind, more) => ({
  id,
  kind,
  name: id.toUpperCase(),
  settings: {},
  position: { x: 0, y: 0 },
  ...more,
});

/** @param {Record<string, string>} nodes kinds by id @param {...string} wires @returns {Graph} */
export const graph = (nodes, ...wires) => ({
  format: 'backchannel.graph',
  version: 1,
  name: 'Cases',
  nodes: Object.entries(nodes).map(([id, kind], place) => node(id, kind, { position: { x: place * 260, y: 0 } })),
  wires: wires.map(wire),
});

export const TEAM = graph(
  { in: 'columns', dani: 'linear', ely: 'linear', max: 'maximum', out: 'estimate' },
  'in -> dani',
  'in -> ely',
  'dani -> max',
  'ely -> max',
  'max -> out',
);
