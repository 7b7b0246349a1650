// The graph that the canvas shows, inside of teams too: one undo for all of it.
//
/** @import { Catalogue, Command, Graph, Node } from '../../static/js/types.js' */

import assert from 'node:assert/strict';
import test from 'node:test';
import { Store } from '../../static/js/store.js';
import { View } from '../../static/js/view.js';

/** @param {object[]} nodes @returns {Graph} */
const graphOf = (nodes) => ({ format: '', version: 1, name: 'G', nodes: /** @type {Node[]} */ (nodes), wires: [] });
const EMPTY = graphOf([{ id: 'task', kind: 'task' }]);
const CATALOGUE = /** @type {Catalogue} */ (
  /** @type {unknown} */ ({ team: { holds: { setting: 'graph', empty: EMPTY } }, task: {} })
);
/** @param {Graph} [graph] */
const team = (graph) => ({
  id: 't',
  kind: 'team',
  name: 'T',
  settings: graph ? { graph } : {},
  position: { x: 0, y: 0 },
});
/** @param {Graph} [graph] */
const view = (graph) => {
  const store = new Store(graphOf([team(graph)]));
  return { store, view: new View(store, CATALOGUE) };
};
/** @type {Command} */
const added = {
  name: 'Add',
  apply: (graph) => ({ ...graph, nodes: [...graph.nodes, .../** @type {Node[]} */ ([{ id: 'new', kind: 'task' }])] }),
};

test('a change inside is one step of the whole', () => {
  const { store, view: inside } = view();
  inside.go(['t']);
  inside.apply({ name: 'Nothing', apply: (graph) => graph });
  assert.equal(store.undoName, null);
  inside.apply(added);
  const held = /** @type {Graph | undefined} */ (store.graph.nodes[0]?.settings.graph);
  assert.deepEqual(
    held?.nodes.map(({ id }) => id),
    ['task', 'new'],
  );
  store.undo();
  assert.deepEqual(store.graph.nodes[0]?.settings, {});
  assert.equal(inside.prefix, 't/');
});

test('the graph inside is the same value until it changes', () => {
  const { view: inside } = view();
  inside.go(['t']);
  assert.equal(inside.graph, inside.graph);
  assert.equal(inside.graph.nodes[0]?.name, 'task');
});

test('whoever stands in a team that goes stands outside', () => {
  const { store, view: inside } = view(view().view.graph);
  inside.go(['t', 't']);
  assert.deepEqual(inside.names, ['G', 'T', 'T']);
  store.apply({ name: 'Delete', apply: (graph) => ({ ...graph, nodes: [] }) });
  assert.deepEqual(inside.path, []);
  assert.equal(inside.graph, store.graph);
});

test('a path that leads nowhere is followed as far as it goes', () => {
  const { view: inside } = view();
  inside.go(['t', 'nobody', 'x']);
  assert.deepEqual(inside.path, ['t']);
});

test('changes that belong together are undone together, but not with the same ones outside', () => {
  const { store, view: inside } = view();
  /** @param {string} name @returns {Command} */
  const named = (name) => ({ name, merge: 'rename', apply: (graph) => ({ ...graph, name }) });
  store.apply(named('outside'));
  inside.go(['t']);
  inside.apply(named('one'));
  inside.apply(named('two'));
  store.undo();
  assert.equal(inside.graph.name, 'G');
  assert.equal(store.graph.name, 'outside');
});
