// Whether a graph is still the team that was trained.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sameTeam } from '../../static/js/same_team.js';
import { TEAM } from './graphs.js';

const [first, ...others] = TEAM.nodes;
if (!first) throw new Error('The team has no nodes.');

/** @param {Partial<import('../../static/js/types.js').Node>} changes */
const changed = (changes) => ({ ...TEAM, nodes: [{ ...first, ...changes }, ...others] });

test('it is the same wherever its nodes lie and whatever the graph is called', () => {
  assert.ok(sameTeam(TEAM, { ...changed({ position: { x: 7, y: 9 } }), name: 'Another' }));
  const inside = (/** @type {number} */ x) =>
    changed({ settings: { graph: { nodes: [{ id: 'a', position: { x } }] } } });
  assert.ok(sameTeam(inside(1), inside(2)));
});

test('it is the same in whatever order its settings stand, and with empty ports', () => {
  assert.ok(sameTeam(changed({ settings: { a: 1, b: 2 } }), changed({ settings: { b: 2, a: 1 } })));
  const wires = TEAM.wires.map((wire) => JSON.parse(JSON.stringify({ ...wire, source_port: null })));
  assert.ok(sameTeam(TEAM, { ...TEAM, wires }));
});

test('it is another with another name, setting, node or wire', () => {
  assert.ok(!sameTeam(TEAM, changed({ name: 'Another' })));
  assert.ok(!sameTeam(TEAM, changed({ settings: { width: 2 } })));
  assert.ok(!sameTeam(TEAM, { ...TEAM, nodes: others }));
  assert.ok(!sameTeam(TEAM, { ...TEAM, wires: TEAM.wires.slice(1) }));
});
