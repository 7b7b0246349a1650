// What each command makes of a graph.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addWire, changeSettings, followTarget, move, remove, renameNode } from '../../static/js/commands.js';
import { wireId } from '../../static/js/graph.js';
import { graph, TEAM, wire } from './graphs.js';

const wires = (/** @type {import('../../static/js/types.js').Graph} */ { wires }) => wires.map(wireId);

test('a node takes its wires along', () => {
  const left = remove(TEAM, ['dani'], []).apply(TEAM);
  assert.deepEqual(
    left.nodes.map(({ id }) => id),
    ['in', 'ely', 'max', 'out'],
  );
  assert.deepEqual(wires(left), ['in->ely', 'ely->max', 'max->out']);
});

test('a wire is taken away at its port only', () => {
  const both = graph({ a: 'linear', diff: 'difference' }, 'a -> diff', 'a -> diff:less');
  assert.deepEqual(wires(remove(both, [], ['a->diff:less']).apply(both)), ['a->diff']);
  assert.deepEqual(wires(remove(both, [], ['a->diff']).apply(both)), ['a->diff:less']);
});

test('a wire keeps the port that it was laid to', () => {
  const nodes = graph({ a: 'linear', diff: 'difference' });
  assert.deepEqual(addWire(nodes, wire('a -> diff:less')).apply(nodes).wires, [
    { source: 'a', target: 'diff', target_port: 'less' },
  ]);
});

test('only the nodes that a command names are changed', () => {
  const places = { dani: { x: 7, y: 8 } };
  for (const command of [
    move(TEAM, places),
    renameNode('dani', 'Fay'),
    changeSettings(TEAM, 'dani', { bias: false }),
  ]) {
    const after = command.apply(TEAM);
    TEAM.nodes.forEach((node, place) => {
      if (node.id === 'dani') assert.notDeepEqual(after.nodes[place], node);
      else assert.equal(after.nodes[place], node);
    });
  }
});

test('a command names a node that is gone by its id', () => {
  assert.equal(remove(TEAM, ['nobody'], []).name, 'Delete nobody');
});

test('a graph that is named after its target follows it, and any other keeps its name', () => {
  const team = { ...TEAM, name: 'Team for price' };
  assert.equal(followTarget(team, 'price', 'rent')?.apply(team).name, 'Team for rent');
  const second = { ...TEAM, name: 'Team for price (2)' };
  assert.equal(followTarget(second, 'price', 'rent')?.apply(second).name, 'Team for rent (2)');
  assert.equal(followTarget({ ...TEAM, name: 'Team for price tags' }, 'price', 'rent'), null);
  assert.equal(followTarget(TEAM, 'price', 'rent'), null);
  assert.equal(followTarget(team, 'price', 'price'), null);
  assert.equal(followTarget(team, 'price', null), null);
  assert.equal(followTarget(team, null, 'rent'), null);
});

test('a long target is cut off in the name as the starter cuts it', () => {
  const [long, other] = ['a'.repeat(300), '🙂'.repeat(300)];
  const team = { ...TEAM, name: `Team for ${'a'.repeat(191)}` };
  assert.equal(followTarget(team, long, other)?.apply(team).name, `Team for ${'🙂'.repeat(191)}`);
});
