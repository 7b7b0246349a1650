// Copies: nodes with the wires among them, under new names.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { copied, pasted } from '../../static/js/clipboard.js';
import { paste } from '../../static/js/commands.js';
import { wireId } from '../../static/js/graph.js';
import { node, TEAM } from './graphs.js';

test('wires that lead out of the selection stay behind', () => {
  const held = copied(TEAM, ['dani', 'max']);
  assert.deepEqual(
    held.nodes.map(({ id }) => id),
    ['dani', 'max'],
  );
  assert.deepEqual(held.wires.map(wireId), ['dani->max']);
});

test('copies have new ids and names, their settings, and a place beside the originals', () => {
  const set = node('dani', 'linear', { settings: { bias: false }, position: { x: 5, y: 6 } });
  const graph = { ...TEAM, nodes: TEAM.nodes.map((one) => (one.id === 'dani' ? set : one)) };
  const { nodes, wires } = pasted(graph, copied(graph, ['dani', 'max']));
  assert.deepEqual(
    nodes.map(({ id, name }) => [id, name]),
    [
      ['dani-2', 'DANI 2'],
      ['max-2', 'MAX 2'],
    ],
  );
  assert.deepEqual(nodes[0]?.settings, { bias: false });
  assert.deepEqual(nodes[0]?.position, { x: 45, y: 46 });
  assert.deepEqual(wires.map(wireId), ['dani-2->max-2']);
});

test('pasting again and again never gives an id twice', () => {
  const held = copied(TEAM, ['in', 'dani', 'ely', 'max', 'out']);
  let graph = TEAM;
  for (let count = 0; count < 5; count += 1) {
    const { nodes, wires } = pasted(graph, held);
    graph = paste(nodes, wires).apply(graph);
  }
  assert.equal(new Set(graph.nodes.map(({ id }) => id)).size, 30);
  assert.equal(new Set(graph.wires.map(wireId)).size, 30);
});

test('what was copied can be pasted after the originals are gone', () => {
  const held = copied(TEAM, ['dani', 'max']);
  const { nodes, wires } = pasted({ ...TEAM, nodes: [], wires: [] }, held);
  assert.deepEqual(
    nodes.map(({ id }) => id),
    ['dani', 'max'],
  );
  assert.deepEqual(wires.map(wireId), ['dani->max']);
});
