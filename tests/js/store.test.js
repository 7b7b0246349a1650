// The store: every edit is undone and done again exactly, edits that belong together as one, and none is lost.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  addNode,
  addWire,
  changeSettings,
  move,
  paste,
  remove,
  renameGraph,
  renameNode,
} from '../../static/js/commands.js';
import { Store } from '../../static/js/store.js';
import { node, TEAM, wire } from './graphs.js';

/** @import { Command, Graph } from '../../static/js/types.js' */

/** Every kind of edit, once. @type {Record<string, (graph: Graph) => Command>} */
const EDITS = {
  'Add FAY': () => addNode(node('fay', 'linear')),
  'Wire IN to MAX': (graph) => addWire(graph, wire('in -> max')),
  'Delete DANI': (graph) => remove(graph, ['dani'], []),
  'Delete 2 nodes': (graph) => remove(graph, ['dani', 'max'], []),
  'Delete a wire': (graph) => remove(graph, [], ['dani->max']),
  'Delete 2 wires': (graph) => remove(graph, [], ['dani->max', 'ely->max']),
  'Move DANI': (graph) => move(graph, { dani: { x: 1, y: 2 } }),
  'Move 2 nodes': (graph) => move(graph, { dani: { x: 1, y: 2 }, ely: { x: 3, y: 4 } }),
  'Rename to Fay': () => renameNode('dani', 'Fay'),
  'Change DANI': (graph) => changeSettings(graph, 'dani', { bias: false }),
  'Rename the graph': () => renameGraph('Another'),
  'Copy FAY': () => paste([node('fay', 'linear')], [wire('in -> fay')]),
  'Copy 2 nodes': () => paste([node('fay', 'linear'), node('gus', 'linear')], []),
};

/** A store with a clock that stands still until it is moved. */
function storeWithClock() {
  const clock = { now: 0 };
  return { clock, store: new Store(TEAM, () => clock.now) };
}

for (const [name, edit] of Object.entries(EDITS)) {
  test(`“${name}” says so, is undone and done again`, () => {
    const { store } = storeWithClock();
    store.apply(edit(store.graph));
    const after = store.graph;
    assert.notDeepEqual(after, TEAM);
    assert.equal(store.undoName, name);
    store.undo();
    assert.equal(store.graph, TEAM);
    assert.equal(store.undoName, null);
    assert.equal(store.redoName, name);
    store.redo();
    assert.equal(store.graph, after);
    assert.equal(store.redoName, null);
  });
}

test('no command changes the graph that it is given', () => {
  const frozen = deepFreeze(structuredClone(TEAM));
  for (const edit of Object.values(EDITS)) edit(frozen).apply(frozen);
});

test('a walk of a thousand edits, undos and redos comes back to every graph on its way', () => {
  const { store, clock } = storeWithClock();
  const edits = Object.values(EDITS);
  const trail = [store.graph];
  let at = 0;
  let seed = 1;
  const draw = (/** @type {number} */ below) => {
    seed = (seed * 48271) % 2147483647;
    return seed % below;
  };
  for (let turn = 0; turn < 1000; turn += 1) {
    clock.now += 5000;
    const what = draw(4);
    if (what === 0 && at > 0) {
      store.undo();
      at -= 1;
    } else if (what === 1 && at < trail.length - 1) {
      store.redo();
      at += 1;
    } else {
      store.apply(/** @type {(graph: Graph) => Command} */ (edits[draw(edits.length)])(store.graph));
      trail.length = at + 1;
      trail.push(store.graph);
      at += 1;
    }
    assert.equal(store.graph, trail[at]);
  }
  while (store.undoName) store.undo();
  assert.equal(store.graph, TEAM);
});

test('moves that follow closely are undone together, later ones apart', () => {
  const { store, clock } = storeWithClock();
  for (const x of [10, 20, 30]) {
    store.apply(move(store.graph, { dani: { x, y: 0 } }));
    clock.now += 300;
  }
  const closely = store.graph;
  clock.now += 5000;
  store.apply(move(store.graph, { dani: { x: 40, y: 0 } }));
  store.undo();
  assert.equal(store.graph, closely);
  store.undo();
  assert.equal(store.graph, TEAM);
});

test('moves of another node are a step of their own', () => {
  const { store } = storeWithClock();
  store.apply(move(store.graph, { dani: { x: 1, y: 0 } }));
  const first = store.graph;
  store.apply(move(store.graph, { ely: { x: 1, y: 0 } }));
  store.undo();
  assert.equal(store.graph, first);
});

test('nothing is merged into what stands before an undo', () => {
  const { store } = storeWithClock();
  store.apply(move(store.graph, { dani: { x: 1, y: 0 } }));
  const first = store.graph;
  store.apply(renameGraph('Another'));
  store.undo();
  store.apply(move(store.graph, { dani: { x: 2, y: 0 } }));
  store.undo();
  assert.equal(store.graph, first);
});

test('a new edit leaves nothing to be done again', () => {
  const { store } = storeWithClock();
  store.apply(renameGraph('One'));
  store.undo();
  store.apply(renameGraph('Two'));
  assert.equal(store.redoName, null);
  store.redo();
  assert.equal(store.graph.name, 'Two');
});

test('a command that changes nothing is no step', () => {
  const { store } = storeWithClock();
  store.apply({ name: 'Nothing', apply: (graph) => graph });
  assert.equal(store.undoName, null);
});

test('a graph that is taken over whole can be given back', () => {
  const { store } = storeWithClock();
  const theirs = { ...TEAM, name: 'Theirs' };
  store.replace(theirs, 'Take the other version');
  assert.equal(store.graph, theirs);
  assert.equal(store.undoName, 'Take the other version');
  store.undo();
  assert.equal(store.graph, TEAM);
});

test('who listens hears of each change once, with the graph already there', () => {
  const { store } = storeWithClock();
  /** @type {string[]} */
  const heard = [];
  store.addEventListener('change', () => heard.push(store.graph.name));
  store.apply(renameGraph('One'));
  store.undo();
  store.redo();
  store.redo();
  assert.deepEqual(heard, ['One', 'Cases', 'One']);
});

/** @template T @param {T} value @returns {T} */
function deepFreeze(value) {
  if (value && typeof value === 'object') Object.values(value).forEach(deepFreeze);
  return Object.freeze(value);
}
