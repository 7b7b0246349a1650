// The browser's wiring rules; engine/check.py is held to the same cases by tests/engine/test_wiring_rules.py.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inWords, problemWith } from '../../static/js/rules.js';
import { catalogue, graph, wire, wiring } from './graphs.js';

for (const { name, laid, wire: wanted, code } of wiring.cases) {
  test(`${name}: ${code ?? 'may be laid'}`, () => {
    assert.equal(problemWith(graph(wiring.nodes, ...laid), catalogue, wire(wanted)), code);
  });
}

test('every problem is said in words of its own', () => {
  const codes = new Set(wiring.cases.flatMap(({ code }) => code ?? []));
  const said = new Set([...codes].map(inWords));
  assert.equal(said.size, codes.size);
  assert.ok(!said.has(inWords('a code that nobody knows')));
});

test('a wire that ends nowhere may not be laid', () => {
  const nodes = graph(wiring.nodes);
  assert.equal(problemWith(nodes, catalogue, wire('a -> nobody')), 'unknown-port');
  assert.equal(problemWith(nodes, catalogue, wire('nobody -> a')), 'unknown-port');
});

test('a kind that the catalogue does not know has no ports', () => {
  const odd = graph({ in: 'columns', a: 'oracle' });
  assert.equal(problemWith(odd, catalogue, wire('in -> a')), 'unknown-port');
});

test('the first port may be named or left out', () => {
  const named = graph(wiring.nodes, 'a -> diff:plus');
  assert.equal(problemWith(named, catalogue, wire('a -> diff')), 'duplicate-wire');
});

test('a long chain is followed to its end', () => {
  const ids = Array.from({ length: 5000 }, (_, place) => `n${place}`);
  const nodes = Object.fromEntries(ids.map((id) => [id, 'linear']));
  const chain = graph(nodes, ...ids.slice(1).map((id, place) => `${ids[place]} -> ${id}`));
  assert.equal(problemWith(chain, catalogue, wire(`${ids.at(-1)} -> ${ids[0]}`)), 'cycle');
});

test('of many ways through a graph each place is looked at once', () => {
  const floors = Array.from({ length: 40 }, (_, floor) => floor);
  const nodes = Object.fromEntries(floors.flatMap((floor) => ['a', 'b'].map((side) => [`${side}${floor}`, 'linear'])));
  const wires = floors
    .slice(1)
    .flatMap((floor) => ['a', 'b'].flatMap((from) => ['a', 'b'].map((to) => `${from}${floor - 1} -> ${to}${floor}`)));
  assert.equal(problemWith(graph({ ...nodes, c: 'linear' }, ...wires), catalogue, wire('c -> a0')), null);
});
