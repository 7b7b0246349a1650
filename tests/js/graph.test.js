// Names, ids and places of new nodes.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freePlace, freshNode, nameOf, numbered, usualPlace, wireId } from '../../static/js/graph.js';
import { catalogue, graph, node, TEAM, wire } from './graphs.js';

const HERE = { x: 0, y: 0 };
const SIZE = { width: 204, height: 104 };

test('a wire is called as problems and readings call it', () => {
  assert.equal(wireId(wire('a -> b')), 'a->b');
  assert.equal(wireId(wire('a -> b:less')), 'a->b:less');
});

test('a node is called by its name, or by its id where it is gone', () => {
  assert.equal(nameOf(TEAM, 'dani'), 'DANI');
  assert.equal(nameOf(TEAM, 'nobody'), 'nobody');
});

test('workers are people, others are called by their kind', () => {
  assert.equal(freshNode(TEAM, catalogue, 'linear', HERE).name, 'Alex');
  assert.equal(freshNode(TEAM, catalogue, 'maximum', HERE).name, 'Maximum');
});

test('a hundred new nodes have ids and names of their own', () => {
  let grown = TEAM;
  for (let count = 0; count < 50; count += 1) {
    for (const kind of ['linear', 'maximum']) {
      grown = { ...grown, nodes: [...grown.nodes, freshNode(grown, catalogue, kind, HERE)] };
    }
  }
  assert.equal(new Set(grown.nodes.map(({ id }) => id)).size, grown.nodes.length);
  assert.equal(new Set(grown.nodes.map(({ name }) => name)).size, grown.nodes.length);
});

test('a name without letters of the Latin alphabet gives an id all the same', () => {
  const odd = { ...catalogue, maximum: { .../** @type {any} */ (catalogue.maximum), title: '最大' } };
  assert.equal(freshNode(TEAM, odd, 'maximum', HERE).id, 'node');
});

test('a kind that the catalogue does not know makes a node of its own name', () => {
  assert.equal(freshNode(TEAM, catalogue, 'oracle', HERE).name, 'oracle');
});

test('the first number that nobody has is taken', () => {
  assert.equal(numbered('max', new Set(), '-'), 'max');
  assert.equal(numbered('max', new Set(['max', 'max-2', 'max-4']), '-'), 'max-3');
});

test('a new node lies on nobody and on no port, wherever it is wanted', () => {
  let grown = graph({});
  for (let count = 0; count < 40; count += 1) {
    const position = freePlace(grown, { x: 0, y: 20 }, SIZE);
    for (const { position: taken } of grown.nodes) {
      assert.ok(Math.abs(position.x - taken.x) >= 204 + 40 || Math.abs(position.y - taken.y) >= 104 + 20);
    }
    grown = { ...grown, nodes: [...grown.nodes, node(`n${count}`, 'linear', { position })] };
  }
});

test('a new node lies where it is wanted if nobody is there, or else below rather than aside', () => {
  assert.deepEqual(freePlace(graph({}), { x: 100, y: -40 }, SIZE), { x: 100, y: -40 });
  assert.deepEqual(freePlace(graph({ a: 'linear', b: 'maximum' }), HERE, SIZE), { x: 0, y: 140 });
});

test('a new node goes to its own family where that is seen, or else to the middle, on the grid', () => {
  const seen = { left: 0, top: -204, right: 1100, bottom: 150 };
  assert.deepEqual(usualPlace(TEAM, catalogue, 'linear', seen), { x: 520, y: 0 });
  assert.deepEqual(usualPlace(TEAM, catalogue, 'maximum', seen), { x: 780, y: 0 });
  assert.deepEqual(usualPlace(TEAM, catalogue, 'linear', { ...seen, left: 700 }), { x: 900, y: -20 });
});
